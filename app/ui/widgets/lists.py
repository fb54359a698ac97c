"""Lists: two-line rows of 48 px; inbox rows of 72 px with icon, overline, title, detail and note."""

from __future__ import annotations

import enum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.cells import Cell
from app.ui.widgets.glyphs import Glyph, paint_glyph


class RowKind(enum.Enum):
    """How high a row is and what stands in it."""

    ONE = 36
    TWO = 48
    INBOX = 72


class RowDelegate(QStyledItemDelegate):
    """Paints list rows from the roles DisplayRole (title) and `Cell` (detail, meta, glyph, icon, tone, …)."""

    def __init__(self, view: ListView, kind: RowKind) -> None:
        super().__init__(view)
        self._view, self._kind = view, kind

    def height(self) -> int:
        """The height of a row, grown with its lines."""
        if self._kind is RowKind.ONE:
            return theme.grow(36)
        small = 1 if self._kind is RowKind.TWO else 2
        return theme.grow(self._kind.value) + small * (theme.line("small") - 16)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As wide as the view."""
        if index.data(Cell.GROUP):
            return QSize(theme.px(120), theme.grow(36, "small"))
        return QSize(theme.px(120), self.height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        base.crisp(painter)
        rect = QRectF(option.rect)
        if index.data(Cell.GROUP):
            self._paint_group(painter, rect, index)
            return
        left = rect.left() + self._view.edge
        left += self._mark_room(index)
        self._paint_ground(painter, option, left, index)
        self._paint_mark(painter, rect, index)
        area = QRectF(left, rect.top(), rect.right() - self._view.edge - left, rect.height())
        if index.data(Cell.PENDING):
            side = theme.px(12)
            dot = base.middle(rect, side, rect.right() - (self._view.edge + side) / 2)
            paint_glyph(painter, Glyph.DOT, dot)
        self._paint_lines(painter, area, index)

    def _paint_group(self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        area = rect.adjusted(self._view.edge, 0, -self._view.edge, 0)
        base.text(painter, area, str(index.data() or ""), theme.color("muted"), "small", theme.STRONG)
        note = str(index.data(Cell.META) or "")
        base.text(painter, area, note, theme.color("muted"), "small", right=True, tabular=True)

    def _mark_room(self, index: QModelIndex | QPersistentModelIndex) -> int:
        if not index.data(Cell.GLYPH) and not index.data(Cell.ICON):
            return 0
        return theme.px(32) + 12 if self._kind is RowKind.INBOX else theme.px(16) + 8

    def _paint_ground(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        text_left: float,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("accent_soft"))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        else:
            if option.state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(rect, theme.color(f"{self._view.ground}+text:3"))
            right = rect.right() + 1 - self._view.edge
            line = QRect(round(text_left), rect.bottom(), right - round(text_left), 1)
            painter.fillRect(line, theme.color("border"))
        if self._view.ringed_row() == index.row():
            base.box(painter, QRectF(rect).adjusted(1, 1, -1, -1), 4, border=theme.color("focus"), width=2)

    def _paint_mark(self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        glyph, icon = index.data(Cell.GLYPH), index.data(Cell.ICON)
        tone = str(index.data(Cell.TONE) or "muted")
        left = rect.left() + self._view.edge
        if self._kind is RowKind.INBOX and (icon or glyph):
            side = theme.px(32)
            tile = QRectF(left, rect.top() + 14, side, side)
            base.box(painter, tile, 6, theme.color("fill" if tone == "muted" else f"{tone}_soft"))
            inner = base.middle(tile, theme.px(16), tile.center().x() - theme.px(16) / 2)
            if icon:
                icons.paint(painter, str(icon), inner, theme.color(tone))
            else:
                paint_glyph(painter, Glyph(glyph), inner.adjusted(2, 2, -2, -2))
            return
        first = (
            rect if self._kind is RowKind.ONE else QRectF(rect.left(), rect.top() + 4, rect.width(), theme.line() + 4)
        )
        if icon:
            icons.paint(painter, str(icon), base.middle(first, theme.px(16), left), theme.color(tone))
        elif glyph:
            paint_glyph(painter, Glyph(glyph), base.middle(first, theme.px(12), left + 2))

    def _paint_lines(self, painter: QPainter, area: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        over, title = str(index.data(Cell.OVERLINE) or ""), str(index.data() or "")
        detail, meta = str(index.data(Cell.DETAIL) or ""), str(index.data(Cell.META) or "")
        muted, text = theme.color("muted"), theme.color("text")
        body, small = theme.line(), theme.line("small")
        if self._kind is RowKind.ONE:
            used = base.text_width(meta, "small", tabular=True) + 12 if meta else 0
            base.text(painter, area, meta, muted, "small", right=True, tabular=True)
            line = area.adjusted(0, 0, -used, 0)
            base.underlay(painter, line, title, index.data(Cell.MARKS) or (), "body", theme.MEDIUM)
            base.text(painter, line, title, text, "body", theme.MEDIUM)
            return
        total = body + small + (small if self._kind is RowKind.INBOX else 0)
        y = round(area.top() + (area.height() - total) / 2)
        meta_line = QRectF(area.left(), y, area.width(), small if over else body)
        used = base.text_width(meta, "small", tabular=True) + 12 if meta else 0
        base.text(painter, meta_line, meta, muted, "small", right=True, tabular=True)
        if self._kind is RowKind.INBOX:
            tone = str(index.data(Cell.TONE) or "muted")
            line = QRectF(area.left(), y, area.width() - used, small)
            base.text(painter, line, over, theme.color(tone), "small", theme.STRONG)
            y += small
            used = 0
        line = QRectF(area.left(), y, area.width() - used, body)
        base.underlay(painter, line, title, index.data(Cell.MARKS) or (), "body", theme.MEDIUM)
        base.text(painter, line, title, text, "body", theme.MEDIUM)
        line = QRectF(area.left(), y + body, area.width(), small)
        base.underlay(painter, line, detail, index.data(Cell.DETAIL_MARKS) or (), "small", tabular=True)
        base.text(painter, line, detail, muted, "small", tabular=True)


class ListView(Themed, QListView):
    """Rows to select and open; `opened` carries the index at Return or a double click."""

    opened = Signal(QModelIndex)

    def __init__(
        self,
        kind: RowKind = RowKind.TWO,
        *,
        name: str,
        accessible: str,
        ground: str = "surface",
        edge: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self.ground, self.edge, self._keyboard = ground, edge, False
        self.setItemDelegate(RowDelegate(self, kind))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self.opened)
        self.restyle()

    def restyle(self) -> None:
        """Take ground and heights from the theme."""
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, theme.color(self.ground))
        self.setPalette(palette)
        self.viewport().setPalette(palette)  # once polished by the style sheet, it no longer inherits
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def ringed_row(self) -> int:
        """The row that shows the keyboard's focus, or -1."""
        return self.currentIndex().row() if self._keyboard and self.hasFocus() else -1

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard brought the focus, and have a current row."""
        super().focusInEvent(event)
        self._keyboard = event.reason() not in base.QUIET_REASONS
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
        super().keyPressEvent(event)
        self.viewport().update()
