"""The line between a laptop and the agency, and everything that happens to messages on it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from app.errors import AgencyError, AgencyGarbled, AgencyUnreachable, RequestTooLarge
from app.server.auth import identify
from app.sync.agency import Agency
from app.sync.audit_wire import DigestReply, DigestRequest, HealReply, HealRequest, RecordsReply, RecordsRequest
from app.sync.wire import (
    About,
    EnrolReply,
    EnrolRequest,
    HistoryReply,
    SnapshotReply,
    SyncReply,
    SyncRequest,
    decode_body,
    encode_body,
)
from tests.simulation.chance import weighted
from tests.simulation.laptop import Entry, Laptop
from tests.simulation.ledger import View, Violation
from tests.simulation.office import Office
from tests.simulation.registry import speaking

if TYPE_CHECKING:
    from tests.simulation.world import World

WELL = (("well", 1),)
ROUGH = (
    ("well", 60),
    ("lost", 5),
    ("answer lost", 8),
    ("twice", 6),
    ("cut", 3),
    ("stale", 5),
    ("time-out", 3),
    ("too large", 2),
    ("late copy", 5),
    ("agency down", 5),
)
"""What may become of one request, and how often."""
KEPT = 12
_HEALS = "SELECT entity_id, outcome, device_id, received_at, rowid FROM heal"


class Line:
    """One laptop's connection, as the `Agency` protocol. `meanwhile` lets others act while a message travels."""

    def __init__(self, world: World, office: Office, laptop: Laptop) -> None:
        self.world, self.office, self.laptop = world, office, laptop
        self.fates: tuple[tuple[str, int], ...] = WELL
        self.dice = random.Random(0)
        self.meanwhile: Callable[[], None] = lambda: None
        self._breaks_at = 1.0
        self._replies: list[tuple[SyncReply, list[Entry]]] = []
        self._requests: list[tuple[str, SyncRequest]] = []

    @property
    def _agency(self) -> Agency:
        return self.office.service.as_device(self.laptop.token)

    def about(self) -> About:
        with speaking():
            return self._agency.about()

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        replies: list[EnrolReply] = []
        if not self.office.survive(lambda service: replies.append(service.as_device("").enrol(request))):
            raise AgencyUnreachable(reason="reset")
        return replies[0]

    def history(self, kind: str, entity: str) -> HistoryReply:
        with speaking():
            return self._agency.history(kind, entity)

    def digest(self, request: DigestRequest) -> DigestReply:
        self.meanwhile()
        with speaking():
            return self._agency.digest(request)

    def records(self, request: RecordsRequest) -> RecordsReply:
        self.meanwhile()
        with self.office.service.database.read() as connection:
            scopes = identify(connection, self.laptop.token).grant.scopes
        with speaking():
            reply = self._agency.records(request)
        self.laptop.hearing.again = self.office.entries(reply, set(scopes))
        return reply

    def heal(self, request: HealRequest) -> HealReply:
        self.meanwhile()
        replies: list[HealReply] = []
        before = set(self.office.frame.look(_HEALS))
        came_through = self.office.survive(
            lambda service: replies.append(service.as_device(self.laptop.token).heal(request))
        )
        # Whether or not the answer arrives: what is written down as merged is merged.
        noted = {(entity, outcome) for entity, outcome, *_ in set(self.office.frame.look(_HEALS)) - before}
        noted |= {(o.id, o.outcome) for reply in replies for o in reply.outcomes}
        taken = [entity for entity, outcome in sorted(noted) if outcome == "merged"]
        heard = self.laptop.hearing.heard
        self.office.hear({i: heard.get(i, View()) for i in taken})
        self.office.keep({i: heard.get(i, View()).dots for i, outcome in noted if outcome == "kept"})
        self.world.count("healed", len(taken))
        if not came_through:
            raise AgencyUnreachable(reason="reset")
        self.laptop.hearing.kept = {o.id for o in replies[0].outcomes if o.outcome == "kept"}
        return replies[0]

    def snapshot(self, scope: str) -> SnapshotReply:
        service = self.office.service
        with speaking():
            told = service.snapshot(self.laptop.token, scope)
        if told.file:
            self.office.shelve(told, service.snapshot_path(self.laptop.token, scope, told.file))
            self.world.count("file read")
            self._breaks_at = self.dice.random() if self.fates is ROUGH and self.dice.random() < 0.5 else 1.0
        return told

    def snapshot_parts(self, scope: str, file: str, offset: int) -> Iterator[bytes]:
        """Called on another thread: decides nothing, and nobody else acts meanwhile."""
        whole = self.office.service.snapshot_path(self.laptop.token, scope, file).read_bytes()[offset:]
        self.world.count("file read on", int(offset > 0))
        if self._breaks_at < 1.0:
            self.world.count("file cut")
            yield whole[: int(len(whole) * self._breaks_at)]
            raise AgencyUnreachable("agency_timeout")
        yield whole

    def sync(self, request: SyncRequest) -> SyncReply:
        self.laptop.hearing.settle()
        request = self._through(request)
        self.meanwhile()
        fate = weighted(self.dice, self.fates)
        if fate != "well":
            self.world.count(f"message {fate}")
        match fate:
            case "lost":
                raise AgencyUnreachable(reason="lost")
            case "too large":
                raise RequestTooLarge(limit=1)
            case "agency down":
                self.office.frame.power.arm(self.dice.choice((1, 1, 2)))
            case "late copy" if self._requests:
                with suppress(AgencyError):  # nobody waits for this answer any more
                    self._deliver(*self.dice.choice(self._requests))
            case "twice":
                self._deliver(self.laptop.token, request)
        reply, entries = self._deliver(self.laptop.token, request)
        self.meanwhile()
        if fate in ("answer lost", "agency down"):
            raise AgencyUnreachable(reason=fate)
        if fate == "time-out":
            raise AgencyUnreachable("agency_timeout")
        if fate == "cut":
            self._cut(reply)
        if fate == "stale" and self._replies:
            reply, entries = self.dice.choice(self._replies)
        self._replies = [*self._replies[-KEPT:], (reply, entries)]
        self.laptop.hearing.expect(entries)
        return reply

    def forget(self) -> None:
        """Another disk in this laptop: what travels for the old one reaches nobody."""
        self._replies.clear()

    def _through(self, request: SyncRequest) -> SyncRequest:
        """As it comes out of the wire; kept, because a copy may arrive much later."""
        arrived = decode_body(SyncRequest, *encode_body(request))
        if request.changes:
            self._requests = [*self._requests[-KEPT:], (self.laptop.token, arrived)]
        return arrived

    def _deliver(self, token: str, request: SyncRequest) -> tuple[SyncReply, list[Entry]]:
        replies: list[SyncReply] = []
        if not self.office.survive(lambda service: replies.append(service.as_device(token).sync(request))):
            raise AgencyUnreachable(reason="reset")
        return replies[0], self.office.entries(replies[0], set(replies[0].grant.scopes))

    def _cut(self, reply: SyncReply) -> None:
        """Half a reply is none: it must be refused as a whole."""
        body, encoding = encode_body(reply)
        half = body[: self.dice.randrange(len(body))]
        try:
            decode_body(SyncReply, half, encoding)
        except AgencyGarbled:
            raise
        raise Violation(f"{len(half)} of {len(body)} bytes were taken for a whole reply")
