"""The table beside the map: the same facts, sortable, one to four rows to look at together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QResizeEvent

from app.domain.region import Municipality, Region
from app.models.queries.region import PlaceFacts
from app.ui import labels, theme
from app.ui.measures import sentences
from app.ui.widgets.cells import Cell, Column, Look
from app.ui.widgets.table import TableView

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
COLUMNS = (
    ("name", "Kommune", Look.TITLE, 180, 0),
    ("district", "Kreis", Look.MUTED, 132, 4),
    ("shared", "Maßnahmen", Look.NUMBER, 108, 0),
    ("running", "In Umsetzung", Look.NUMBER, 108, 2),
    ("incomplete", "Unvollständig", Look.NUMBER, 108, 3),
    ("lent", "Abgeguckt", Look.NUMBER, 96, 5),
    ("changed_at", "Geändert", Look.STAMP, 104, 1),
)
"""Key, title, look, width, rank: the highest rank gives way first."""
_SPOKEN = {
    "shared": "veröffentlichte Maßnahmen",
    "running": "in Umsetzung oder Betrieb",
    "incomplete": "unvollständig",
    "lent": "Mal von anderen abgeguckt",
}


class PlacesModel(QAbstractTableModel):
    """All municipalities with their facts, in any order."""

    def __init__(self, region: Region, now: Callable[[], datetime] = sentences.now) -> None:
        super().__init__()
        self._now = now
        self._places: list[Municipality] = list(region)
        self._facts: dict[str, PlaceFacts] = {m.ags: PlaceFacts(m.ags) for m in region}
        self._order = (2, Qt.SortOrder.DescendingOrder)
        self._arrange()

    def show_facts(self, facts: dict[str, PlaceFacts]) -> None:
        """Show other numbers; the order follows them."""
        self._facts = facts
        self.sort(*self._order)
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def facts_of(self, ags: str) -> PlaceFacts:
        """The numbers of one municipality."""
        return self._facts[ags]

    def ags_at(self, row: int) -> str:
        """Whose row it is."""
        return self._places[row].ags

    def row_of(self, ags: str) -> int:
        """The row of a municipality, -1 if it is none of the region's."""
        return next((row for row, place in enumerate(self._places) if place.ags == ags), -1)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; equals stand by name."""
        self._order = (column, order)
        self.layoutAboutToBeChanged.emit()
        held = [(self._places[i.row()].ags, i.column()) for i in self.persistentIndexList()]
        before = self.persistentIndexList()
        self._arrange()
        self.changePersistentIndexList(before, [self.index(self.row_of(ags), col) for ags, col in held])
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        column, order = self._order
        self._places.sort(key=lambda m: m.sort_key)
        key = COLUMNS[column][0]
        down = order is Qt.SortOrder.DescendingOrder
        self._places.sort(key=lambda m: self._sort_value(m, key), reverse=down)
        if key not in ("name", "district") and down:
            # Equal numbers stay by name although the numbers run down.
            self._places.sort(key=lambda m: (-int(self._sort_value(m, key)), m.sort_key))

    def _sort_value(self, place: Municipality, key: str) -> Any:
        if key == "name":
            return place.sort_key
        return place.district.name if key == "district" else getattr(self._facts[place.ags], key)

    def rowCount(self, parent: Index = _NONE) -> int:
        """All of them."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = _NONE) -> int:
        """The columns of the table."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell."""
        if not index.isValid():
            return None
        place, key = self._places[index.row()], COLUMNS[index.column()][0]
        facts = self._facts[place.ags]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(place, facts, key)
        if role in (Cell.FULL, Qt.ItemDataRole.AccessibleTextRole):
            words = self._words(place, facts, key)
            return place.district.name if key == "district" else f"{words} {_SPOKEN.get(key, '')}".strip()
        if role == Cell.MUTED:
            return key in _SPOKEN and not getattr(facts, key)
        return None

    def _words(self, place: Municipality, facts: PlaceFacts, key: str) -> str:
        if key == "name":
            return place.name
        if key == "district":
            return place.district.short_name.replace("Hochsauerlandkreis", "Hochsauerland").replace(
                "Siegen-Wittgenstein", "Siegen-Wittg."
            )
        if key == "changed_at":
            return sentences.stamp(facts.changed_at, self._now()) if facts.changed_at else "–"
        return labels.number(getattr(facts, key))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][1]
        return None


class PlacesTable(TableView):
    """`picked` carries the keys selected, the current one last; `entered` leads to the measures of one."""

    picked = Signal(object)
    entered = Signal(str)

    def __init__(self, model: PlacesModel) -> None:
        columns = [Column(look, width, stretch=key == "name", least=120) for key, _, look, width, _ in COLUMNS]
        super().__init__(
            columns, name="region_table", accessible=self.tr("Kommunen der Region"), sortable=True, multi=True
        )
        self.places, self._quiet = model, False
        self.setModel(model)
        self.sortByColumn(2, Qt.SortOrder.DescendingOrder)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.opened.connect(self._on_opened)

    def select(self, chosen: Sequence[str]) -> None:
        """Select these rows without telling anybody, the last one current and in sight."""
        self._quiet = True
        flags = QItemSelectionModel.SelectionFlag
        picked = QItemSelection()
        for ags in chosen:
            row = self.places.row_of(ags)
            picked.select(self.places.index(row, 0), self.places.index(row, len(COLUMNS) - 1))
        self.selectionModel().select(picked, flags.ClearAndSelect)
        if chosen:
            index = self.places.index(self.places.row_of(chosen[-1]), 0)
            self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
            self.scrollTo(index)
        self._quiet = False

    def _on_selection(self) -> None:
        if self._quiet:
            return
        current = self.currentIndex().row()
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()}, key=lambda r: (r == current, r))
        self.picked.emit([self.places.ags_at(row) for row in rows])

    def _on_opened(self, index: QModelIndex) -> None:
        self.entered.emit(self.places.ags_at(index.row()))

    def resizeEvent(self, event: object) -> None:
        """Columns give way by their rank, so that the names stay whole."""
        room = self.viewport().width() if not isinstance(event, QResizeEvent) else event.size().width()
        shown = list(range(len(COLUMNS)))
        while len(shown) > 2 and sum(theme.px(COLUMNS[i][3]) for i in shown) > room:
            least = max(shown, key=lambda i: COLUMNS[i][4])
            if not COLUMNS[least][4]:
                break
            shown.remove(least)
        for i in range(len(COLUMNS)):
            self.horizontalHeader().setSectionHidden(i, i not in shown)
        super().resizeEvent(event)
