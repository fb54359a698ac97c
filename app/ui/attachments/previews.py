"""Small pictures: made from a photo before it is taken in, and shown in a list."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath, QPixmap

_LONGEST = 1600
"""Pixels of a preview's longer side: enough to read a flip chart on it."""
_QUALITY = 82
_MOST_MB = 512
"""Memory one picture may take while it is read; a larger one has no preview."""


def make_preview(path: Path) -> bytes:
    """A JPEG of at most 1600 pixels, upright and without any remarks; empty if it is no picture Qt can read."""
    QImageReader.setAllocationLimit(_MOST_MB)
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > _LONGEST:
        # Scaling while reading: a JPEG of 50 megapixels never stands in memory as a whole.
        reader.setScaledSize(size.scaled(QSize(_LONGEST, _LONGEST), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return b"" if image.isNull() else _jpeg(image)


def _jpeg(image: QImage) -> bytes:
    if image.hasAlphaChannel():
        opaque = QImage(image.size(), QImage.Format.Format_RGB32)
        opaque.fill(Qt.GlobalColor.white)
        painter = QPainter(opaque)
        painter.drawImage(0, 0, image)
        painter.end()
        image = opaque
    if max(image.width(), image.height()) > _LONGEST:
        image = image.scaled(
            _LONGEST, _LONGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    for key in image.textKeys():
        image.setText(key, "")
    stored = QByteArray()
    buffer = QBuffer(stored)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", _QUALITY)  # type: ignore[call-overload]
    return bytes(stored.data())


def thumbnail(content: bytes, side: int, ratio: float) -> QPixmap | None:
    """The middle of a picture as a square with round corners, `side` logical pixels.

    None if it is no picture, or larger than a preview may be: it came from somewhere else, and a few bytes can
    stand for gigabytes of pixels.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    if max(reader.size().width(), reader.size().height()) > _LONGEST:
        return None
    image = reader.read()
    if image.isNull():
        return None
    real = round(side * ratio)
    filled = image.scaled(
        real, real, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    square = QPixmap(real, real)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, real, real), 6 * ratio, 6 * ratio)
    painter.setClipPath(path)
    painter.drawImage((real - filled.width()) // 2, (real - filled.height()) // 2, filled)
    painter.end()
    square.setDevicePixelRatio(ratio)
    return square
