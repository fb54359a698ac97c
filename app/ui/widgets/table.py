"""The table: rows of 36 px, hairlines from the text edge, one delegate that paints every kind of cell.

A model gives plain data by role and never a widget: the display text, and by `Cell` what stands beside it.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.chips import chip_height, chip_width, paint_chip
from app.ui.widgets.glyphs import Glyph, paint_glyph


class Cell(enum.IntEnum):
    """Roles beyond the display text that a model may answer."""

    GLYPH = Qt.ItemDataRole.UserRole + 1
    """A `Glyph` before the word."""
    PENDING = Qt.ItemDataRole.UserRole + 2
    """A sentence: a blue dot stands at the right edge of the cell, the sentence is its tooltip."""
    MUTED = Qt.ItemDataRole.UserRole + 3
    """True: the text is muted ("–", "Keine Angabe")."""
    TONE = Qt.ItemDataRole.UserRole + 4
    """A colour role for the text, for deviations only ("danger", "version")."""
    FULL = Qt.ItemDataRole.UserRole + 5
    """The long form of a shortened word, for tooltip and screen reader."""
    DETAIL = Qt.ItemDataRole.UserRole + 6
    """Second line, in lists."""
    META = Qt.ItemDataRole.UserRole + 7
    """Words at the right, in lists."""
    OVERLINE = Qt.ItemDataRole.UserRole + 8
    """Small line above the title, in inbox lists."""
    ICON = Qt.ItemDataRole.UserRole + 9
    """Name of an icon, in lists."""
    GROUP = Qt.ItemDataRole.UserRole + 10
    """True: the row is a group heading; the count stands in META."""
    VERSIONS = Qt.ItemDataRole.UserRole + 11
    """A sentence: a violet fork stands before the text, the sentence is its tooltip."""
    STRUCK = Qt.ItemDataRole.UserRole + 12
    """True: struck through (the old value of a change)."""


class Look(enum.Enum):
    """How the cells of a column are painted."""

    TITLE = enum.auto()
    """14/500."""
    TEXT = enum.auto()
    """12/400 in text."""
    MUTED = enum.auto()
    """12/400 muted."""
    CHIP = enum.auto()
    """Outline chip."""
    STATUS = enum.auto()
    """Chip on a soft ground with a glyph."""
    LIGHT = enum.auto()
    """Glyph and word, no ground."""
    NUMBER = enum.auto()
    """12/400 figures of equal width, at the right."""
    STAMP = enum.auto()
    """Like NUMBER but muted, for times and dates."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it looks, how wide it is at 100 %, and whether it takes the room that is left."""

    look: Look = Look.TEXT
    width: int = 120
    stretch: bool = False
    least: int = 48
    dots: bool = False
    """The column keeps 16 px at its right for the dot of PENDING."""


RIGHT = (Look.NUMBER, Look.STAMP)
EDGE = 24
GAP = 12
_DOT_ROOM = 16


