"""The bar that floats over the wall while cards are marked."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.popover import SHADOW, paint_shadow
from app.ui.widgets.words import Label


class SelectionBar(Themed, QWidget):
    """How many cards, their points, and what can be made of them."""

    together = Signal()
    promote = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        base.identify(self, "selection_bar", self.tr("Auswahl"))
        self._count = Label("", weight=theme.STRONG, tabular=True)
        self._points = Label("", "small", role="muted", tabular=True)
        self.join = Button(self.tr("Zusammenlegen"), name="wall_together", icon="git-merge", hint="Z")
        self.measure = Button(
            self.tr("Zur Maßnahme machen"), name="wall_promote", kind="primary", icon="arrow-right", hint="M"
        )
        close = IconButton("x", name="wall_clear", accessible=self.tr("Auswahl aufheben"))
        self.join.clicked.connect(self.together)
        self.measure.clicked.connect(self.promote)
        close.clicked.connect(self.cleared)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self._count)
        told.addWidget(self._points)
        told.addStretch(1)
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.addWidget(self.join)
        deeds.addWidget(self.measure)
        deeds.addWidget(close)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(SHADOW + 20, SHADOW + 12, SHADOW + 8, SHADOW + 12)
        self._box.setSpacing(16)
        self._box.addLayout(told)
        self._box.addLayout(deeds)
        self.hide()

    def show_selection(self, count: int, points: str) -> None:
        """Show the bar, or hide it when nothing is marked."""
        self._count.setText(labels.count(count, self.tr("Karte ausgewählt"), self.tr("Karten ausgewählt")))
        self._points.setText(points)
        self._points.setVisible(bool(points))
        self.join.setVisible(count > 1)
        self.setVisible(count > 0)
        self.place()

    def place(self) -> None:
        """Centred at the lower edge of the wall; where it is narrow in two rows and with fewer words."""
        host = self.parentWidget()
        if host is None or self.isHidden():
            return
        self._say(self.tr("Zur Maßnahme machen"), QBoxLayout.Direction.LeftToRight)
        room = host.width() + 2 * SHADOW - 16
        if self.sizeHint().width() > room:
            self._say(self.tr("Zur Maßnahme"), QBoxLayout.Direction.TopToBottom)
        size = self.sizeHint()
        self.resize(min(size.width(), room), size.height())
        self.move((host.width() - self.width()) // 2, host.height() - self.height() + SHADOW - 24)
        self.raise_()

    def _say(self, words: str, direction: QBoxLayout.Direction) -> None:
        self.measure.setText(words)
        self._box.setDirection(direction)
        self._box.invalidate()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shadow and sheet."""
        painter = base.crisp(QPainter(self))
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_shadow(painter, card, 10)
        base.box(painter, card, 10, theme.color("surface"), theme.color("control_border"))
