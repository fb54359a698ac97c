"""A record's state as one compact row: values in column order, and clocks only where they say something new.

Shared by the wire and both databases, so that a row travels without being translated. A freshly
created record needs one dot for all its fields; only later edits add clocks of their own. (One clock
row per field instead costs 5.1 times the insert time and 1.8 times the file, see docs/adr.)

Row: [id, root_kind, root_id, value, …, clocks]; values in the order of `columns(kind)`. Clocks:
    b  [replica, n, hlc]                            birth: the dot of every slot not named below
    f  {slot: [replica, n, hlc, context?]}          one version, written later
    s  {slot: [[[replica, n, hlc, value], …], context]}    several versions, or a deletion (slot 0)
    e  {slot: [{element: dots}, context]}           a set changed after birth
    n  {slot: [replica, ups, downs, …]}             counters
    t  {slot: base64 snapshot}                      texts
    v  flat vector of everything seen, unless it is birth alone
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter as Tally
from collections.abc import Sequence
from typing import Any

from app.domain.change import SlotValue
from app.domain.clock import MAX_HLC, Dot, flatten, unflatten
from app.domain.encoding import check_value, decode_value, encode_value
from app.domain.fields import DELETION_SLOT, KINDS, Field, Kind, Merge, Slot
from app.domain.ids import is_id
from app.domain.merge import AddWinsSet, Counter, EntityState, Register, Version
from app.domain.text import TextState, check_update
from app.errors import ContentError, FieldError, GarbledChange

PackedRow = list[Any]
HEAD = 3
"""Cells before the first value."""


def columns(kind: Kind) -> list[int]:
    """Field ids in the order of a packed row's values."""
    return [f.id for f in kind.fields]


def pack(state: EntityState) -> PackedRow:
    """The row of a state; `unpack` gives the same state back."""
    kind = KINDS[state.kind]
    birth = _birth(state)
    cells: dict[int, Any] = {}
    clocks: dict[str, Any] = {"b": list(birth)} if birth else {}
    for slot in kind.slots:
        if slot.merge is Merge.REGISTER:
            _pack_register(slot, state.registers.get(slot.id), birth, cells, clocks)
        elif slot.merge is Merge.SET:
            _pack_set(slot, state.sets.get(slot.id), birth, cells, clocks)
        elif slot.merge is Merge.COUNTER and slot.id in state.counters:
            counter = state.counters[slot.id]
            cells[slot.id] = counter.value
            flat = [x for r in sorted(counter.totals) for x in (r, *counter.totals[r])]
            clocks.setdefault("n", {})[str(slot.id)] = flat
        elif slot.merge is Merge.TEXT and slot.id in state.texts:
            snapshot = state.texts[slot.id].compacted().snapshot
            clocks.setdefault("t", {})[str(slot.id)] = base64.b64encode(snapshot).decode()
    deletion = state.registers.get(DELETION_SLOT)
    if deletion:
        clocks.setdefault("s", {})["0"] = _versions(deletion)
    if not birth or state.seen != {birth[0]: birth[1]}:
        clocks["v"] = flatten(state.seen)
    return [state.id, state.root_kind, state.root_id, *(cells.get(f.id) for f in kind.fields), clocks]


def _birth(state: EntityState) -> tuple[int, int, int] | None:
    """The dot that most slots share: usually that of the creation."""
    tally: Tally[tuple[int, int, int]] = Tally()
    for slot, register in state.registers.items():
        if len(register.versions) == 1 and slot != DELETION_SLOT:
            ((dot, version),) = register.versions.items()
            tally[(dot.replica, dot.n, version.hlc)] += 1
    if tally:
        return max(tally.items(), key=lambda item: (item[1], [-x for x in item[0]]))[0]
    if len(state.seen) == 1:
        ((replica, n),) = state.seen.items()
        return (replica, n, 0)
    return None


