"""Names of attached files: what every file system takes, and what nobody opens unasked."""

from __future__ import annotations

import pytest

from app.domain.catalogue import AttachmentKind
from app.domain.files import kind_of, may_run, mime_of, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Lageplan Süd (2).pdf", "Lageplan Süd (2).pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\Temp\\a.txt", "C__Temp_a.txt"),
        ("Rechnung\u202efdp.exe", "Rechnung_fdp.exe"),
        ("NUL.txt", "_NUL.txt"),
        ("Ende. . ", "Ende"),
        ("...", "Anhang"),
        ("", "Anhang"),
        ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"),
    ],
)
def test_a_name_is_one_that_every_file_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize("name", ["a.EXE", "a.pdf.exe", "Makro.docm", "seite.html", "zeichnung.svg", "a.exe "])
def test_what_could_run_is_known_by_its_ending(name: str) -> None:
    assert may_run(name)


@pytest.mark.parametrize("name", ["a.pdf", "exe", "a.exe.jpg", "plan", ".exe"])
def test_what_only_shows_something_may_be_opened(name: str) -> None:
    assert not may_run(name)


def test_a_photo_of_a_workshop_is_its_photo_minutes() -> None:
    assert kind_of("image/jpeg", "workshop") is AttachmentKind.PHOTO_MINUTES
    assert kind_of("image/png", "measure") is AttachmentKind.PHOTO
    assert kind_of("application/pdf", "measure") is AttachmentKind.DOCUMENT
    assert kind_of("application/vnd.ms-powerpoint", "measure") is AttachmentKind.SLIDES
    assert kind_of("application/zip", "measure") is AttachmentKind.OTHER


def test_the_pictures_of_a_telephone_are_known_whatever_they_are_called() -> None:
    assert mime_of("IMG_0815.HEIC", b"", "") == "image/heic"
    assert mime_of("bild.bin", b"\0\0\0\x18ftypheic", "") == "image/heic"
    assert mime_of("film.mp4", b"\0\0\0\x18ftypisom", "video/mp4") == "video/mp4"
    assert mime_of("roh.dng", b"II*\0", "") == "image/x-raw"
    assert mime_of("etwas", b"", "") == "application/octet-stream"
