"""Real outlines as paths on the screen, and the place inside one where its number stands."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

from app.domain.boundaries import Boundaries
from app.domain.tiles import plane


def drawn(boundaries: Boundaries, room: QRectF) -> dict[str, QPainterPath]:
    """Every municipality's outline, all together as large as the room allows, north above."""
    every = [point for rings in boundaries.shapes.values() for ring in rings for point in ring]
    middle = (min(lat for _, lat in every) + max(lat for _, lat in every)) / 2
    flat = {
        ags: [[plane(lat, lon, middle) for lon, lat in ring] for ring in rings]
        for ags, rings in boundaries.shapes.items()
    }
    xs = [x for rings in flat.values() for ring in rings for x, _ in ring]
    ys = [y for rings in flat.values() for ring in rings for _, y in ring]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    unit = max(1e-9, min(room.width() / max(width, 1e-9), room.height() / max(height, 1e-9)))
    left = room.center().x() - width * unit / 2 - min(xs) * unit
    top = room.center().y() - height * unit / 2 - min(ys) * unit
    found = {}
    for ags, rings in flat.items():
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for ring in rings:
            path.addPolygon(QPolygonF([QPointF(left + x * unit, top + y * unit) for x, y in ring]))
            path.closeSubpath()
        found[ags] = path
    return found


def inner_point(shape: QPainterPath) -> QPointF:
    """Where a label stands: of a grid of points inside the outline the one farthest from its box's edges and nearest
    to its middle."""
    box = shape.boundingRect()
    best, at = math.inf, box.center()
    for col in range(1, 10):
        for row in range(1, 10):
            point = QPointF(box.left() + box.width() * col / 10, box.top() + box.height() * row / 10)
            away = math.hypot(point.x() - box.center().x(), point.y() - box.center().y())
            if away < best and shape.contains(point):
                best, at = away, point
    return at
