"""What somebody else has done, in German: a change told field by field, and how long ago that was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from app.domain.change import Add, Change, Count, Create, Delete, Keep, Op, Remove, Write
from app.domain.fields import KINDS
from app.ui import labels

Name = Callable[[str], str]


def ago(at: datetime, now: datetime) -> str:
    """In days from the day before yesterday on."""
    days = (now.astimezone().date() - at.astimezone().date()).days
    return labels.when(at, now) if days < 2 else f"vor {days} Tagen"


def age(at: datetime, now: datetime) -> str:
    """For the right edge of a row: "heute", "6 Tage"."""
    days = (now.astimezone().date() - at.astimezone().date()).days
    return "heute" if days < 1 else labels.count(days, "Tag", "Tage")


def deeds(change: Change, name: Name) -> Iterator[tuple[str, str]]:
    """What a change does, as (field, value) in German."""
    for op in change.ops:
        yield from _deed(op, name)


def _deed(op: Op, name: Name) -> Iterator[tuple[str, str]]:
    kind = KINDS[op.kind]
    if isinstance(op, Create):
        yield labels.kind_label(op.kind), "neu angelegt"
    elif isinstance(op, Delete):
        yield labels.kind_label(op.kind), "gelöscht"
    elif isinstance(op, Keep):
        yield labels.kind_label(op.kind), "wiederhergestellt"
    elif isinstance(op, Write):
        slot = kind.slot_by_id[op.slot]
        values = op.value if slot.is_group and isinstance(op.value, tuple) else (op.value,)
        for field, value in zip(slot.fields, values, strict=False):
            if value is not None or not slot.is_group:
                told = labels.value_text(op.kind, field.name, value, name)
                yield labels.field_label(op.kind, field.name), told
    elif isinstance(op, Add | Remove):
        field = kind.slot_by_id[op.slot].fields[0]
        elements = op.elements if isinstance(op, Add) else tuple(op.dots)
        told = ", ".join(labels.value_text(op.kind, field.name, (element,), name) for element in elements)
        yield labels.field_label(op.kind, field.name), told if isinstance(op, Add) else f"ohne {told}"
    elif isinstance(op, Count):
        yield labels.field_label(op.kind, kind.slot_by_id[op.slot].fields[0].name), str(op.ups - op.downs)
    else:
        yield labels.field_label(op.kind, kind.slot_by_id[op.slot].fields[0].name), "Text geändert"
