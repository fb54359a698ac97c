"""German sentences of the Leitstand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from app.domain.catalogue import Role
from app.domain.change import Add, Change, Count, Create, Delete, Keep, Op, Remove, Write
from app.domain.fields import KINDS
from app.sync.office_wire import DeviceLine
from app.ui import labels
from app.ui.agency.standing import Contact, Place
from app.ui.widgets.glyphs import Glyph

Name = Callable[[str], str]
_UP, _DOWN, _LEVEL = "↗", "↘", "→"

GLYPHS = {
    Contact.LONG: Glyph.LIGHT_DANGER,
    Contact.SILENT: Glyph.LIGHT_WARNING,
    Contact.HERE: Glyph.LIGHT_OK,
    Contact.NEVER: Glyph.LIGHT_NONE,
    Contact.UNKNOWN: Glyph.LIGHT_NONE,
}
TONES = {Contact.LONG: "danger", Contact.SILENT: "warning"}


def contact(place: Place, now: datetime) -> str:
    """When a municipality was heard of last: "vor 19 Tagen", "heute 14:32"."""
    if place.contact is Contact.UNKNOWN:
        return "unbekannt"
    if place.seen is None:
        return "noch nie" if place.devices else "kein Gerät"
    return ago(place.seen, now)


def ago(at: datetime, now: datetime) -> str:
    """In days from the day before yesterday on."""
    days = (now.astimezone().date() - at.astimezone().date()).days
    return labels.when(at, now) if days < 2 else f"vor {days} Tagen"


def age(at: datetime, now: datetime) -> str:
    """For the right edge of a row: "heute", "6 Tage"."""
    days = (now.astimezone().date() - at.astimezone().date()).days
    return "heute" if days < 1 else labels.count(days, "Tag", "Tage")


def trend(place: Place) -> tuple[str, str]:
    """How many measures were worked on: short for the cell, whole for the screen reader."""
    recent, before = place.figures.recent, place.figures.before
    if not place.figures.measures:
        return labels.NONE, "keine Maßnahmen"
    arrow = _UP if recent > before else _DOWN if recent < before else _LEVEL
    told = labels.count(recent, "Maßnahme", "Maßnahmen")
    return f"{arrow} {recent}", f"{told} in den letzten 30 Tagen bearbeitet, in den 30 Tagen davor {before}"


def role(device: DeviceLine, name: Name) -> str:
    """Role and place: "Koordination, Bad Berleburg"."""
    told = labels.label_of(Role, device.role)
    if device.ags:
        return f"{told}, {name(device.ags)}"
    if device.workshops:
        return f"{told}, {labels.count(len(device.workshops), 'Workshop', 'Workshops')}"
    return told


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
