"""What others changed, noted while it is taken in: whose word, and what stood here until then.

The order of arrival is this device's own, so that no clock decides what a person has seen already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from app.domain.clock import Dot
from app.domain.draft import Key
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.merge import EntityState, deletion_of
from app.models import settings
from app.models.fresh import Fresh
from app.models.settle import Settlement
from app.models.tables import arrival

KEEP = 5_000
"""Lines kept; older ones go, whether or not somebody looked."""
TOLD = frozenset(
    {"measure", "milestone", "cost_item", "funding_item", "indicator", "risk", "decision", "workshop", "task"}
)
"""Kinds that are told. What is typed while a workshop is held, its cards and minutes, is told there."""
LONGEST = 300
"""Characters kept of a long text: as many as a line of the list can show."""

LOOKED_AT, LOOKED_UPTO = "looked_at", "looked_upto"
"""Settings: when the person last looked (ms), and at which arrival (its number)."""


@dataclass(slots=True)
class Arrived:
    """What a page changed here, for the log: records by (kind, id), new, changed or gone."""

    new: set[Key] = field(default_factory=set)
    changed: set[Key] = field(default_factory=set)
    gone: set[Key] = field(default_factory=set)
    roots: dict[Key, Key] = field(default_factory=dict)
    counted: int = 0
    """New records of a first reading: so many that they are only told as a number."""

    @property
    def keys(self) -> frozenset[Key]:
        return frozenset(self.new | self.changed | self.gone)

    def add(self, other: Arrived) -> None:
        self.new |= other.new
        self.changed |= other.changed - self.new
        self.gone |= other.gone
        self.roots |= other.roots
        self.counted += other.counted

    def add_counted(self, other: Arrived) -> None:
        """Like `add`, but new records are only counted."""
        self.counted += len(other.new)
        self.changed |= other.changed
        self.gone |= other.gone
        self.roots |= {key: other.roots[key] for key in other.changed | other.gone if key in other.roots}


def note(connection: Connection, settled: Iterable[Settlement], new: Sequence[Fresh], now_ms: int) -> None:
    """Notes what differs by somebody else's word; nothing before the first exchange is complete.

    Args:
        new: records that nobody edited since their birth, and that were not here.
    """
    differing = [s for s in settled if s.new.kind in TOLD and s.old != s.new]
    added = [f for f in new if f.kind in TOLD and not f.is_gone]
    if not differing and not added:
        return
    told = settings.every(connection)
    if told.get("synced_at", "0") == "0":
        return  # a first reading is no news
    own = frozenset(settings.identity_in(told).replicas)
    lines = [line for s in differing for line in _lines(s, own, now_ms)]
    lines += [_line(now_ms, f.id, None, Dot(f.books[7], 0), f.books[6] << 16) for f in added if f.books[7] not in own]
    if lines:
        connection.execute(insert(arrival), lines)
        newest = connection.execute(select(func.max(arrival.c.id))).scalar() or 0
        connection.execute(delete(arrival).where(arrival.c.id <= newest - KEEP))


def _lines(s: Settlement, own: frozenset[int], now_ms: int) -> list[dict[str, Any]]:
    if s.old is None:
        dot, hlc = _latest(s.new)
        known = dot.replica in own or deletion_of(s.new).deleted
        return [] if known else [_line(now_ms, s.new.id, None, dot, hlc)]
    return [*_registers(s.old, s.new, own, now_ms), *_sets(s.old, s.new, own, now_ms)]


def _registers(old: EntityState, new: EntityState, own: frozenset[int], now_ms: int) -> Iterable[dict[str, Any]]:
    for slot, register in new.registers.items():
        before = old.register(slot)
        if register is before:
            continue
        words = {d: v for d, v in register.versions.items() if d not in before.versions and d.replica not in own}
        if not words:
            continue
        if slot != DELETION_SLOT and register.value == before.value:
            continue
        dot, version = max(words.items(), key=lambda item: (item[1].hlc, item[0]))
        was = deletion_of(old).deleted if slot == DELETION_SLOT else before.value
        yield _line(now_ms, new.id, slot, dot, version.hlc, was)


def _sets(old: EntityState, new: EntityState, own: frozenset[int], now_ms: int) -> Iterable[dict[str, Any]]:
    for slot, elements in new.sets.items():
        before = old.set(slot)
        known_slot = KINDS[new.kind].slot_by_id.get(slot)
        if known_slot is not None and not known_slot.fields[0].told:
            continue
        if elements is before or elements.value == before.value:
            continue
        known = {dot for dots in before.elements.values() for dot in dots}
        added = {dot for dots in elements.elements.values() for dot in dots} - known
        # Who only took something out left no dot of an addition; the context has grown by that change.
        grown = {Dot(r, n) for r, n in elements.context.items() if n > before.context.get(r, 0)}
        words = {dot for dot in added or grown if dot.replica not in own}
        if words or not (added or grown):
            yield _line(now_ms, new.id, slot, max(words, default=Dot(0, 0)), 0, list(before.value))


def _latest(state: EntityState) -> tuple[Dot, int]:
    words = [(v.hlc, dot) for register in state.registers.values() for dot, v in register.versions.items()]
    hlc, dot = max(words, default=(0, Dot(0, 0)))
    return dot, hlc


def _line(at: int, entity_id: str, slot: int | None, dot: Dot, hlc: int, before: object = None) -> dict[str, Any]:
    kept = orjson.dumps(_shortened(before)).decode()
    return {"at": at, "entity_id": entity_id, "slot": slot, "replica": dot.replica, "hlc": hlc, "before": kept}


def _shortened(value: object) -> object:
    if isinstance(value, str):
        return value[:LONGEST]
    return [_shortened(part) for part in value] if isinstance(value, tuple | list) else value
