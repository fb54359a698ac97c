"""Changes as plain lists (for wire and disk), and the check that values fit the registry.

Reading refuses what does not fit, with the kind and slot named; it never repairs and never guesses.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Sequence
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
from app.domain.clock import MAX_HLC, Dot, flatten, unflatten
from app.domain.fields import DELETION_SLOT, KINDS, Field, Kind, Merge, Slot, Type
from app.domain.ids import is_id
from app.errors import FieldError, GarbledChange, TooLarge

_AGS = re.compile(r"0\d{7}\Z")
_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z\Z")
_PARTIAL = re.compile(r"\d{4}[0-9A-Za-z~+:-]{0,20}\Z")
_ORDER = re.compile(r"[0-9A-Za-z]{1,400}\Z")
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
    if not (_whole(replica) and _whole(n) and 0 < replica < 2**63 and 0 < n < 2**53):
        raise GarbledChange(reason="dot")
    return replica, n


def decode_change(raw: Any) -> Change:
    """Inverse of `encode_change` for bytes from anywhere.

    Raises:
        GarbledChange: shape, kind, slot or value does not fit the registry.
    """
    replica, n = decode_head(raw)
    try:
        _, _, hlc, action, origin, schema, ops = raw
        if not (_whole(hlc) and 0 <= hlc < MAX_HLC and _whole(schema) and isinstance(ops, list) and ops):
            raise GarbledChange(reason="shape")
        if not (isinstance(action, str) and len(action) <= 60 and isinstance(origin, str) and len(origin) <= 300):
            raise GarbledChange(reason="action")
        decoded = tuple(_decode_op(op) for op in ops)
    except GarbledChange:
        raise
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise GarbledChange(reason=type(error).__name__) from error
    targets = [(op.id, _slot_key(op)) for op in decoded]
    if len(set(targets)) != len(targets):
        raise GarbledChange(reason="twice")
    return Change(replica, n, hlc, action, decoded, origin, schema)


def _slot_key(op: Op) -> str:
    match op:
        case Create():
            return "create"
        case Delete() | Keep():
            return "0"
        case _:
            return f"{type(op).__name__}{op.slot}"


def _decode_op(raw: list[Any]) -> Op:
    code, kind_name, entity = raw[0], raw[1], raw[2]
    kind = KINDS.get(kind_name)
    if kind is None or not is_id(entity):
        raise GarbledChange(reason="kind", kind=str(kind_name)[:40])
    match code:
        case "c":
            _, _, _, root_kind, root_id = raw
            root = KINDS.get(root_kind)
            if root is None or not root.is_root or not is_id(root_id) or kind.is_root != (root_id == entity):
                raise GarbledChange(reason="root", kind=kind.name)
            return Create(kind.name, entity, root_kind, root_id)
        case "d":
            return Delete(kind.name, entity, unflatten(raw[3]), unflatten(raw[4]))
        case "k":
            return Keep(kind.name, entity, unflatten(raw[3]))
    slot = kind.slot_by_id.get(raw[3]) if _whole(raw[3]) else None
    if slot is None:
        raise GarbledChange(reason="slot", kind=kind.name, slot=str(raw[3])[:20])
    return _decode_slot_op(code, kind, entity, slot, raw)


def _decode_slot_op(code: str, kind: Kind, entity: str, slot: Slot, raw: list[Any]) -> Op:
    match code, slot.merge:
        case "w", Merge.REGISTER:
            return Write(kind.name, entity, slot.id, decode_value(kind, slot, raw[4]), unflatten(raw[5]))
        case "+", Merge.SET:
            elements = tuple(raw[4])
            if not 0 < len(elements) <= MAX_ELEMENTS:
                raise GarbledChange(reason="elements", kind=kind.name, slot=slot.name)
            for e in elements:
                check_value(kind, slot.fields[0], e)
            return Add(kind.name, entity, slot.id, elements)
        case "-", Merge.SET:
            gone = {str(e): _dots(flat) for e, flat in raw[4].items()}
            return Remove(kind.name, entity, slot.id, gone)
        case "n", Merge.COUNTER:
            if not all(_whole(x) and 0 <= x < 2**40 for x in raw[4:6]):
                raise GarbledChange(reason="count", kind=kind.name, slot=slot.name)
            return Count(kind.name, entity, slot.id, raw[4], raw[5])
        case "t", Merge.TEXT:
            try:
                return TextEdit(kind.name, entity, slot.id, base64.b64decode(raw[4], validate=True))
            except binascii.Error:
                raise GarbledChange(reason="text", kind=kind.name, slot=slot.name) from None
    raise GarbledChange(reason="op", kind=kind.name, slot=slot.name)


def _dots(flat: Sequence[int]) -> tuple[Dot, ...]:
    if len(flat) % 2 or not all(_whole(x) and 0 < x < 2**63 for x in flat):
        raise GarbledChange(reason="dots")
    return tuple(Dot(flat[i], flat[i + 1]) for i in range(0, len(flat), 2))


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
        FieldError: with code "type", "code" or "range".
    """
    if value is None:
        if field.merge is Merge.SET:
            raise FieldError(kind.name, field.name, "type")
        return
    match field.type:
        case Type.INT | Type.CENTS:
            good = type(value) is int and field.low <= value <= field.limit
        case Type.FLOAT:
            good = type(value) in (int, float) and math.isfinite(value) and field.low <= value <= field.limit  # type: ignore[arg-type,operator]
        case Type.BOOL:
            good = type(value) is bool
        case _:
            if type(value) is not str:
                raise FieldError(kind.name, field.name, "type")
            _check_text(kind, field, value)
            return
    if not good:
        wrong_type = type(value) not in (int, float)
        raise FieldError(kind.name, field.name, "type" if wrong_type else "range")


def _check_text(kind: Kind, field: Field, value: str) -> None:
    if len(value) > field.limit:
        raise TooLarge(kind.name, field.name, len(value), field.limit)
    match field.type:
        case Type.ENUM:
            assert field.values is not None
            good = value in field.values._value2member_map_
        case Type.AGS:
            good = bool(_AGS.match(value))
        case Type.REF:
            good = is_id(value)
        case Type.PARTIAL_DATE:
            good = bool(_PARTIAL.match(value))
        case Type.INSTANT:
            good = bool(_INSTANT.match(value))
        case Type.LOCAL_TIME:
            good = bool(_LOCAL_TIME.match(value))
        case Type.ORDER:
            good = bool(_ORDER.match(value))
        case _:
            good = "\x00" not in value and (value.isascii() or not _has_surrogate(value))
    if not good:
        raise FieldError(kind.name, field.name, "code" if field.type is Type.ENUM else "format")


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _whole(value: object) -> bool:
    return type(value) is int
