"""Small pictures that came from elsewhere: shown if they are what they should be, and never unpacked if not."""

from __future__ import annotations

import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.ui.attachments.previews import thumbnail


def png(width: int, height: int) -> bytes:
    """A grey picture of so many pixels in a few bytes; of its lines only the first is there."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress(b"\0" * (width + 1))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (1601, 1), (1, 2_000_000_000)])
def test_a_picture_that_would_unpack_to_gigabytes_is_not_unpacked(qtbot: QtBot, size: tuple[int, int]) -> None:
    bomb = png(*size)
    assert len(bomb) < 100_000
    assert thumbnail(bomb, 40, 1.0) is None


def test_a_preview_is_shown_and_what_is_no_picture_is_not(qtbot: QtBot) -> None:
    image = QImage(1600, 900, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    stored = QByteArray()
    buffer = QBuffer(stored)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")  # type: ignore[call-overload]
    shown = thumbnail(bytes(stored.data()), 40, 2.0)
    assert shown is not None
    assert (shown.width(), shown.height()) == (80, 80)
    assert thumbnail(b"kein Bild", 40, 1.0) is None
    assert thumbnail(b"", 40, 1.0) is None
