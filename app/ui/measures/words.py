"""The closed lists as this room shows them: word, short word, shape, and choices made of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain import catalogue as c
from app.ui import labels
from app.ui.widgets.choices import Choice
from app.ui.widgets.glyphs import Glyph

GLYPHS: dict[type[StrEnum], dict[str, Glyph]] = {
    c.MeasureStatus: {
        "idea": Glyph.RING_DOTTED,
        "in_review": Glyph.RING_DOTTED,
        "planned": Glyph.RING_EMPTY,
        "funding_review": Glyph.RING_EMPTY,
        "rework_required": Glyph.RING_EMPTY,
        "approved": Glyph.RING_QUARTER,
        "procurement": Glyph.RING_QUARTER,
        "in_progress": Glyph.RING_HALF,
        "paused": Glyph.RING_PAUSED,
        "completed": Glyph.RING_CHECKED,
        "in_operation": Glyph.RING_FULL,
        "rejected": Glyph.RING_CROSSED,
    },
    c.TrafficLight: {
        "green": Glyph.LIGHT_OK,
        "yellow": Glyph.LIGHT_WARNING,
        "red": Glyph.LIGHT_DANGER,
        "grey": Glyph.LIGHT_NONE,
    },
    c.MilestoneStatus: {
        "open": Glyph.RING_EMPTY,
        "reached": Glyph.RING_CHECKED,
        "missed": Glyph.LIGHT_DANGER,
        "dropped": Glyph.RING_CROSSED,
    },
    c.TaskStatus: {
        "open": Glyph.RING_EMPTY,
        "in_progress": Glyph.RING_HALF,
        "done": Glyph.RING_CHECKED,
        "dropped": Glyph.RING_CROSSED,
    },
}

DNA_SCALE = ("0 – kein Bezug", "1 – gering", "2 – deutlich", "3 – prägend")
RISK_SCALE = {1: "1 – gering", 2: "2 – mittel", 3: "3 – hoch"}


def full(values: type[StrEnum], code: object) -> str:
    """The German word for a code; the code itself where this version does not know it, "" for none."""
    return labels.label_of(values, code) if code else ""


def short(values: type[StrEnum], code: object) -> str:
    """The word that fits into a chip of the table."""
    return labels.label_of(values, code, short=True) if code else ""


def glyph(values: type[StrEnum], code: object) -> Glyph | None:
    """The shape that stands before the word, if the list has shapes."""
    return GLYPHS.get(values, {}).get(str(code))


def choices(values: type[StrEnum], none: str = "") -> list[Choice]:
    """A closed list to choose from, in its own order; `none` names the entry for "no choice".

    "Nur dieses Gerät" is not offered yet: its changes would still travel to the agency (ADR 0005).
    """
    offered = [m for m in values if m is not c.Visibility.PRIVATE]
    found = [Choice(m.value, full(values, m.value), glyph(values, m.value)) for m in offered]
    return [Choice(None, none), *found] if none else found


def sdg_choices() -> list[Choice]:
    """The seventeen goals, by number."""
    return [Choice(str(goal.value), f"{goal.value} {labels.label(goal)}") for goal in c.Sdg]


def joined(values: type[StrEnum], codes: Iterable[object]) -> str:
    """Several codes as one sentence."""
    return ", ".join(full(values, code) for code in codes)
