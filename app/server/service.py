"""The agency itself: what it does for one authenticated device, whatever the transport."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import DBAPIError

from app.domain.access import Scope
from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.errors import AgencyGarbled, AgencyRefused
from app.server import audits, auth, carrying, courier_keys, digests, echoes, handover, history, instant
from app.server.admission import check_protocol, check_replica, patience
from app.server.answer import Answer
from app.server.blob_files import BlobFiles
from app.server.blobs import Blobs
from app.server.config import files_folder
from app.server.database import Database, upsert
from app.server.heal import heal
from app.server.hints import announce
from app.server.oversight import Inheritance, Oversight
from app.server.pull import News, accepted, decided, pull, receipts, released, vector
from app.server.pull import own as own_replicas
from app.server.push import Pushed, push
from app.server.signin import Provider
from app.server.snapshots import LEAST, Snapshots, folder_beside
from app.server.staff import Staff
from app.server.tables import agency as agencies
from app.server.tables import former_epoch
from app.server.tables import replica as replicas
from app.sync.agency import Agency
from app.sync.audit_wire import DigestReply, DigestRequest, HealReply, HealRequest, RecordsReply, RecordsRequest
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.office_wire import (
    DecideRequest,
    DoneReply,
    HandoversReply,
    InviteReply,
    InviteRequest,
    LeadRequest,
    OfficeReply,
    RevokeRequest,
)
from app.sync.signed import Signed
from app.sync.wire import (
    PROTOCOL,
    About,
    EnrolReply,
    EnrolRequest,
    HistoryReply,
    SnapshotReply,
    SyncReply,
    SyncRequest,
    TokenReply,
    decode_body,
    place,
)

_log = logging.getLogger(__name__)
_SEEN_EVERY = timedelta(minutes=1)
_RETRIED = frozenset({"40001", "40P01"})  # PostgreSQL: serialization failure, deadlock; it is simply done again
PAGE_BYTES = 8_000_000
"""About how much of packed rows one reply carries, well below what a device unpacks at once."""
_PART = 262_144
_ATTEMPTS = 5


class AgencyService:
    """One agency on one database. Thread-safe."""

    def __init__(
        self,
        database: Database,
        clock: instant.Clock = instant.now,
        page_bytes: int = PAGE_BYTES,
        snapshots: Path | None = None,
        snapshot_from: int = LEAST,
        files: Path | None = None,
        provider: Provider | None = None,
    ) -> None:
        """First readings lie in `snapshots`, attachments in `files`, by default beside a database that is a file."""
        self.database = database
        self.snapshot_folder = snapshots or folder_beside(database)
        self._snapshots = Snapshots(self.snapshot_folder, snapshot_from) if self.snapshot_folder else None
        self.oversight = Oversight(database, clock)
        self.inheritance = Inheritance(database, clock)
        self.staff = Staff(database, clock, provider)
        self.blobs = Blobs(database, BlobFiles(files or files_folder(database.url)), clock)
        self._clock = clock
        self._page_bytes = page_bytes

    @classmethod
    def found(cls, database: Database, name: str, clock: instant.Clock = instant.now) -> AgencyService:
        """Open the agency in this database, founding it if it is empty."""
        database.upgrade()
        with database.write() as connection:
            if connection.execute(select(agencies.c.id)).one_or_none() is None:
                connection.execute(
                    insert(agencies).values(
                        id=secrets.token_hex(8),
                        name=name,
                        epoch=secrets.token_hex(8),
                        receipts=0,
                        created_at=instant.told(clock()),
                    )
                )
            digests.bring_up(connection)
        return cls(database, clock)

    @property
    def is_founded(self) -> bool:
        """Whether this database belongs to an agency already."""
        with self.database.read() as connection:
            return connection.execute(select(agencies.c.id)).one_or_none() is not None

    def now(self) -> datetime:
        """This moment, by the agency's clock."""
        return self._clock()

    def as_device(self, token: str) -> Agency:
        """The agency as whoever carries this token sees it."""
        return DeviceAgency(self, token)

    def about(self) -> About:
        """Who answers here."""
        with self.database.read() as connection:
            row = _agency(connection)
        return About(agency=row.id, name=row.name, protocol=PROTOCOL, epoch=row.epoch)

    def invite(
        self,
        role: Role,
        ags: str = "",
        workshops: Sequence[EntityId] = (),
        days: float = 14,
        label: str = "",
        replaces: int | None = None,
    ) -> str:
        """A code that admits one device."""
        with self.database.write() as connection:
            return auth.invite(connection, self._clock(), role, ags, workshops, days, label, replaces)

    def revoke(self, device_id: int) -> bool:
        """Sign a device off; whether there was one."""
        with self.database.write() as connection:
            announce(connection)
            return auth.revoke(connection, self._clock(), device_id)

    def extend(self, device_id: int, workshops: Sequence[EntityId]) -> None:
        """Give a device further workshops to lead."""
        with self.database.write() as connection:
            announce(connection)
            auth.extend(connection, device_id, workshops)

    def new_epoch(self) -> str:
        """Begin a new incarnation: after a restore every device sends again what is missing here."""
        epoch = secrets.token_hex(8)
        with self.database.write() as connection:
            announce(connection)
            ended = {"epoch": _agency(connection).epoch, "ended_at": instant.told(self._clock())}
            upsert(connection, former_epoch, [ended], change=False)
            connection.execute(update(agencies).values(epoch=epoch))
            connection.execute(update(replicas).values(earlier_n=None))
        return epoch

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        """Trade an invitation code for a token.

        Raises:
            InvitationInvalid: unknown, used or expired.
            ReplicaFork: the replica belongs to another device.
        """
        check_protocol(request.protocol)
        if not (request.person.isprintable() and request.device.isprintable() and request.replica > 0):
            raise AgencyGarbled(reason="shape", at="person, device, replica")
        with self.database.write() as connection:
            token, device = auth.redeem(connection, self._clock(), request)
            courier = courier_keys.register(connection, device.id, request.courier)
            row = _agency(connection)
        _log.info("device %d enrolled as %s", device.id, device.grant.role.value)
        return EnrolReply(
            agency=row.id, name=row.name, epoch=row.epoch, token=token, grant=device.shape, courier=courier
        )

    def renew(self, token: str) -> TokenReply:
        """A new token for a device; the one it shows counts until the next renewal.

        Raises:
            TokenRevoked: unknown or signed off.
        """
        with patience(), self.database.write() as connection:
            return TokenReply(token=auth.renew(connection, token))

    def answer(self, token: auth.Credential, request: SyncRequest) -> Answer:
        """Push, then read outcomes, receipts and a page of news in one snapshot.

        Raises:
            TokenRevoked: unknown or signed off.
            ReplicaFork: a replica belongs to another device.
            AgencyBusy: come back a little later.
        """
        check_protocol(request.protocol)
        at = self._clock()
        pushed = self._push(token, request, at) if request.changes else Pushed([])
        courier = self._know_keys(token, request.courier) if request.courier else ""
        with patience(), self.database.read() as connection:
            answer, device = self._read(connection, token, request, pushed, at, courier)
        if not request.changes:
            self._note_seen(device, request, at)
        _log.info(
            "device %d: %d outcomes, %d steps, %s",
            device.id,
            len(pushed.outcomes),
            len(answer.news.feed),
            "more" if answer.news.more else "all",
        )
        return answer

    def _know_keys(self, token: auth.Credential, told: str) -> str:
        with patience(), self.database.write() as connection:
            return courier_keys.register(connection, auth.identify(connection, token).id, told)

    def _push(self, token: auth.Credential, request: SyncRequest, at: datetime) -> Pushed:
        with patience():
            for attempt in range(_ATTEMPTS):
                try:
                    with self.database.write() as connection:
                        device = auth.identify(connection, token)
                        if request.epoch not in ("", _agency(connection).epoch):
                            return Pushed([])
                        pushed = push(
                            connection, device, request.changes, at, vector(request.earlier), echoes.heard(request)
                        )
                        auth.note_seen(connection, device, request, at)
                        return pushed
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in _RETRIED or attempt == _ATTEMPTS - 1:
                        raise
        raise AssertionError("every attempt returns or raises")

    def _read(
        self,
        connection: Connection,
        token: auth.Credential,
        request: SyncRequest,
        pushed: Pushed,
        at: datetime,
        courier: str,
    ) -> tuple[Answer, auth.Device]:
        device = auth.identify(connection, token)
        agency = _agency(connection)
        check_replica(connection, device, request.replicas[-1])
        reset = request.epoch not in ("", agency.epoch)
        own = own_replicas(connection, device, request.replicas)
        news = News() if reset else pull(connection, device, request, self._page_bytes, pushed.known, own)
        head = SyncReply(
            agency=agency.id,
            epoch=agency.epoch,
            reset=reset,
            outcomes=pushed.outcomes,
            accepted=accepted(connection, request.replicas),
            receipts=[] if reset else receipts(connection, own, request.receipted),
            released=[] if reset else released(connection, own),
            decided=[] if reset else decided(connection, own),
            handovers=0 if reset else handover.count(connection, device.grant),
            cursors=news.cursors,
            since=place(request.cursors),
            more=news.more,
            grant=device.shape,
            authors=news.authors,
            server_time=instant.told(at),
            courier=courier,
            digests=audits.digests(connection, device, request, news) if not reset else {},
        )
        return Answer(head, news), device

    def _note_seen(self, device: auth.Device, request: SyncRequest, at: datetime) -> None:
        """When a device that only reads was here, at most once a minute; never worth failing for."""
        if device.last_seen is not None and device.last_seen > instant.told(at - _SEEN_EVERY):
            return
        try:
            with self.database.write() as connection:
                auth.note_seen(connection, device, request, at)
        except DBAPIError:
            _log.warning("device %d: visit not noted", device.id)

    def history(self, token: str, kind: str, entity: EntityId) -> HistoryReply:
        """Every merged change that touched one record.

        Raises:
            AgencyRefused: there is no such record for this device (code "no_record").
        """
        with patience(), self.database.read() as connection:
            return history.of(connection, auth.identify(connection, token), kind, entity)

    def digest(self, token: str, request: DigestRequest) -> DigestReply:
        """What a scope shows, by ranges of ids, so that a device finds where it differs."""
        check_protocol(request.protocol)
        with patience(), self.database.read() as connection:
            if not audits.holds(connection, auth.identify(connection, token), request):
                return DigestReply(stale=True)
            return DigestReply(parts=digests.split(connection, request.scope, request.ranges))

    def records(self, token: str, request: RecordsRequest) -> RecordsReply:
        """These records as a scope shows them, read in one snapshot."""
        check_protocol(request.protocol)
        with patience(), self.database.read() as connection:
            device = auth.identify(connection, token)
            if not audits.holds(connection, device, request):
                return RecordsReply(stale=True)
            return audits.records(connection, device, request)

    def heal(self, token: str, request: HealRequest) -> HealReply:
        """Take back what this database has forgotten."""
        check_protocol(request.protocol)
        with patience(), self.database.write() as connection:
            device = auth.identify(connection, token)
            if not audits.holds(connection, device, request):
                return HealReply(stale=True)
            outcomes = heal(connection, device, request, self._clock())
        _log.info("device %d: healed %d records", device.id, sum(o.outcome == "merged" for o in outcomes))
        return HealReply(outcomes=outcomes)

    def snapshot(self, token: str, scope: Scope) -> SnapshotReply:
        """The file with which a device reads a scope for the first time.

        Raises:
            AgencyRefused: the device may not read the scope (code "no_record").
            AgencyBusy: another process is making it.
        """
        with patience():
            with self.database.read() as connection:
                agency = self._reader_of(connection, token, scope)
            told = SnapshotReply(agency=agency.id, epoch=agency.epoch, scope=scope)
            made = self._snapshots.of(self.database, scope, agency.epoch) if self._snapshots else None
        if made is None:
            return told
        return told.model_copy(update={"file": made.file, "seq": made.seq, "size": made.size, "count": made.count})

    def snapshot_path(self, token: str, scope: Scope, file: str) -> Path:
        """Where such a file lies.

        Raises:
            AgencyRefused: the device may not read it, or it is there no more (code "no_record").
        """
        with patience(), self.database.read() as connection:
            agency = self._reader_of(connection, token, scope)
            found = self._snapshots.path(connection, scope, agency.epoch, file) if self._snapshots else None
        if found is None:
            raise AgencyRefused("no_record", kind="snapshot", id=file[:80])
        return found

    def _reader_of(self, connection: Connection, token: str, scope: Scope) -> Row[Any]:
        device = auth.identify(connection, token)
        if scope not in device.grant.scopes:
            raise AgencyRefused("no_record", kind="snapshot", id=scope[:80])
        return _agency(connection)


