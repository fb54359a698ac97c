"""Pages of the wire to steps of the store, one row at a time: a garbled row never holds up the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.draft import Key
from app.domain.fields import KINDS
from app.domain.merge import EntityState
from app.domain.packing import unpack
from app.errors import ContentError
from app.models.incoming import Step
from app.sync.wire import FeedEntry, SyncReply


@dataclass(frozen=True, slots=True)
class Translated:
    """A page as the store takes it.

    Attributes:
        steps: in feed order.
        unread: steps whose row is garbled or missing: the record is left as it is here, and read again
            later (`models.rereading`).
    """

    steps: list[Step] = field(default_factory=list)
    unread: list[FeedEntry] = field(default_factory=list)

    @property
    def garbled(self) -> list[Key]:
        """The records of `unread`, each once."""
        return list(dict.fromkeys((e.kind, e.id) for e in self.unread))


def translate(reply: SyncReply) -> Translated:
    """What a reply's pages and feed say; a kind this version does not know counts as unread."""
    states = _states(reply)
    found = Translated()
    for e in reply.feed:
        if not e.held:
            if e.kind in KINDS:
                found.steps.append(Step(e.scope, e.seq, e.kind, e.id, None))
        elif (e.kind, e.id) in states:
            found.steps.append(Step(e.scope, e.seq, e.kind, e.id, states[e.kind, e.id]))
        else:
            found.unread.append(e)
    return found


def _states(reply: SyncReply) -> dict[Key, EntityState]:
    states: dict[Key, EntityState] = {}
    for page in reply.pages:
        kind = KINDS.get(page.kind)
        if kind is None:
            continue
        for row in page.rows:
            try:
                state = unpack(kind, page.columns, row)
            except ContentError:
                continue
            states[kind.name, state.id] = state
    return states
