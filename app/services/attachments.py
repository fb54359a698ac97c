"""What a person can do with the attachments of a measure or a workshop."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.clock import VersionVector
from app.domain.draft import Key
from app.domain.files import MOST_BYTES, kind_of, mime_of, safe_name
from app.domain.ids import EntityId, new_id
from app.domain.pictures import without_origin
from app.domain.rules import check_save
from app.errors import NotFound, QuotaExceeded, StoreError, UnreadableFile, UserError
from app.models.blobs import Blob, Blobs
from app.models.queries import records
from app.models.queries.attachments import count_untransferred, epoch_of
from app.models.queries.reader import Reader
from app.models.store import Store

Values = Mapping[str, object]
Seen = Mapping[int, VersionVector]

_BLOCK = 1024 * 1024
_PICTURE_BYTES = 64 * 1024 * 1024
"""A larger picture is no photo any more, and is not held in memory to be cleaned."""
_SILENT = frozenset({"image/gif", "image/bmp", "image/svg+xml"})
"""Formats no camera writes."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file a person chose, looked at but not taken in yet.

    Attributes:
        is_cleanable: a picture whose remarks (place, time, camera) can be taken out.
        hides_origin: a picture that may have such remarks, which cannot be taken out.
    """

    path: Path
    name: str
    size: int
    mime: str
    is_cleanable: bool
    hides_origin: bool = False


def look_at(path: Path) -> Chosen:
    """Whether a file can be attached at all.

    Raises:
        UnreadableFile: not there, no file, not readable, or empty.
        QuotaExceeded: larger than an attachment may be.
    """
    try:
        size = path.stat().st_size if path.is_file() else -1
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise UnreadableFile(path.name, "file_missing") from error
    if not size:
        raise UnreadableFile(path.name, "attachment_empty")
    if size > MOST_BYTES:
        raise QuotaExceeded(_mb(size), _mb(MOST_BYTES), "attachment_too_large", path=path.name)
    mime = mime_of(path.name, head, mimetypes.guess_type(path.name)[0] or "")
    picture = head.startswith((b"\xff\xd8", b"\x89PNG")) or head[8:12] == b"WEBP"
    cleanable = picture and size <= _PICTURE_BYTES
    hides = mime.startswith("image/") and not cleanable and mime not in _SILENT
    return Chosen(path, safe_name(path.name), size, mime, cleanable, hides)


def add(
    store: Store,
    root: Key,
    chosen: Chosen,
    preview: bytes = b"",
    clean: bool = True,
    listener: Callable[[int], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> EntityId:
    """Takes in a file and notes it at the record; the agency gets both later.

    Args:
        preview: a small picture of it, without any remarks; none for what cannot be shown small.
        clean: a picture leaves behind where, when and with what it was taken.
        listener: is told how many bytes are read, from time to time.

    Raises:
        UnreadableFile: it vanished or changed meanwhile.
        UserError: "attachment_twice", it hangs there already; "picture_not_cleanable", it cannot leave behind
            what it should: a person has to say whether it may come nevertheless.
        InterruptedError: `cancelled` said so. StoreError: the disk is full. Nothing was noted.
    """
    if clean and chosen.hides_origin:
        raise UserError("picture_not_cleanable", path=chosen.name)
    blobs = bytes_of(store)
    original = blobs.put(_content(chosen, clean, listener), cancelled)
    twin = next((a for a in of(store, root[1]) if a.text("sha256") == original.sha), None)
    if twin is not None:
        raise UserError("attachment_twice", path=chosen.name, name=twin.text("name"))
    small = blobs.put([preview]) if preview else None
    return _note(store, root, chosen, original, small)


def _note(store: Store, root: Key, chosen: Chosen, original: Blob, small: Blob | None) -> EntityId:
    values: dict[str, object] = {
        "name": chosen.name,
        "kind": kind_of(chosen.mime, root[0]).value,
        "sha256": original.sha,
        "size": original.size,
        "mime": chosen.mime,
    }
    if small is not None:
        values |= {"preview_sha256": small.sha, "preview_size": small.size}
    check_save("attachment", values)
    with store.change("attachment.create", origin=root[1]) as draft:
        return draft.create("attachment", new_id(), root, values)


def _content(chosen: Chosen, clean: bool, listener: Callable[[int], None]) -> Iterator[bytes]:
    """The file's bytes, cleaned if asked.

    Raises:
        UnreadableFile: gone, or another size than when it was looked at.
    """
    size = 0
    try:
        with chosen.path.open("rb") as file:
            if clean and chosen.is_cleanable:
                whole = file.read(_PICTURE_BYTES + 1)
                size = len(whole)
                cleaned = without_origin(whole)
                if cleaned is None:
                    raise UserError("picture_not_cleanable", path=chosen.name)
                yield cleaned
            else:
                while block := file.read(_BLOCK):
                    size += len(block)
                    listener(size)
                    yield block
    except OSError as error:
        raise UnreadableFile(chosen.path.name, "file_missing") from error
    if size != chosen.size:
        raise UnreadableFile(chosen.path.name, "attachment_changed")


def of(store: Store, root: EntityId) -> list[records.Record]:
    """The attachments of a record, oldest first."""
    return records.children(Reader(store.engine), root, "attachment")


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment with what is known of its bytes.

    Attributes:
        preview: None if it has none.
        is_sent: the agency has confirmed all of it, as far as this device knows.
        is_joined: this profile belongs to an agency.
    """

    record: records.Record
    original: Blob
    preview: Blob | None
    is_sent: bool
    is_joined: bool

    @property
    def size(self) -> int:
        size = self.record.get("size")
        return size if isinstance(size, int) else 0


