"""Changes as plain lists (for wire and disk), and the check that values fit the registry.

Reading refuses what does not fit, with the kind and slot named; it never repairs and never guesses.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.domain.change import (
    Add,
    Change,
    Count,
    Create,
    Delete,
    Keep,
    Op,
    Remove,
    SlotValue,
    TextEdit,
    Value,
    Write,
)
from app.domain.clock import MAX_HLC, MAX_N, Dot, flatten, unflatten
from app.domain.fields import DELETION_SLOT, KINDS, LINE, Field, Kind, Merge, Slot, Type
from app.domain.fits import Fits, fits, is_storable
from app.domain.ids import is_id
from app.errors import FieldError, GarbledChange, TooLarge

_UPDATE_LIMIT = 64_000_000
MAX_ELEMENTS = 10_000


def encode_change(change: Change) -> list[Any]:
    """[replica, n, hlc, action, origin, schema, [op, …]], JSON-able."""
    return [
        change.replica,
        change.n,
        change.hlc,
        change.action,
        change.origin,
        change.schema,
        [_encode_op(op) for op in change.ops],
    ]


def _encode_op(op: Op) -> list[Any]:
    match op:
        case Create():
            return ["c", op.kind, op.id, op.root_kind, op.root_id]
        case Write():
            return ["w", op.kind, op.id, op.slot, encode_value(op.value), flatten(op.context)]
        case Delete():
            return ["d", op.kind, op.id, flatten(op.seen), flatten(op.context)]
        case Keep():
            return ["k", op.kind, op.id, flatten(op.context)]
        case Add():
            return ["+", op.kind, op.id, op.slot, list(op.elements)]
        case Remove():
            gone = {e: [x for d in sorted(dots) for x in d] for e, dots in sorted(op.dots.items())}
            return ["-", op.kind, op.id, op.slot, gone]
        case Count():
            return ["n", op.kind, op.id, op.slot, op.ups, op.downs]
        case TextEdit():
            return ["t", op.kind, op.id, op.slot, base64.b64encode(op.update).decode()]


def encode_value(value: SlotValue) -> Any:
    return list(value) if isinstance(value, tuple) else value


def decode_head(raw: Any) -> tuple[int, int]:
    """(replica, n) of an encoded change, so that even an unreadable one can be named.

    Raises:
        GarbledChange: not even that can be read.
    """
    try:
        replica, n = raw[0], raw[1]
    except (TypeError, IndexError, KeyError):
        raise GarbledChange(reason="shape") from None
    if not (_whole(replica) and _whole(n) and 0 < replica < 2**63 and 0 < n < MAX_N):
        raise GarbledChange(reason="dot")
    return replica, n


def decode_change(raw: Any) -> Change:
    """Inverse of `encode_change` for bytes from anywhere.

    Raises:
        GarbledChange: shape, kind, slot or value does not fit the registry. Only what `encode_change`
            would write the same way is taken, so that a change has one spelling and one fingerprint.
    """
    replica, n = decode_head(raw)
    try:
        _, _, hlc, action, origin, schema, ops = raw
        if not (_whole(hlc) and 0 <= hlc < MAX_HLC and _whole(schema) and 0 < schema < 2**31):
            raise GarbledChange(reason="shape")
        if not (_is_text(action, 60) and _is_text(origin, 300)):
            raise GarbledChange(reason="action")
        decoded = _decode_ops(_list(ops))
        if not decoded:
            raise GarbledChange(reason="shape")
    except GarbledChange:
        raise
    except FieldError as error:
        raise GarbledChange(reason=error.code, kind=error.kind, slot=error.field) from error
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise GarbledChange(reason=type(error).__name__) from error
    return Change(replica, n, hlc, action, decoded, origin, schema)


def _decode_ops(raws: list[Any]) -> tuple[Op, ...]:
    """All operations; most changes speak of one record only, which is looked at once."""
    ops: list[Op] = []
    targets: set[tuple[str, str, int]] = set()
    kind: Kind | None = None
    entity, tests = "", _Tests({}, {})
    for raw in raws:
        if raw.__class__ is not list:
            raise GarbledChange(reason="shape")
        if kind is None or raw[2] != entity or raw[1] != kind.name:
            kind, entity = _record(raw[1], raw[2])
            tests = _tests(kind)
        code = raw[0]
        op: Op | None = None
        if code == "w":
            op = _plain_write(kind, entity, tests.registers, raw)
        elif code == "+":
            op = _plain_add(kind, entity, tests.elements, raw)
        op = op or _decode_op(kind, entity, raw)
        ops.append(op)
        targets.add((entity, "" if code in ("d", "k") else code, raw[3] if code in _SLOT_CODES else 0))
    if len(targets) != len(ops):
        raise GarbledChange(reason="twice")
    return tuple(ops)


_SLOT_CODES = frozenset("w+-nt")


def _record(kind_name: Any, entity: Any) -> tuple[Kind, str]:
    kind = KINDS.get(kind_name)
    if kind is None or not is_id(entity):
        raise GarbledChange(reason="kind", kind=str(kind_name)[:40])
    return kind, entity


def _decode_op(kind: Kind, entity: str, raw: list[Any]) -> Op:
    code = raw[0]
    match code:
        case "c":
            _, _, _, root_kind, root_id = raw
            root = KINDS.get(root_kind)
            if root is None or not root.is_root or not is_id(root_id) or kind.is_root != (root_id == entity):
                raise GarbledChange(reason="root", kind=kind.name)
            return Create(kind.name, entity, root_kind, root_id)
        case "d":
            _, _, _, seen, context = raw
            return Delete(kind.name, entity, unflatten(seen), unflatten(context))
        case "k":
            _, _, _, context = raw
            return Keep(kind.name, entity, unflatten(context))
    slot = kind.slot_by_id.get(raw[3]) if _whole(raw[3]) else None
    if slot is None:
        raise GarbledChange(reason="slot", kind=kind.name, slot=str(raw[3])[:20])
    return _decode_slot_op(code, kind, entity, slot, raw)


def _plain_write(kind: Kind, entity: str, registers: Mapping[int, tuple[Fits, ...]], raw: list[Any]) -> Write | None:
    """A write whose value fits, without asking field by field; None leaves it to who can say what is wrong."""
    _, _, _, slot, value, context = raw
    tests = registers.get(slot) if slot.__class__ is int else None
    if tests is None or context.__class__ is not list:
        return None
    if len(tests) == 1:
        if value is not None and not tests[0](value):
            return None
    elif value.__class__ is not list or len(value) != len(tests):
        return None
    else:
        value = tuple(value)
        for fit, part in zip(tests, value, strict=True):
            if part is not None and not fit(part):
                return None
    return Write(kind.name, entity, slot, value, unflatten(context) if context else {})


def _plain_add(kind: Kind, entity: str, sets: Mapping[int, Fits], raw: list[Any]) -> Add | None:
    """Likewise for an addition."""
    _, _, _, slot, elements = raw
    fit = sets.get(slot) if slot.__class__ is int else None
    if fit is None or elements.__class__ is not list or not 0 < len(elements) <= MAX_ELEMENTS:
        return None
    return Add(kind.name, entity, slot, tuple(elements)) if all(map(fit, elements)) else None


@dataclass(frozen=True, slots=True)
class _Tests:
    """By slot: the tests of a register's fields, and of a set's elements."""

    registers: dict[int, tuple[Fits, ...]]
    elements: dict[int, Fits]


@cache
def _tests(kind: Kind) -> _Tests:
    return _Tests(
        {s.id: tuple(fits(f) for f in s.fields) for s in kind.slots if s.merge is Merge.REGISTER},
        {s.id: fits(s.fields[0]) for s in kind.slots if s.merge is Merge.SET},
    )


def _decode_slot_op(code: str, kind: Kind, entity: str, slot: Slot, raw: list[Any]) -> Op:
    match code, slot.merge:
        case "w", Merge.REGISTER:
            _, _, _, _, value, context = raw
            return Write(kind.name, entity, slot.id, decode_value(kind, slot, value), unflatten(context))
        case "+", Merge.SET:
            _, _, _, _, elements = raw
            if not 0 < len(_list(elements)) <= MAX_ELEMENTS:
                raise GarbledChange(reason="elements", kind=kind.name, slot=slot.name)
            for e in elements:
                check_value(kind, slot.fields[0], e)
            return Add(kind.name, entity, slot.id, tuple(elements))
        case "-", Merge.SET:
            _, _, _, _, gone = raw
            return Remove(kind.name, entity, slot.id, decode_held(gone))
        case "n", Merge.COUNTER:
            _, _, _, _, ups, downs = raw
            if not all(_whole(x) and 0 <= x < 2**40 for x in (ups, downs)):
                raise GarbledChange(reason="count", kind=kind.name, slot=slot.name)
            return Count(kind.name, entity, slot.id, ups, downs)
        case "t", Merge.TEXT:
            _, _, _, _, update = raw
            return TextEdit(kind.name, entity, slot.id, decode_bytes(update))
    raise GarbledChange(reason="op", kind=kind.name, slot=slot.name)


def decode_bytes(raw: Any) -> bytes:
    """Bytes out of base64, in its one canonical spelling.

    Raises:
        GarbledChange: anything else.
    """
    try:
        decoded = base64.b64decode(raw, validate=True) if isinstance(raw, str) else b""
    except ValueError:
        raise GarbledChange(reason="text") from None
    if not 0 < len(decoded) <= _UPDATE_LIMIT or base64.b64encode(decoded).decode() != raw:
        raise GarbledChange(reason="text")
    return decoded


def decode_held(raw: Any) -> dict[str, tuple[Dot, ...]]:
    """Elements of a set with the additions named, out of {element: [replica, n, …]}.

    Codes that this version does not know are let through: taking them out must always be possible.

    Raises:
        GarbledChange: another shape.
    """
    if not isinstance(raw, dict) or len(raw) > MAX_ELEMENTS or not all(_is_text(e, LINE) for e in raw):
        raise GarbledChange(reason="elements")
    return {e: _dots(flat) for e, flat in raw.items()}


def _dots(flat: Any) -> tuple[Dot, ...]:
    if not isinstance(flat, list) or len(flat) % 2 or not all(_whole(x) and 0 < x < 2**63 for x in flat):
        raise GarbledChange(reason="dots")
    dots = tuple(Dot(flat[i], flat[i + 1]) for i in range(0, len(flat), 2))
    if list(dots) != sorted(set(dots)) or any(d.n >= MAX_N for d in dots):
        raise GarbledChange(reason="dots")
    return dots


def _list(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise GarbledChange(reason="shape")
    return raw


def _is_text(raw: Any, limit: int) -> bool:
    return isinstance(raw, str) and len(raw) <= limit and is_storable(raw)


def decode_value(kind: Kind, slot: Slot, raw: Any) -> SlotValue:
    """A register's value as it came, checked against the registry.

    Raises:
        GarbledChange: wrong shape, type, code or size.
    """
    if slot.id == DELETION_SLOT:
        raise GarbledChange(reason="slot", kind=kind.name, slot="0")
    values = tuple(raw) if slot.is_group and isinstance(raw, list) else (raw,)
    if len(values) != len(slot.fields):
        raise GarbledChange(reason="group", kind=kind.name, slot=slot.name)
    for f, v in zip(slot.fields, values, strict=True):
        try:
            check_value(kind, f, v)
        except FieldError as error:
            raise GarbledChange(reason=error.code, kind=kind.name, slot=f.name) from error
    return values if slot.is_group else values[0]


def check_value(kind: Kind, field: Field, value: Value) -> None:
    """Whether a value fits its field: type, range, code, length. None always fits (but not in a set).

    Raises:
        TooLarge: longer than the field may be.
        FieldError: with code "type", "code", "range" or "format".
    """
    if value is None:
        if field.merge is Merge.SET:
            raise FieldError(kind.name, field.name, "type")
    elif not fits(field)(value):
        raise _misfit(kind, field, value)


def _misfit(kind: Kind, field: Field, value: object) -> FieldError:
    """What is wrong with a value that does not fit."""
    numeric = field.type in (Type.INT, Type.CENTS, Type.FLOAT)
    if numeric and type(value) in (int, float):
        return FieldError(kind.name, field.name, "range")
    if numeric or field.type is Type.BOOL or type(value) is not str:
        return FieldError(kind.name, field.name, "type")
    if len(value) > field.limit:
        return TooLarge(kind.name, field.name, len(value), field.limit)
    return FieldError(kind.name, field.name, "code" if field.type is Type.ENUM else "format")


def _whole(value: object) -> bool:
    return type(value) is int