class CellDelegate(QStyledItemDelegate):
    """Paints every kind of cell and its part of the row: ground, hairline, accent bar, ring."""

    def __init__(self, table: TableView) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The width of the text, for "fit to content"."""
        words = str(index.data() or "")
        look = self._table.column(index.column()).look
        width = base.text_width(words, "body" if look is Look.TITLE else "small", theme.MEDIUM) + 2 * GAP
        if look in (Look.CHIP, Look.STATUS):
            width = chip_width(words, look is Look.STATUS) + GAP
        return QSize(width, self._table.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the part of the row, then the cell."""
        base.crisp(painter)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_row(painter, option.rect, index, selected)
        if index.data(Cell.GROUP):
            self._paint_group(painter, option.rect, index)
            return
        column = self._table.column(index.column())
        area = self._area(option.rect, index, column)
        if index.data(Cell.PENDING):
            self._paint_dot(painter, option.rect)
        if index.data(Cell.VERSIONS):
            side = theme.px(14)
            icons.paint(painter, "git-fork", base.middle(area, side, area.left()), theme.color("version"))
            area.setLeft(area.left() + side + 6)
        self._paint_cell(painter, area, index, column.look, selected)

    def _area(self, rect: QRect, index: QModelIndex | QPersistentModelIndex, column: Column) -> QRectF:
        area = QRectF(rect)
        first, last = index.column() == 0, index.column() == self._table.last_column()
        area.setLeft(area.left() + (self._table.edge if first else GAP / 2))
        right = self._table.edge if last else GAP / 2
        if column.dots:
            right = max(right, theme.px(_DOT_ROOM))
        area.setRight(area.right() - right)
        return area

    def _paint_row(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, selected: bool
    ) -> None:
        table = self._table
        hover = index.row() == table.hovered_row()
        if selected:
            painter.fillRect(rect, theme.color("accent_soft"))
        elif hover and not index.data(Cell.GROUP):
            painter.fillRect(rect, theme.color(f"{table.ground}+text:3"))
        elif index.data(Cell.GROUP):
            painter.fillRect(rect, theme.color("background"))
        first, last = index.column() == 0, index.column() == table.last_column()
        if not selected or index.data(Cell.GROUP):
            left = rect.left() + (table.edge if first else 0)
            right = rect.right() + 1 - (table.edge if last else 0)
            painter.fillRect(QRect(left, rect.bottom(), right - left, 1), theme.color("border"))
        if selected and first:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        if index.row() == table.ringed_row():
            ring, width = theme.color("focus"), 2
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), width), ring)
            painter.fillRect(QRect(rect.left(), rect.bottom() - width + 1, rect.width(), width), ring)
            if first:
                painter.fillRect(QRect(rect.left(), rect.top(), width, rect.height()), ring)
            if last:
                painter.fillRect(QRect(rect.right() - width + 1, rect.top(), width, rect.height()), ring)

    def _paint_group(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if index.column() != 0:
            return
        side = theme.px(12)
        caret = base.middle(rect, side, rect.left() + self._table.edge)
        icons.paint(painter, "caret-down", caret, theme.color("muted"))
        area = QRectF(rect).adjusted(self._table.edge + side + 8, 0, 0, 0)
        area.setWidth(max(area.width(), self._table.viewport().width() - area.left() - self._table.edge))
        painter.save()
        painter.setClipping(False)
        width = base.text(painter, area, str(index.data() or ""), theme.color("text"), "small", theme.STRONG)
        area.setLeft(area.left() + width + 8)
        base.text(painter, area, str(index.data(Cell.META) or ""), theme.color("muted"), "small")
        painter.restore()

    @staticmethod
    def _paint_dot(painter: QPainter, rect: QRect) -> None:
        side = theme.px(12)
        paint_glyph(painter, Glyph.DOT, base.middle(rect, side, rect.right() - side - 2))

    def _paint_cell(
        self,
        painter: QPainter,
        area: QRectF,
        index: QModelIndex | QPersistentModelIndex,
        look: Look,
        selected: bool,
    ) -> None:
        words = str(index.data() if index.data() is not None else "")
        glyph = index.data(Cell.GLYPH)
        shape = Glyph(glyph) if glyph else None
        if look in (Look.CHIP, Look.STATUS):
            if words:
                self._paint_chip(painter, area, words, look, shape, selected)
            return
        if shape is not None:
            side = theme.px(12)
            paint_glyph(painter, shape, base.middle(area, side, area.left()))
            area.setLeft(area.left() + side + 6)
        muted = bool(index.data(Cell.MUTED)) or look in (Look.MUTED, Look.STAMP)
        tone = str(index.data(Cell.TONE) or ("muted" if muted else "text"))
        size: theme.Size = "body" if look is Look.TITLE else "small"
        weight = theme.MEDIUM if look is Look.TITLE else theme.REGULAR
        right = look in RIGHT
        base.text(painter, area, words, theme.color(tone), size, weight, right=right, tabular=right)

    @staticmethod
    def _paint_chip(
        painter: QPainter, area: QRectF, words: str, look: Look, glyph: Glyph | None, selected: bool
    ) -> None:
        height = chip_height()
        width = min(chip_width(words, glyph is not None), int(area.width()))
        rect = QRectF(area.left() - 1, round(area.center().y() - height / 2), width, height)
        kind = "outline" if look is Look.CHIP else "status"
        paint_chip(painter, rect, words, kind, glyph=glyph, raised=selected)  # type: ignore[arg-type]

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Tell the long form, the meaning of the dot or, where it is cut, the whole text."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        right = event.pos().x() > option.rect.right() - _DOT_ROOM
        dot = index.data(Cell.PENDING) if right else None
        words = (
            dot
            or index.data(Cell.VERSIONS)
            or index.data(Cell.FULL)
            or index.data(Qt.ItemDataRole.ToolTipRole)
        )
        QToolTip.showText(event.globalPos(), str(words or index.data() or ""), view)
        return True


class _Header(Themed, QHeaderView):
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
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "") if model else ""
        column = self._table.column(section)
        first, last = section == 0, section == self._table.last_column()
        area = QRectF(rect).adjusted(self._table.edge if first else GAP / 2, 0, 0, 0)
        area.setRight(
            rect.right()
            + 1
            - max(self._table.edge if last else GAP / 2, theme.px(_DOT_ROOM) if column.dots else 0)
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
        self.setItemDelegate(CellDelegate(self))
        header = _Header(self)
        self.setHorizontalHeader(header)
        header.setSortIndicatorShown(sortable)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSortingEnabled(sortable)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._behave(multi)
        self.doubleClicked.connect(self.opened)
        self.restyle()

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
        self._keyboard = event.reason() is not Qt.FocusReason.MouseFocusReason
        model = self.model()
        if self._keyboard and not self.currentIndex().isValid() and model is not None and model.rowCount():
            self.setCurrentIndex(model.index(0, 0))
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
