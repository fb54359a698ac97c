"""Cards at the mouse: where they would go, places that are no panel yet, scrolling at the edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea

from app.domain.ids import EntityId
from app.ui import labels, theme
from app.ui.widgets.popover import SHADOW
from app.ui.workshops.wall.layout import LOOSE, PARKED, Content
from app.ui.workshops.wall.paint import WallPainter

_EDGE, _PACE, _TICK_MS = 48, 14, 16


class Drag:
    """One drag at a time on one wall."""

    NEW = "new"
    """The place where a cluster is to be made of the cards."""

    def __init__(self, area: QAbstractScrollArea, panel_at: Callable[[QPointF], str]) -> None:
        self._area, self._panel_at = area, panel_at
        self._cards: list[EntityId] = []
        self._words = ""
        self._point = QPointF()
        self._places: list[tuple[str, str]] = []
        self.target = ""
        self._timer = QTimer(area, interval=_TICK_MS)
        self._timer.timeout.connect(self._scroll)

    @property
    def is_on(self) -> bool:
        """Whether cards hang at the mouse."""
        return bool(self._cards)

    def begin(self, cards: Sequence[EntityId], contents: Sequence[Content]) -> None:
        """Take these cards to the mouse."""
        self._cards = list(cards)
        first = next((c.text for content in contents for c in content.cards if c.id == self._cards[0]), "")
        self._words = first if len(cards) == 1 else labels.count(len(cards), "Karte", "Karten")
        there = {content.key for content in contents}
        self._places = [(self.NEW, "Neuer Cluster")]
        if PARKED not in there:
            self._places.append((PARKED, "Themenspeicher"))
        if LOOSE not in there:
            self._places.append((LOOSE, "Ohne Cluster"))
        self._timer.start()

    def move(self, point: QPointF) -> None:
        """The mouse is here now; painted anew is what hangs at it, and all of the wall where another place is meant."""
        port, before = self._area.viewport(), (self._hanging(), self.target)
        self._point = point
        place = next((key for key, rect, _ in self._drops() if rect.contains(point)), "")
        self.target = place or self._panel_at(point)
        if self.target != before[1]:
            port.update()
        else:
            for rect in (before[0], self._hanging()):
                port.update(rect.adjusted(-SHADOW, -SHADOW, SHADOW, SHADOW).toAlignedRect())

    def _hanging(self) -> QRectF:
        return QRectF(self._point.x() + 12, self._point.y() + 8, theme.px(240), theme.grow(40))

    def _drops(self) -> list[tuple[str, QRectF, str]]:
        """The places at the lower edge: (key, where, words)."""
        port = self._area.viewport()
        gap, high = 12, theme.grow(48)
        width = (port.width() - 48 - gap * (len(self._places) - 1)) / max(1, len(self._places))
        top = port.height() - high - 16
        return [
            (key, QRectF(24 + n * (width + gap), top, width, high), words)
            for n, (key, words) in enumerate(self._places)
        ]

    def _scroll(self) -> None:
        """Near the upper or lower edge the wall goes on."""
        bar, height = self._area.verticalScrollBar(), self._area.viewport().height()
        by = -_PACE if self._point.y() < _EDGE else _PACE if self._point.y() > height - _EDGE / 2 else 0
        if by:
            bar.setValue(bar.value() + by)
            self.move(self._point)

    def end(self) -> tuple[list[EntityId], str]:
        """Let go; returns the cards and where they are, "" for nowhere."""
        self._timer.stop()
        cards, target = self._cards, self.target
        self._cards, self.target = [], ""
        self._area.viewport().update()
        return cards, target

    def paint(self, painter: QPainter, cards: WallPainter) -> None:
        """The places at the lower edge, and over all what hangs at the mouse."""
        if not self.is_on:
            return
        for key, rect, words in self._drops():
            cards.paint_drop(painter, rect, words, target=key == self.target)
        cards.paint_dragged(painter, self._hanging(), self._words)
