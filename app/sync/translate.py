"""Pages of the wire to steps of the store, one row at a time: a garbled row never holds up the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.domain.draft import Key
from app.domain.fields import KINDS, Kind
from app.domain.merge import EntityState
from app.domain.packing import HEAD, PackedRow, columns, unpack
from app.errors import ContentError
from app.models.fresh import Came, as_it_came
from app.models.incoming import Step
from app.sync.audit_wire import RecordsReply
from app.sync.wire import FeedEntry, SyncReply

Read = tuple[EntityState | None, Came | None]
"""Exactly one of the two is there."""


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


def translate(reply: SyncReply | RecordsReply) -> Translated:
    """What a reply's pages and feed say; a kind this version does not know counts as unread."""
    read = _read(reply)
    found = Translated()
    for e in reply.feed:
        if not e.held:
            if e.kind in KINDS:
                found.steps.append(Step(e.scope, e.seq, e.kind, e.id, None))
        elif (e.kind, e.id) in read:
            found.steps.append(Step(e.scope, e.seq, e.kind, e.id, *read[e.kind, e.id]))
        elif e.digest and e.kind in KINDS:
            found.steps.append(Step(e.scope, e.seq, e.kind, e.id, None, echo=e.digest))
        else:
            found.unread.append(e)
    return found


def _read(reply: SyncReply | RecordsReply) -> dict[Key, Read]:
    found: dict[Key, Read] = {}
    for page in reply.pages:
        kind = KINDS.get(page.kind)
        if kind is None:
            continue
        read_row = row_reader(kind, page.columns)
        for row in page.rows:
            try:
                read = read_row(row)
            except ContentError:
                continue
            found[kind.name, row[0]] = read
    return found


def row_reader(kind: Kind, ids: Sequence[int], folded: bool = False) -> Callable[[PackedRow], Read]:
    """Reads rows whose values stand in the order of `ids`: as they came if nobody edited them, else as states.

    A row that was written before a field came to the registry is put into the order of today, without a
    value there. Only a newer registry's rows, with fields unknown here, always become states.

    Args:
        folded: whether the terms for the full-text index are made at once.

    Raises:
        ContentError: by what is returned, for a row that is garbled.
    """
    own = columns(kind)
    is_ours = list(ids) == own
    places: list[int] | None = None
    if not is_ours and len(ids) == len(set(ids)) and set(ids) <= set(own):
        at = {field: place for place, field in enumerate(ids)}
        places = [at.get(field, -1) for field in own]

    def read(row: PackedRow) -> Read:
        fitting = row if is_ours else _arranged(row, len(ids), places)
        if fitting is not None and (came := as_it_came(kind, fitting, folded)) is not None:
            return None, came
        return unpack(kind, ids, row), None

    return read


def _arranged(row: PackedRow, values: int, places: Sequence[int] | None) -> PackedRow | None:
    """A row with each value in its place, nothing at place -1; None if it is not of that length."""
    if places is None or len(row) != HEAD + values + 1:
        return None
    cells = [*row[HEAD:-1], None]
    return [*row[:HEAD], *[cells[place] for place in places], row[-1]]
