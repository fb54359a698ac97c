"""Over the tiles: the outline of every district in its colour, and its name where there is room beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base

_GAP = 12
_SQUARE = 10


@dataclass(frozen=True, slots=True)
class District:
    """One district as the map draws it: name, colour role, outline, the rectangles of its tiles."""

    name: str
    role: str
    shape: QPainterPath
    tiles: tuple[QRectF, ...]
    width: int
    """Of the line, half of which lies inside."""


class Outlines(Themed, QWidget):
    """Lies over all tiles; the mouse goes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._districts: Sequence[District] = ()
        self.names: dict[str, QRectF] = {}

    def show_districts(self, districts: Sequence[District]) -> None:
        """Show other outlines."""
        self._districts = districts
        self.names = self._placed()
        self.update()

    def _placed(self) -> dict[str, QRectF]:
        """Where each name stands: beside one of its tiles, free of all tiles, as far from other districts as can be."""
        every = [tile for district in self._districts for tile in district.tiles]
        found: dict[str, QRectF] = {}
        for district in self._districts:
            others = [tile for other in self._districts if other is not district for tile in other.tiles]
            free = [
                rect
                for rect in self._candidates(district)
                if QRectF(self.rect()).adjusted(8, 4, -8, -4).contains(rect)
                and not any(rect.intersects(tile.adjusted(2, 6, -2, -6)) for tile in every)
                and not any(rect.intersects(taken) for taken in found.values())
            ]
            if free:
                found[district.name] = max(free, key=lambda rect: _distance(rect, others))
        return found

    def _candidates(self, district: District) -> list[QRectF]:
        width = base.text_width(district.name, "small", theme.STRONG) + _SQUARE + 8
        height = theme.line("small")
        found = []
        for tile in district.tiles:
            for y in (tile.center().y(), tile.top() + tile.height() * 0.2, tile.top() + tile.height() * 0.8):
                found.append(QRectF(tile.left() - _GAP - width, y - height / 2, width, height))
                found.append(QRectF(tile.right() + _GAP, y - height / 2, width, height))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint each outline just inside its tiles, so that two that meet are both seen."""
        painter = base.crisp(QPainter(self))
        for district in self._districts:
            ink = theme.color(district.role)
            painter.save()
            painter.setClipPath(district.shape)
            pen = QPen(ink, district.width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(district.shape)
            painter.restore()
            rect = self.names.get(district.name)
            if rect is not None:
                square = base.middle(rect, _SQUARE, rect.left())
                base.box(painter, square, 3, None, ink, 2)
                base.text(painter, rect.adjusted(_SQUARE + 6, 0, 0, 0), district.name, ink, "small", theme.STRONG)


def _distance(rect: QRectF, others: Sequence[QRectF]) -> float:
    def between(other: QRectF) -> float:
        gap = rect.center() - other.center()
        return QPointF.dotProduct(gap, gap)

    return min((between(other) for other in others), default=0.0)
