"""The closed lists as this room shows them: word, short word, shape, and choices made of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain import catalogue as c
from app.domain.bundles import BUNDLES
from app.ui import labels
from app.ui.widgets.choices import Choice
from app.ui.widgets.glyphs import Glyph

GLYPHS: dict[StrEnum, Glyph] = {
    c.MeasureStatus.IDEA: Glyph.RING_DOTTED,
    c.MeasureStatus.IN_REVIEW: Glyph.RING_DOTTED,
    c.MeasureStatus.PLANNED: Glyph.RING_EMPTY,
    c.MeasureStatus.FUNDING_REVIEW: Glyph.RING_EMPTY,
    c.MeasureStatus.REWORK_REQUIRED: Glyph.RING_EMPTY,
    c.MeasureStatus.APPROVED: Glyph.RING_QUARTER,
    c.MeasureStatus.PROCUREMENT: Glyph.RING_QUARTER,
    c.MeasureStatus.IN_PROGRESS: Glyph.RING_HALF,
    c.MeasureStatus.PAUSED: Glyph.RING_PAUSED,
    c.MeasureStatus.COMPLETED: Glyph.RING_CHECKED,
    c.MeasureStatus.IN_OPERATION: Glyph.RING_FULL,
    c.MeasureStatus.REJECTED: Glyph.RING_CROSSED,
    c.TrafficLight.GREEN: Glyph.LIGHT_OK,
    c.TrafficLight.YELLOW: Glyph.LIGHT_WARNING,
    c.TrafficLight.RED: Glyph.LIGHT_DANGER,
    c.TrafficLight.GREY: Glyph.LIGHT_NONE,
    c.MilestoneStatus.OPEN: Glyph.RING_EMPTY,
    c.MilestoneStatus.REACHED: Glyph.RING_CHECKED,
    c.MilestoneStatus.MISSED: Glyph.LIGHT_DANGER,
    c.MilestoneStatus.DROPPED: Glyph.RING_CROSSED,
    c.TaskStatus.OPEN: Glyph.RING_EMPTY,
    c.TaskStatus.IN_PROGRESS: Glyph.RING_HALF,
    c.TaskStatus.DONE: Glyph.RING_CHECKED,
    c.TaskStatus.DROPPED: Glyph.RING_CROSSED,
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
    try:
        return GLYPHS.get(values(code))
    except ValueError:
        return None


def choices(values: type[StrEnum], none: str = "") -> list[Choice]:
    """A closed list to choose from, in its own order; `none` names the entry for "no choice"."""
    found = [Choice(m.value, full(values, m.value), glyph(values, m.value)) for m in values]
    return [Choice(None, none), *found] if none else found


def sdg_choices() -> list[Choice]:
    """The seventeen goals, by number."""
    return [Choice(str(goal.value), f"{goal.value} {labels.label(goal)}") for goal in c.Sdg]


def bundle_choices() -> list[Choice]:
    """The sixteen bundles; those without a published title by their number alone."""
    found = [Choice(b.code, f"{b.code} {b.title}" if b.title else b.code) for b in BUNDLES.values()]
    return [Choice(None, "Kein Bündel"), *found]


def joined(values: type[StrEnum], codes: Iterable[object]) -> str:
    """Several codes as one sentence."""
    return ", ".join(full(values, code) for code in codes)
