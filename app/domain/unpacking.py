"""Reading packed rows: from row back to state, and the check whether a row could be read.

A row that is taken says each thing once: its values are those that its clocks lead to, so that the
typed columns of a database and the state made from the same row can never tell two stories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from app.domain.change import SlotValue
from app.domain.clock import MAX_HLC, MAX_N, Dot, covers, flatten, includes, unflatten
from app.domain.encoding import MAX_ELEMENTS, check_value, decode_bytes, decode_held, decode_value
from app.domain.fields import DELETION_SLOT, KINDS, Kind, Merge, Slot
from app.domain.fits import Fits, fits
from app.domain.ids import is_id
from app.domain.merge import AddWinsSet, Counter, EntityState, Register, Version
from app.domain.text import TextState, check_update
from app.errors import ContentError, FieldError, GarbledChange

PackedRow = list[Any]
HEAD = 3
"""Cells before the first value."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a slot stands in a row of this version: looked up once per kind, not once per row."""

    id: int
    key: str
    slot: Slot
    fields: tuple[int, ...]
    cells: tuple[int, ...]
    fits: tuple[Fits, ...]
    blank: SlotValue


@dataclass(frozen=True)
class Layout:
    """The places of a kind by merge rule."""

    registers: tuple[Place, ...]
    sets: tuple[Place, ...]
    counters: tuple[Place, ...]
    texts: tuple[Place, ...]

    @cached_property
    def numbered(self) -> tuple[tuple[int, Place], ...]:
        """The registers with their ids."""
        return tuple((place.id, place) for place in self.registers)

    @cached_property
    def register_at(self) -> tuple[Place | None, ...]:
        """The register whose value, or part of it, stands in each cell of a row; None in those of others."""
        at = {cell: place for place in self.registers for cell in place.cells}
        return tuple(at.get(cell) for cell in range(max(at, default=-1) + 1))

    @cached_property
    def register_by_key(self) -> Mapping[str, Place]:
        """The registers by their names in a row's clocks."""
        return {place.key: place for place in self.registers}


@cache
def layout(kind: Kind) -> Layout:
    """Where the slots of a kind stand."""
    cell_of = {f.id: HEAD + i for i, f in enumerate(kind.fields)}
    places: dict[Merge, list[Place]] = {merge: [] for merge in Merge}
    for slot in kind.slots:
        ids = tuple(f.id for f in slot.fields)
        blank = (None,) * len(ids) if slot.is_group else None
        cells = tuple(cell_of[i] for i in ids)
        place = Place(slot.id, str(slot.id), slot, ids, cells, tuple(fits(f) for f in slot.fields), blank)
        places[slot.merge].append(place)
    return Layout(*(tuple(places[m]) for m in (Merge.REGISTER, Merge.SET, Merge.COUNTER, Merge.TEXT)))


def columns(kind: Kind) -> list[int]:
    """Field ids in the order of a packed row's values."""
    return list(_order(kind))


@cache
def _order(kind: Kind) -> list[int]:
    return [f.id for f in kind.fields]


def unpack(kind: Kind, ids: Sequence[int], row: PackedRow) -> EntityState:
    """The state of a row whose values stand in the order of the field ids `ids`.

    Fields this version does not know are passed over: it never writes them, so nothing is lost.

    Raises:
        GarbledText: a text of the row is damaged.
        GarbledChange: the row does not fit the registry, or contradicts itself.
    """
    try:
        return _Reader(kind, ids, row).state()
    except FieldError as error:
        raise GarbledChange(reason=error.code, kind=kind.name, slot=error.field) from error
    except ContentError:
        raise
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise GarbledChange(reason=type(error).__name__, kind=kind.name) from error


def check_row(kind: Kind, ids: Sequence[int], row: PackedRow) -> None:
    """Raises exactly when `unpack` does, but is many times as fast for rows that nobody edited."""
    if not is_untouched(kind, tuple(ids), row):
        unpack(kind, ids, row)


def is_untouched(kind: Kind, ids: tuple[int, ...], row: PackedRow) -> bool:
    """Whether `unpack` takes the row, and every value in it stands there since the record's birth.

    Such a row can be stored as it came. False says nothing but that it has to be unpacked.
    """
    try:
        entity, root_kind, root_id, *values, clocks = row
        if (
            len(values) != len(ids)
            or not clocks.keys() <= {"b", "v"}
            or not _is_placed(kind, entity, root_kind, root_id)
        ):
            return False
        (replica, n), _ = _triple(clocks["b"], 3)
        if "v" in clocks and unflatten(clocks["v"]).get(replica, 0) < n:
            return False
        for value, fit in zip(values, _cell_tests(kind, ids), strict=True):
            if value is not None and not fit(value):
                return False
    except (ContentError, TypeError, ValueError, IndexError, KeyError, AttributeError):
        return False  # whatever it is, `unpack` names it
    return True


