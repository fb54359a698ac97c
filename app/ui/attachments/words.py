"""How an attachment stands, in German: what it is, how large, where its bytes are, and what helps. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.domain.catalogue import AttachmentKind
from app.domain.files import ending
from app.services.attachments import Attached
from app.ui import labels


class Way(Enum):
    """What a person can do about the state."""

    NONE = ""
    FETCH = "fetch"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class State:
    """Where the bytes are: words, an icon of the family, its role, and the way on."""

    words: str
    icon: str
    role: str
    way: Way = Way.NONE
    detail: str = ""
    moves: bool = False
    """Something is under way: worth looking again soon."""


_ICONS = {
    "pdf": "file-pdf", "xls": "table", "xlsx": "table", "ods": "table", "csv": "table", "ppt": "presentation",
    "pptx": "presentation", "odp": "presentation", "zip": "archive", "7z": "archive", "mp4": "film-strip",
    "mov": "film-strip", "mp3": "music-notes", "m4a": "music-notes", "wav": "music-notes", "doc": "file-text",
    "docx": "file-text", "odt": "file-text", "txt": "file-text",
}  # fmt: skip


def icon_of(name: str, mime: str) -> str:
    """The icon that stands for a file without a picture."""
    return "image" if mime.startswith("image/") else _ICONS.get(ending(name), "file")


def size_words(size: int) -> str:
    """ "820 KB", "4,2 MB": as people say it, in steps of a thousand."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor:
            part = size / factor
            told = f"{part:.1f}".replace(".", ",").removesuffix(",0") if part < 10 else f"{part:.0f}"
            return f"{told} {unit}"
    return labels.count(size, "Byte", "Bytes")


def about(attached: Attached) -> str:
    """What it is and how large: "Foto · 4,2 MB"."""
    record = attached.record
    kind = labels.label_of(AttachmentKind, record.text("kind"), short=True)
    size = record.get("size")
    return f"{kind} · {size_words(size)}" if isinstance(size, int) else kind


def state_of(attached: Attached) -> State:
    """Where its bytes are."""
    original = attached.original
    if original.whole:
        return _here(attached)
    if original.trouble and original.wanted:
        sentence, remedy = labels.error_text(original.trouble)
        return State(sentence.rstrip("."), "warning-circle", "warning", Way.RETRY, remedy)
    if original.wanted:
        if original.have:
            share = min(99, original.have * 100 // max(1, attached.size))
            return State(f"Wird geholt, {share} %", "cloud-arrow-down", "info", moves=True)
        return State("Wird beim nächsten Abgleich geholt", "cloud-arrow-down", "info", moves=True)
    if not attached.is_joined:
        return State("Datei fehlt auf diesem Gerät", "warning-circle", "warning")
    if attached.preview is not None and attached.preview.whole:
        return State("Nur Vorschau hier", "image", "muted", Way.FETCH)
    return State("Bei der Agentur", "cloud", "muted", Way.FETCH)


def _here(attached: Attached) -> State:
    if not attached.is_joined:
        return State("Auf diesem Gerät", "laptop", "muted")
    if attached.is_sent:
        return State("Hier und bei der Agentur", "cloud-check", "ok")
    if not attached.record.may_edit:
        return State("Auf diesem Gerät", "laptop", "muted")
    trouble = attached.original.trouble or (attached.preview.trouble if attached.preview else "")
    if trouble:
        sentence, remedy = labels.error_text(trouble)
        return State("Noch nicht übertragen", "warning-circle", "warning", Way.RETRY, f"{sentence} {remedy}", True)
    return State("Noch nicht übertragen", "cloud-arrow-up", "info", moves=True)