def _pack_register(
    slot: Slot,
    register: Register | None,
    birth: tuple[int, int, int] | None,
    cells: dict[int, Any],
    clocks: dict[str, Any],
) -> None:
    if register is None:
        return
    value = register.value
    values = value if isinstance(value, tuple) else (value,) * (1 if not slot.is_group else len(slot.fields))
    for f, v in zip(slot.fields, values, strict=True):
        cells[f.id] = v
    if len(register.versions) != 1:
        clocks.setdefault("s", {})[str(slot.id)] = _versions(register)
        return
    ((dot, version),) = register.versions.items()
    own = {dot.replica: dot.n}
    blank = all(v is None for v in values)
    if not blank and birth == (*dot, version.hlc) and register.context == own:
        return
    entry: list[Any] = [*dot, version.hlc]
    if register.context != own:
        entry.append(flatten(register.context))
    clocks.setdefault("f", {})[str(slot.id)] = entry


def _versions(register: Register) -> list[Any]:
    versions = [[*d, v.hlc, encode_value(v.value)] for d, v in sorted(register.versions.items())]
    return [versions, flatten(register.context)]


def _pack_set(
    slot: Slot,
    elements: AddWinsSet | None,
    birth: tuple[int, int, int] | None,
    cells: dict[int, Any],
    clocks: dict[str, Any],
) -> None:
    if elements is None:
        return
    cells[slot.id] = list(elements.value)
    born = frozenset([Dot(birth[0], birth[1])]) if birth else frozenset()
    untouched = birth and elements.context == {birth[0]: birth[1]}
    if untouched and elements.elements and all(dots == born for dots in elements.elements.values()):
        return
    held = {e: [x for d in sorted(dots) for x in d] for e, dots in sorted(elements.elements.items())}
    clocks.setdefault("e", {})[str(slot.id)] = [held, flatten(elements.context)]


def unpack(kind: Kind, ids: Sequence[int], row: PackedRow) -> EntityState:
    """The state of a row whose values stand in the order of the field ids `ids`.

    Fields this version does not know are passed over: it never writes them, so nothing is lost.

    Raises:
        GarbledChange: the row does not fit the registry.
    """
    try:
        return _unpack(kind, ids, row)
    except FieldError as error:
        raise GarbledChange(reason=error.code, kind=kind.name, slot=error.field) from error
    except ContentError:
        raise
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, AssertionError) as error:
        raise GarbledChange(reason=type(error).__name__, kind=kind.name) from error


def _unpack(kind: Kind, ids: Sequence[int], row: PackedRow) -> EntityState:
    entity, root_kind, root_id, *values, clocks = row
    if len(values) != len(ids) or not is_id(entity) or not isinstance(clocks, dict):
        raise GarbledChange(reason="shape", kind=kind.name)
    if root_id != "" and (not is_id(root_id) or root_kind not in KINDS):
        raise GarbledChange(reason="root", kind=kind.name)
    cells = {i: v for i, v in zip(ids, values, strict=True) if v is not None}
    birth = _triple(clocks["b"]) if "b" in clocks else None
    seen = unflatten(clocks["v"]) if "v" in clocks else {birth[0].replica: birth[0].n} if birth else {}
    registers = _unpack_registers(kind, cells, clocks, birth)
    return EntityState(
        kind.name,
        entity,
        root_kind,
        root_id,
        registers,
        _unpack_sets(kind, cells, clocks, birth),
        {int(s): _counter(flat) for s, flat in clocks.get("n", {}).items() if int(s) in kind.slot_by_id},
        {int(s): _text(blob) for s, blob in clocks.get("t", {}).items() if int(s) in kind.slot_by_id},
        seen,
    )


def _triple(raw: Sequence[int]) -> tuple[Dot, int]:
    replica, n, hlc = raw[0], raw[1], raw[2]
    if not (type(replica) is type(n) is type(hlc) is int and 0 < replica < 2**63 and n > 0 and 0 <= hlc < MAX_HLC):
        raise GarbledChange(reason="dot")
    return Dot(replica, n), hlc