@cache
def _cell_tests(kind: Kind, ids: tuple[int, ...]) -> tuple[Fits, ...]:
    """One test per cell, for values that stand there since birth; unknown fields may hold anything."""
    found = layout(kind)
    tests: dict[int, Fits] = {i: fit for p in found.registers for i, fit in zip(p.fields, p.fits, strict=True)}
    tests |= {p.id: partial(_are_elements, p) for p in found.sets}
    # What is counted or typed has clocks of its own, hence no value from birth.
    tests |= {p.id: lambda _: False for p in found.counters}
    return tuple(tests.get(i, lambda _: True) for i in ids)


def _is_placed(kind: Kind, entity: Any, root_kind: Any, root_id: Any) -> bool:
    """Whether a record's ids and its root go together."""
    if not is_id(entity):
        return False
    if root_kind == "":
        return bool(root_id == "")
    root = KINDS[root_kind]
    return root.is_root and is_id(root_id) and kind.is_root == (root_id == entity)


class _Reader:
    """One row being read."""

    def __init__(self, kind: Kind, ids: Sequence[int], row: PackedRow) -> None:
        self.kind = kind
        self.entity, self.root_kind, self.root_id, *values, self.clocks = row
        if len(values) != len(ids) or type(self.clocks) is not dict:
            raise GarbledChange(reason="shape", kind=kind.name)
        if not _is_placed(kind, self.entity, self.root_kind, self.root_id):
            raise GarbledChange(reason="root", kind=kind.name)
        self.row = row if ids == _order(kind) else _in_order(kind, ids, row)
        self.layout = layout(kind)
        self.birth: tuple[Dot, int] | None = None
        self.born: dict[int, int] = {}
        if "b" in self.clocks:
            self.birth = _triple(self.clocks["b"], 3)
            self.born = {self.birth[0].replica: self.birth[0].n}
        self.seen = unflatten(self.clocks["v"]) if "v" in self.clocks else dict(self.born)
        if not includes(self.seen, self.born):
            raise GarbledChange(reason="seen", kind=kind.name)

    def state(self) -> EntityState:
        return EntityState(
            self.kind.name,
            self.entity,
            self.root_kind,
            self.root_id,
            self._registers(),
            self._sets(),
            self._counters(),
            self._texts(),
            self.seen,
        )

    def _part(self, name: str) -> dict[str, Any]:
        part = self.clocks.get(name)
        if part is None:
            return {}
        if type(part) is not dict:
            raise GarbledChange(reason="shape", kind=self.kind.name)
        return part

    def _check_seen(self, dots: Any, context: Mapping[int, int]) -> None:
        """Whoever holds a version has seen the change that wrote it, in the slot and in the record."""
        for dot in dots:
            if not (covers(context, dot) and covers(self.seen, dot)):
                raise GarbledChange(reason="seen", kind=self.kind.name)

    def _registers(self) -> dict[int, Register]:
        single, several = self._part("f"), self._part("s")
        row, birth, born = self.row, self.birth, self.born
        # Most cells of most rows are empty: only those that say something are looked at.
        told = [place for place, value in zip(self.layout.register_at, row, strict=False) if value is not None]
        places = {place.id: place for place in told if place is not None}
        if single or several:
            by_key = self.layout.register_by_key
            places |= {by_key[key].id: by_key[key] for part in (single, several) for key in part if key in by_key}
        registers: dict[int, Register] = {}
        for slot, place in places.items():
            key = place.key
            value = row[place.cells[0]] if place.blank is None else tuple([row[cell] for cell in place.cells])
            if key in several:
                registers[slot] = register = self._versions(place, several[key])
                if register.value != value:
                    raise GarbledChange(reason="winner", kind=self.kind.name, slot=place.slot.name)
                continue
            if not _fits(place, value):
                _refuse(self.kind, place, value)
            if key in single:
                registers[slot] = self._later(single[key], value)
            else:
                if birth is None:
                    raise GarbledChange(reason="birth", kind=self.kind.name, slot=place.slot.name)
                registers[slot] = Register({birth[0]: Version(value, birth[1])}, born)
        if "0" in several:
            registers[DELETION_SLOT] = self._versions(None, several["0"])
        return registers

    def _later(self, entry: list[Any], value: SlotValue) -> Register:
        dot, hlc = _triple(entry[:3], 3)
        context = unflatten(entry[3]) if len(entry) > 3 else {dot.replica: dot.n}
        self._check_seen((dot,), context)
        return Register({dot: Version(value, hlc)}, context)

    def _versions(self, place: Place | None, raw: list[Any]) -> Register:
        told, flat = raw
        versions: dict[Dot, Version] = {}
        for entry in told:
            dot, hlc = _triple(entry, 4)
            versions[dot] = Version(
                _deletion(entry[3]) if place is None else decode_value(self.kind, place.slot, entry[3]), hlc
            )
        context = unflatten(flat)
        self._check_seen(versions, context)
        if not versions or len(versions) != len(told):
            raise GarbledChange(reason="versions", kind=self.kind.name)
        return Register(versions, context)

    def _sets(self) -> dict[int, AddWinsSet]:
        touched = self._part("e")
        sets: dict[int, AddWinsSet] = {}
        for place in self.layout.sets:
            cell = self.row[place.cells[0]]
            if place.key in touched:
                sets[place.id] = held = self._held(*touched[place.key])
                if (cell or []) != list(held.value):
                    raise GarbledChange(reason="elements", kind=self.kind.name, slot=place.slot.name)
            if cell is None:
                continue
            if not _are_elements(place, cell):
                _refuse(self.kind, place, cell)
            if cell and place.key not in touched:
                if self.birth is None:
                    raise GarbledChange(reason="birth", kind=self.kind.name, slot=place.slot.name)
                sets[place.id] = AddWinsSet(dict.fromkeys(cell, frozenset((self.birth[0],))), self.born)
        return sets

    def _held(self, held: Any, flat: Any, removed: Any = None) -> AddWinsSet:
        context = unflatten(flat)
        elements = {e: frozenset(dots) for e, dots in decode_held(held).items()}
        ahead = {e: frozenset(dots) for e, dots in decode_held(removed or {}).items()}
        for dots in elements.values():
            self._check_seen(dots, self.seen)  # a set may hold more than its context speaks of
        early = any(covers(context, d) for dots in ahead.values() for d in dots)
        if early or not all(elements.values()) or not all(ahead.values()):
            raise GarbledChange(reason="dots", kind=self.kind.name)
        return AddWinsSet(elements, context, ahead)

    def _counters(self) -> dict[int, Counter]:
        told = self._part("n")
        counters: dict[int, Counter] = {}
        for place in self.layout.counters:
            cell = self.row[place.cells[0]]
            if place.key in told:
                counters[place.id] = counter = _counter(told[place.key])
                if cell != counter.value or not all(r in self.seen for r in counter.totals):
                    raise GarbledChange(reason="count", kind=self.kind.name, slot=place.slot.name)
            elif cell is not None:
                raise GarbledChange(reason="count", kind=self.kind.name, slot=place.slot.name)
        return counters

    def _texts(self) -> dict[int, TextState]:
        told = self._part("t")
        return {p.id: _text(told[p.key]) for p in self.layout.texts if p.key in told}


