"""Small bars in a cell: amounts over time, the latest last; what they mean stands in words beside them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.ui import theme

_WIDTH, _GAP, _HIGHEST = 3, 1, 14


def paint_bars(painter: QPainter, area: QRectF, amounts: Sequence[int]) -> None:
    """Bars from the left of an area, the largest amount as high as a line; nothing is a line at the foot."""
    if not amounts:
        return
    most, highest = max(amounts), theme.px(_HIGHEST)
    foot = round(area.center().y() + highest / 2)
    step = theme.px(_WIDTH) + _GAP
    for at, amount in enumerate(amounts):
        height = max(2, round(highest * amount / most)) if amount else 1
        left = round(area.left()) + at * step
        latest = at == len(amounts) - 1
        ink = "accent" if latest and amount else "muted" if amount else "border"
        painter.fillRect(QRectF(left, foot - height, theme.px(_WIDTH), height), theme.color(ink))
