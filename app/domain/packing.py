"""A record's state as one compact row: values in column order, and clocks only where they say something new.

Shared by the wire and both databases, so that a row travels without being translated. A freshly
created record needs one dot for all its fields; only later edits add clocks of their own. (One clock
row per field instead costs 5.1 times the insert time and 1.8 times the file, see docs/adr.)

Row: [id, root_kind, root_id, value, …, clocks]; values in the order of `columns(kind)`. Clocks:
    b  [replica, n, hlc]                            birth: the dot of every slot not named below
    f  {slot: [replica, n, hlc, context?]}          one version, written later
    s  {slot: [[[replica, n, hlc, value], …], context]}    several versions, or a deletion (slot 0)
    e  {slot: [{element: dots}, context, {element: dots}?]}    a set changed after birth; last: removals
                                                    that came before the additions they take out
    n  {slot: [replica, ups, downs, …]}             counters
    t  {slot: base64 snapshot}                      texts; a list if updates wait for earlier ones
    v  flat vector of everything seen, unless it is birth alone

This module writes rows; `unpacking` reads them.
"""

from __future__ import annotations

import base64
from typing import Any

from app.domain.clock import Dot, flatten
from app.domain.encoding import encode_value
from app.domain.fields import DELETION_SLOT, KINDS, Kind
from app.domain.merge import AddWinsSet, Counter, EntityState, Register
from app.domain.text import TextState
from app.domain.unpacking import HEAD, PackedRow, check_row, columns, layout, unpack

__all__ = ["HEAD", "PackedRow", "check_row", "columns", "pack", "unpack"]

_Birth = tuple[int, int, int]


def pack(state: EntityState) -> PackedRow:
    """The row of a state; `unpack` gives the same state back."""
    kind = KINDS[state.kind]
    birth = _birth(state)
    clocks: dict[str, Any] = {}
    row: PackedRow = [state.id, state.root_kind, state.root_id, *([None] * len(kind.fields)), clocks]
    if birth:
        clocks["b"] = list(birth)
    _pack_registers(kind, state, birth, row)
    _pack_sets(kind, state, birth, row)
    for slot in layout(kind).counters:
        if counter := state.counters.get(slot.id):
            row[slot.cells[0]] = counter.value
            clocks.setdefault("n", {})[slot.key] = _totals(counter)
    for slot in layout(kind).texts:
        if text := state.texts.get(slot.id):
            clocks.setdefault("t", {})[slot.key] = _text(text)
    if not birth or state.seen != {birth[0]: birth[1]}:
        clocks["v"] = flatten(state.seen)
    return row


def _birth(state: EntityState) -> _Birth | None:
    """The dot that most slots share: usually that of the creation."""
    tally: dict[_Birth, int] = {}
    for slot, register in state.registers.items():
        if len(register.versions) == 1 and slot != DELETION_SLOT:
            ((dot, version),) = register.versions.items()
            clock = (*dot, version.hlc)
            tally[clock] = tally.get(clock, 0) + 1
    if tally:
        return min(tally, key=lambda clock: (-tally[clock], clock))
    if len(state.seen) == 1:
        ((replica, n),) = state.seen.items()
        return (replica, n, 0)
    return None


def _pack_registers(kind: Kind, state: EntityState, birth: _Birth | None, row: PackedRow) -> None:
    single: dict[str, Any] = {}
    several: dict[str, Any] = {}
    registers = state.registers
    for slot in [place for number, place in layout(kind).numbered if number in registers]:
        register = registers[slot.id]
        value = register.value
        if isinstance(value, tuple):
            for cell, part in zip(slot.cells, value, strict=True):
                row[cell] = part
        else:
            row[slot.cells[0]] = value
        if len(register.versions) != 1:
            several[slot.key] = _versions(register)
            continue
        ((dot, version),) = register.versions.items()
        own = register.context == {dot.replica: dot.n}
        if own and birth == (*dot, version.hlc) and value is not None and value != slot.blank:
            continue
        single[slot.key] = [*dot, version.hlc] if own else [*dot, version.hlc, flatten(register.context)]
    if deletion := state.registers.get(DELETION_SLOT):
        several["0"] = _versions(deletion)
    if single:
        row[-1]["f"] = single
    if several:
        row[-1]["s"] = several


def _versions(register: Register) -> list[Any]:
    versions = [[*d, v.hlc, encode_value(v.value)] for d, v in sorted(register.versions.items())]
    return [versions, flatten(register.context)]


def _pack_sets(kind: Kind, state: EntityState, birth: _Birth | None, row: PackedRow) -> None:
    born = {birth[0]: birth[1]} if birth else None
    born_dots = frozenset([Dot(birth[0], birth[1])]) if birth else None
    for slot in layout(kind).sets:
        held = state.sets.get(slot.id)
        if held is None:
            continue
        row[slot.cells[0]] = list(held.value)
        untouched = held.context == born and not held.removed
        if untouched and held.elements and all(dots == born_dots for dots in held.elements.values()):
            continue
        row[-1].setdefault("e", {})[slot.key] = _held(held)


def _held(elements: AddWinsSet) -> list[Any]:
    told = [_dots(elements.elements), flatten(elements.context)]
    return [*told, _dots(elements.removed)] if elements.removed else told


def _dots(elements: Any) -> dict[str, list[int]]:
    return {e: [x for d in sorted(dots) for x in d] for e, dots in sorted(elements.items())}


def _totals(counter: Counter) -> list[int]:
    return [x for r in sorted(counter.totals) for x in (r, *counter.totals[r])]


def _text(text: TextState) -> str | list[str]:
    folded = text.compacted()
    blobs = [base64.b64encode(blob).decode() for blob in (folded.snapshot, *folded.updates)]
    return blobs if folded.updates else blobs[0]
