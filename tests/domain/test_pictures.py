"""A photo loses where it was taken, and nothing of what it shows."""

from __future__ import annotations

import struct
import zlib

import pytest

from app.domain.pictures import without_origin

PLACE = b"GPS 51.25 8.38 Sony"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str = ">") -> bytes:
    """EXIF with an orientation between two other tags, and a place behind them."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    tags = [(0x010F, 2, 4, 0x6E6F53), (0x0112, 3, 1, 0), (0x8825, 4, 1, 26)]
    body = mark + struct.pack(f"{order}IH", 8, len(tags))
    for tag, kind, count, value in tags:
        told = struct.pack(f"{order}HH", orientation, 0) if tag == 0x0112 else struct.pack(f"{order}I", value)
        body += struct.pack(f"{order}HHI", tag, kind, count) + told
    return b"Exif\0\0" + body + PLACE


SCAN = b"\x12\xff\x00\x34\xff\xd3\x56\xff\xff\x00"
TABLES = segment(0xDB, b"tables")
FRAME = segment(0xC2, b"frame") + segment(0xDA, b"scan") + SCAN
SECOND = segment(0xC4, b"huffman") + segment(0xDA, b"scan2") + b"\x99" + b"\xff\xd9"
ICC = segment(0xE2, b"ICC_PROFILE\0colours")


def jpeg(*extra: bytes, tail: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(extra) + TABLES + FRAME + SECOND + tail


def test_a_photo_keeps_its_picture_colours_and_nothing_that_tells_of_its_origin() -> None:
    taken = jpeg(
        segment(0xE0, b"JFIF\0"),
        segment(0xE1, exif(1)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
        ICC,
        segment(0xE2, b"MPF\0" + PLACE),
        segment(0xED, b"Photoshop" + PLACE),
        segment(0xFE, PLACE),
        tail=b"\xff\xd8 a film " + PLACE,
    )
    assert without_origin(taken) == jpeg(segment(0xE0, b"JFIF\0"), ICC)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photo_taken_upright_stays_upright(orientation: int, order: str) -> None:
    cleaned = without_origin(jpeg(segment(0xE1, exif(orientation, order))))
    assert cleaned is not None
    assert PLACE not in cleaned
    (length,) = struct.unpack_from(">H", cleaned, 4)
    told = cleaned[6 : 4 + length]
    assert struct.unpack_from(">HHIH", told, 6 + 10) == (0x0112, 3, 1, orientation)
    assert without_origin(cleaned) == cleaned


def test_what_is_clean_stays_as_it_is() -> None:
    assert without_origin(jpeg(ICC)) == jpeg(ICC)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def test_a_png_loses_its_remarks() -> None:
    head, end = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)), chunk(b"IDAT", b"xx") + chunk(b"IEND", b"")
    taken = head + chunk(b"eXIf", PLACE) + chunk(b"iTXt", PLACE) + end + b"behind" + PLACE
    assert without_origin(taken) == head + end


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(n + struct.pack("<I", len(b)) + b + b"\0" * (len(b) % 2) for n, b in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_webp_loses_its_remarks_and_says_that_it_has_none() -> None:
    taken = riff((b"VP8X", b"\x3c" + bytes(9)), (b"VP8 ", b"odd"), (b"EXIF", PLACE), (b"XMP ", PLACE))
    assert without_origin(taken) == riff((b"VP8X", b"\x30" + bytes(9)), (b"VP8 ", b"odd"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", jpeg()[:-2]])
def test_what_is_no_such_picture_is_told_as_such(data: bytes) -> None:
    assert without_origin(data) is None


def test_no_cut_and_no_flipped_byte_breaks_the_reader() -> None:
    whole = jpeg(segment(0xE1, exif(6)), ICC)
    for at in range(len(whole)):
        without_origin(whole[:at])
        without_origin(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
