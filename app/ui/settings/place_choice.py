"""One of the 59 municipalities, found by typing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.folding import fold
from app.domain.region import Municipality, Region
from app.ui.widgets.cells import Cell
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.search import SearchField
from app.ui.widgets.words import Label

Index = QModelIndex | QPersistentModelIndex


def _letters(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())


def matching(region: Region, typed: str) -> list[Municipality]:
    """By name, those that begin with what was typed first; also by district and by key."""
    wanted = _letters(typed)
    named = sorted(region, key=lambda m: m.sort_key)
    if not wanted:
        return named
    first = [m for m in named if _letters(m.name).startswith(wanted)]
    inside = [m for m in named if m not in first and (wanted in _letters(m.name) or m.ags.startswith(wanted))]
    around = [m for m in named if m not in first + inside and wanted in _letters(m.district.name)]
    return first + inside + around


class PlaceModel(QAbstractListModel):
    """Name and district."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.places: list[Municipality] = []

    def show(self, places: list[Municipality]) -> None:
        """Take others."""
        self.beginResetModel()
        self.places = places
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many."""
        return 0 if parent is not None and parent.isValid() else len(self.places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, and the district at the right."""
        place = self.places[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return place.name
            case Cell.META:
                return place.district.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{place.name}, {place.district.name}"
        return None


class PlaceChoice(QWidget):
    """A search line over the list; arrow keys walk without leaving the line, Return takes."""

    chosen = Signal(str)
    taken = Signal()

    def __init__(self, region: Region) -> None:
        super().__init__()
        self._region = region
        self.ags = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.search = SearchField(
            name="place_search",
            accessible=self.tr("Kommune suchen"),
            placeholder=self.tr("Kommune suchen, z. B. Menden"),
        )
        self._model = PlaceModel(self)
        self.list = ListView(RowKind.ONE, name="places", accessible=self.tr("Kommunen"), edge=12)
        self.list.setModel(self._model)
        self._none = Label(self.tr("Keine Kommune der Region heißt so."), "small", role="danger", wrap=True)
        self._none.hide()
        column.addWidget(self.search)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.search.textChanged.connect(self._on_typed)
        self.search.moved.connect(self._on_moved)
        self.search.submitted.connect(self._on_submitted)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.opened.connect(self._on_opened)
        self._on_typed("")

    def choose(self, ags: str) -> None:
        """Choose a municipality by its key."""
        for row, place in enumerate(self._model.places):
            if place.ags == ags:
                self.list.setCurrentIndex(self._model.index(row, 0))

    def clear(self) -> None:
        """Choose none."""
        self.search.clear()
        self.list.setCurrentIndex(QModelIndex())
        self._set("")

    def _on_typed(self, words: str) -> None:
        found = matching(self._region, words)
        before = self.ags
        self._model.show(found)
        self._none.setVisible(not found)
        rows = [row for row, place in enumerate(found) if place.ags == before]
        if rows:
            self.list.setCurrentIndex(self._model.index(rows[0], 0))
        elif words.strip() and found:
            self.list.setCurrentIndex(self._model.index(0, 0))
        else:
            self._set("")

    def _on_moved(self, by: int) -> None:
        row = max(0, min(self.list.currentIndex().row() + by, self._model.rowCount() - 1))
        if self._model.rowCount():
            self.list.setCurrentIndex(self._model.index(row, 0))

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self._set(self._model.places[current.row()].ags)

    def _set(self, ags: str) -> None:
        if ags != self.ags:
            self.ags = ags
            self.chosen.emit(ags)

    def _on_submitted(self, words: str) -> None:
        if self.ags:
            self.taken.emit()

    def _on_opened(self, index: QModelIndex) -> None:
        self.taken.emit()
