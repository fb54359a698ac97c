"""Small shapes that carry a meaning beside their word: progress rings, traffic light, dot, fork."""

from __future__ import annotations

import enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed


class Glyph(enum.StrEnum):
    """The shapes; each differs from the others in outline, not only in colour."""

    RING_DOTTED = "ring_dotted"
    RING_EMPTY = "ring_empty"
    RING_QUARTER = "ring_quarter"
    RING_HALF = "ring_half"
    RING_THREE_QUARTERS = "ring_three_quarters"
    RING_FULL = "ring_full"
    RING_CHECKED = "ring_checked"
    RING_PAUSED = "ring_paused"
    RING_CROSSED = "ring_crossed"
    LIGHT_OK = "light_ok"
    LIGHT_WARNING = "light_warning"
    LIGHT_DANGER = "light_danger"
    LIGHT_NONE = "light_none"
    DIAMOND = "diamond"
    DOT = "dot"
    VERSIONS = "versions"


#: The colour role of each shape.
TONES = {
    Glyph.RING_DOTTED: "muted",
    Glyph.RING_EMPTY: "muted",
    Glyph.RING_PAUSED: "muted",
    Glyph.RING_CROSSED: "muted",
    Glyph.LIGHT_OK: "ok",
    Glyph.LIGHT_WARNING: "warning",
    Glyph.LIGHT_DANGER: "danger",
    Glyph.LIGHT_NONE: "muted",
    Glyph.DIAMOND: "danger",
    Glyph.DOT: "info",
    Glyph.VERSIONS: "version",
}
_WEDGES = {Glyph.RING_QUARTER: 90, Glyph.RING_HALF: 180, Glyph.RING_THREE_QUARTERS: 270}


def tone(glyph: Glyph) -> str:
    """The colour role of a shape."""
    return TONES.get(glyph, "accent")


def paint_glyph(painter: QPainter, glyph: Glyph, rect: QRect | QRectF, role: str | None = None) -> None:
    """Paint a shape into a square; 12 px at 100 % text size leaves the 10-px ring one pixel of air."""
    area = QRectF(rect)
    unit = min(area.width(), area.height()) / 12
    color = theme.color(role or tone(glyph))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(area.center())
    painter.scale(unit, unit)
    if glyph is Glyph.VERSIONS:
        icons.paint(painter, "git-fork", QRectF(-7, -7, 14, 14), color)
    elif glyph.value.startswith("ring"):
        _ring(painter, glyph, QPen(color, 1.5))
    else:
        _light(painter, glyph, QPen(color, 1.5))
    painter.restore()


def _ring(painter: QPainter, glyph: Glyph, pen: QPen) -> None:
    color = pen.color()
    circle = QRectF(-5, -5, 10, 10)
    if glyph in (Glyph.RING_FULL, Glyph.RING_CHECKED):
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QRectF(-5.5, -5.5, 11, 11))
        if glyph is Glyph.RING_CHECKED:
            painter.setPen(QPen(theme.color("surface"), 1.5, c=Qt.PenCapStyle.RoundCap))
            painter.drawPolyline([QPointF(-2.4, 0.2), QPointF(-0.7, 1.9), QPointF(2.5, -1.6)])
        return
    if glyph is Glyph.RING_DOTTED:
        # Eight dashes and eight gaps of equal length on a circumference of 2 * pi * 5.
        pen.setDashPattern([31.416 / 16 / 1.5] * 2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawEllipse(circle)
    bar = QPen(color, 1.5, c=Qt.PenCapStyle.FlatCap)
    painter.setPen(bar)
    if glyph is Glyph.RING_PAUSED:
        painter.drawLine(QPointF(-1.4, -2.5), QPointF(-1.4, 2.5))
        painter.drawLine(QPointF(1.4, -2.5), QPointF(1.4, 2.5))
    elif glyph is Glyph.RING_CROSSED:
        painter.drawLine(QPointF(-2, -2), QPointF(2, 2))
        painter.drawLine(QPointF(-2, 2), QPointF(2, -2))
    elif glyph in _WEDGES:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPie(QRectF(-3.5, -3.5, 7, 7), 90 * 16, -_WEDGES[glyph] * 16)


def _light(painter: QPainter, glyph: Glyph, pen: QPen) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    if glyph is Glyph.LIGHT_OK:
        painter.drawEllipse(QRectF(-5.5, -5.5, 11, 11))
    elif glyph is Glyph.LIGHT_WARNING:
        painter.drawPolygon(QPolygonF([QPointF(0, -5.5), QPointF(6, 5), QPointF(-6, 5)]))
    elif glyph is Glyph.LIGHT_DANGER:
        painter.drawRect(QRectF(-5, -5, 10, 10))
    elif glyph is Glyph.DIAMOND:
        painter.drawPolygon(QPolygonF([QPointF(0, -6), QPointF(6, 0), QPointF(0, 6), QPointF(-6, 0)]))
    elif glyph is Glyph.DOT:
        painter.drawEllipse(QRectF(-3, -3, 6, 6))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawEllipse(QRectF(-4.25, -4.25, 8.5, 8.5))


class GlyphMark(Themed, QWidget):
    """A shape as a widget; give it the word it stands for, because nothing means by shape alone."""

    def __init__(self, glyph: Glyph, accessible: str, side: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph, self._side = glyph, side
        self.setAccessibleName(accessible)
        self.setToolTip(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_glyph(self, glyph: Glyph, accessible: str) -> None:
        """Show another shape with its word."""
        self._glyph = glyph
        self.setAccessibleName(accessible)
        self.setToolTip(accessible)
        self.update()

    def sizeHint(self) -> QSize:
        """The square of the shape, grown with the text."""
        return QSize(theme.px(self._side), theme.px(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        paint_glyph(QPainter(self), self._glyph, self.rect())


class _GlyphEngine(QIconEngine):
    def __init__(self, glyph: Glyph) -> None:
        super().__init__()
        self._glyph = glyph

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_glyph(painter, self._glyph, rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        image = QPixmap(size)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return image

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._glyph)


def glyph_icon(glyph: Glyph) -> QIcon:
    """The shape as an icon for menus."""
    return QIcon(_GlyphEngine(glyph))
