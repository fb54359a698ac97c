"""A table that scrolls sideways under its first column, which stays where it is.

One view and one header, and the frozen column painted over what has gone under it: a second view on top, as is
often done, would stand twice in the accessibility tree, keep a second selection and a second place of the focus.
"""

from __future__ import annotations

import json

from PySide6.QtCore import QByteArray, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QLinearGradient, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from app.ui import theme
from app.ui.widgets.cells import Cell
from app.ui.widgets.table import Header, TableView

_GRIP = 4
"""So many pixels at either side of an edge of the header it can be taken hold of."""
_SHADE = 8


class FrozenHeader(Header):
    """The header of a frozen table: its first section stays too, and is clicked and dragged where it is painted.

    `released` tells that the mouse has let go: columns may have got other widths. `own_widths` are those that a
    person gave some of them, at 100 %.
    """

    released = Signal()

    def __init__(self, table: FrozenTable) -> None:
        super().__init__(table)
        self._frozen, self._is_held, self._dragged = table, False, None  # type: FrozenTable, bool, float | None
        self.own_widths: dict[int, int] = {}
        self.sectionResized.connect(self._on_resized)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sections, and over those that have gone under it the first."""
        super().paintEvent(event)
        if self._frozen.is_shifted():
            painter = QPainter(self.viewport())
            area = QRect(0, 0, self._frozen.frozen_width(), self.height())
            painter.fillRect(area, theme.color("background"))
            painter.fillRect(0, self.height() - 1, area.width(), 1, theme.color("border"))
            self.paintSection(painter, area, 0)
            _paint_edge(painter, area)

    def _on_resized(self, section: int) -> None:
        if section == 0:
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the frozen section or its edge means that one, not what has gone under it."""
        if self._is_at_edge(event) and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = event.position().x() - self._frozen.frozen_width()
            return
        self._is_held = self._is_over(event)
        super().mousePressEvent(self._there(event) if self._is_held else event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the edge that is held; over the frozen section nothing else is to be dragged."""
        if self._dragged is not None:
            width = round(event.position().x() - self._dragged)
            self.resizeSection(0, max(self.minimumSectionSize(), width))
        elif not event.buttons() and self._is_over(event):
            at_edge = self._is_at_edge(event)
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor if at_edge else Qt.CursorShape.ArrowCursor)
        elif not self._is_held:
            self.viewport().unsetCursor()
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of what was taken hold of."""
        dragged, self._dragged = self._dragged, None
        held, self._is_held = self._is_held, False
        if dragged is None:
            super().mouseReleaseEvent(self._there(event) if held else event)
        self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On an edge: as wide as the words are."""
        if self._is_at_edge(event):
            self.resizeSection(0, self._frozen.sizeHintForColumn(0))
        elif not self._is_over(event):
            super().mouseDoubleClickEvent(event)
        self.released.emit()

    def _is_at_edge(self, event: QMouseEvent) -> bool:
        return self._is_over(event) and abs(event.position().x() - self._frozen.frozen_width()) <= _GRIP

    def _is_over(self, event: QMouseEvent) -> bool:
        return self._frozen.is_shifted() and event.position().x() <= self._frozen.frozen_width() + _GRIP

    def _there(self, event: QMouseEvent) -> QMouseEvent:
        """The same event where the first section would be without being frozen."""
        away = QPointF(self.offset(), 0)
        return QMouseEvent(
            event.type(), event.position() - away, event.globalPosition(), event.button(), event.buttons(),
            event.modifiers(), event.pointingDevice(),
        )  # fmt: skip


class FrozenTable(TableView):
    """Rows whose first column stays at the left while the others are scrolled sideways."""

    def make_header(self) -> Header:
        """A header whose first section stays as well."""
        return FrozenHeader(self)

    @property
    def own_widths(self) -> dict[int, int]:
        """Widths that a person gave some columns, at 100 %, by their number."""
        header = self.horizontalHeader()
        return header.own_widths if isinstance(header, FrozenHeader) else {}

    def saveState(self) -> QByteArray:
        """Those widths, and of how many columns they are some, for the next start."""
        return QByteArray(json.dumps([len(self._columns), *self.own_widths.items()]).encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Take widths kept earlier; those of other columns, or of no table at all, are passed over."""
        try:
            count, *kept = json.loads(bytes(state.data()))
            widths = {int(section): int(width) for section, width in kept}
        except (ValueError, TypeError):
            return False
        if count != len(self._columns) or any(not 0 <= i < count or width <= 0 for i, width in widths.items()):
            return False
        self.own_widths.clear()
        self.own_widths.update(widths)
        self._spread()
        return True

    def is_shifted(self) -> bool:
        """Whether something has gone under the first column."""
        return self.horizontalHeader().offset() > 0

    def frozen_width(self) -> int:
        """How many pixels of the viewport the first column takes."""
        return self.columnWidth(0)

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        """Where a cell stands: those of the first column always at the left."""
        rect = super().visualRect(index)
        if index.isValid() and index.column() == 0 and rect.isValid():
            rect.moveLeft(0)
        return rect

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The cell that is painted at a point."""
        if self.is_shifted() and 0 <= point.x() < self.frozen_width():
            return self.model().index(self.rowAt(point.y()), 0) if self.rowAt(point.y()) >= 0 else QModelIndex()
        return super().indexAt(point)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a cell out from under the first column too; that one is in sight whatever is scrolled."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if not index.isValid():
            return
        if index.column() == 0:
            bar.setValue(before)
            return
        hidden = self.frozen_width() - self.columnViewportPosition(index.column())
        if hidden > 0:
            bar.setValue(bar.value() - hidden)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The pixels of the first column do not move with the others: paint them anew."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self.viewport().update()
            self.horizontalHeader().viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells, and over those that have gone under it the first column."""
        super().paintEvent(event)
        if not self.is_shifted() or self.model() is None:
            return
        painter = QPainter(self.viewport())
        width, delegate = self.frozen_width(), self.itemDelegate()
        painter.fillRect(QRect(0, 0, width, self.viewport().height()), theme.color(self.ground))
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        selected = self.selectionModel()
        for row in self._rows_in(event.rect()):
            index = self.model().index(row, 0)
            option.rect = QRect(0, self.rowViewportPosition(row), width, self.rowHeight(row))
            option.state = QStyle.StateFlag.State_Enabled
            if selected.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            delegate.paint(painter, option, index)
            if not index.data(Cell.GROUP):  # headings run through
                _paint_edge(painter, option.rect)

    def _rows_in(self, area: QRect) -> range:
        first, last = self.rowAt(max(0, area.top())), self.rowAt(area.bottom())
        if first < 0:
            return range(0)
        return range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1)


def _paint_edge(painter: QPainter, area: QRect) -> None:
    """A hairline at the right of what is frozen, and beside it a breath of shade: something goes on below."""
    right = area.right()
    painter.fillRect(QRect(right, area.top(), 1, area.height()), theme.color("outline"))
    if theme.active().dark:
        return  # there a shade is not seen
    shade = QLinearGradient(right + 1, 0, right + 1 + _SHADE, 0)
    ink = theme.color("text")
    for at, alpha in ((0.0, 28), (1.0, 0)):
        ink.setAlpha(alpha)
        shade.setColorAt(at, ink)
    painter.fillRect(QRect(right + 1, area.top(), _SHADE, area.height()), shade)