@dataclass(frozen=True, slots=True)
class DeviceAgency:
    """The agency as one device sees it: the `Agency` protocol without a wire in between."""

    service: AgencyService
    token: str

    def about(self) -> About:
        return self.service.about()

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self.service.enrol(request)

    def sync(self, request: SyncRequest) -> SyncReply:
        return decode_body(SyncReply, self.service.answer(self.token, request).body())

    def history(self, kind: str, entity: EntityId) -> HistoryReply:
        return self.service.history(self.token, kind, entity)

    def renew(self) -> str:
        return self.service.renew(self.token).token

    def overview(self) -> OfficeReply:
        return self.service.oversight.overview(self.token)

    def invite(self, request: InviteRequest) -> InviteReply:
        return self.service.oversight.invite(self.token, request)

    def revoke(self, request: RevokeRequest) -> DoneReply:
        return self.service.oversight.revoke(self.token, request)

    def passport(self) -> Signed:
        return carrying.passport(self.service, self.token)

    def carry(self, request: CarryRequest) -> CarryReply:
        return carrying.carry(self.service, self.token, request)

    def lead(self, request: LeadRequest) -> DoneReply:
        return self.service.oversight.lead(self.token, request)

    def decide(self, request: DecideRequest) -> DoneReply:
        return self.service.oversight.decide(self.token, request)

    def handovers(self) -> HandoversReply:
        return self.service.inheritance.waiting(self.token)

    def decide_own(self, request: DecideRequest) -> DoneReply:
        return self.service.inheritance.decide(self.token, request)

    def digest(self, request: DigestRequest) -> DigestReply:
        return self.service.digest(self.token, request)

    def records(self, request: RecordsRequest) -> RecordsReply:
        return self.service.records(self.token, request)

    def heal(self, request: HealRequest) -> HealReply:
        return self.service.heal(self.token, request)

    def snapshot(self, scope: str) -> SnapshotReply:
        return self.service.snapshot(self.token, scope)

    def snapshot_parts(self, scope: str, file: str, offset: int) -> Iterator[bytes]:
        with self.service.snapshot_path(self.token, scope, file).open("rb") as opened:
            opened.seek(offset)
            while part := opened.read(_PART):
                yield part

    def blob_offset(self, sha: str) -> int:
        return self.service.blobs.offset(self.token, sha)[0]

    def send_blob(self, sha: str, at: int, length: int, piece: bytes) -> int:
        return self.service.blobs.append(self.token, sha, at, length, piece)[0]

    def fetch_blob(self, sha: str, at: int, count: int) -> Iterator[bytes]:
        self.service.blobs.readable(self.token, sha)
        return self.service.blobs.files.read(sha, at, count)


def _agency(connection: Connection) -> Row[Any]:
    return connection.execute(_AGENCY).one()


_AGENCY = select(agencies)
