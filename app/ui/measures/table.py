"""The table of measures: columns beside a title that stays, sorting by headers, keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.ids import EntityId
from app.models.queries.lists import MeasureFilter
from app.ui import theme
from app.ui.measures.cells import COLUMNS
from app.ui.measures.measure_rows import MeasureRows
from app.ui.measures.model import MeasureModel
from app.ui.measures.surface import Shown, nothing
from app.ui.measures.views import Sorting
from app.ui.widgets.cells import Column
from app.ui.widgets.frozen import FrozenHeader

_LEAST_TITLE, _LEAST, _STEP = 120, 48, 16
_MOST_FROZEN = 0.45
"""The frozen title takes no more of the room than this: beside it one still has to see what is scrolled."""


def layout(room: int, own: Mapping[int, int] = MappingProxyType({})) -> dict[int, int]:
    """Widths of all columns; together they fill `room` pixels, or more where not even the least widths fit.

    What is left over goes to the columns that would still be cut, then to the title.

    Args:
        own: widths a person gave some columns, at 100 %; nothing is added to those or taken from them.
    """
    cap = int(room * _MOST_FROZEN)
    widths = {i: theme.px(own.get(i, column.least)) for i, column in enumerate(COLUMNS)}
    if 0 in own or sum(widths.values()) > room:
        widths[0] = max(theme.px(_LEAST_TITLE), min(widths[0], cap))
    left = max(0, room - sum(widths.values()))
    for i in (j for j in widths if j != 0 and j not in own):
        more = max(0, min(left, theme.px(COLUMNS[i].ideal) - widths[i], left // 2))
        widths[i] += more
        left -= more
    widths[next((i for i in widths if i not in own), 0)] += left
    return widths


class MeasureTable(MeasureRows):
    """The columns of measures, sorted by their headers; several rows can be selected and changed together.

    `edit_asked` (measure, column) follows F2, or a click on the cell that is current already; `laid_out` tells that
    cells may stand elsewhere.
    """

    sort_asked = Signal(int, bool)
    selection_grew = Signal(int)
    edit_asked = Signal(str, str)
    laid_out = Signal()

    def __init__(self, model: MeasureModel, parent: QWidget | None = None) -> None:
        self._is_spreading = False
        columns = [Column(c.look, c.least, least=c.least, dots=c.dots) for c in COLUMNS]
        super().__init__(
            model, columns, name="measures_table", accessible=self.tr("Maßnahmen"), multi=True, parent=parent
        )
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._on_section)
        header.setSectionResizeMode(header.ResizeMode.Interactive)
        header.sectionResized.connect(self._on_resized)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self.laid_out)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        if isinstance(header, FrozenHeader):
            header.released.connect(self._spread)
        self._again = QPersistentModelIndex()
        self._slowly = QTimer(self, singleShot=True)
        self._slowly.timeout.connect(self._on_slow_click)

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter or order."""
        super().show_all(wanted, sorting, then)
        self.show_sorting()

    # Columns

    def _spread(self) -> None:
        header = self.horizontalHeader()
        if header.count() != len(COLUMNS):
            return
        self._is_spreading = True
        for i, width in layout(self.viewport().width(), self.own_widths).items():
            header.resizeSection(i, width)
        self._is_spreading = False
        self.fetch()
        self.laid_out.emit()

    def _on_resized(self, section: int, before: int, width: int) -> None:
        if not self._is_spreading:
            self.own_widths[section] = round(width * 100 / theme.px(100))
        self.laid_out.emit()

    def widen(self, steps: int) -> None:
        """Make the current column wider (or narrower), by the keyboard as the mouse does in the header."""
        section = self.currentIndex().column()
        if section >= 0:
            width = self.columnWidth(section) + steps * theme.px(_STEP)
            self.horizontalHeader().resizeSection(section, max(theme.px(_LEAST), width))
            self._spread()
            self.scrollTo(self.currentIndex())

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

    # Cells

    def marked_cell(self) -> tuple[int, int]:
        """With the keyboard in the table, the current cell is marked in its row."""
        index = self.currentIndex()
        return (index.row(), index.column()) if self.hasFocus() and self.current_id() else (-1, -1)

    def current_id(self) -> EntityId:
        """The record of the current row, "" for none."""
        row = self.current_row()
        return "" if row < 0 or self.measures.is_head(row) else self.measures.id_at(row)

    def cell_rect(self, measure: EntityId, column: str) -> QRect | None:
        """Where a cell stands in the viewport; None where its row is not shown."""
        row, section = self.measures.row_of(measure), _section(column)
        if row < 0:
            return None
        return self.visualRect(self.measures.index(row, section))

    def column_beside(self, column: str, step: int, among: frozenset[str]) -> str:
        """The next column to the right (1) or left (-1) that is one of these, "" for none."""
        at = _section(column) + step
        while 0 <= at < len(COLUMNS):
            if COLUMNS[at].key in among:
                return COLUMNS[at].key
            at += step
        return ""

    def go_to(self, measure: EntityId, column: str) -> None:
        """Make a cell the current one."""
        row = self.measures.row_of(measure)
        if row >= 0:
            index = self.measures.index(row, _section(column))
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def ask_edit(self) -> None:
        """Ask to edit the current cell."""
        if self.current_id():
            self.edit_asked.emit(self.current_id(), COLUMNS[self.currentIndex().column()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 edits the current cell; the arrows with Alt and Shift make its column wider or narrower."""
        self._slowly.stop()
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        widening = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_F2:
            self.ask_edit()
        elif event.key() in sides and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == widening:
            self.widen(sides[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember whether it is the current cell that is pressed once more."""
        self._slowly.stop()
        index = self.indexAt(event.position().toPoint())
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        again = plain and self.hasFocus() and index == self.currentIndex() and self.selectionModel().isSelected(index)
        alone = len(self.selectionModel().selectedRows()) == 1
        self._again = QPersistentModelIndex(index if again and alone else QModelIndex())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A second click on the same cell edits it, unless it becomes a double click."""
        super().mouseReleaseEvent(event)
        if self._again.isValid() and self.indexAt(event.position().toPoint()) == self._again:
            self._slowly.start(QApplication.doubleClickInterval())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the form."""
        self._slowly.stop()
        self._again = QPersistentModelIndex()
        super().mouseDoubleClickEvent(event)

    def _on_slow_click(self) -> None:
        if self._again.isValid() and self._again == self.currentIndex() and self.hasFocus():
            self.ask_edit()

    def _on_selection(self) -> None:
        self.selection_grew.emit(len(self.selectionModel().selectedRows()))


def _section(column: str) -> int:
    return next(number for number, one in enumerate(COLUMNS) if one.key == column)
