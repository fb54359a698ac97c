"""The painted wall: panels and cards in sight, walked by keys and mouse. Ten thousand cards cost as much as ten."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from app.domain.ids import EntityId
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.spoken import SpokenCards
from app.ui.workshops.wall.dragging import Drag
from app.ui.workshops.wall.laying import Laying
from app.ui.workshops.wall.layout import Content, Hit, Layout, Look
from app.ui.workshops.wall.paint import WallPainter
from app.ui.workshops.wall.selection import Selection
from app.ui.workshops.wall.state import WallState
from app.ui.workshops.wall.votes import votes_of

MARGIN = 24
_RING = 6
"""So far around a card its ring is painted."""
_BOTTOM = 96
"""Room below the last panel, so that the floating bar covers nothing."""
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class WallCanvas(Themed, QAbstractScrollArea):
    """Arrow keys walk, Space marks, plus and minus give points, Ctrl with an arrow moves to another cluster."""

    selected = Signal()
    moved = Signal()
    """The keyboard stands on another card."""
    promote_wanted = Signal()
    together_wanted = Signal()
    delete_wanted = Signal()
    rename_wanted = Signal(str)
    menu_wanted = Signal(str, object)
    """A panel's key and the global point at which its menu opens; the meant cards are the selection's."""
    new_cluster_wanted = Signal(object)
    """Cards that were dropped where a cluster is to be made of them."""

    def __init__(self, state: WallState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "wall", self.tr("Wand"))
        self._state = state
        self._laid = Layout(Look.desk())
        self._painter = WallPainter(self._laid)
        self._laying = Laying(self._laid, self)
        self._laying.done.connect(self._on_laid)
        self.selection = Selection(self._on_selection)
        self._drag = Drag(self, self._panel_at)
        self._keyboard = False
        self._over: Hit | None = None
        self._pressed: tuple[Hit | None, QPoint] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(theme.px(48))
        self._spoken = SpokenCards(self, self.viewport(), name="wall_cards", accessible=self.tr("Karten"))
        self._spoken.marked.connect(self.selection.mark)
        state.changed.connect(self.relay)
        state.given.connect(self._on_given)
        self._is_stale = True
        """Cards of a wall that nobody sees are put in their places when it is shown."""

    # -- content ---------------------------------------------------------------------------------

    @property
    def layout_(self) -> Layout:
        """Where everything lies; what was to be laid later is laid now."""
        self._laying.finish()
        return self._laid

    @Slot()
    def relay(self) -> None:
        """Cards or headings changed: put everything in its place and stay where one is."""
        if self._is_watched():
            self._laying.lay(self._state.contents(), self.viewport().width(), MARGIN)

    def _relay_in_sight(self) -> None:
        if self._is_watched():
            port = self.viewport()
            sight = self.verticalScrollBar().value() + port.height()
            self._laying.lay_in_sight(self._state.contents(), port.width(), MARGIN, sight)
            self._show_range()
            port.update()

    def _is_watched(self) -> bool:
        """Nothing is laid out for nobody; then all of it is to be done when somebody looks."""
        self._is_stale = not self.isVisible()
        if self._is_stale:
            self._laying.stop()
        return not self._is_stale

    @Slot()
    def _on_laid(self) -> None:
        self.selection.drop_missing(lambda card: self._laid.spot(card) is not None)
        self._show_range()
        self._tell()
        self.viewport().update()

    def _show_range(self) -> None:
        bar, high = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(high)
        bar.setRange(0, max(0, int(self._laid.height + _BOTTOM - high)))

    @Slot()
    def _on_given(self) -> None:
        self._tell()
        self.viewport().update()

    def _on_selection(self) -> None:
        self.selected.emit()
        self._tell()
        self.viewport().update()

    def restyle(self) -> None:
        """Measure anew in the new size."""
        self._laid.forget()
        self._laid.look = Look.desk()
        self.relay()
        super().restyle()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        if self._is_stale:
            self._relay_in_sight()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out in the new width."""
        super().resizeEvent(event)
        self._relay_in_sight()

    # -- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight."""
        painter = base.crisp(QPainter(self.viewport()))
        painter.fillRect(event.rect(), theme.color("sunken"))
        top = self.verticalScrollBar().value()
        painter.translate(0, -top)
        low, high = float(top + event.rect().top()), float(top + event.rect().bottom())
        wanted = QRectF(event.rect()).translated(0, top).adjusted(-_RING, 0, _RING, 0)
        state = self._state
        left = not state.budget() or state.budget() > state.total() if state.is_open else True
        focused = self.hasFocus() and self._keyboard
        for panel in self._laid.panels:
            if panel.rect.bottom() < low or panel.rect.top() > high:
                continue
            target = self._drag.is_on and self._drag.target == panel.content.key
            self._painter.paint_panel(painter, panel, self.note(panel.content), target=target)
            for spot in panel.within(low, high):
                if not spot.rect.intersects(wanted):
                    continue
                card = spot.card.id
                votes = votes_of(state, card, left)
                over = self._over.part if self._over is not None and self._over.card == card else ""
                ring = focused and card == self.selection.current
                self._painter.paint_card(painter, spot, votes, selected=card in self.selection, ring=ring, over=over)
        painter.resetTransform()
        self._drag.paint(painter, self._painter)

    def note(self, content: Content) -> str:
        """ "5 Karten  ·  24 Punkte"."""
        cards = labels.count(len(content.cards), self.tr("Karte"), self.tr("Karten"))
        if self._state.round is None:
            return cards
        return f"{cards}  ·  {self._state.words(self._state.sum_of(content.cards))}"

    # -- places ----------------------------------------------------------------------------------

    def to_wall(self, point: QPointF) -> QPointF:
        """A point of the viewport in the wall's own coordinates."""
        return QPointF(point.x(), point.y() + self.verticalScrollBar().value())

    def hit(self, point: QPointF) -> Hit | None:
        """What lies under a point of the viewport."""
        return self._laid.at(self.to_wall(point), self._state.is_open)

    def _panel_at(self, point: QPointF) -> str:
        hit = self.hit(point)
        return hit.panel if hit is not None else ""

    def rect_of(self, card: EntityId) -> QRectF:
        """Where a card lies in the viewport; empty if it is not on the wall."""
        spot = self._laid.spot(card) or self.layout_.spot(card)
        return spot.rect.translated(0, -self.verticalScrollBar().value()) if spot else QRectF()

    def go_to(self, card: EntityId, *, keyboard: bool = True) -> None:
        """Stand on a card and bring it into sight."""
        self._stand_on(card)
        self._keyboard = keyboard
        rect, bar = self.rect_of(card), self.verticalScrollBar()
        if rect.top() < MARGIN:
            bar.setValue(int(bar.value() + rect.top() - MARGIN - self.layout_.look.head))
        elif rect.bottom() > self.viewport().height() - _BOTTOM:
            bar.setValue(int(bar.value() + rect.bottom() - self.viewport().height() + _BOTTOM))
        self._tell()
        self.moved.emit()

    def _stand_on(self, card: EntityId) -> None:
        """Only the card one leaves and the one one comes to look different."""
        for changed in (self.selection.current, card):
            self.viewport().update(self.rect_of(changed).adjusted(-_RING, -_RING, _RING, _RING).toAlignedRect())
        self.selection.current = card

    def _tell(self) -> None:
        """Say the cards, and the one the keyboard stands on, to the screen reader, as soon as all are there."""
        if self._laying.goes_on:
            return
        words = self.spoken_words(self.selection.current)
        if not words:
            cards = sum(len(content.cards) for content in self._state.contents())
            words = labels.count(cards, self.tr("Karte"), self.tr("Karten"))
        self.setAccessibleDescription(words)
        self._spoken.renew(has_focus=self.hasFocus())

    # -- one by one for the screen reader --------------------------------------------------------

    def spoken_keys(self) -> list[str]:
        """The cards panel by panel, as one reads."""
        return [spot.card.id for panel in self.layout_.panels for spot in panel.order]

    def spoken_words(self, key: str) -> str:
        """A card with its points, its heading and what became of it; "" if it is not on the wall."""
        line = self._state.card(key) if key else None
        panel = self.layout_.panel_of(key) if line else None
        if line is None or panel is None:
            return ""
        parts = [line.text]
        if self._state.round is not None:
            parts.append(self._state.words(self._state.points(key)))
        if rank := self._state.rank(key) if self._state.by_rank else 0:
            parts.append(self.tr("Rang {0}").format(rank))
        if place := self._state.ballot.place(key):
            parts.append(self.tr("Platz {0} auf dem Stimmzettel").format(place))
        parts.append(panel.content.title)
        if key in self.selection:
            parts.append(self.tr("ausgewählt"))
        if line.measures:
            parts.append(self.tr("wurde zur Maßnahme"))
        return ", ".join(parts)

    def spoken_rect(self, key: str) -> QRect:
        """Where a card lies."""
        return self.rect_of(key).toRect()

    def spoken_current(self) -> str:
        """The card under the keyboard."""
        return self.selection.current

    def spoken_marked(self) -> list[str]:
        """The marked cards."""
        return self.selection.cards

    # -- keys ------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Stand on a card."""
        super().focusInEvent(event)
        self._keyboard = event.reason() not in base.QUIET_REASONS
        first = self._laid.first()
        if not self.selection.current and first is not None:
            self.selection.current = first.card.id
        self._tell()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, mark, vote, move; everything else goes up."""
        self._keyboard = True
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in _ARROWS and control:
            self._move_by(sum(_ARROWS[key]))
        elif key in _ARROWS:
            self._walk(*_ARROWS[key], mark=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_A and control:
            panel = self.layout_.panel_of(self.selection.current)
            self.selection.mark(spot.card.id for spot in (panel.order if panel else ()))
        elif key == Qt.Key.Key_Escape and (self._drag.is_on or len(self.selection)):
            self._drag.end()
            self.selection.clear()
        elif control or not self._act(key):
            super().keyPressEvent(event)

    def _act(self, key: Qt.Key) -> bool:
        current = self.selection.current
        if key == Qt.Key.Key_Space and current:
            self.selection.toggle(current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and current:
            self._state.vote(current, 1 if key == Qt.Key.Key_Plus else -1)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and current and self._state.ballot.places:
            self._state.ballot.put(current, key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._state.ballot.cards:
            self._state.hand_in()
        elif key == Qt.Key.Key_M:
            self.promote_wanted.emit()
        elif key == Qt.Key.Key_Z:
            self.together_wanted.emit()
        elif key == Qt.Key.Key_N and (cards := self.selection.meant()):
            self.new_cluster_wanted.emit(cards)
        elif key == Qt.Key.Key_F2 and (panel := self.layout_.panel_of(current)):
            self.rename_wanted.emit(panel.content.key)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        else:
            return False
        return True

    def _walk(self, x: int, y: int, *, mark: bool) -> None:
        before = self.selection.current
        found = self.layout_.beside(before, x, y)
        if found is None:
            return
        if mark:
            self.selection.mark(dict.fromkeys([*self.selection.cards, before, found.card.id]))
        self.go_to(found.card.id)

    def _move_by(self, by: int) -> None:
        """The meant cards into the next or the previous panel."""
        current = self.selection.current
        keys = [panel.content.key for panel in self.layout_.panels]
        panel = self.layout_.panel_of(current)
        if panel is None or not self._state.may_edit:
            return
        at = keys.index(panel.content.key) + by
        if 0 <= at < len(keys):
            self._state.put(self.selection.meant(), keys[at])
            self.go_to(current)

    # -- mouse -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give a point, or take hold of a card."""
        self._keyboard = False
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        hit = self.hit(event.position())
        self._pressed = (hit, event.position().toPoint())
        if hit is None or not hit.card:
            return
        self.go_to_quietly(hit.card)
        if hit.part in ("less", "more"):
            self._pressed = None
            self._state.vote(hit.card, 1 if hit.part == "more" else -1)

    def go_to_quietly(self, card: EntityId) -> None:
        """Stand on a card that is under the mouse."""
        self._stand_on(card)
        self._tell()
        self.moved.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held; show what can be pressed."""
        point = event.position()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            hit, start = self._pressed
            far = (point.toPoint() - start).manhattanLength() >= QApplication.startDragDistance()
            if hit is not None and hit.card and self._state.may_edit and far and not self._drag.is_on:
                cards = self.selection.cards if hit.card in self.selection else [hit.card]
                self._drag.begin(cards, self._state.contents())
            if self._drag.is_on:
                self._drag.move(point)
            return
        over = self.hit(point)
        if over != self._over:
            self._over = over
            line = self._state.card(over.card) if over and over.card else None
            spot = self.layout_.spot(over.card) if over else None
            cut = line is not None and spot is not None and spot.lines[-1].endswith("…")
            self.viewport().setToolTip(line.text[:2000] if line is not None and cut else "")
            hand = over is not None and over.part in ("less", "more")
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop what is dragged; a plain click marks a card, one beside all cards none."""
        pressed, self._pressed = self._pressed, None
        if self._drag.is_on:
            cards, target = self._drag.end()
            if target == Drag.NEW:
                self.new_cluster_wanted.emit(cards)
            elif target:
                self._state.put(cards, target)
            return
        if pressed is None:
            return
        hit = pressed[0]
        if hit is not None and hit.part == "card":
            self.selection.toggle(hit.card)
        elif hit is None or hit.part == "panel":
            self.selection.clear()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick points are two points; on a heading one renames."""
        hit = self.hit(event.position())
        if hit is not None and hit.part == "head":
            self.rename_wanted.emit(hit.panel)
            return
        self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of what is under the mouse or the keyboard."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            hit = self.hit(QPointF(event.pos()))
            if hit is None:
                return
            if hit.card:
                self.go_to_quietly(hit.card)
                if hit.card not in self.selection:
                    self.selection.clear()
            self.menu_wanted.emit(hit.panel if not hit.card else "", event.globalPos())
            return
        rect = self.rect_of(self.selection.current)
        if not rect.isEmpty():
            self.menu_wanted.emit("", self.viewport().mapToGlobal(rect.center().toPoint()))
