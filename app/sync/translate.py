"""Pages of the wire to steps of the store, one row at a time: a garbled row never holds up the rest."""

from __future__ import annotations

from app.domain.draft import Key
from app.domain.fields import KINDS
from app.domain.merge import EntityState
from app.domain.packing import unpack
from app.errors import ContentError
from app.models.incoming import Step
from app.sync.wire import SyncReply


def steps_of(reply: SyncReply) -> tuple[list[Step], list[Key]]:
    """(steps in feed order, records whose row could not be read).

    A record whose row is garbled is left as it is here and reported; a kind this version does not know
    is passed over: after the upgrade everything is read anew.
    """
    states: dict[Key, EntityState] = {}
    garbled: list[Key] = []
    for page in reply.pages:
        kind = KINDS.get(page.kind)
        if kind is None:
            continue
        for row in page.rows:
            try:
                state = unpack(kind, page.columns, row)
                states[(kind.name, state.id)] = state
            except ContentError:
                garbled.append((kind.name, str(row[0])[:36] if row else ""))
    steps = [
        Step(e.scope, e.seq, e.kind, e.id, states.get((e.kind, e.id)) if e.held else None)
        for e in reply.feed
        if e.kind in KINDS and (not e.held or (e.kind, e.id) in states)
    ]
    return steps, garbled