def standing(store: Store, root: EntityId) -> list[Attached]:
    """The attachments of a record and where their bytes are, oldest first."""
    found = of(store, root)
    epoch = epoch_of(Reader(store.engine))
    shas = {sha for r in found for sha in (r.text("sha256"), r.text("preview_sha256")) if sha}
    known = bytes_of(store).search(shas) if shas else {}

    def blob(sha: str) -> Blob | None:
        return known.get(sha, Blob(sha, 0)) if sha else None

    made = []
    for record in found:
        original = blob(record.text("sha256")) or Blob("", 0)
        small = blob(record.text("preview_sha256"))
        sent = all(b.confirmed == epoch for b in (original, small) if b is not None and b.whole)
        made.append(Attached(record, original, small, sent and original.whole, bool(epoch)))
    return made


def small_picture(store: Store, attached: Attached) -> bytes:
    """The preview's bytes, empty if they are not here."""
    small = attached.preview
    return bytes_of(store).read(small.sha) if small is not None and small.whole else b""


def edit(store: Store, attachment: EntityId, values: Values, seen: Seen | None = None) -> None:
    """Changes name, kind or caption."""
    check_save("attachment", values, partial=True)
    with store.change("attachment.edit") as draft:
        draft.set("attachment", attachment, values, seen)


def delete(store: Store, attachment: EntityId) -> None:
    """Takes an attachment off; undo brings it back, and its bytes stay until nobody needs them."""
    with store.change("attachment.delete") as draft:
        draft.delete("attachment", attachment)


def fetch(store: Store, attachment: EntityId) -> None:
    """Asks for an original that is at the agency: it comes with the next exchange."""
    record = records.get_record(Reader(store.engine), "attachment", attachment)
    if record is None or not record.text("sha256"):
        raise NotFound("not_found")
    bytes_of(store).want(record.text("sha256"))
    announce(store, attachment)


def try_again(store: Store, attachment: EntityId) -> None:
    """What failed on its way is due at once, in both directions."""
    bytes_of(store).retry_all()
    announce(store, attachment)


def announce(store: Store, attachment: EntityId) -> None:
    """Tells who listens that something about an attachment waits for an exchange."""
    store.tell(frozenset({("attachment", attachment)}))


def count_waiting(store: Store) -> int:
    """Attachments not yet transferred as a whole."""
    return count_untransferred(Reader(store.engine), store.blobs)


def save_as(store: Store, sha: str, target: Path) -> None:
    """Writes a file where a person wants it: whole or not at all.

    Raises:
        StoreError: "file_not_here"; "save_failed", the place cannot be written.
    """
    try:
        bytes_of(store).export(sha, target)
    except OSError as error:
        raise StoreError("save_failed", path=target.name) from error


def open_copy(store: Store, sha: str, name: str) -> Path:
    """A readable copy for another program to show; it is removed when the profile closes.

    Raises:
        StoreError: as `save_as`.
    """
    try:
        return bytes_of(store).copy_for_viewing(sha, safe_name(name))
    except OSError as error:
        raise StoreError("save_failed", path=name) from error


def keep_originals(store: Store, always: bool) -> None:
    """Whether originals come by themselves, or only when asked for."""
    store.put_settings(originals="always" if always else "asked")


def bytes_of(store: Store) -> Blobs:
    """The place for files of this profile.

    Raises:
        StoreError: "no_place_for_files", a database without a folder.
    """
    if store.blobs is None:
        raise StoreError("no_place_for_files")
    return store.blobs


def _mb(size: int) -> int:
    return -(-size // (1024 * 1024))
