"""Taking out of a picture file where, when and with what it was taken, without touching the picture itself.

Only the order of the known formats is read: JPEG (ITU T.81), PNG (RFC 2083) and WebP (RIFF container). The
compressed picture is copied byte by byte; of JPEG's remarks only the orientation stays, because without it
a photo lies on its side.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_REMARKS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_REMARKS = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x08 | 0x04
"""In VP8X: there is EXIF, there is XMP."""
_JPEG_SCAN_END = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""The marker that ends compressed data: neither a stuffed byte nor a restart."""
_ORIENTATION = 0x0112


class _Garbled(Exception):
    """Not the order a picture of this format has."""


def without_origin(data: bytes) -> bytes | None:
    """The same picture without EXIF, GPS, XMP and comments; None if the format is none of the three, or damaged."""
    try:
        if data.startswith(b"\xff\xd8"):
            return b"".join(_jpeg(data))
        if data.startswith(_PNG):
            return b"".join(_png(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (_Garbled, struct.error, IndexError):
        return None
    return None


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Segments worth keeping. What follows the end of the picture (previews, films) is left out as well."""
    yield data[:2]
    orientation = 1
    kept: list[bytes] = []
    at = 2
    while True:
        marker, start, end = _segment(data, at)
        body = data[start:end]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = _orientation(body[6:])
        elif marker == 0xDA:
            break
        elif marker in (0xE0, 0xEE) or (marker == 0xE2 and body.startswith(b"ICC_PROFILE")) or _is_picture(marker):
            kept.append(data[at:end])
        at = end
    if orientation != 1:
        yield _exif(orientation)
    yield from kept
    yield from _scans(data, at)


def _is_picture(marker: int) -> bool:
    """Tables, frames and restart intervals: everything but APPn (E0-EF) and comments (FE)."""
    return not 0xE0 <= marker <= 0xEF and marker != 0xFE


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """(marker, start of its content, end) of the segment at `at`."""
    if data[at] != 0xFF:
        raise _Garbled
    while data[at + 1] == 0xFF:
        at += 1
    (length,) = struct.unpack_from(">H", data, at + 2)
    if length < 2 or at + 2 + length > len(data):
        raise _Garbled
    return data[at + 1], at + 4, at + 2 + length


def _scans(data: bytes, at: int) -> Iterator[bytes]:
    """From the first scan to the end of the picture; between scans only tables."""
    while True:
        if data[at : at + 2] == b"\xff\xd9":
            yield b"\xff\xd9"
            return
        marker, _, end = _segment(data, at)
        if marker != 0xDA:
            if _is_picture(marker):
                yield data[at:end]
            at = end
            continue
        found = _JPEG_SCAN_END.search(data, end)
        if found is None:
            raise _Garbled
        stop = found.end() - 2
        yield data[at:stop]
        at = stop


def _orientation(tiff: bytes) -> int:
    """Tag 0x0112 of the first directory, 1 (upright) if there is none."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for i in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * i)
            if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
                return int(value)
    except (KeyError, struct.error):
        pass
    return 1


def _exif(orientation: int) -> bytes:
    """An EXIF segment that says nothing but how to hold the picture."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while True:
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise _Garbled
        if name not in _PNG_REMARKS:
            yield data[at:end]
        if name == b"IEND":
            return
        at = end


def _webp(data: bytes) -> bytes:
    kept: list[bytes] = []
    at = 12
    while at < len(data):
        name = data[at : at + 4]
        (length,) = struct.unpack_from("<I", data, at + 4)
        end = at + 8 + length + length % 2
        if at + 8 + length > len(data):
            raise _Garbled
        chunk = data[at:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_REMARKS:
            kept.append(chunk)
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
