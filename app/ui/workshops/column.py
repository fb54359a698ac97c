"""One station's cards, stacked from below: the newest touches the entry line, older ones are above.

Only what is in sight is ever laid out: ten thousand cards cost as much as ten. The place in the stack is
the lowest card in sight and how far it is pushed below the edge.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.ids import EntityId
from app.models.queries.sessions import CardLine
from app.ui import icons, labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.spoken import SpokenCards
from app.ui.workshops.card_paint import RADIUS, CardPainter, spoken
from app.ui.workshops.stack import Placed, Stack

GAP = 8
_EDGE = 4
"""Room at both sides for the focus ring of a card."""


class CardColumn(Themed, QWidget):
    """The cards of one station. Arrow keys walk, Return edits, Del deletes, the menu key opens the menu."""

    opened = Signal(object)
    """A `CardLine` that is to be edited."""
    menu_wanted = Signal(object, object)
    """A `CardLine` and the global point at which its menu opens."""
    delete_wanted = Signal(object)
    marked = Signal(object, str)
    """A `CardLine` and the mark typed on it ("!" makes a decision of it)."""
    sideways = Signal(int)
    """The person walks to the next column, -1 or 1."""
    shifted = Signal(object, int)
    """A `CardLine` is to go to the next station, -1 or 1."""
    left = Signal()
    """Esc: back to the entry line."""
    pressed = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, name, title)
        self._title = title
        self._painter = CardPainter()
        self._stack = Stack(self._painter.height, GAP)
        self._lines: Sequence[CardLine] = ()
        self._current: EntityId = ""
        self._fresh: frozenset[EntityId] = frozenset()
        self._saved = ""
        self._keyboard = False
        self._spoken = SpokenCards(self, self, name=f"{name}_cards", accessible=self.tr("Karten"))
        self._spoken.marked.connect(self._on_marked)
        self._earlier, self._newer = QRectF(), QRectF()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(80)

    # -- content ---------------------------------------------------------------------------------

    def set_title(self, title: str) -> None:
        """Tell the screen reader which station this is."""
        self._title = title
        self._tell()

    def set_lines(self, lines: Sequence[CardLine]) -> None:
        """Show these cards, oldest first. Who reads further up stays there."""
        held = self._stack.lowest_line(self._lines)
        self._lines = lines
        self._stack.take(lines, held)
        if self._current and not any(line.id == self._current for line in lines):
            self._current = ""
        self._tell()
        self.update()

    def set_saved(self, ids: frozenset[EntityId], words: str) -> None:
        """Mark cards as just saved, with "gespeichert 19:32:08" below; nothing to take the mark away."""
        self._fresh, self._saved = ids, words
        if ids:
            self._stack.follow(len(self._lines))
        self.update()

    def saved_words(self) -> str:
        """What stands below the newest own card."""
        return self._saved

    def lines(self) -> Sequence[CardLine]:
        """The cards, oldest first."""
        return self._lines

    def current(self) -> CardLine | None:
        """The card under the keyboard."""
        return next((line for line in self._lines if line.id == self._current), None)

    def make_current(self, entity: EntityId) -> None:
        """Put the keyboard on a card and bring it into sight."""
        self._current = entity
        self._reveal()
        self._tell()
        self.update()

    def restyle(self) -> None:
        """Lay out anew in the new size."""
        self._painter.forget()
        super().restyle()

    def sizeHint(self) -> QSize:
        """Wide enough for a short sentence."""
        return QSize(theme.px(200), theme.px(240))

    # -- geometry --------------------------------------------------------------------------------

    def _foot(self) -> int:
        """Room below the stack: the saved line, or the way back to the newest."""
        if not self._stack.follows(len(self._lines)):
            return theme.line("small") + 8
        return theme.line("small") + 6 if self._saved else 0

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_EDGE, 0, -_EDGE, -self._foot() - 2)

    def _placed(self) -> list[Placed]:
        area = self._area()
        self._painter.set_width(int(area.width()))
        head = theme.line("small") + 12
        return self._stack.placed(self._lines, area.height(), head)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew in the new width."""
        super().resizeEvent(event)
        self._painter.set_width(int(self._area().width()))

    # -- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cards in sight, the way to the earlier ones, and what stands below."""
        painter = base.crisp(QPainter(self))
        area, placed = self._area(), self._placed()
        painter.save()
        painter.setClipRect(QRectF(0, 0, self.width(), area.bottom() + 4))
        for card in placed:
            rect = QRectF(area.left(), area.top() + card.top, area.width(), card.height)
            here = card.line.id == self._current and self.hasFocus()
            fresh = card.line.id in self._fresh
            self._painter.paint(painter, rect, card.line, fresh=fresh, selected=here)
            if here and self._keyboard:
                ring = rect.adjusted(-3, -3, 3, 3)
                base.box(painter, ring, RADIUS + 3, border=theme.color("focus"), width=2)
        painter.restore()
        self._paint_earlier(painter, area, placed)
        self._paint_foot(painter, area)

    def _paint_earlier(self, painter: QPainter, area: QRectF, placed: list[Placed]) -> None:
        self._earlier = QRectF()
        if not placed or placed[-1].index == 0:
            return
        words = self._count(placed[-1].index, self.tr("frühere Karte"), self.tr("frühere Karten"))
        height = theme.line("small") + 8
        if len(placed) == 1 and placed[0].top < height:
            return  # one card fills the column: rather all of it than a count over its head
        top = max(0.0, area.top() + placed[-1].top - height - 2)
        self._earlier = QRectF(area.left(), top, area.width(), height)
        if placed[-1].top < height:
            painter.fillRect(self._earlier.adjusted(-_EDGE, -top, _EDGE, 0), theme.color("background"))
        ink = theme.color("muted")
        used = base.text(painter, self._earlier, words, ink, "small", theme.MEDIUM)
        side = theme.px(12)
        caret = base.middle(self._earlier, side, self._earlier.left() + used + 8)
        icons.paint(painter, "caret-up", caret, ink)

    def _paint_foot(self, painter: QPainter, area: QRectF) -> None:
        self._newer = QRectF()
        line = QRectF(area.left(), area.bottom() + 2, area.width(), self._foot())
        side = theme.px(14)
        if not self._stack.follows(len(self._lines)):
            hidden = len(self._lines) - 1 - self._stack.lowest
            words = self._count(max(1, hidden), self.tr("neuere Karte"), self.tr("neuere Karten"))
            self._newer, ink = line, theme.color("accent")
            used = base.text(painter, line, words, ink, "small", theme.MEDIUM)
            caret = base.middle(line, theme.px(12), line.left() + used + 8)
            icons.paint(painter, "caret-down", caret, ink)
        elif self._saved:
            line.translate(0, 2)
            icons.paint(painter, "check", base.middle(line, side, line.left()), theme.color("accent"))
            area = line.adjusted(side + 6, 0, 0, 0)
            base.text(painter, area, self._saved, theme.color("muted"), "small", tabular=True)

    @staticmethod
    def _count(value: int, one: str, many: str) -> str:
        return labels.count(value, one, many)

    # -- walking ---------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Say the current card to the screen reader."""
        line = self.current()
        self.setAccessibleName(self._title)
        words = spoken(line) if line else self._count(len(self._lines), self.tr("Karte"), self.tr("Karten"))
        self.setAccessibleDescription(words)
        self._spoken.renew(has_focus=self.hasFocus())

    # -- one by one for the screen reader --------------------------------------------------------

    def spoken_keys(self) -> list[str]:
        """The cards, oldest first."""
        return [line.id for line in self._lines]

    def spoken_words(self, key: str) -> str:
        """A card with its kind, its time and who wrote it."""
        line = next((line for line in self._lines if line.id == key), None)
        return spoken(line) if line else ""

    def spoken_rect(self, key: str) -> QRect:
        """Where a card lies, if it is in sight."""
        area = self._area()
        card = next((card for card in self._placed() if card.line.id == key), None)
        if card is None:
            return QRect()
        return QRectF(area.left(), area.top() + card.top, area.width(), card.height).toRect()

    def spoken_current(self) -> str:
        """The card under the keyboard."""
        return self._current

    def spoken_marked(self) -> list[str]:
        """The card under the keyboard is the marked one."""
        return [self._current] if self._current else []

    @Slot(object)
    def _on_marked(self, keys: object) -> None:
        assert isinstance(keys, list)
        new = [key for key in keys if key != self._current]
        if new:
            self.make_current(new[0])

    def _at(self) -> int:
        return next((i for i in range(len(self._lines) - 1, -1, -1) if self._lines[i].id == self._current), -1)

    def _walk(self, by: int) -> None:
        if not self._lines:
            return
        at = self._at()
        at = len(self._lines) - 1 if at < 0 else max(0, min(len(self._lines) - 1, at + by))
        self.make_current(self._lines[at].id)

    def _reveal(self) -> None:
        at = self._at()
        if at >= 0:
            self._stack.reveal(self._lines, at, self._area().height(), theme.line("small") + 12)

    def scroll(self, by: float) -> None:  # type: ignore[override]
        """Move the stack down by so many pixels, which shows earlier cards."""
        self._stack.scroll(self._lines, by, self._area().height())
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have a current card and say it."""
        super().focusInEvent(event)
        self._keyboard = event.reason() not in base.QUIET_REASONS
        if self._at() < 0 and self._lines:
            self._current = self._lines[-1].id
        self._reveal()
        self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, edit, mark, move, delete; everything else goes up."""
        self._keyboard = True
        key, line = event.key(), self.current()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -5, Qt.Key.Key_PageDown: 5,
                 Qt.Key.Key_Home: -len(self._lines), Qt.Key.Key_End: len(self._lines)}  # fmt: skip
        turns = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key == Qt.Key.Key_Escape or (key == Qt.Key.Key_Down and self._at() == len(self._lines) - 1):
            self.left.emit()
        elif key in steps:
            self._walk(steps[Qt.Key(key)])
        elif key in turns and control and line is not None:
            self.shifted.emit(line, turns[Qt.Key(key)])
        elif key in turns:
            self.sideways.emit(turns[Qt.Key(key)])
        elif line is not None and not self._act(key, event.text(), line):
            super().keyPressEvent(event)

    def _act(self, key: int, words: str, line: CardLine) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.opened.emit(line)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit(line)
        elif words and words in "?!+-@":
            self.marked.emit(line, words)
        else:
            return False
        return True

    # -- mouse -----------------------------------------------------------------------------------

    def card_at(self, point: QPointF) -> CardLine | None:
        """The card under a point."""
        area = self._area()
        for card in self._placed():
            if QRectF(area.left(), area.top() + card.top, area.width(), card.height).contains(point):
                return card.line
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select a card, or go to earlier or the newest ones."""
        self._keyboard = False
        point = event.position()
        if self._newer.contains(point):
            self._stack.follow(len(self._lines))
        elif self._earlier.contains(point):
            self.scroll(self._area().height() * 0.8)
        else:
            line = self.card_at(point)
            self._current = line.id if line else ""
            if line is None:
                self.pressed.emit()
        self._tell()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit the card."""
        line = self.card_at(event.position())
        if line is not None:
            self.opened.emit(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over what can be pressed; a long card tells all of itself."""
        point = event.position()
        ways = self._newer.contains(point) or self._earlier.contains(point)
        self.setCursor(Qt.CursorShape.PointingHandCursor if ways else Qt.CursorShape.ArrowCursor)
        line = self.card_at(point)
        long = line is not None and (len(line.text) > 300 or bool(line.person and not line.mine))
        words = spoken(line) if line is not None and long else ""
        if words != self.toolTip():
            self.setToolTip(words)
            if not words:
                QToolTip.hideText()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the stack."""
        pixels = event.pixelDelta().y() or event.angleDelta().y() / 2
        self.scroll(pixels)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the card under the mouse or the keyboard."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        line = self.card_at(QPointF(event.pos())) if by_mouse else self.current()
        if line is None:
            return
        self._current = line.id
        self.update()
        point = event.globalPos()
        if not by_mouse:
            area = self._area()
            rect = next((c for c in self._placed() if c.line.id == line.id), None)
            top = area.top() + (rect.top if rect else 0) + 24
            point = self.mapToGlobal(QPointF(area.left() + 24, top).toPoint())
        self.menu_wanted.emit(line, point)
