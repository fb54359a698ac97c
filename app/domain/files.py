"""What a file may be when it is attached: how large, what it is called, and whether it could run as a program."""

from __future__ import annotations

import re

from app.domain.catalogue import AttachmentKind

MOST_BYTES = 250 * 1024 * 1024
"""Largest file of an attachment, on every device and at the agency."""

_RUNS = frozenset(
    " ".join((
        "exe com bat cmd msi msp scr pif cpl ps1 psm1 vbs vbe js jse wsf wsh hta reg lnk url inf jar gadget chm scf",
        "sh bash app command desktop appimage apk deb rpm dmg pkg iso img vhd application py rb pl",
        "docm dotm xlsm xltm xlam pptm potm ppsm htm html xhtml svg",
    )).split()
)  # fmt: skip
"""Endings of files that do something when they are opened."""

_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
}
_PICTURES = {
    "heic": "image/heic",
    "heif": "image/heic",
    "avif": "image/avif",
    "webp": "image/webp",
    "jxl": "image/jxl",
    **dict.fromkeys(("dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf"), "image/x-raw"),
}

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_LONGEST = 120


def ending(name: str) -> str:
    """The part behind the last dot in lower case, "" if there is none: "Plan.PDF" -> "pdf"."""
    stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot and stem else ""


def may_run(name: str) -> bool:
    """Whether opening such a file may start a program; nobody opens one without being asked."""
    return ending(name) in _RUNS


def mime_of(name: str, head: bytes, guessed: str) -> str:
    """The type of a file by its first bytes, its ending, or what the system guesses: "" for nothing.

    The system is asked last: many do not know the pictures of today's telephones, which tell where they were taken.
    """
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return _BRANDS[head[8:12]]
    return _PICTURES.get(ending(name)) or guessed or "application/octet-stream"


def safe_name(name: str) -> str:
    """A name every file system takes, with its ending, and without what hides a part of it from the eye."""
    plain = _NOT_IN_NAMES.sub("_", name).strip().rstrip(". ")
    if not plain.strip("._ "):
        plain = "Anhang"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain) > _LONGEST:
        last = ending(plain)[:12]
        plain = plain[: _LONGEST - len(last) - 1].rstrip(". ") + (f".{last}" if last else "")
    return plain


def kind_of(mime: str, root_kind: str) -> AttachmentKind:
    """What a file most likely is; a person may say better."""
    if mime.startswith("image/"):
        return AttachmentKind.PHOTO_MINUTES if root_kind == "workshop" else AttachmentKind.PHOTO
    if "presentation" in mime or "powerpoint" in mime:
        return AttachmentKind.SLIDES
    if mime == "application/pdf" or mime.startswith("text/") or "word" in mime or "document" in mime:
        return AttachmentKind.DOCUMENT
    return AttachmentKind.OTHER
