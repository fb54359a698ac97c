"""The files of attachments as the agency keeps them: who may fetch and send, how far a file is, what goes again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, func, select, update

from app.errors import AgencyBusy, AgencyRefused, RequestTooLarge
from app.server import auth, blob_rights, instant
from app.server.auth import Device
from app.server.blob_files import BlobFiles, is_sha
from app.server.config import Limits
from app.server.database import Database, upsert
from app.server.tables import blob, blob_holder, blob_ref

_log = logging.getLogger(__name__)
_COME_BACK_S = 60.0


@dataclass(frozen=True, slots=True)
class Freed:
    """What a clearing removed: whole files, unfinished parts, bytes."""

    files: int
    parts: int
    bytes: int


class Blobs:
    """All files of one agency. Thread-safe, also across processes: the file system is the truth."""

    def __init__(self, database: Database, files: BlobFiles, clock: instant.Clock) -> None:
        self.files = files
        self._database = database
        self._clock = clock

    def offset(self, token: str, sha: str) -> tuple[int, int]:
        """(bytes that are here, bytes in all) of a file, for a device that may send or read it.

        Raises:
            TokenRevoked
            AgencyRefused: "blob_unknown"; whether others know it is not told.
        """
        with self._database.read() as connection:
            device = auth.identify(connection, token)
            may = _rights(connection, device, sha)
        with _disk():
            here = self.files.size(sha)
            if here is not None and may.read:
                self._enter(device, sha, here)
                return here, here
            if not may.send:
                raise AgencyRefused("blob_unknown")
            have = self.files.offset(sha, device.id)
            if have in may.sizes and self._finish(device, sha, have, may):  # killed between last piece and check
                return have, have
            return self.files.offset(sha, device.id), max(may.sizes)

    def append(
        self, token: str, sha: str, at: int, length: int, piece: bytes, limits: Limits | None = None
    ) -> tuple[int, int]:
        """Take in the next piece of a file of `length` bytes; (bytes that are here now, bytes in all).

        Raises:
            TokenRevoked
            AgencyRefused: "blob_unknown"; "blob_offset", another piece comes next; "blob_quota";
                "blob_wrong_sum", all of it came and it is another file: nothing of it stays.
            RequestTooLarge: more than one file, or more than this file, may have.
            AgencyBusy: the disk takes nothing now.
        """
        bounds = limits or Limits()
        with self._database.read() as connection:
            device = auth.identify(connection, token)
            may = _rights(connection, device, sha)
            if not may.send or length not in may.sizes:
                raise AgencyRefused("blob_unknown")
            stored = connection.execute(select(func.sum(blob.c.size)).where(blob.c.device_id == device.id)).scalar()
        with _disk():
            here = self.files.size(sha)
            if here is not None and may.read:
                self.files.drop_part(sha, device.id)
                self._enter(device, sha, here)
                return here, here
            have = self.files.offset(sha, device.id)
            if at != have:
                raise AgencyRefused("blob_offset", offset=have)
            if length > bounds.blob_bytes or at + len(piece) > length:
                self.files.drop_part(sha, device.id)
                raise RequestTooLarge(limit=min(length, bounds.blob_bytes))
            if (stored or 0) + self.files.begun_by(device.id) + len(piece) > bounds.blob_quota_bytes:
                raise AgencyRefused("blob_quota")
            self.files.append(sha, device.id, at, piece)
            have = at + len(piece)
            if have == length and not self._finish(device, sha, length, may):
                raise AgencyRefused("blob_wrong_sum")
        _log.info("device %d: a piece of %d bytes", device.id, len(piece))
        return have, length

    def readable(self, token: str, sha: str) -> int:
        """Bytes of a whole file this device may read.

        Raises:
            TokenRevoked
            AgencyRefused: "blob_unknown", also while it is not here yet.
        """
        with self._database.read() as connection:
            device = auth.identify(connection, token)
            may = _rights(connection, device, sha)
        size = self.files.size(sha)
        if not may.read or size is None:
            raise AgencyRefused("blob_unknown")
        self._enter(device, sha, size)
        return size

    def collect(self, days: float) -> Freed:
        """Remove files no living record has referred to, and parts nobody has gone on with, for so many days."""
        now = self._clock()
        before = now - timedelta(days=days)
        with self._database.write() as connection:
            gone = [(sha, self.files.remove(sha)) for sha in self._unused(connection, instant.told(now), before)]
            for table in (blob, blob_holder):
                connection.execute(delete(table).where(table.c.sha.in_([sha for sha, _ in gone])))
        stale = self.files.stale_parts(before.timestamp())
        freed = sum(size for _, size in gone) + sum(part.stat().st_size for part in stale)
        for part in stale:
            part.unlink(missing_ok=True)
        return Freed(len(gone), len(stale), freed)

    def _unused(self, connection: Connection, now: str, before: object) -> list[str]:
        """Files unused since before then; those found unused now are marked, those used again unmarked."""
        used = set(connection.execute(select(blob_ref.c.sha).distinct()).scalars())
        known = {r.sha: r for r in connection.execute(select(blob)).all()}
        for sha in self.files.all_whole():
            if sha not in known and sha not in used:  # came without a record, as after a restore
                upsert(connection, blob, [_row(sha, self.files.size(sha) or 0, now, None)])
        unused = [r for sha, r in known.items() if sha not in used]
        fresh = [r.sha for r in unused if r.unused_since is None]
        connection.execute(update(blob).where(blob.c.sha.in_(fresh)).values(unused_since=now))
        connection.execute(update(blob).where(blob.c.sha.in_(sorted(used))).values(unused_since=None))
        limit = instant.told(before)  # type: ignore[arg-type]
        return [r.sha for r in unused if r.unused_since is not None and r.unused_since <= limit]

    def _finish(self, device: Device, sha: str, size: int, may: blob_rights.Rights) -> bool:
        if not self.files.finish(sha, device.id):
            return False
        self._enter(device, sha, size, may.authors)
        return True

    def _enter(self, device: Device, sha: str, size: int, others: frozenset[int] = frozenset()) -> None:
        """Take down a whole file and that this device has it, and others for whom it vouches, each once."""
        holders = [{"sha": sha, "device_id": number} for number in sorted({device.id, *others})]
        with self._database.read() as connection:
            held = select(blob.c.sha).join(blob_holder, blob_holder.c.sha == blob.c.sha)
            mine = held.where(blob.c.sha == sha, blob_holder.c.device_id == device.id)
            if not others and connection.execute(mine).first():
                return
        with self._database.write() as connection:
            upsert(connection, blob, [_row(sha, size, instant.told(self._clock()), device.id)], change=False)
            upsert(connection, blob_holder, holders, change=False)


def _row(sha: str, size: int, at: str, device: int | None) -> dict[str, object]:
    return {"sha": sha, "size": size, "at": at, "device_id": device, "unused_since": None}


def _rights(connection: Connection, device: Device, sha: str) -> blob_rights.Rights:
    may = blob_rights.rights(connection, device, sha) if is_sha(sha) else blob_rights.Rights(False, False, frozenset())
    if not (may.read or may.send):
        raise AgencyRefused("blob_unknown")
    return may


@contextmanager
def _disk() -> Iterator[None]:
    """A disk that is full or away is a reason to come back, not an answer."""
    try:
        yield
    except OSError as error:
        _log.error("files: %s", type(error).__name__)
        raise AgencyBusy(_COME_BACK_S) from error
