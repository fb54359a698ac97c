"""What the table shows: the quick view chosen, the chips beside it and the words searched for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import get_args

from app.domain import catalogue as c
from app.models.queries.lists import Grouping, MeasureFilter, Order
from app.models.queries.saved_views import SavedView
from app.models.queries.tallies import Facets
from app.ui.measures import words
from app.ui.measures.groups import GROUPINGS
from app.ui.measures.places import Places
from app.ui.widgets.choices import Choice

STALE_DAYS = 180
Sorting = tuple[tuple[Order, bool], ...]
"""Columns in the order of their weight, each with True for descending."""


@dataclass(frozen=True, slots=True)
class View:
    """A quick view: its key, its name on the tab and what it lets through."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; `values` are codes or AGS."""

    key: str
    values: frozenset[str]


CHIPS = {
    "ags": "Kommune",
    "status": "Status",
    "field": "Handlungsfeld",
    "light": "Ampel",
    "questions": "Offene Fragen",
    "pending": "Übertragung",
}
_FLAGS = {"questions": "nur mit Zwei Fassungen", "pending": "noch nicht übertragen"}


def quick_views(own_ags: str) -> list[View]:
    """The tabs; without a municipality of one's own there is no "Meine"."""
    mine = [View("mine", "Meine")] if own_ags else []
    return [
        View("all", "Alle"),
        *mine,
        View("consortium", "Konsortium"),
        View("stale", f"Seit {STALE_DAYS} Tagen unverändert"),
        View("gone", "Gelöschte"),
    ]


def filter_of(
    view: str, chips: tuple[Chip, ...], text: str, own_ags: str, places: Places, now: datetime | None = None
) -> MeasureFilter:
    """The query behind a view with its chips: both must let a measure through."""
    found = MeasureFilter(text=text)
    if view == "mine":
        found = replace(found, ags=frozenset({own_ags}))
    elif view == "consortium":
        found = replace(found, ags=places.consortium)
    elif view == "stale":
        since = (now or datetime.now(UTC)) - timedelta(days=STALE_DAYS)
        found = replace(found, untouched_since_ms=int(since.timestamp() * 1000))
    elif view == "gone":
        found = replace(found, gone=True)
    for chip in chips:
        found = _narrowed(found, chip)
    return found


def _narrowed(found: MeasureFilter, chip: Chip) -> MeasureFilter:
    match chip.key:
        case "ags":
            # Both the view and the chip name municipalities: the lead decides within the view's.
            return replace(found, lead_ags=chip.values) if found.ags else replace(found, ags=chip.values)
        case "status":
            return replace(found, statuses=chip.values)
        case "field":
            return replace(found, fields_of_action=chip.values)
        case "light":
            return replace(found, lights=chip.values)
        case "questions":
            return replace(found, open_questions=True)
        case _:
            return replace(found, pending=True)


def choices_of(key: str, places: Places, facets: Facets) -> list[Choice]:
    """What a chip offers, with how many measures each entry has; empty for a plain yes."""
    if key == "ags":
        counted = [(choice, facets.lead_ags.get(choice.key, 0)) for choice in places.choices()]
    elif key == "status":
        counted = [(choice, facets.statuses.get(choice.key, 0)) for choice in words.choices(c.MeasureStatus)]
    elif key == "light":
        lights = dict(facets.lights)
        lights["grey"] = lights.get("grey", 0) + lights.pop("", 0)
        counted = [(choice, lights.get(choice.key, 0)) for choice in words.choices(c.TrafficLight)]
    elif key == "field":
        return words.choices(c.FieldOfAction)
    else:
        return []
    return [replace(choice, words=f"{choice.words}  {n}" if n else choice.words) for choice, n in counted]


def told(chip: Chip, places: Places) -> str:
    """The value of a chip in words: one by name, several as "Arnsberg, Olpe +3"."""
    if chip.key in _FLAGS:
        return _FLAGS[chip.key]
    lists = {"status": c.MeasureStatus, "field": c.FieldOfAction, "light": c.TrafficLight}
    name = places.short if chip.key == "ags" else lambda code: words.short(lists[chip.key], code)
    order = [choice.key for choice in choices_of(chip.key, places, Facets())]
    named = [name(v) for v in sorted(chip.values, key=lambda v: order.index(v) if v in order else len(order))]
    return ", ".join(named[:2]) + (f" +{len(named) - 2}" if len(named) > 2 else "")


@dataclass(frozen=True, slots=True)
class Understood:
    """What this version knows of a saved view; the rest, from another version, is passed over."""

    base: str
    chips: tuple[Chip, ...]
    sorting: Sorting
    grouping: Grouping | None


def understood(saved: SavedView, own_ags: str) -> Understood:
    """A saved view in the words of this screen."""
    orders: tuple[Order, ...] = get_args(Order)
    sorting = tuple((order, down) for name, down in saved.sorting for order in orders if order == name)
    return Understood(
        base=saved.base if saved.base in [view.key for view in quick_views(own_ags)] else "all",
        chips=tuple(Chip(key, frozenset(values)) for key, values in saved.chips if key in CHIPS and values),
        sorting=sorting or (("title", False),),
        grouping=next((by for by in GROUPINGS if by == saved.grouping), None),
    )


def sorted_by(sorting: Sorting, column: Order, *, more: bool) -> Sorting:
    """The sorting after a press on a header: alone, or with Shift beside the others; again turns it round."""
    down = dict(sorting).get(column)
    turned = (column, not down if down is not None else column in ("changed", "cost"))
    if not more:
        return (turned,)
    if down is None:
        return (*sorting, turned)
    return tuple(turned if name == column else (name, was) for name, was in sorting)
