"""A table whose rows are measures: fetching what is in sight, the current one, selecting and opening."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.ids import EntityId
from app.models.queries.lists import Grouping, MeasureFilter
from app.ui.measures.model import MeasureModel
from app.ui.measures.surface import Shown, nothing
from app.ui.measures.views import Sorting
from app.ui.widgets.cells import Column
from app.ui.widgets.frozen import FrozenTable


class MeasureRows(FrozenTable):
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

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter or order."""
        self.measures.show_all(wanted, sorting, then)

    def refresh(self, touched: frozenset[EntityId], then: Shown = nothing) -> None:
        """Some measures changed: they may stand in another row, or nowhere any more."""
        self.measures.refresh(touched)
        self.measures.requery(then)

    def focus_here(self) -> None:
        """Take the keyboard."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def fetch(self) -> None:
        """What is in sight now."""
        self.executeDelayedItemsLayout()  # else it happens while rows are painted, and they are painted twice
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

    def select_current_alone(self) -> None:
        """Of several selected rows leave the current one."""
        row = self.current_row()
        self.clearSelection()
        if row >= 0:
            self.selectRow(row)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Headings

    def group_by(self, by: Grouping | None) -> None:
        """Put the rows under other headings, or under none."""
        self.measures.group_by(by)

    def fold(self, row: int, on: bool | None = None) -> None:
        """Fold a heading, unfold it, or turn it round; it stays where the keyboard is."""
        head = self.measures.id_at(row)
        self.measures.fold(row, on)
        self.setCurrentIndex(self.measures.index(self.measures.row_of(head), 0))
        self.fetch()

    def fold_all(self, on: bool) -> None:
        """Fold or unfold all headings."""
        self.measures.fold_all(on)
        self.fetch()

    def _folds(self, key: int) -> bool:
        """Whether a key folds or unfolds the heading the keyboard is on; then it is done."""
        row = self.current_row()
        if row < 0 or not self.measures.is_head(row):
            return False
        keys = Qt.Key
        if key not in (keys.Key_Return, keys.Key_Enter, keys.Key_Space, keys.Key_Left, keys.Key_Right):
            return False
        self.fold(row, {keys.Key_Left: True, keys.Key_Right: False}.get(keys(key)))
        return True

    def _on_current(self, current: QModelIndex, before: QModelIndex) -> None:
        if self.measures.is_dropping:
            return
        if current.isValid() and not self.measures.is_head(current.row()):
            self.chosen.emit(self.measures.id_at(current.row()))

    def _on_clicked(self, index: QModelIndex) -> None:
        if self.measures.is_head(index.row()):
            self.fold(index.row())
        elif len(self.selectionModel().selectedRows()) == 1:
            self.chosen.emit(self.measures.id_at(index.row()))

    def _on_opened(self, index: QModelIndex) -> None:
        if not self.measures.is_head(index.row()):
            self.entered.emit(self.measures.id_at(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """N makes a new measure, Entf asks to delete; on a heading Return and the arrows fold it."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and self._folds(event.key()):
            self._update_row(self.current_row())
        elif plain and event.key() == Qt.Key.Key_N:
            self.new_asked.emit()
        elif plain and event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)
