"""Cells of tables and lists: what a model may tell by role, how a column looks, and the painting of both."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from app.ui import icons, theme
from app.ui.widgets import base
from app.ui.widgets.bars import paint_bars
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
    FOLDED = Qt.ItemDataRole.UserRole + 13
    """True: the rows below this group heading are hidden."""
    MARKS = Qt.ItemDataRole.UserRole + 13
    """(start, length) of words in the title that stand out, in lists."""
    DETAIL_MARKS = Qt.ItemDataRole.UserRole + 14
    """The same for the second line."""
    BARS = Qt.ItemDataRole.UserRole + 15
    """Amounts over time, the latest last, for small bars; the words of the cell say what they mean."""


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
    BARS = enum.auto()
    """Like NUMBER, with small bars before it (`Cell.BARS`)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it looks, how wide it is at 100 %, and whether it takes the room that is left."""

    look: Look = Look.TEXT
    width: int = 120
    stretch: bool = False
    least: int = 48
    dots: bool = False
    """The column keeps 16 px at its right for the dot of PENDING."""


RIGHT = (Look.NUMBER, Look.STAMP, Look.BARS)
EDGE = 24
GAP = 12
DOT_ROOM = 16


class RowSource(Protocol):
    """What a delegate asks its table while it paints."""

    ground: str
    edge: int

    def column(self, index: int) -> Column:
        """How a column looks."""

    def last_column(self) -> int:
        """The number of the rightmost column."""

    def row_height(self) -> int:
        """The height of a row."""

    def hovered_row(self) -> int:
        """The row under the mouse, or -1."""

    def ringed_row(self) -> int:
        """The row that shows the keyboard's focus, or -1."""

    def marked_cell(self) -> tuple[int, int]:
        """Row and column of the cell that is marked in its row, (-1, -1) for none."""


class CellDelegate(QStyledItemDelegate):
    """Paints every kind of cell and its part of the row: ground, hairline, accent bar, ring."""

    def __init__(self, rows: RowSource, view: QTableView) -> None:
        super().__init__(view)
        self._rows, self._view = rows, view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The width of the text, for "fit to content"."""
        words = str(index.data() or "")
        look = self._rows.column(index.column()).look
        width = base.text_width(words, "body" if look is Look.TITLE else "small", theme.MEDIUM) + 2 * GAP
        if look in (Look.CHIP, Look.STATUS):
            width = chip_width(words, look is Look.STATUS) + GAP
        return QSize(width, self._rows.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the part of the row, then the cell."""
        base.crisp(painter)
        selected, group = bool(option.state & QStyle.StateFlag.State_Selected), bool(index.data(Cell.GROUP))
        self._paint_row(painter, option.rect, index, selected, group)
        if group:
            self._paint_group(painter, option.rect, index)
            return
        column = self._rows.column(index.column())
        area = self._area(option.rect, index, column)
        if index.data(Cell.PENDING):
            self._paint_dot(painter, option.rect, option.rect.right() + 1 - area.right())
        if index.data(Cell.VERSIONS):
            side = theme.px(14)
            icons.paint(painter, "git-fork", base.middle(area, side, area.left()), theme.color("version"))
            area.setLeft(area.left() + side + 6)
        self._paint_cell(painter, area, index, column.look, selected)
        if (index.row(), index.column()) == self._rows.marked_cell():
            left = int(area.left()) - 7
            cell = QRect(left, option.rect.top() + 3, option.rect.right() - left - 1, option.rect.height() - 7)
            base.box(painter, cell, 6, border=theme.color("accent"))

    def _area(self, rect: QRect, index: QModelIndex | QPersistentModelIndex, column: Column) -> QRectF:
        area = QRectF(rect)
        first, last = index.column() == 0, index.column() == self._rows.last_column()
        area.setLeft(area.left() + (self._rows.edge if first else GAP / 2))
        right = self._rows.edge if last else GAP / 2
        if column.dots:
            right = max(right, theme.px(DOT_ROOM))
        area.setRight(area.right() - right)
        return area

    def _paint_row(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, selected: bool, group: bool
    ) -> None:
        table = self._rows
        hover = index.row() == table.hovered_row()
        if selected:
            painter.fillRect(rect, theme.color("accent_soft"))
        elif hover and not group:
            painter.fillRect(rect, theme.color(f"{table.ground}+text:3"))
        elif group:
            painter.fillRect(rect, theme.color("background"))
        first, last = index.column() == 0, index.column() == table.last_column()
        if not selected or group:
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

    def _paint_group(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """Caret, words and count run through all cells of the row; every cell paints its part of them."""
        view = self._view
        row = QRectF(0, rect.top(), view.viewport().width(), rect.height())
        side = theme.px(12)
        painter.save()
        painter.setClipRect(rect)
        caret = base.middle(row, side, row.left() + self._rows.edge)
        folded = bool(index.data(Cell.FOLDED))
        icons.paint(painter, "caret-right" if folded else "caret-down", caret, theme.color("muted"))
        area = row.adjusted(self._rows.edge + side + 8, 0, -self._rows.edge, 0)
        width = base.text(painter, area, str(index.data() or ""), theme.color("text"), "small", theme.STRONG)
        area.setLeft(area.left() + width + 8)
        base.text(painter, area, str(index.data(Cell.META) or ""), theme.color("muted"), "small", tabular=True)
        painter.restore()

    @staticmethod
    def _paint_dot(painter: QPainter, rect: QRect, room: float) -> None:
        side = theme.px(12)
        paint_glyph(painter, Glyph.DOT, base.middle(rect, side, rect.right() - (room + side) / 2))

    def _paint_cell(
        self,
        painter: QPainter,
        area: QRectF,
        index: QModelIndex | QPersistentModelIndex,
        look: Look,
        selected: bool,
    ) -> None:
        said = index.data()
        words = "" if said is None else str(said)
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
        if look is Look.BARS:
            paint_bars(painter, area, index.data(Cell.BARS) or ())
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
        right = event.pos().x() > option.rect.right() - DOT_ROOM
        dot = index.data(Cell.PENDING) if right else None
        words = dot or index.data(Cell.VERSIONS) or index.data(Cell.FULL) or index.data(Qt.ItemDataRole.ToolTipRole)
        QToolTip.showText(event.globalPos(), str(words or index.data() or ""), view)
        return True
