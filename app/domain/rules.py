"""Rules of the field: what may be saved (little), what may be published (more), what to point out.

Findings are data, never exceptions, except for the two things without which a record cannot be saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.catalogue import MeasureStatus, TrafficLight
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError
from app.errors import FieldError

REQUIRED = {
    "measure": ("title", "lead_ags"),
    "workshop": ("title",),
    "contribution": ("text",),
    "task": ("title",),
    "milestone": ("title",),
    "indicator": ("name",),
    "risk": ("title",),
    "decision": ("subject",),
    "station": ("title",),
    "agenda_item": ("title",),
    "cluster": ("title",),
    "vote_round": ("title",),
    "attachment": ("name",),
    "term": ("label",),
}
NEEDS_REASON = frozenset({MeasureStatus.REJECTED, MeasureStatus.PAUSED})
LIGHT_NEEDS_REASON = frozenset({TrafficLight.YELLOW, TrafficLight.RED})


def check_save(kind: str, values: Mapping[str, object], partial: bool = False) -> None:
    """Whether a record may be saved at all: only its required fields, and dates in order.

    Args:
        partial: only the fields given are changed; others stand already.

    Raises:
        FieldError: code "blank" (missing or only spaces) or "end_before_start".
    """
    for name in REQUIRED.get(kind, ()):
        if partial and name not in values:
            continue
        value = values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise FieldError(kind, name, "blank")
    _check_period(kind, values)


def _check_period(kind: str, values: Mapping[str, object]) -> None:
    start, end = values.get("start"), values.get("end")
    if _ends_before_it_starts(kind, start, end):
        raise FieldError(kind, "end", "end_before_start")
    starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
    if isinstance(starts_at, str) and isinstance(ends_at, str) and ends_at < starts_at:
        raise FieldError(kind, "ends_at", "end_before_start")


def _ends_before_it_starts(kind: str, start: object, end: object) -> bool:
    """Whether both are known and contradict each other.

    Raises:
        FieldError: code "format", one of them is no date.
    """
    read: list[PartialDate] = []
    for name, value in (("start", start), ("end", end)):
        if not isinstance(value, str) or not value:
            return False
        try:
            read.append(PartialDate.decode(value))
        except ParseError:
            raise FieldError(kind, name, "format") from None
    return read[1].latest() < read[0].earliest()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at; "missing" counts for completeness, "warning" does not stop anything."""

    field: str
    code: str
    weight: Literal["missing", "warning"] = "missing"


PUBLISH = ("short_description", "fields_of_action", "status", "start", "responsible_unit")
_COMPLETE = (*PUBLISH, "description", "goals", "target_groups", "spatial_scope", "traffic_light")


def completeness(values: Mapping[str, object], parts: Mapping[str, int]) -> list[Finding]:
    """What a measure's Steckbrief still lacks, in the order of its sections.

    Args:
        parts: number of children by kind.
    """
    found = [Finding(name, "missing") for name in _COMPLETE if not values.get(name)]
    if not parts.get("indicator"):
        found.append(Finding("indicator", "missing"))
    return found + warnings(values)


COMPLETE_TOTAL = len(_COMPLETE) + 1
"""How many points a complete Steckbrief has."""


def check_publish(values: Mapping[str, object]) -> list[Finding]:
    """What stands in the way of showing a measure to others."""
    return [Finding(name, "missing") for name in PUBLISH if not values.get(name)]


def warnings(values: Mapping[str, object]) -> list[Finding]:
    """Contradictions a person should look at."""
    found: list[Finding] = []
    if values.get("status") in NEEDS_REASON and not values.get("status_reason"):
        found.append(Finding("status_reason", "reason_needed", "warning"))
    if values.get("traffic_light") in LIGHT_NEEDS_REASON and not values.get("traffic_light_reason"):
        found.append(Finding("traffic_light_reason", "reason_needed", "warning"))
    try:
        if _ends_before_it_starts("measure", values.get("start"), values.get("end")):
            found.append(Finding("end", "end_before_start", "warning"))
    except FieldError as error:
        found.append(Finding(error.field, error.code, "warning"))
    return found
