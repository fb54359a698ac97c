"""What stands in the cells of the table: one function per column, words as short as they must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt

from app.domain import catalogue as c
from app.domain.money import Cents, format_money
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError
from app.models.queries.lists import MeasureLine, Order
from app.ui import labels
from app.ui.measures import sentences, words
from app.ui.measures.places import Places
from app.ui.widgets.cells import Cell, Look

NONE = "–"
_MILLION = 100_000_000
_ONGOING = (c.MeasureStatus.IN_PROGRESS, c.MeasureStatus.IN_OPERATION)


@dataclass(frozen=True, slots=True)
class MeasureColumn:
    """One column: its look, its widths at 100 %.

    Attributes:
        least: the width at which nothing usual is cut.
        ideal: the width at which nothing is cut.
    """

    key: str
    title: str
    look: Look
    least: int
    ideal: int
    order: Order | None = None
    dots: bool = False


COLUMNS = (
    MeasureColumn("title", "Titel", Look.TITLE, 212, 420, "title"),
    MeasureColumn("lead", "Kommune", Look.TEXT, 114, 176, "lead"),
    MeasureColumn("field", "Handlungsfeld", Look.CHIP, 120, 140),
    MeasureColumn("status", "Status", Look.STATUS, 136, 148, "status"),
    MeasureColumn("light", "Ampel", Look.LIGHT, 110, 116, "light"),
    MeasureColumn("period", "Beginn – Ende", Look.TEXT, 140, 176, "start"),
    MeasureColumn("cost", "Kosten", Look.NUMBER, 74, 108, "cost"),
    MeasureColumn("changed", "Geändert", Look.STAMP, 86, 96, "changed", dots=True),
)


class Cells:
    """Lines to cells. `now` is asked for, so that "14:51" turns into a date after midnight."""

    def __init__(self, places: Places, now: Callable[[], datetime] = sentences.now) -> None:
        self.places, self._now = places, now
        self._words: dict[str, Callable[[MeasureLine], str]] = {
            "title": lambda line: line.title,
            "lead": lambda line: places.of_line(line.lead_ags, line.participating),
            "field": _field,
            "status": lambda line: words.short(c.MeasureStatus, line.status),
            "light": lambda line: words.full(c.TrafficLight, line.traffic_light),
            "period": period,
            "cost": lambda line: amount(line.cost_cents),
            "changed": lambda line: sentences.stamp(line.changed_at, self._now()),
        }

    def value(self, line: MeasureLine, column: str, role: int) -> Any:
        """One role of one cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words[column](line)
        if role in (Cell.FULL, Qt.ItemDataRole.AccessibleTextRole):
            return self._full(line, column)
        if role == Cell.GLYPH:
            return self._glyph(line, column)
        if role == Cell.MUTED:
            return self._words[column](line) == NONE or (column == "light" and line.traffic_light == "grey")
        if role == Cell.PENDING and column == "changed" and line.pending:
            return "Noch nicht übertragen"
        if role == Cell.VERSIONS and column == "title" and line.open_question:
            return "Zwei Fassungen: eine Entscheidung steht aus"
        return None

    @staticmethod
    def _glyph(line: MeasureLine, column: str) -> Any:
        if column == "status":
            return words.glyph(c.MeasureStatus, line.status)
        return words.glyph(c.TrafficLight, line.traffic_light) if column == "light" else None

    def _full(self, line: MeasureLine, column: str) -> str:
        match column:
            case "title":
                return f"{line.title} · Zwei Fassungen" if line.open_question else line.title
            case "lead":
                return self.places.all_of(line.lead_ags, line.participating)
            case "field":
                return words.joined(c.FieldOfAction, line.fields_of_action) or "Ohne Handlungsfeld"
            case "status":
                return words.full(c.MeasureStatus, line.status) or "Ohne Status"
            case "period":
                return _spoken_period(line)
            case "cost":
                return "Kosten unbekannt" if line.cost_cents is None else format_money(line.cost_cents)
            case "changed":
                by = f" von {line.changed_by}" if line.changed_by else ""
                waits = " · noch nicht übertragen" if line.pending else ""
                return f"Geändert {sentences.instant(line.changed_at, self._now())}{by}{waits}"
        return self._words[column](line)


def amount(cents: Cents | None) -> str:
    """Whole euros, from a million on "1,23 Mio €": a number is never cut, the exact one is in the tooltip."""
    if cents is None:
        return NONE
    if abs(cents) < _MILLION:
        return format_money(round(cents / 100) * 100)
    return f"{cents / _MILLION:.2f} Mio €".replace(".", ",")


def _field(line: MeasureLine) -> str:
    if not line.fields_of_action:
        return ""
    order = [m.value for m in c.FieldOfAction]
    first = min(line.fields_of_action, key=lambda code: order.index(code) if code in order else len(order))
    return words.short(c.FieldOfAction, first)


def show_date(encoded: str) -> str:
    """A stored date as people read it, "" for none."""
    return labels.date_text(encoded) if encoded else ""


def period(line: MeasureLine) -> str:
    """ "Q3/2024 – Ende 2026", "2021 – laufend", "bis 2025"; one date alone where both are the same."""
    start, end = (show_date(one).replace("Halbjahr", "Hj.") for one in (line.start, line.end))
    if start and end:
        return start if start == end else f"{start} – {end}"
    if start:
        return f"{start} – laufend" if line.status in _ONGOING else start
    return f"bis {end}" if end else NONE


def _spoken_period(line: MeasureLine) -> str:
    if not line.start and not line.end:
        return "Zeitraum unbekannt"
    parts = []
    for encoded, before in ((line.start, "von"), (line.end, "bis")):
        if encoded:
            try:
                parts.append(f"{before} {PartialDate.decode(encoded).spoken()}")
            except ParseError:
                parts.append(f"{before} {encoded}")
    return " ".join(parts)
