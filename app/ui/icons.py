"""Icons: one family (Phosphor), tinted by role, painted from outlines so that they are sharp at any size.

The outlines and the list of names come from the font file inside the package qtawesome; the package itself is
not imported, which saves a tenth of a second at every start. Our own mark is `resources/icons/mark.svg`.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPixmap,
    QRawFont,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer

from app import resources
from app.ui import package_files, theme

_EM = 1024.0


class IconsMissing(RuntimeError):
    """The package that brings the icon font is not installed or was left out of the bundle."""


@functools.cache
def _font_folder() -> Path:
    package = package_files.folder("qtawesome")
    if package is None or not (package / "fonts").is_dir():
        raise IconsMissing("qtawesome/fonts")
    return package / "fonts"


@functools.cache
def _codes() -> dict[str, int]:
    file = next(iter(sorted(_font_folder().glob("phosphor-charmap-*.json"))))
    return {name: int(code, 16) for name, code in json.loads(file.read_text("utf-8")).items()}


@functools.cache
def _raw_font() -> QRawFont:
    file = next(iter(sorted(_font_folder().glob("phosphor-[0-9]*.ttf"))))
    return QRawFont(str(file), _EM, QFont.HintingPreference.PreferNoHinting)


@functools.cache
def outline(name: str) -> QPainterPath:
    """The outline of an icon in a unit square; `name` as in Phosphor, perhaps with `-fill` or `-bold`."""
    font = _raw_font()
    glyph = font.glyphIndexesForString(chr(_codes()[name]))[0]
    path = font.pathForGlyph(glyph)
    # The glyph stands on the baseline; Phosphor draws on an em square whose bottom is the descent.
    width = font.advancesForGlyphIndexes([glyph])[0].x()
    size = max(width, font.ascent() + font.descent())
    shift = QTransform().scale(1 / size, 1 / size).translate((size - width) / 2, font.ascent())
    return shift.map(path)


def exists(name: str) -> bool:
    """Whether the family has an icon of this name."""
    return name in _codes()


def paint(painter: QPainter, name: str, rect: QRect | QRectF, color: QColor) -> None:
    """Paint an icon into a square; the square is set on whole pixels by the caller."""
    box = QRectF(rect)
    side = min(box.width(), box.height())
    corner = QPointF(box.center().x() - side / 2, box.center().y() - side / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(corner)
    painter.scale(side, side)
    painter.fillPath(outline(name), color)
    painter.restore()


class _RoleEngine(QIconEngine):
    """Paints in the colour its role has at the moment of painting, so a mode switch needs no new icon."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = "control_border" if mode is QIcon.Mode.Disabled else self._role
        paint(painter, self._name, rect, theme.color(role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        image = QPixmap(size)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return image

    def clone(self) -> QIconEngine:
        return _RoleEngine(self._name, self._role)


def icon(name: str, role: str = "muted") -> QIcon:
    """A QIcon for actions and menus, tinted by role."""
    return QIcon(_RoleEngine(name, role))


@functools.cache
def _mark_source() -> str:
    return resources.path("icons", "mark.svg").read_text("utf-8")


def paint_mark(painter: QPainter, rect: QRect | QRectF, color: QColor) -> None:
    """Paint the tracery mark of the program in one colour."""
    # Qt paints `currentColor` black, so the text of the drawing is tinted instead.
    source = _mark_source().replace("currentColor", color.name())
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(rect))


def window_icon() -> QIcon:
    """The mark on a rounded accent tile, in the sizes that window systems ask for."""
    renderer = QSvgRenderer(str(resources.path("icons", "app.svg")))
    icon_ = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        image = QPixmap(side, side)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        icon_.addPixmap(image)
    return icon_