def _in_order(kind: Kind, ids: Sequence[int], row: PackedRow) -> PackedRow:
    """The row with its values where this version has them, empty where it knows none."""
    told = dict(zip(ids, row[HEAD:-1], strict=True))
    return [*row[:HEAD], *map(told.get, _order(kind)), row[-1]]


def _fits(place: Place, value: SlotValue) -> bool:
    if isinstance(value, tuple):
        parts = zip(place.fits, value, strict=True)
        return all(part is None or fit(part) for fit, part in parts)
    return value is None or place.fits[0](value)


def _refuse(kind: Kind, place: Place, value: Any) -> None:
    """Names what is wrong with a slot's value or a set's elements."""
    if place.slot.merge is Merge.REGISTER:
        decode_value(kind, place.slot, list(value) if isinstance(value, tuple) else value)
    elif type(value) is list and len(value) <= MAX_ELEMENTS:
        for e in value:
            check_value(kind, place.slot.fields[0], e)
    raise GarbledChange(reason="elements", kind=kind.name, slot=place.slot.name)


def _are_elements(place: Place, cell: Any) -> bool:
    """Whether a set's cell is a sorted list of different elements that fit."""
    if type(cell) is not list or len(cell) > MAX_ELEMENTS:
        return False
    fit = place.fits[0]
    last = None
    for e in cell:
        if not fit(e) or (last is not None and e <= last):
            return False
        last = e
    return True


def _triple(raw: Any, length: int) -> tuple[Dot, int]:
    if type(raw) is not list or len(raw) != length:
        raise GarbledChange(reason="dot")
    replica, n, hlc = raw[0], raw[1], raw[2]
    if not type(replica) is type(n) is type(hlc) is int:
        raise GarbledChange(reason="dot")
    if not (0 < replica < 2**63 and 0 < n < MAX_N and 0 <= hlc < MAX_HLC):
        raise GarbledChange(reason="dot")
    return Dot(replica, n), hlc


def _deletion(raw: Any) -> SlotValue:
    return None if raw is None else tuple(flatten(unflatten(raw)))


def _counter(flat: Any) -> Counter:
    if type(flat) is not list or len(flat) % 3 or not all(type(x) is int and 0 <= x < 2**63 for x in flat):
        raise GarbledChange(reason="count")
    totals = {flat[i]: (flat[i + 1], flat[i + 2]) for i in range(0, len(flat), 3)}
    if list(totals) != sorted(flat[::3]) or 0 in totals or any(max(t) >= 2**40 for t in totals.values()):
        raise GarbledChange(reason="count")
    return Counter(totals)


def _text(raw: Any) -> TextState:
    """A list begins with the snapshot, empty as long as all updates wait for an earlier one."""
    first, *others = raw if type(raw) is list else [raw]
    snapshot = b"" if first == "" and others else decode_bytes(first)
    updates = tuple(map(decode_bytes, others))
    for blob in (snapshot, *updates):
        if blob:
            check_update(blob)
    return TextState(snapshot, updates)
