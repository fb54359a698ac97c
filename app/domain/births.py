"""A record's first words, straight into its row: as `pack` would write the state they make, many times as fast.

Whoever works alone for a while sends thousands of new records at once, each in one change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.domain.change import Add, Change, Create, Op, Write
from app.domain.fields import KINDS, Kind
from app.domain.merge import AddWinsSet, EntityState, Register, Version
from app.domain.unpacking import PackedRow, layout


@dataclass(frozen=True, slots=True)
class Birth:
    """A record as one change brought it into being.

    Attributes:
        view: what of its state says whose it is: its root, and the registers and sets asked for.
        shared: the row without internal fields, where that is another one.
    """

    row: PackedRow
    view: EntityState
    shared: PackedRow | None = None


def birth_of(change: Change, ops: Sequence[Op], asked: frozenset[str]) -> Birth | None:
    """A new record out of all operations of a change on it.

    None if it has to go through its state: something else than creating and first words, or no register that
    everybody may read and its clock could be read from.

    Args:
        asked: names of the slots to be found in the view.
    """
    made = ops[0]
    if made.__class__ is not Create:
        return None
    kind = KINDS[made.kind]
    places = _places(kind)
    row: PackedRow = [made.id, made.root_kind, made.root_id, *([None] * len(kind.fields)), {}]
    is_clocked, inner = False, list[int]()
    for op in ops[1:]:
        if op.__class__ is Write and not op.context:
            cells = places.registers.get(op.slot)
            value = op.value
            if cells is None or value is None:
                return None
            if len(cells) == 1:
                row[cells[0]] = value
            else:
                assert isinstance(value, tuple)
                if value.count(None) == len(value):
                    return None
                for cell, part in zip(cells, value, strict=True):
                    row[cell] = part
            if op.slot in places.internal:
                inner.extend(cells)
            else:
                is_clocked = True
        elif op.__class__ is Add:
            row[places.sets[op.slot]] = sorted(set(op.elements))
        else:
            return None
    if not is_clocked:
        return None
    row[-1]["b"] = [change.replica, change.n, change.hlc]
    shared = [None if cell in inner else value for cell, value in enumerate(row)] if inner else None
    return Birth(row, _view(change, made, ops, _slots(kind, asked)), shared)


def _view(change: Change, made: Create, ops: Sequence[Op], slots: frozenset[int]) -> EntityState:
    born = {change.replica: change.n}
    registers: dict[int, Register] = {}
    sets: dict[int, AddWinsSet] = {}
    for op in ops:
        if op.__class__ is Write and op.slot in slots:
            registers[op.slot] = Register({change.dot: Version(op.value, change.hlc)}, born)
        elif op.__class__ is Add and op.slot in slots:
            sets[op.slot] = AddWinsSet(dict.fromkeys(op.elements, frozenset((change.dot,))), born)
    return EntityState(made.kind, made.id, made.root_kind, made.root_id, registers, sets, {}, {}, born)


@dataclass(frozen=True, slots=True)
class _Places:
    """Cells by slot, of registers and of sets; and which registers are internal."""

    registers: Mapping[int, tuple[int, ...]]
    sets: Mapping[int, int]
    internal: frozenset[int]


@cache
def _places(kind: Kind) -> _Places:
    found = layout(kind)
    internal = frozenset(p.id for p in found.registers if any(f.internal for f in p.slot.fields))
    return _Places({p.id: p.cells for p in found.registers}, {p.id: p.cells[0] for p in found.sets}, internal)


@cache
def _slots(kind: Kind, names: frozenset[str]) -> frozenset[int]:
    return frozenset(slot.id for name, slot in kind.slot_of.items() if name in names)
