"""The list of shared measures: whose, what about, how far, how transferable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.domain import catalogue as c
from app.models.queries.region import SharedLine
from app.ui.measures import words as shapes
from app.ui.measures.places import Places
from app.ui.region import words
from app.ui.widgets.cells import Cell
from app.ui.widgets.lists import ListView, RowKind

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class SharedModel(QAbstractListModel):
    """Lines as they were read; nothing is read while painting."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self._places = places
        self.lines: Sequence[SharedLine] = ()

    def show_lines(self, lines: Sequence[SharedLine]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def row_of(self, measure: str) -> int:
        """The row of a measure, -1 if it is not listed."""
        return next((row for row, line in enumerate(self.lines) if line.id == measure), -1)

    def rowCount(self, parent: Index = _NONE) -> int:
        """One row per measure."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a row."""
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Cell.DETAIL:
            return self._detail(line)
        if role == Cell.META:
            return shapes.short(c.MeasureStatus, line.status)
        if role == Cell.GLYPH:
            return shapes.glyph(c.MeasureStatus, line.status)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            status = shapes.full(c.MeasureStatus, line.status) or "Ohne Status"
            return f"{line.title}. {status}. {self._detail(line)}" + (". Gefolgt" if line.followed else "")
        return None

    def _detail(self, line: SharedLine) -> str:
        place = self._places.of_line(line.lead_ags, line.participating)
        fields = ", ".join(shapes.short(c.FieldOfAction, one) for one in line.fields_of_action[:2])
        transfer = shapes.full(c.Transferability, line.transferability)
        return words.line_detail(line, place, fields, "" if line.transferability == "not_assessed" else transfer)


class SharedList(ListView):
    """`entered` carries the measure to look at."""

    entered = Signal(str)

    def __init__(self, model: SharedModel) -> None:
        super().__init__(RowKind.TWO, name="region_measures", accessible=self.tr("Veröffentlichte Maßnahmen"), edge=24)
        self.shared = model
        self.setModel(model)
        self.opened.connect(self._on_opened)
        self.clicked.connect(self._on_opened)

    def select(self, measure: str) -> None:
        """Make a measure current, if it is listed."""
        row = self.shared.row_of(measure)
        if row >= 0:
            self.setCurrentIndex(self.shared.index(row, 0))

    def _on_opened(self, index: QModelIndex) -> None:
        self.entered.emit(self.shared.lines[index.row()].id)