def _unpack_registers(
    kind: Kind, cells: dict[int, Any], clocks: dict[str, Any], birth: tuple[Dot, int] | None
) -> dict[int, Register]:
    single, several = clocks.get("f", {}), clocks.get("s", {})
    registers: dict[int, Register] = {}
    for slot in kind.slots:
        if slot.merge is not Merge.REGISTER:
            continue
        key = str(slot.id)
        if key in several:
            registers[slot.id] = _register(kind, slot, several[key])
            continue
        written = key in single or any(f.id in cells for f in slot.fields)
        if not written:
            continue
        value = _slot_value(kind, slot, cells)
        if key in single:
            entry = single[key]
            dot, hlc = _triple(entry)
            context = unflatten(entry[3]) if len(entry) > 3 else {dot.replica: dot.n}
        else:
            assert birth is not None
            (dot, hlc), context = birth, {birth[0].replica: birth[0].n}
        registers[slot.id] = Register({dot: Version(value, hlc)}, context)
    if "0" in several:
        versions, context_flat = several["0"]
        registers[DELETION_SLOT] = Register(
            {_triple(v)[0]: Version(_deletion_value(v[3]), v[2]) for v in versions}, unflatten(context_flat)
        )
    return registers


def _slot_value(kind: Kind, slot: Slot, cells: dict[int, Any]) -> SlotValue:
    for f in slot.fields:
        if f.id in cells:
            check_value(kind, f, cells[f.id])
    if slot.is_group:
        return tuple(cells.get(f.id) for f in slot.fields)
    value: SlotValue = cells.get(slot.id)
    return value


def _register(kind: Kind, slot: Slot, raw: list[Any]) -> Register:
    versions, context = raw
    return Register(
        {_triple(v)[0]: Version(decode_value(kind, slot, v[3]), v[2]) for v in versions}, unflatten(context)
    )


def _deletion_value(raw: Any) -> SlotValue:
    return None if raw is None else tuple(flatten(unflatten(raw)))


def _unpack_sets(
    kind: Kind, cells: dict[int, Any], clocks: dict[str, Any], birth: tuple[Dot, int] | None
) -> dict[int, AddWinsSet]:
    touched = clocks.get("e", {})
    sets: dict[int, AddWinsSet] = {}
    for slot in kind.slots:
        if slot.merge is not Merge.SET:
            continue
        field: Field = slot.fields[0]
        if str(slot.id) in touched:
            held, context = touched[str(slot.id)]
            elements = {e: frozenset(_pairs(flat)) for e, flat in held.items()}
            sets[slot.id] = AddWinsSet(elements, unflatten(context))
        elif cells.get(slot.id):
            assert birth is not None
            born = frozenset([birth[0]])
            sets[slot.id] = AddWinsSet(
                {e: born for e in cells[slot.id]}, {birth[0].replica: birth[0].n}
            )
        else:
            continue
        for e in sets[slot.id].elements:
            check_value(kind, field, e)
    return sets


def _pairs(flat: Sequence[int]) -> list[Dot]:
    if len(flat) % 2 or not all(type(x) is int and x > 0 for x in flat):
        raise GarbledChange(reason="dots")
    return [Dot(flat[i], flat[i + 1]) for i in range(0, len(flat), 2)]


def _counter(flat: Sequence[int]) -> Counter:
    if len(flat) % 3 or not all(type(x) is int and x >= 0 for x in flat):
        raise GarbledChange(reason="count")
    return Counter({flat[i]: (flat[i + 1], flat[i + 2]) for i in range(0, len(flat), 3)})


def _text(blob: str) -> TextState:
    try:
        snapshot = base64.b64decode(blob, validate=True)
    except binascii.Error:
        raise GarbledChange(reason="text") from None
    if snapshot:
        check_update(snapshot)
    return TextState(snapshot)
