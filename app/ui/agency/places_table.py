"""The table of all municipalities: contact, what waits, versions, questions, measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui import labels
from app.ui.agency import words
from app.ui.agency.standing import Contact, Place
from app.ui.widgets.table import Cell, Column, Look

Index = QModelIndex | QPersistentModelIndex


class Shown(Enum):
    """Which rows: one chip each."""

    ATTENTION = "attention"
    ALL = "all"
    SILENT = "silent"
    QUESTIONS = "questions"
    STALE = "stale"


def belongs(place: Place, shown: Shown) -> bool:
    """Whether a row stands under a chip."""
    return {
        Shown.ATTENTION: place.needs_attention,
        Shown.ALL: True,
        Shown.SILENT: place.contact in (Contact.LONG, Contact.SILENT),
        Shown.QUESTIONS: place.figures.questions > 0,
        Shown.STALE: place.figures.stale > 0,
    }[shown]


COLUMNS = (
    Column(look=Look.TITLE, stretch=True, least=176),
    Column(look=Look.LIGHT, width=126),
    Column(look=Look.NUMBER, width=60),
    Column(look=Look.NUMBER, width=86),
    Column(look=Look.NUMBER, width=64),
    Column(look=Look.NUMBER, width=84),
    Column(look=Look.BARS, width=112),
    Column(look=Look.NUMBER, width=74),
    Column(look=Look.STAMP, width=88),
)
_NAME, _CONTACT, _QUESTIONS, _MEASURES, _STALE, _INCOMPLETE, _TREND, _WAITING, _VERSION = range(9)


class PlacesModel(QAbstractTableModel):
    """One row per municipality under the chosen chip."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Place] = []
        self._all: Sequence[Place] = ()
        self._now = datetime.now().astimezone()
        self._shown = Shown.ATTENTION
        self._sorting = (-1, Qt.SortOrder.AscendingOrder)
        self._heads = (
            self.tr("Kommune"), self.tr("Letzter Kontakt"), self.tr("Fragen"), self.tr("Maßnahmen"),
            self.tr("Ruhend"), self.tr("Lückenhaft"), self.tr("Trend"), self.tr("Wartet"), self.tr("Version"),
        )  # fmt: skip

    def show_places(self, places: Sequence[Place], shown: Shown, now: datetime) -> None:
        """Show these, as far as they belong under the chip."""
        self._all, self._shown, self._now = places, shown, now
        self._arrange()

    def _arrange(self) -> None:
        rows = [place for place in self._all if belongs(place, self._shown)]
        column, order = self._sorting
        if column >= 0:
            rows.sort(key=lambda place: _key(place, column), reverse=order is Qt.SortOrder.DescendingOrder)
        if rows == self.rows:
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by urgency until somebody chooses."""
        self._sorting = (column, order)
        self._arrange()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """As many as there are heads."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The heads."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a cell."""
        place, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(place, column)
        if role == Cell.FULL:
            return self._whole(place, column)
        if role == Cell.GLYPH and column == _CONTACT:
            return words.GLYPHS[place.contact]
        if role == Cell.BARS and column == _TREND:
            return place.weeks
        if role == Cell.TONE:
            if column == _CONTACT:
                return words.TONES.get(place.contact)
            return "version" if column == _QUESTIONS and place.figures.questions else None
        if role == Cell.MUTED:
            return self._words(place, column) in (labels.NONE, "unbekannt", "kein Gerät", "noch nie", "0")
        return None

    def _words(self, place: Place, column: int) -> str:
        figures = place.figures
        numbers = {
            _QUESTIONS: figures.questions,
            _MEASURES: figures.measures,
            _STALE: figures.stale,
            _INCOMPLETE: figures.incomplete,
        }
        if column in numbers:
            return labels.number(numbers[column]) if numbers[column] else labels.NONE
        if column == _WAITING:
            if place.waiting is None:
                return labels.NONE if place.contact is not Contact.UNKNOWN else self.tr("unbekannt")
            return labels.number(place.waiting)
        return {
            _NAME: place.name,
            _CONTACT: words.contact(place, self._now),
            _TREND: words.trend(place)[0],
            _VERSION: place.version or labels.NONE,
        }[column]

    def _whole(self, place: Place, column: int) -> str | None:
        if column == _TREND:
            return words.trend(place)[1]
        if column == _CONTACT and place.seen is not None:
            return labels.when_exactly(place.seen, self._now)
        if column == _WAITING and place.waiting is not None:
            told = labels.count(place.waiting, "Änderung", "Änderungen")
            return self.tr("{0} beim letzten Kontakt noch nicht übertragen").format(told)
        if column == _STALE:
            return self.tr("nicht abgeschlossen und seit 180 Tagen unverändert: {0}").format(place.figures.stale)
        if column == _INCOMPLETE:
            return self.tr("es fehlt etwas zum Veröffentlichen: {0}").format(place.figures.incomplete)
        if column == _NAME:
            return f"{place.name}, {place.district}"
        return None


def _key(place: Place, column: int) -> tuple[Any, ...]:
    figures = place.figures
    keys: dict[int, Any] = {
        _NAME: 0,
        _CONTACT: -place.seen.timestamp() if place.seen else 1.0,
        _QUESTIONS: figures.questions,
        _MEASURES: figures.measures,
        _STALE: figures.stale,
        _INCOMPLETE: figures.incomplete,
        _TREND: figures.recent - figures.before,
        _WAITING: -1 if place.waiting is None else place.waiting,
        _VERSION: place.version,
    }
    return (keys[column], place.urgency if column != _NAME else (), place.name)
