"""Which files the records on this device refer to, and which of them the agency may be handed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, or_, select

from app.domain.draft import Key
from app.domain.ids import EntityId
from app.models import rows, settings
from app.models.blobs import Blobs
from app.models.queries.reader import Reader
from app.models.tables import entity, kind_tables

_files = kind_tables["attachment"]


@dataclass(frozen=True, slots=True)
class FileRef:
    """One file that a living record refers to.

    Attributes:
        key: the record. root: the measure or workshop it hangs on.
        is_preview: a small picture that goes ahead.
        is_known: the agency has confirmed the record: only then it knows what the bytes are for.
    """

    sha: str
    size: int
    key: Key
    root: Key
    is_preview: bool
    is_known: bool


def file_refs(reader: Reader) -> list[FileRef]:
    """Every file in use, once per record: previews first, then the small before the large."""
    with reader.snapshot() as connection:
        found = list(_refs(connection))
    previews = {ref.sha for ref in found if ref.is_preview} - {ref.sha for ref in found if not ref.is_preview}
    found = [replace(ref, is_preview=ref.sha in previews) for ref in found]
    return sorted(found, key=lambda f: (not f.is_preview, f.size, f.sha, f.key))


def root_files(reader: Reader, root: EntityId) -> list[FileRef]:
    """What one measure or workshop refers to, previews first, then the small before the large."""
    with reader.snapshot() as connection:
        found = list(_refs(connection, root))
    return sorted(found, key=lambda f: (not f.is_preview, f.size, f.sha, f.key))


def any_files(reader: Reader) -> bool:
    """Whether there is any attachment on this device, deleted ones too: most exchanges need not look further."""
    with reader.snapshot() as connection:
        return connection.execute(select(_files.c.row).limit(1)).first() is not None


def editable(reader: Reader, roots: Collection[Key]) -> frozenset[Key]:
    """Those of the roots this device may edit: only their files it may hand to the agency."""
    with reader.snapshot() as connection:
        grant = settings.grant(connection)
        loaded = {root: rows.load(connection, *root) for root in set(roots)}
        return frozenset(
            root for root, found in loaded.items() if found and not found[0].frozen and grant.may_edit(found[1])
        )


def count_untransferred(reader: Reader, blobs: Blobs | None) -> int:
    """Attachments of which bytes lie here and not yet, as far as this device knows, at the agency."""
    epoch = epoch_of(reader)
    if blobs is None or not epoch:
        return 0
    waiting = blobs.unconfirmed(epoch)
    if not waiting:
        return 0
    with reader.snapshot() as connection:
        refs = [ref for ref in _refs(connection) if ref.sha in waiting]
    mine = editable(reader, {ref.root for ref in refs})
    return len({ref.key for ref in refs if ref.root in mine})


def epoch_of(reader: Reader) -> str:
    """The agency's incarnation this profile belongs to, "" for none."""
    with reader.snapshot() as connection:
        return settings.membership(connection).epoch


def fetches_all(reader: Reader) -> bool:
    """Whether originals come by themselves; otherwise only those a person asked for."""
    with reader.snapshot() as connection:
        return settings.get(connection, "originals") == "always"


def all_files(reader: Reader) -> Collection[str]:
    """Every file any record on this device refers to, deleted ones too."""
    with reader.snapshot() as connection:
        found = connection.execute(select(_files.c.sha256, _files.c.preview_sha256)).all()
    return frozenset(sha for pair in found for sha in pair if sha)


def _refs(connection: Connection, root: EntityId = "") -> Iterator[FileRef]:
    # An empty base says that the agency does not know the record.
    known = or_(entity.c.base.is_(None), func.length(entity.c.base) > 0)
    query = (
        select(_files, entity.c.id, entity.c.root_kind, known.label("known"))
        .join_from(_files, entity, entity.c.row == _files.c.row)
        .where(_files.c.gone == 0)
    )
    if root:
        query = query.where(_files.c.root_id == root)
    for r in connection.execute(query).all():
        for sha, size, small in ((r.preview_sha256, r.preview_size, True), (r.sha256, r.size, False)):
            if sha:
                yield FileRef(sha, size or 0, ("attachment", r.id), (r.root_kind, r.root_id), small, bool(r.known))
