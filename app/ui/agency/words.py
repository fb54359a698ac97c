"""German sentences of the Leitstand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.domain.catalogue import Role
from app.sync.office_wire import DeviceLine
from app.ui import labels
from app.ui.agency.standing import Contact, Place
from app.ui.sync import deeds
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
    return deeds.ago(place.seen, now)


def trend(place: Place) -> tuple[str, str]:
    """How many measures were worked on: short for the cell, whole for the screen reader."""
    recent, before = place.figures.recent, place.figures.before
    if not place.figures.measures:
        return labels.NONE, "keine Maßnahmen"
    arrow = _UP if recent > before else _DOWN if recent < before else _LEVEL
    told = labels.count(recent, "Maßnahme", "Maßnahmen")
    whole = f"{told} in den letzten 30 Tagen bearbeitet, in den 30 Tagen davor {before}"
    if place.weeks:
        weeks = ", ".join(map(str, place.weeks))
        whole += f". Änderungen von dort in den letzten {len(place.weeks)} Wochen, die jüngste zuletzt: {weeks}"
    return f"{arrow} {recent}", whole


def role(device: DeviceLine, name: Name) -> str:
    """Role, place, and how many workshops were given to it: "Koordination, Bad Berleburg"."""
    parts = [labels.label_of(Role, device.role)]
    if device.ags:
        parts.append(name(device.ags))
    if device.workshops:
        parts.append(labels.count(len(device.workshops), "Workshop", "Workshops"))
    return ", ".join(parts)
