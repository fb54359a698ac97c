"""One column of the board: cards painted over a window of lines, so that a hundred thousand cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain import catalogue as c
from app.domain.ids import EntityId
from app.models.queries.lists import MeasureLine
from app.ui import icons, theme
from app.ui.measures import words
from app.ui.measures.cells import Cells
from app.ui.widgets import base
from app.ui.widgets.cells import Cell
from app.ui.widgets.glyphs import Glyph, paint_glyph
from app.ui.widgets.lists import ListView, RowKind

Index = QModelIndex | QPersistentModelIndex
Lines = Callable[[Sequence[EntityId]], dict[EntityId, MeasureLine]]
_NONE = QModelIndex()
_AROUND, _KEPT, _STEP = 24, 400, 200
_GAP, _PAD = 8, 12
LINE = Qt.ItemDataRole.UserRole + 60


class TileModel(QAbstractListModel):
    """Ids of one status in memory, lines of those in sight; `data` never touches the database.

    The view lays out every row there is: it is told of the first few hundred, and of more when it comes near
    their end.
    """

    def __init__(self, lines: Lines, cells: Cells, parent: QObject) -> None:
        super().__init__(parent)
        self._fetch, self._cells = lines, cells
        self._ids: list[EntityId] = []
        self._shown = 0
        self._lines: dict[EntityId, MeasureLine] = {}

    def show_ids(self, ids: list[EntityId], touched: frozenset[EntityId] | None = None) -> None:
        """Other rows; lines of the `touched` are forgotten, all of them if not told which."""
        if ids != self._ids or touched is None:
            self.beginResetModel()
            self._ids, self._shown = ids, min(len(ids), max(_STEP, self._shown))
            self._lines = {} if touched is None else {i: v for i, v in self._lines.items() if i not in touched}
            self.endResetModel()
        elif touched & self._lines.keys():
            for one in touched:
                self._lines.pop(one, None)
            self.dataChanged.emit(self.index(0), self.index(self._shown - 1))

    def show_window(self, first: int, last: int) -> None:
        """Fetch what is in sight, and a little around it, in one query."""
        window = self._ids[max(0, first - _AROUND) : min(self._shown, last + 1 + _AROUND)]
        missing = [one for one in window if one not in self._lines]
        if not missing:
            return
        if len(self._lines) > _KEPT:
            self._lines = {one: self._lines[one] for one in window if one in self._lines}
        self._lines.update(self._fetch(missing))

    def id_at(self, row: int) -> EntityId:
        """The record of a row."""
        return self._ids[row]

    def row_of(self, measure: EntityId) -> int:
        """The row of a record, -1 if it is in another column."""
        return self._ids.index(measure) if measure in self._ids else -1

    def count(self) -> int:
        """How many measures have this status."""
        return len(self._ids)

    def reach(self, row: int) -> None:
        """Tell of rows up to this one."""
        if self._shown <= row < len(self._ids):
            end = min(len(self._ids), row + _STEP)
            self.beginInsertRows(_NONE, self._shown, end - 1)
            self._shown = end
            self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are rows the view has not been told of."""
        return not parent.isValid() and self._shown < len(self._ids)

    def fetchMore(self, parent: Index) -> None:
        """The view has come to the end of those it knows."""
        self.reach(self._shown)

    def rowCount(self, parent: Index = _NONE) -> int:
        """The rows the view knows of."""
        return 0 if parent.isValid() else self._shown

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line itself for painting; words for the reader and the tooltip."""
        line = self._lines.get(self._ids[index.row()]) if index.isValid() else None
        if line is None:
            return None
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role in (Cell.FULL, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            told = [self._cells.value(line, column, Cell.FULL) for column in ("title", "lead", "light", "period")]
            return ", ".join(str(one) for one in told if one)
        return None


class TileDelegate(QStyledItemDelegate):
    def __init__(self, column: TileColumn, cells: Cells) -> None:
        super().__init__(column)
        self._column, self._cells = column, cells

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines for the title, one for whose it is, one for Ampel and period."""
        return QSize(theme.px(120), 2 * theme.line() + 2 * theme.line("small") + 2 * _PAD + _GAP + 4)

    @staticmethod
    def card(row: QRectF) -> QRectF:
        """Where the card lies in its row: half of the gap above it, so that the ring of the first one is whole."""
        return row.adjusted(_GAP, _GAP / 2, -_GAP, -_GAP / 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one card."""
        line = index.data(LINE)
        card = self.card(QRectF(option.rect))
        base.crisp(painter)
        if isinstance(line, MeasureLine) and self._column.is_lifted(line.id):
            base.box(painter, card, 10, border=theme.color("border"))
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        edge = theme.color("accent" if selected else "border")
        base.box(painter, card, 10, theme.color("surface"), edge, 2 if selected else 1)
        if self._column.ringed_row() == index.row():
            base.box(painter, card.adjusted(-3, -3, 3, 3), 12, border=theme.color("focus"), width=2)
        if isinstance(line, MeasureLine):
            self._paint_words(painter, card.adjusted(_PAD, _PAD, -_PAD, -_PAD), line)

    def _paint_words(self, painter: QPainter, area: QRectF, line: MeasureLine) -> None:
        body, small = theme.line(), theme.line("small")
        right = 0
        if line.open_question:
            right = theme.px(18)
            mark = QRectF(area.right() - theme.px(14), area.top() + 3, theme.px(14), theme.px(14))
            icons.paint(painter, "git-fork", mark, theme.color("version"))
        font = theme.font("body", theme.MEDIUM)
        paragraph = base.Paragraph.within(line.title, font, area.width() - right, body, 2)
        painter.setPen(theme.color("text"))
        paragraph.paint(painter, area.left(), area.top(), Qt.AlignmentFlag.AlignLeft)
        # What belongs to a short title stands right below it.
        place = QRectF(area.left(), area.top() + paragraph.lines * body + 2, area.width(), small)
        role = Qt.ItemDataRole.DisplayRole
        base.text(painter, place, self._cells.value(line, "lead", role), theme.color("muted"), "small")
        foot = QRectF(area.left(), area.bottom() - small, area.width(), small)
        self._paint_foot(painter, foot, line)

    def _paint_foot(self, painter: QPainter, foot: QRectF, line: MeasureLine) -> None:
        side = theme.px(12)
        if line.pending:
            paint_glyph(painter, Glyph.DOT, base.middle(foot, side, foot.right() - side))
            foot = foot.adjusted(0, 0, -side - 4, 0)
        period = self._cells.value(line, "period", Qt.ItemDataRole.DisplayRole) if line.start or line.end else ""
        if line.traffic_light in ("", c.TrafficLight.GREY):  # nobody has said how it runs
            base.text(painter, foot, period, theme.color("muted"), "small", tabular=True)
            return
        glyph = words.glyph(c.TrafficLight, line.traffic_light)
        left = foot.left()
        if glyph is not None:
            paint_glyph(painter, glyph, base.middle(foot, side, left))
            left += side + 6
        told = words.short(c.TrafficLight, line.traffic_light)
        room = QRectF(left, foot.top(), foot.right() - left, foot.height())
        used = base.text(painter, room, told, theme.color("muted"), "small")
        free = QRectF(left + used + 8, foot.top(), foot.right() - left - used - 8, foot.height())
        base.text(painter, free, period, theme.color("muted"), "small", right=True, tabular=True)


class TileColumn(ListView):
    """The cards of one status. Dragging tells where the mouse is; Alt+arrow asks to move the current card.

    `lifted` carries the card as a picture and where in it the mouse has hold of it, `dragged` and `dropped`
    where on the screen the mouse is.
    """

    lifted = Signal(QPixmap, QPoint)
    dragged = Signal(QPoint)
    dropped = Signal(str, QPoint)
    pushed = Signal(str, int)
    stepped = Signal(int)

    def __init__(self, status: str, title: str, lines: Lines, cells: Cells) -> None:
        super().__init__(RowKind.TWO, name=f"board_{status or 'none'}", accessible=title, ground="sunken")
        self.status = status
        self.tiles = TileModel(lines, cells, self)
        self.setItemDelegate(TileDelegate(self, cells))
        self.setUniformItemSizes(True)
        self.setSelectionMode(ListView.SelectionMode.SingleSelection)
        self.setModel(self.tiles)
        self._pressed: tuple[EntityId, QPoint] | None = None
        self._lifted: EntityId = ""
        self.verticalScrollBar().valueChanged.connect(self.fetch)
        self.tiles.modelReset.connect(self.fetch)
        self.tiles.dataChanged.connect(self.fetch)
        self.tiles.rowsInserted.connect(self.fetch)

    def fetch(self) -> None:
        """What is in sight now."""
        height = max(1, self.sizeHintForRow(0)) if self.tiles.rowCount() else 1
        first = self.verticalScrollBar().value() // height
        self.tiles.show_window(first, first + self.viewport().height() // height + 1)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room shows more cards."""
        super().resizeEvent(event)
        self.fetch()

    def current(self) -> EntityId:
        """The record of the current card, "" for none."""
        index = self.currentIndex()
        return self.tiles.id_at(index.row()) if index.isValid() else ""

    def choose(self, row: int) -> None:
        """Make a card the current one and bring it into sight."""
        if 0 <= row < self.tiles.count():
            self.tiles.reach(row)
            self.setCurrentIndex(self.tiles.index(row))
            self.scrollTo(self.tiles.index(row))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A card may be picked up from here."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self._pressed = (self.tiles.id_at(index.row()), event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """From a few pixels on the card goes with the mouse."""
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        measure, start = self._pressed
        far = (event.position() - QPointF(start)).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._lifted:
            self._lift(measure, start)
        if self._lifted:
            self.dragged.emit(event.globalPosition().toPoint())

    def _lift(self, measure: EntityId, at: QPoint) -> None:
        row = self.visualRect(self.tiles.index(self.tiles.row_of(measure)))
        card = TileDelegate.card(QRectF(row)).toAlignedRect()
        picture = self.viewport().grab(card)
        self._lifted = measure
        self.viewport().update()
        self.lifted.emit(picture, at - card.topLeft())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the card down."""
        self._pressed = None
        if self._lifted:
            measure, self._lifted = self._lifted, ""
            self.viewport().update()
            self.dropped.emit(measure, event.globalPosition().toPoint())
            return
        super().mouseReleaseEvent(event)

    def is_lifted(self, measure: EntityId) -> bool:
        """Whether the card hangs at the mouse."""
        return measure == self._lifted

    # Keys

    def event(self, event: Any) -> bool:
        """Alt and an arrow belong to the card here, not to the way back of the window."""
        if event.type() == event.Type.ShortcutOverride and self._pushes(event):
            event.accept()
            return True
        return super().event(event)

    def _pushes(self, event: QKeyEvent) -> bool:
        arrow = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        return arrow and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.AltModifier

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go to the next column, with Alt the card goes there; Esc leaves a dragged card."""
        if event.key() == Qt.Key.Key_Escape and self._lifted:
            measure, self._lifted, self._pressed = self._lifted, "", None
            self.viewport().update()
            self.dropped.emit(measure, QPoint(-1, -1))
            return
        if event.key() == Qt.Key.Key_End:
            self.tiles.reach(self.tiles.count() - 1)
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        elif self._pushes(event):
            if self.current():
                self.pushed.emit(self.current(), by)
        else:
            self.stepped.emit(by)
