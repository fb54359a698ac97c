"""A floating card with an arrow: inside the window, closed by Esc, by a click beside it or by leaving it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QApplication, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.reading_order import reading_order
from app.ui.widgets.words import Label

Side = Literal["below", "above", "left", "right"]

SHADOW = 16
ARROW = 8
_SCROLLS = {
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


def paint_shadow(painter: QPainter, card: QRectF, radius: float) -> None:
    """A soft shadow under a floating card, a little lower than the card; only what floats has one."""
    painter.save()
    base.crisp(painter)
    painter.setPen(Qt.PenStyle.NoPen)
    strength = 5 if theme.active().dark else 2
    painter.setBrush(QColor(0, 0, 0, strength))
    for spread in range(SHADOW - 4, 0, -1):
        painter.drawRoundedRect(
            card.adjusted(-spread, 4 - spread, spread, 4 + spread), radius + spread, radius + spread
        )
    painter.restore()


class Popover(Themed, QWidget):
    """A card that floats in the window beside an anchor; it deletes itself when it closes."""

    closed = Signal()

    def __init__(self, window: QWidget, *, name: str, accessible: str, title: str = "", padding: int = 0) -> None:
        super().__init__(window)
        base.identify(self, name, accessible)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._anchor: QWidget | None = None
        self._before: QWidget | None = None
        self._side: Side = "below"
        self._tip = 0
        self._padding = padding
        self._close: IconButton | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(8)
        if title:
            self._layout.addLayout(self._head(title))
        self.hide()

    def _head(self, title: str) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(Label(title, weight=theme.STRONG), 1)
        close = IconButton("x", name=f"{self.objectName()}_close", accessible=self.tr("Schließen"))
        close.clicked.connect(self.close_now)
        self._close = close
        head.addWidget(close)
        return head

    def set_body(self, body: QWidget) -> None:
        """Put the content into the card."""
        self._layout.addWidget(body, 1)

    def open_at(self, anchor: QWidget, side: Side = "below", width: int = 0, height: int = 0) -> None:
        """Show the card beside an anchor; where there is no room, on the opposite side."""
        self._anchor = anchor
        edge, pad = SHADOW, self._padding
        self._layout.setContentsMargins(edge + pad, edge + pad, edge + pad, edge + pad)
        if width:
            self.setFixedWidth(width + 2 * edge)
        self.adjustSize()
        if width and self._layout.hasHeightForWidth():
            # Qt asks how high the words are at the width they would like, not at the one they get.
            self.resize(self.width(), self._layout.totalHeightForWidth(self.width()))
        if height:
            self.resize(self.width(), height + 2 * edge)
        self._place(anchor, side)
        self.show()
        self.raise_()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._before = app.focusWidget()
        app.installEventFilter(self)
        app.focusChanged.connect(self._on_focus_changed)
        stops = reading_order(self)
        inside = [stop for stop in stops if stop is not self._close] or stops or [self]
        inside[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self, anchor: QWidget, side: Side) -> None:
        window = self.parentWidget()
        assert window is not None
        around = QRect(anchor.mapTo(window, QPoint(0, 0)), anchor.size())
        size = self.size().boundedTo(window.size())
        self.resize(size)
        card_w, card_h = size.width() - 2 * SHADOW, size.height() - 2 * SHADOW
        room = {
            "below": window.height() - around.bottom() - ARROW - card_h,
            "above": around.top() - ARROW - card_h,
            "right": window.width() - around.right() - ARROW - card_w,
            "left": around.left() - ARROW - card_w,
        }
        opposite: dict[Side, Side] = {"below": "above", "above": "below", "left": "right", "right": "left"}
        if room[side] < 4 and room[opposite[side]] > room[side]:
            side = opposite[side]
        self._side = side
        center = around.center()
        if side in ("below", "above"):
            x = around.left()
            y = around.bottom() + ARROW if side == "below" else around.top() - ARROW - card_h
        else:
            y = center.y() - min(card_h // 2, 48)
            x = around.right() + ARROW if side == "right" else around.left() - ARROW - card_w
        x = max(8, min(x, window.width() - card_w - 8))
        y = max(8, min(y, window.height() - card_h - 8))
        self.move(x - SHADOW, y - SHADOW)
        along = center.x() - x if side in ("below", "above") else center.y() - y
        length = card_w if side in ("below", "above") else card_h
        self._tip = max(20, min(along, length - 20))

    def anchor(self) -> QWidget | None:
        """What the card was opened beside."""
        return self._anchor

    def close_now(self) -> None:
        """Close and give the focus back to the anchor."""
        app = QApplication.instance()
        if not self.isVisible() or not isinstance(app, QApplication):
            return
        app.removeEventFilter(self)
        app.focusChanged.disconnect(self._on_focus_changed)
        inside = app.focusWidget()
        back = inside is None or inside is self or self.isAncestorOf(inside)
        if back:  # before hiding: Qt would lead the focus to whatever comes next
            self._give_back()
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def stand_by(self, anchor: QWidget) -> None:
        """Another widget takes the place of the anchor, which is about to go; the card stays where it is."""
        self._anchor = anchor

    def _give_back(self) -> None:
        """To the anchor if it takes the keyboard, else to whatever had it before, as far as they still stand."""
        for one in (self._anchor, self._before):
            if one is not None and isValid(one) and one.isVisible() and one.focusPolicy() != Qt.FocusPolicy.NoFocus:
                one.setFocus(Qt.FocusReason.PopupFocusReason)
                return

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new is not self and not self.isAncestorOf(new) and new.window() is self.window():
            self.close_now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close at a press beside the card; a press on the anchor only closes."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            point = self.mapFromGlobal(event.globalPosition().toPoint())
            ours = isinstance(watched, QWidget) and watched.window() is self.window()
            if ours and not self._card().toRect().contains(point):
                self.close_now()
                return watched is self._anchor
        elif event.type() == QEvent.Type.Hide and watched is self._anchor and not self._anchor.isHidden():
            self.close_now()  # the page it stands on gave way to another one; hidden alone, it may only be replaced
        elif event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self.close_now()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; the keys that turn pages scroll what is longer than the card, whatever has the focus in it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_now()
            return
        pane = self.findChild(QAbstractScrollArea)
        if pane is not None and event.key() in _SCROLLS:
            pane.verticalScrollBar().triggerAction(_SCROLLS[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def _card(self) -> QRectF:
        return QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)

    def _shape(self) -> QPainterPath:
        card = self._card().adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(card, 10, 10)
        half = 7
        tip = QPainterPath()
        if self._side in ("below", "above"):
            x = card.left() + self._tip
            y, out = (card.top(), -ARROW + 1) if self._side == "below" else (card.bottom(), ARROW - 1)
            tip.addPolygon([QPointF(x - half, y), QPointF(x, y + out), QPointF(x + half, y), QPointF(x - half, y)])
        else:
            y = card.top() + self._tip
            x, out = (card.left(), -ARROW + 1) if self._side == "right" else (card.right(), ARROW - 1)
            tip.addPolygon([QPointF(x, y - half), QPointF(x + out, y), QPointF(x, y + half), QPointF(x, y - half)])
        return path.united(tip)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shadow, card and arrow."""
        painter = base.crisp(QPainter(self))
        paint_shadow(painter, self._card(), 10)
        painter.setBrush(theme.color("surface"))
        painter.setPen(QPen(theme.color("outline"), 1))
        painter.drawPath(self._shape())
