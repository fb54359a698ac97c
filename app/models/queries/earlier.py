"""What a measure said on an earlier day, against what it says now: field by field, its parts too.

Only registers have a past here; sets know who added an element, not when. What was overwritten before this
device first read the record is not known either: such a field counts as unchanged if it is older than the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import orjson
from sqlalchemy import Connection, select

from app.domain.change import SlotValue
from app.domain.clock import Dot, wall_ms_of
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState, Version, deletion_of
from app.models import rows
from app.models.queries.reader import Reader
from app.models.queries.versions import Writer, writer_of
from app.models.tables import entity, superseded

Past = dict[int, list[tuple[int, Dot, SlotValue]]]
"""By slot: clock, change and value of every version ever seen."""


class Turn(Enum):
    """What became of a record or a field since."""

    CHANGED = "changed"
    CAME = "came"
    WENT = "went"


@dataclass(frozen=True, slots=True)
class Difference:
    """One slot that says something else now, or a part that came or went (then slot is 0).

    Attributes:
        title: what a part is called now, "" for the measure itself.
        then: a group's values stand in slot order; None if nothing stood there.
        at: milliseconds UTC of the latest change, as the writer's clock claimed.
    """

    turn: Turn
    kind: str
    id: EntityId
    title: str
    slot: int
    then: SlotValue
    now: SlotValue
    at: int
    writer: Writer


@dataclass(frozen=True, slots=True)
class Earlier:
    """The comparison with a day. `existed` is False if the measure was made later: then nothing is compared."""

    existed: bool
    differences: tuple[Difference, ...]


def earlier(reader: Reader, measure: EntityId, at_ms: int) -> Earlier:
    """Compare a measure and its parts now with the instant `at_ms` (UTC), in the order of the registry."""
    with reader.snapshot() as connection:
        keys = connection.execute(select(entity.c.kind, entity.c.id).where(entity.c.root_id == measure)).all()
        order = {kind: place for place, kind in enumerate(KINDS)}
        keys = sorted(keys, key=lambda key: (key.id != measure, order[key.kind], key.id))
        older = _superseded(connection, [key.id for key in keys])
        found: list[Difference] = []
        for key in keys:
            loaded = rows.load(connection, key.kind, key.id)
            assert loaded is not None
            state, past = loaded[1], _past(loaded[1], older.get(key.id, ()))
            if key.id == measure and not _existed(past, at_ms):
                return Earlier(False, ())
            found += _compared(connection, state, past, at_ms, is_root=key.id == measure)
        return Earlier(True, tuple(found))


def _superseded(connection: Connection, ids: list[EntityId]) -> dict[EntityId, list[tuple[int, int, Dot, SlotValue]]]:
    found: dict[EntityId, list[tuple[int, int, Dot, SlotValue]]] = {}
    for start in range(0, len(ids), 500):
        query = select(superseded).where(superseded.c.entity_id.in_(ids[start : start + 500]))
        for r in connection.execute(query):
            value = orjson.loads(r.value)
            said = tuple(value) if isinstance(value, list) else value
            found.setdefault(r.entity_id, []).append((r.slot, r.hlc, Dot(r.replica, r.n), said))
    return found


def _past(state: EntityState, older: Iterable[tuple[int, int, Dot, SlotValue]]) -> Past:
    past: Past = {}
    for slot, register in state.registers.items():
        past[slot] = [(version.hlc, dot, version.value) for dot, version in register.versions.items()]
    for slot, hlc, dot, value in older:
        past.setdefault(slot, []).append((hlc, dot, value))
    return past


def _existed(past: Past, at_ms: int) -> bool:
    clocks = [hlc for slot, told in past.items() if slot != DELETION_SLOT for hlc, _, _ in told]
    return not clocks or wall_ms_of(min(clocks)) <= at_ms


def _compared(connection: Connection, state: EntityState, past: Past, at_ms: int, *, is_root: bool) -> list[Difference]:
    kind = KINDS[state.kind]
    title = "" if is_root or kind.title is None else str(state.register(kind.slot_of[kind.title].id).value or "")
    before, gone = _existed(past, at_ms), deletion_of(state).deleted
    if not is_root and before == gone:
        # Came and stayed, or was there and went; when it went before that day there is nothing to tell.
        turn = Turn.WENT if gone else Turn.CAME
        latest = _latest(past, DELETION_SLOT) if gone else _first(past)
        if latest is None or (gone and wall_ms_of(latest[0]) <= at_ms):
            return []
        return [_told(connection, turn, state, title, DELETION_SLOT, None, latest)]
    if gone or not before:
        return []
    found = []
    for slot in kind.slots:
        now = state.registers[slot.id].winner if slot.id in state.registers else None
        then = max((v for v in past.get(slot.id, ()) if wall_ms_of(v[0]) <= at_ms), default=None, key=_when)
        said = then[2] if then is not None else None
        if now is not None and not _alike(said, now[1].value):
            found.append(_told(connection, Turn.CHANGED, state, title, slot.id, said, _entry(*now)))
    return found


def _when(entry: tuple[int, Dot, SlotValue]) -> tuple[int, Dot]:
    return entry[:2]


def _entry(dot: Dot, version: Version) -> tuple[int, Dot, SlotValue]:
    return version.hlc, dot, version.value


def _first(past: Past) -> tuple[int, Dot, SlotValue] | None:
    return min((entry for told in past.values() for entry in told), default=None, key=_when)


def _latest(past: Past, slot: int) -> tuple[int, Dot, SlotValue] | None:
    return max(past.get(slot, ()), default=None, key=_when)


def _alike(one: SlotValue, other: SlotValue) -> bool:
    """Nothing, no text and a group of nothing are the same."""
    return _bare(one) == _bare(other)


def _bare(value: SlotValue) -> SlotValue:
    if isinstance(value, tuple):
        return tuple(v if v != "" else None for v in value) if any(v not in (None, "") for v in value) else None
    return None if value == "" else value


def _told(
    connection: Connection,
    turn: Turn,
    state: EntityState,
    title: str,
    slot: int,
    then: SlotValue,
    latest: tuple[int, Dot, SlotValue],
) -> Difference:
    hlc, dot, now = latest
    writer = writer_of(connection, dot.replica)
    said = None if turn is not Turn.CHANGED else now
    return Difference(turn, state.kind, state.id, title, slot, then, said, wall_ms_of(hlc), writer)
