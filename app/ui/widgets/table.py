"""The table: rows of 36 px, hairlines from the text edge, one delegate that paints every kind of cell.

A model gives plain data by role and never a widget: the display text, and by `Cell` what stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.cells import DOT_ROOM, EDGE, GAP, RIGHT, Cell, CellDelegate, Column, Look

__all__ = ["Cell", "Column", "Header", "Look", "TableView"]


class Header(Themed, QHeaderView):
    """12 px muted on `background`; the sorted column is in text with a caret."""

    def __init__(self, table: TableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumSectionSize(24)

    def sizeHint(self) -> QSize:
        """32 px high."""
        return QSize(super().sizeHint().width(), theme.grow(32, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground over the whole width, then the sections."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.color("background"))
        painter.fillRect(0, self.height() - 1, self.viewport().width(), 1, theme.color("border"))
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint the words of one column, and the caret of the sorted one."""
        base.crisp(painter)
        model = self.model()
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        column = self._table.column(section)
        first, last = section == 0, section == self._table.last_column()
        area = QRectF(rect).adjusted(self._table.edge if first else GAP / 2, 0, 0, 0)
        area.setRight(
            rect.right() + 1 - max(self._table.edge if last else GAP / 2, theme.px(DOT_ROOM) if column.dots else 0)
        )
        sorted_ = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        ink, weight = theme.color("text" if sorted_ else "muted"), theme.STRONG if sorted_ else theme.MEDIUM
        right = column.look in RIGHT
        side = theme.px(12)
        if sorted_:
            up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            room = min(base.text_width(words, "small", weight), int(area.width()) - side - 4)
            left = area.right() - room - side - 4 if right else area.left() + room + 4
            icons.paint(painter, "caret-up" if up else "caret-down", base.middle(rect, side, left), ink)
            if not right:
                area.setRight(max(area.left(), left - 2))
        base.text(painter, area, words, ink, "small", weight, right=right)


class TableView(Themed, QTableView):
    """Rows to select and open. `opened` carries the index at Return or a double click.

    Columns marked `stretch` share the room that is left; all others keep their width, grown with the text.
    """

    opened = Signal(QModelIndex)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str,
        accessible: str,
        ground: str = "surface",
        edge: int = EDGE,
        sortable: bool = False,
        multi: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self.ground, self.edge = ground, edge
        self._columns = tuple(columns)
        self._hovered, self._keyboard = -1, False
        self._widths: dict[int, int] = {}
        self.setItemDelegate(self.make_delegate())
        header = self.make_header()
        self.setHorizontalHeader(header)
        header.setSortIndicatorShown(sortable)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSortingEnabled(sortable)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._behave(multi)
        self.doubleClicked.connect(self.opened)
        self.restyle()

    def make_delegate(self) -> CellDelegate:
        """What paints the cells; a table with cells of a kind of its own makes its own."""
        return CellDelegate(self, self)

    def make_header(self) -> Header:
        """The header; a table whose columns need more than a word makes its own."""
        return Header(self)

    def _behave(self, multi: bool) -> None:
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if multi else modes.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)

    def column(self, index: int) -> Column:
        """How a column looks; columns without a description are plain text."""
        return self._columns[index] if index < len(self._columns) else Column()

    def last_column(self) -> int:
        """The number of the rightmost column."""
        return self.horizontalHeader().count() - 1

    def row_height(self) -> int:
        """36 px, grown with the text."""
        return theme.grow(36)

    def hovered_row(self) -> int:
        """The row under the mouse, or -1."""
        return self._hovered

    def ringed_row(self) -> int:
        """The row that shows the keyboard's focus, or -1."""
        return self.currentIndex().row() if self._keyboard and self.hasFocus() else -1

    def marked_cell(self) -> tuple[int, int]:
        """A table whose cells can be written in marks the current one; here none is."""
        return -1, -1

    def current_row(self) -> int:
        """The current row, or -1."""
        return self.currentIndex().row()

    def select_row(self, row: int) -> None:
        """Make a row current and selected, and bring it into sight."""
        index = self.model().index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Take a model and lay out the columns."""
        super().setModel(model)
        self._spread()

    def restyle(self) -> None:
        """Take ground, heights and widths from the theme."""
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, theme.color(self.ground))
        self.setPalette(palette)
        self.viewport().setPalette(palette)  # once polished by the style sheet, it no longer inherits
        self.verticalHeader().setMinimumSectionSize(self.row_height())
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        self.horizontalHeader().updateGeometry()
        self._spread()
        self.viewport().update()

    def resizeEvent(self, event: object) -> None:
        """Share the new width among the stretching columns."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._spread()

    def _spread(self) -> None:
        header = self.horizontalHeader()
        shown = [i for i in range(header.count()) if not header.isSectionHidden(i)]
        widths = {i: theme.px(self.column(i).width) for i in shown}
        stretching = [i for i in shown if self.column(i).stretch]
        rest = self.viewport().width() - sum(widths[i] for i in shown if i not in stretching)
        for i in stretching:
            widths[i] = max(theme.px(self.column(i).least), rest // len(stretching))
        if stretching:
            used = sum(widths.values())
            widths[stretching[0]] += max(0, self.viewport().width() - used)
        for i, width in widths.items():
            header.resizeSection(i, width)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the row under the mouse."""
        super().mouseMoveEvent(event)
        self._set_hovered(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the mouse."""
        super().leaveEvent(event)
        self._set_hovered(-1)

    def _set_hovered(self, row: int) -> None:
        if row == self._hovered:
            return
        before, self._hovered = self._hovered, row
        for one in (before, row):
            self._update_row(one)

    def _update_row(self, row: int) -> None:
        if row >= 0:
            top = self.rowViewportPosition(row)
            self.viewport().update(QRect(QPoint(0, top), QSize(self.viewport().width(), self.row_height())))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard brought the focus, and have a current row."""
        super().focusInEvent(event)
        self._keyboard = event.reason() not in base.QUIET_REASONS
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """From now on the mouse leads."""
        self._keyboard = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens; any key brings the ring back."""
        self._keyboard = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        self._update_row(before)
        self._update_row(self.currentIndex().row())
