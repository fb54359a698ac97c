"""A laptop as the agency's tests need one: it writes changes, sends them, and keeps what it is told."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.domain.catalogue import Role
from app.domain.change import Add, Change, Create, Op, SlotValue, TextEdit, Write
from app.domain.clock import unflatten
from app.domain.encoding import encode_change
from app.domain.fields import KINDS
from app.domain.ids import EntityId, new_id, new_replica_id
from app.domain.merge import EntityState, merge
from app.domain.packing import unpack
from app.domain.text import TextDoc, TextState
from app.server.service import AgencyService
from app.sync.agency import Agency
from app.sync.wire import EnrolRequest, SyncReply, SyncRequest

BERLEBURG, ARNSBERG, SIEGEN, OLPE = "05970004", "05958004", "05970040", "05966024"


@dataclass
class Laptop:
    """One device: `records` and `held` are what its pulls have told it."""

    agency: Agency
    replica: int
    n: int = 0
    epoch: str = ""
    cursors: dict[str, int] = field(default_factory=dict)
    records: dict[EntityId, EntityState] = field(default_factory=dict)
    held: dict[EntityId, set[str]] = field(default_factory=dict)
    accepted: dict[int, int] = field(default_factory=dict)

    def change(self, *ops: Op, hlc: int | None = None, action: str = "test.edit") -> Change:
        """The next change of this laptop."""
        self.n += 1
        return Change(self.replica, self.n, hlc if hlc is not None else self.n, action, ops)

    def request(self, *changes: Change | list[Any], **more: Any) -> SyncRequest:
        """What it would send."""
        raw = [encode_change(c) if isinstance(c, Change) else c for c in changes]
        asked = {"epoch": self.epoch, "replicas": [self.replica], "cursors": self.cursors} | more
        return SyncRequest(changes=raw, **asked)

    def push(self, *changes: Change | list[Any], **more: Any) -> SyncReply:
        """Send changes and take in the reply."""
        reply = self.agency.sync(self.request(*changes, **more))
        self.take(reply)
        return reply

    def pull(self, limit: int = 500) -> list[SyncReply]:
        """Read until there is no more."""
        replies = []
        while True:
            replies.append(self.push(limit=limit))
            if not replies[-1].more:
                return replies

    def take(self, reply: SyncReply) -> None:
        """Keep what a reply tells."""
        self.epoch = reply.epoch
        self.accepted = unflatten(reply.accepted)
        states = {s.id: s for s in states_of(reply)}
        for state in states.values():
            known = self.records.get(state.id)
            self.records[state.id] = merge(known, state) if known else state
        for step in reply.feed:
            scopes = self.held.setdefault(step.id, set())
            (scopes.add if step.held else scopes.discard)(step.scope)
        for gone in [i for i, scopes in self.held.items() if not scopes]:
            del self.held[gone]
            self.records.pop(gone, None)
        self.cursors = {**self.cursors, **reply.cursors}

    def measure(self, ags: str, title: str = "Radweg", visibility: str | None = None) -> tuple[Change, EntityId]:
        """A change that creates a measure led by a municipality."""
        made = new_id()
        ops: list[Op] = [Create("measure", made, "measure", made), write("measure", made, "title", title)]
        ops.append(write("measure", made, "lead_ags", ags))
        if visibility:
            ops.append(write("measure", made, "visibility", visibility))
        return self.change(*ops, action="measure.create"), made

    def workshop(self, ags: str, *more: Op, made: EntityId | None = None) -> tuple[Change, EntityId]:
        """A change that creates a workshop."""
        made = made or new_id()
        created = Create("workshop", made, "workshop", made)
        return self.change(created, write("workshop", made, "ags", ags), *more), made

    def card(self, workshop: EntityId, text: str = "Mehr Bänke") -> tuple[Change, EntityId]:
        """A change that notes a contribution at a workshop."""
        made = new_id()
        created = Create("contribution", made, "workshop", workshop)
        return self.change(created, write("contribution", made, "text", text)), made


def write(kind: str, entity: EntityId, name: str, value: SlotValue, state: EntityState | None = None) -> Write:
    """A field written by somebody who has seen `state` of the record."""
    slot = KINDS[kind].slot_of[name].id
    return Write(kind, entity, slot, value, dict(state.register(slot).context) if state else {})


def add(kind: str, entity: EntityId, name: str, *elements: str) -> Add:
    """Elements put into a set."""
    return Add(kind, entity, KINDS[kind].slot_of[name].id, elements)


def typed(entity: EntityId, text: str, peer: int, before: TextState | None = None) -> TextEdit:
    """Minutes text typed at the beginning."""
    doc = TextDoc(before or TextState(), peer)
    doc.insert(0, text)
    update = doc.take_update()
    assert update is not None
    return TextEdit("minutes", entity, 1, update)


def value(state: EntityState, name: str) -> SlotValue:
    """The value of a field."""
    return state.register(KINDS[state.kind].slot_of[name].id).value


def states_of(reply: SyncReply) -> list[EntityState]:
    """Every record in a reply's pages."""
    return [unpack(KINDS[p.kind], p.columns, row) for p in reply.pages for row in p.rows]


def outcomes(reply: SyncReply) -> list[tuple[int, str]]:
    """(n, outcome) in the order told."""
    return [(o.n, o.outcome) for o in reply.outcomes]


def version_of(text: TextState) -> str:
    """The hint a device sends about a text it holds."""
    return base64.b64encode(text.version).decode()


def enrolled(
    service: AgencyService,
    stranger: Agency,
    role: Role = Role.COORDINATOR,
    ags: str = "",
    workshops: Iterable[EntityId] = (),
    person: str = "Jana",
) -> tuple[str, int]:
    """A device that has come in by invitation: (token, replica)."""
    replica = new_replica_id()
    code = service.invite(role, ags, list(workshops))
    request = EnrolRequest(code=code, replica=replica, person=person, device="Laptop")
    return stranger.enrol(request).token, replica
