"""The tile map: one hexagon per municipality, its number, its shade, the outline of its district."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.domain.boundaries import Boundaries
from app.domain.region import Municipality, Region
from app.domain.tiles import around, middle_of
from app.ui import theme
from app.ui.region.outlines import District, Outlines
from app.ui.region.real_shapes import drawn, inner_point
from app.ui.region.short_names import shortened, told_apart
from app.ui.region.values import SHADES, SHADES_DARK
from app.ui.theme import Themed
from app.ui.widgets import base

TILE, SMALLEST, LARGEST = 56, 38, 76
"""Width of a tile at 100 %: as painted, at least, at most."""
_MARGIN = 8
_TALL = 2 / math.sqrt(3)
"""Height of a hexagon that is one wide."""
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
DISTRICT_ROLES = {
    "05958": "district_hsk",
    "05962": "district_mk",
    "05966": "district_oe",
    "05970": "district_siwi",
    "05974": "district_so",
}


@dataclass(frozen=True, slots=True)
class TileView:
    """What one tile shows; `sentence` is what the screen reader says."""

    number: str
    shade: int
    sentence: str


def shade_color(shade: int) -> QColor:
    """The ground of a tile."""
    share = (SHADES_DARK if theme.active().dark else SHADES)[shade]
    return theme.color(f"surface+accent:{share}" if share else "surface")


class Tile(Themed, QAbstractButton):
    """One municipality, a piece of its own for the keyboard and for a screen reader; the map places it.

    A screen reader can do to it what the mouse can: press it (choose), tick it (take it into the comparison).
    """

    pressed_with = Signal(str, bool)
    entered = Signal(str)
    """The keyboard is here."""

    def __init__(self, place: Municipality, parent: QWidget) -> None:
        super().__init__(parent)
        base.identify(self, f"tile_{place.ags}", place.name)
        self.place = place
        self._view, self._ring, self._name = TileView("", 0, ""), False, ""
        self._shape: QPainterPath | None = None
        self._is_told = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_pressed)
        self.toggled.connect(self._on_ticked)

    def show_view(self, view: TileView) -> None:
        """Show a number with its shade."""
        self._view = view
        self.setAccessibleName(view.sentence)
        self.setToolTip(view.sentence)
        self.update()

    def take_name(self, name: str) -> None:
        """The name as it fits into the hexagon."""
        self._name = name
        self.update()

    def take_shape(self, shape: QPainterPath | None) -> None:
        """Be a real outline, in the coordinates of the map, or a hexagon again."""
        self._shape = None if shape is None else shape.translated(-shape.boundingRect().topLeft())
        if shape is not None:
            self.setGeometry(shape.boundingRect().toAlignedRect())
        self._mask()

    @property
    def shape_here(self) -> QPainterPath | None:
        """The real outline in the coordinates of the map."""
        return None if self._shape is None else self._shape.translated(QPointF(self.pos()))

    def _mask(self) -> None:
        """What lies beside the outline belongs to the neighbours."""
        if self._shape is None:
            self.setMask(QRegion(self.polygon().toPolygon()))
            return
        region = QRegion()
        for part in self._shape.toSubpathPolygons():
            region = region.xored(QRegion(part.toPolygon()))
        if not region.isEmpty():
            self.setMask(region)

    def polygon(self, inset: float = 0.0) -> QPolygonF:
        """The hexagon in its own rectangle, point upwards."""
        w, h = self.width() - 2 * inset, self.height() - 2 * inset
        points = ((0.5, 0), (1, 0.25), (1, 0.75), (0.5, 1), (0, 0.75), (0, 0.25))
        return QPolygonF([QPointF(inset + x * w, inset + y * h) for x, y in points])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The corners belong to the neighbours."""
        self._mask()

    def nextCheckState(self) -> None:
        """What is selected is decided by the page alone."""

    def show_chosen(self, on: bool) -> None:
        """Look chosen or not, without telling anybody."""
        self._is_told = True
        self.setChecked(on)
        self._is_told = False

    @Slot()
    def _on_pressed(self) -> None:
        self.pressed_with.emit(self.place.ags, False)

    @Slot(bool)
    def _on_ticked(self, on: bool) -> None:
        """Ticked from outside: the page decides whether it stays so."""
        if not self._is_told:
            self.show_chosen(not on)
            self.pressed_with.emit(self.place.ags, True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses; with Strg or Umschalt it adds to the comparison."""
        inside = self.rect().contains(event.position().toPoint())
        self.setDown(False)
        if inside and event.button() == Qt.MouseButton.LeftButton:
            more = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            self.pressed_with.emit(self.place.ags, bool(event.modifiers() & more))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring, unless the mouse brought the keyboard here."""
        super().focusInEvent(event)
        self._ring = event.reason() not in base.QUIET_REASONS
        self.entered.emit(self.place.ags)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._ring = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The map leads the keyboard."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, ring, number and name."""
        painter = base.crisp(QPainter(self))
        ground = shade_color(self._view.shade)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(ground)
        ink = theme.ink_on(ground)
        if self._shape is not None:
            self._paint_real(painter, self._shape, ink)
            return
        painter.drawPolygon(self.polygon(1))
        self._paint_rings(painter)
        big, small = theme.line("body"), theme.line("small")
        top = (self.height() - big - small) / 2 - 1
        first, second = QRectF(0, top, self.width(), big), QRectF(0, top + big - 2, self.width(), small)
        base.text(painter, first, self._view.number, ink, "body", theme.STRONG, center=True)
        base.text(painter, second, self._name, ink, "small", theme.MEDIUM, center=True)

    def _paint_real(self, painter: QPainter, shape: QPainterPath, ink: QColor) -> None:
        """The real outline; number and name where they fit, else the number alone."""
        painter.drawPath(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for on, role, width in ((self.isChecked(), "text", 9), (self._ring, "focus", 6)):
            if on:
                painter.setPen(QPen(theme.color(role), width))
                painter.drawPath(shape)
        big, small, at = theme.line("body"), theme.line("small"), inner_point(shape)
        below, name = QRectF(), ""
        for share in (0.8, 0.6, 0.45):
            name = shortened(self.place.short_name, self.width() * share)
            wide = base.text_width(name, "small", theme.MEDIUM)
            below = QRectF(at.x() - wide / 2, at.y() + 1, wide, small - 3)
            if shape.contains(below):
                break
        named = shape.contains(below)
        first = QRectF(at.x() - 60, at.y() - (big if named else big / 2), 120, big)
        base.text(painter, first, self._view.number, ink, "body", theme.STRONG, center=True)
        if named:
            base.text(painter, below.adjusted(-1, 0, 2, 0), name, ink, "small", theme.MEDIUM, center=True)

    def _paint_rings(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            painter.setPen(QPen(theme.color("surface"), 4))
            painter.drawPolygon(self.polygon(1.5))
            painter.setPen(QPen(theme.color("text"), 2.5))
            painter.drawPolygon(self.polygon(1.25))
        if self._ring:
            painter.setPen(QPen(theme.color("focus"), 3))
            painter.drawPolygon(self.polygon(2 if not self.isChecked() else 4))


class TileMap(Themed, QWidget):
    """All tiles. `chosen` carries a key and whether it is added to the others; `entered` leads to its measures.

    Arrow keys walk to the neighbour in that direction, Leertaste adds to the comparison, Eingabe enters.
    """

    chosen = Signal(str, bool)
    entered = Signal(str)

    def __init__(self, region: Region, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "region_map", self.tr("Karte der Region"))
        self.setAccessibleDescription(
            self.tr("Pfeiltasten gehen von Kommune zu Kommune. Alles steht auch als Tabelle.")
        )
        keys = self.tr("Pfeiltasten gehen weiter, Leertaste vergleicht, Eingabe führt zu den Maßnahmen.")
        self._region = region
        self._cells = {m.ags: (m.col, m.row) for m in region}
        self.tiles = {m.ags: Tile(m, self) for m in region}
        for tile in self.tiles.values():
            tile.setAccessibleDescription(keys)
            tile.pressed_with.connect(self._on_pressed)
            tile.entered.connect(self._on_entered)
        self._boundaries: Boundaries | None = None
        self._named_for = (0, 0)
        self._outlines = Outlines(self)
        self._current = ""
        self._on_entered(next(iter(self.tiles), ""))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # Showing

    def show_views(self, views: Mapping[str, TileView]) -> None:
        """Show numbers and shades of all."""
        for ags, tile in self.tiles.items():
            tile.show_view(views[ags])

    def show_boundaries(self, boundaries: Boundaries | None) -> None:
        """Show real outlines, or tiles again; who has no outline in the file is not shown on the map."""
        self._boundaries = boundaries
        for ags, tile in self.tiles.items():
            tile.setVisible(boundaries is None or ags in boundaries.shapes)
            tile.take_shape(None)
        here = self.tiles.get(self._current)
        if here is not None and here.isHidden():
            self.stand_on(next((ags for ags, tile in self.tiles.items() if not tile.isHidden()), self._current))
        self._place()

    def select(self, chosen: Sequence[str]) -> None:
        """Mark these, without telling anybody."""
        for ags, tile in self.tiles.items():
            tile.show_chosen(ags in chosen)
        if chosen and chosen[-1] != self._current:
            self.stand_on(chosen[-1], Qt.FocusReason.MouseFocusReason)

    # Places

    @property
    def _extent(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of all tiles while a tile is one wide."""
        middles = [middle_of(cell) for cell in self._cells.values()]
        xs, ys = [x for x, _ in middles], [y for _, y in middles]
        return min(xs) - 0.5, min(ys) - _TALL / 2, max(xs) + 0.5, max(ys) + _TALL / 2

    def minimumSizeHint(self) -> QSize:
        """Every tile at its least width."""
        left, top, right, bottom = self._extent
        side = theme.px(SMALLEST)
        return QSize(int((right - left) * side) + 2 * _MARGIN, int((bottom - top) * side) + 2 * _MARGIN)

    def sizeHint(self) -> QSize:
        """Every tile as painted."""
        least = self.minimumSizeHint()
        return QSize(least.width() * TILE // SMALLEST, least.height() * TILE // SMALLEST)

    def restyle(self) -> None:
        """Another text size needs other tiles."""
        self.updateGeometry()
        self._place()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the room."""
        self._place()

    def _place(self) -> None:
        if self._boundaries is None:
            self._place_tiles()
        else:
            for ags, shape in drawn(self._boundaries, QRectF(self.rect()).adjusted(16, 12, -16, -12)).items():
                self.tiles[ags].take_shape(shape)
        self._outlines.setGeometry(self.rect())
        self._outlines.raise_()
        self._outlines.show_districts(self._districts())

    def _place_tiles(self) -> None:
        left, top, right, bottom = self._extent
        room = (self.width() - 2 * _MARGIN) / (right - left), (self.height() - 2 * _MARGIN) / (bottom - top)
        side = max(theme.px(SMALLEST), min(*room, theme.px(LARGEST)))
        dx = (self.width() - (right - left) * side) / 2 - left * side
        dy = (self.height() - (bottom - top) * side) / 2 - top * side
        for ags, tile in self.tiles.items():
            x, y = middle_of(self._cells[ags])
            rect = QRectF(dx + (x - 0.5) * side, dy + (y - _TALL / 2) * side, side, side * _TALL)
            tile.setGeometry(rect.toAlignedRect())
        self._name_tiles(int(side))

    def _name_tiles(self, side: int) -> None:
        """Chosen or not, a tile says the same: the ring of a chosen one has its room at the sides."""
        asked = side, theme.active().text_size
        if asked == self._named_for:
            return
        self._named_for = asked
        said = told_apart((place.short_name for place in self._region), side - 6, side - 2)
        for tile in self.tiles.values():
            tile.take_name(said[tile.place.short_name])

    def _districts(self) -> list[District]:
        """The union of each district's hexagons with its colour role."""
        found = []
        for district in self._region.districts:
            path, rects = QPainterPath(), []
            for place in self._region.of_district(district.code):
                tile = self.tiles[place.ags]
                if tile.isHidden():
                    continue
                rects.append(QRectF(tile.geometry()))
                if tile.shape_here is not None:
                    path.addPath(tile.shape_here)  # drawn one by one: putting real outlines together takes seconds
                    continue
                one = QPainterPath()
                one.addPolygon(tile.polygon(-0.6).translated(QPointF(tile.pos())))
                one.closeSubpath()
                path = path.united(one)
            role = DISTRICT_ROLES.get(district.code, "muted")
            tiles = self._boundaries is None
            shape = path.simplified() if tiles else path
            found.append(District(district.name, role, shape, tuple(rects), 4 if tiles else 2))
        return found

    # Keyboard and mouse

    def stand_on(self, ags: str, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> None:
        """One tile is current: the keyboard goes there if it is on the map, and is led there when it comes."""
        inside = any(tile.hasFocus() for tile in self.tiles.values())
        self._on_entered(ags)
        if inside:
            self.tiles[ags].setFocus(reason)

    @Slot(str)
    def _on_entered(self, ags: str) -> None:
        """Of all tiles Tab reaches the current one."""
        for at, policy in ((self._current, Qt.FocusPolicy.ClickFocus), (ags, Qt.FocusPolicy.StrongFocus)):
            if at in self.tiles:
                self.tiles[at].setFocusPolicy(policy)
        self._current = ags
        if ags in self.tiles:
            self.setFocusProxy(self.tiles[ags])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, add, enter."""
        step = _DIRECTIONS.get(Qt.Key(event.key()))
        if step is not None:
            to = self.neighbour(self._current, *step)
            moved = to != self._current
            self.stand_on(to)
            if moved:
                self.chosen.emit(to, False)
        elif event.key() == Qt.Key.Key_Space:
            self.chosen.emit(self._current, True)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self._current, False)
            self.entered.emit(self._current)
        else:
            super().keyPressEvent(event)

    def neighbour(self, at: str, dx: int, dy: int) -> str:
        """Who comes next in a direction: the one that touches, else the nearest there, else the same again."""
        shown = {ags: cell for ags, cell in self._cells.items() if not self.tiles[ags].isHidden()}
        by_cell = {cell: ags for ags, cell in shown.items()}
        x, y = middle_of(self._cells[at])
        touching = [by_cell[cell] for cell in around(self._cells[at]) if cell in by_cell]
        for candidates in (touching, list(shown)):
            ahead = []
            for ags in candidates:
                ax, ay = middle_of(self._cells[ags])
                along, across = (ax - x) * dx + (ay - y) * dy, abs((ax - x) * dy) + abs((ay - y) * dx)
                if along > 0.3 and (dy or across < 0.1) and across <= 2 * along:
                    ahead.append((along + 1.5 * across, ax, ags))
            if ahead:
                return min(ahead)[2]
        return at

    def _on_pressed(self, ags: str, more: bool) -> None:
        self.tiles[ags].setFocus(Qt.FocusReason.MouseFocusReason)
        self.chosen.emit(ags, more)
