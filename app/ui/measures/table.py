"""The table of measures: columns that give way to one another, sorting by headers, keys."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.ids import EntityId
from app.models.queries.lists import MeasureFilter
from app.ui import theme
from app.ui.measures.cells import COLUMNS
from app.ui.measures.model import MeasureModel
from app.ui.measures.views import Sorting
from app.ui.widgets.cells import Column
from app.ui.widgets.table import TableView


def layout(room: int) -> dict[int, int]:
    """Widths of the columns that are shown in `room` pixels.

    Columns give way by their rank until the rest has its least width. What is left over goes to the columns
    that would still be cut, then to the title.
    """
    shown = list(range(len(COLUMNS)))
    least = {i: theme.px(column.least) for i, column in enumerate(COLUMNS)}
    for i in sorted(shown, key=lambda i: COLUMNS[i].rank, reverse=True):
        if sum(least[j] for j in shown) <= room or COLUMNS[i].rank == 0:
            break
        shown.remove(i)
    widths = {i: least[i] for i in shown}
    left = room - sum(widths.values())
    for i in (j for j in shown if j != 0):
        more = max(0, min(left, theme.px(COLUMNS[i].ideal) - widths[i], left // 2))
        widths[i] += more
        left -= more
    widths[0] = max(theme.px(120), widths[0] + left)
    return widths


class MeasureTable(TableView):
    """Rows of measures. `chosen` is the row to show beside; `opened` (Return) leads into the form."""

    chosen = Signal(str)
    entered = Signal(str)
    sort_asked = Signal(int, bool)
    new_asked = Signal()
    delete_asked = Signal()
    selection_grew = Signal(int)

    def __init__(self, model: MeasureModel, parent: QWidget | None = None) -> None:
        columns = [Column(c.look, c.least, least=c.least, dots=c.dots) for c in COLUMNS]
        super().__init__(columns, name="measures_table", accessible=self.tr("Maßnahmen"), multi=True, parent=parent)
        self.measures = model
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setModel(model)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._on_section)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        model.modelReset.connect(self._on_scrolled)
        model.rowsInserted.connect(self._on_scrolled)
        model.layoutChanged.connect(self._on_scrolled)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.clicked.connect(self._on_clicked)
        self.opened.connect(self._on_opened)

    # What is shown

    def show_all(self, wanted: MeasureFilter, sorting: Sorting) -> int:
        """Another filter or order; how many measures there are."""
        self.measures.show_all(wanted, sorting)
        self.show_sorting()
        return self.measures.rowCount()

    def refresh(self, touched: frozenset[EntityId]) -> int:
        """Some measures changed: they may stand in another row, or nowhere any more."""
        self.measures.refresh(touched)
        self.measures.requery()
        return self.measures.rowCount()

    def focus_here(self) -> None:
        """Take the keyboard."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Columns

    def _spread(self) -> None:
        header = self.horizontalHeader()
        if header.count() != len(COLUMNS):
            return
        widths = layout(self.viewport().width())
        for i in range(header.count()):
            header.setSectionHidden(i, i not in widths)
        for i, width in widths.items():
            header.resizeSection(i, width)
        self._on_scrolled()

    def show_sorting(self) -> None:
        """Put the caret on the header of the first sorted column."""
        name, down = self.measures.sorting[0]
        section = next(i for i, column in enumerate(COLUMNS) if column.order == name)
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(section, order)
        self.horizontalHeader().viewport().update()

    def _on_section(self, section: int) -> None:
        if COLUMNS[section].order is not None:
            shift = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
            self.sort_asked.emit(section, bool(shift))
        else:
            self.show_sorting()

    # Rows

    def _on_scrolled(self) -> None:
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

    def _on_selection(self) -> None:
        self.selection_grew.emit(len(self.selectionModel().selectedRows()))

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
