"""A table whose rows are measures: fetching what is in sight, the current one, selecting and opening."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.ids import EntityId
from app.models.queries.lists import MeasureFilter
from app.ui.measures.model import MeasureModel
from app.ui.measures.views import Sorting
from app.ui.widgets.cells import Column
from app.ui.widgets.table import TableView


class MeasureRows(TableView):
    """Rows of measures. `chosen` is the row to show beside; `entered` (Return) leads into the form."""

    chosen = Signal(str)
    entered = Signal(str)
    new_asked = Signal()
    delete_asked = Signal()

    def __init__(
        self,
        model: MeasureModel,
        columns: Sequence[Column],
        *,
        name: str,
        accessible: str,
        multi: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(columns, name=name, accessible=accessible, multi=multi, parent=parent)
        self.measures = model
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setModel(model)
        self.verticalScrollBar().valueChanged.connect(self.fetch)
        model.modelReset.connect(self.fetch)
        model.rowsInserted.connect(self.fetch)
        model.layoutChanged.connect(self.fetch)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.clicked.connect(self._on_clicked)
        self.opened.connect(self._on_opened)

    # What is shown

    def show_all(self, wanted: MeasureFilter, sorting: Sorting) -> int:
        """Another filter or order; how many measures there are."""
        self.measures.show_all(wanted, sorting)
        return self.measures.rowCount()

    def refresh(self, touched: frozenset[EntityId]) -> int:
        """Some measures changed: they may stand in another row, or nowhere any more."""
        self.measures.refresh(touched)
        self.measures.requery()
        return self.measures.rowCount()

    def focus_here(self) -> None:
        """Take the keyboard."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def fetch(self) -> None:
        """What is in sight now."""
        first = self.rowAt(0)
        if first >= 0:
            last = self.rowAt(self.viewport().height() - 1)
            self.measures.show_window(first, last if last >= 0 else self.measures.rowCount() - 1)

    def selected_ids(self) -> list[EntityId]:
        """The records selected, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return self.measures.ids_at(rows)

    def show_record(self, measure: EntityId, *, focus: bool = False) -> bool:
        """Select the row of a record and bring it into sight; False if the list does not have it."""
        row = self.measures.row_of(measure)
        if row < 0:
            return False
        index = self.measures.index(row, 0)
        if not self.viewport().rect().contains(self.visualRect(index)):
            self.scrollTo(index, self.ScrollHint.PositionAtCenter)
        if row != self.current_row() or len(self.selectionModel().selectedRows()) != 1:
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        if focus:
            self.focus_here()
        return True

    def _on_current(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.measures.id_at(current.row()))

    def _on_clicked(self, index: QModelIndex) -> None:
        if len(self.selectionModel().selectedRows()) == 1:
            self.chosen.emit(self.measures.id_at(index.row()))

    def _on_opened(self, index: QModelIndex) -> None:
        self.entered.emit(self.measures.id_at(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """N makes a new measure, Entf asks to delete."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() == Qt.Key.Key_N:
            self.new_asked.emit()
        elif plain and event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)
