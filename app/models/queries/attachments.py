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
        key: the record.
        is_preview: a small picture that goes ahead.
        may_edit: this device may edit the record, hence hand its bytes to the agency.
        is_known: the agency has confirmed the record: only then it knows what the bytes are for.
    """

    sha: str
    size: int
    key: Key
    is_preview: bool
    may_edit: bool
    is_known: bool

    @property
    def may_send(self) -> bool:
        return self.may_edit and self.is_known


def file_refs(reader: Reader) -> list[FileRef]:
    """Every file in use, each once: previews first, then the small before the large."""
    found: dict[str, FileRef] = {}
    with reader.snapshot() as connection:
        for ref in _refs(connection):
            old = found.get(ref.sha)
            if old is not None:
                best = ref if ref.may_send and not old.may_send else old
                ref = replace(best, is_preview=ref.is_preview and old.is_preview)
            found[ref.sha] = ref
    return sorted(found.values(), key=lambda f: (not f.is_preview, f.size, f.sha))


def count_untransferred(reader: Reader, blobs: Blobs | None) -> int:
    """Attachments of which bytes lie here and not yet, as far as this device knows, at the agency."""
    if blobs is None:
        return 0
    with reader.snapshot() as connection:
        epoch = settings.membership(connection).epoch
        refs = [ref for ref in _refs(connection) if ref.may_edit] if epoch else []
    if not refs:
        return 0
    here = blobs.search({ref.sha for ref in refs})
    waiting = {s for s, b in here.items() if b.whole and b.confirmed != epoch}
    return len({ref.key for ref in refs if ref.sha in waiting})


def fetches_all(reader: Reader) -> bool:
    """Whether originals come by themselves; otherwise only those a person asked for."""
    with reader.snapshot() as connection:
        return settings.get(connection, "originals") == "always"


def all_files(reader: Reader) -> Collection[str]:
    """Every file any record on this device refers to, deleted ones too."""
    with reader.snapshot() as connection:
        found = connection.execute(select(_files.c.sha256, _files.c.preview_sha256)).all()
    return frozenset(sha for pair in found for sha in pair if sha)


def _refs(connection: Connection) -> Iterator[FileRef]:
    may: dict[Key, bool] = {}
    # An empty base says that the agency does not know the record.
    known = or_(entity.c.base.is_(None), func.length(entity.c.base) > 0)
    query = (
        select(_files, entity.c.id, entity.c.root_kind, known.label("known"))
        .join_from(entity, _files, entity.c.row == _files.c.row)
        .where(_files.c.gone == 0)
    )
    for r in connection.execute(query).all():
        root = (r.root_kind, r.root_id)
        if root not in may:
            may[root] = _may_edit(connection, *root)
        for sha, size, small in ((r.preview_sha256, r.preview_size, True), (r.sha256, r.size, False)):
            if sha:
                yield FileRef(sha, size or 0, ("attachment", r.id), small, may[root], bool(r.known))


def _may_edit(connection: Connection, root_kind: str, root_id: EntityId) -> bool:
    root = rows.load(connection, root_kind, root_id)
    return root is not None and not root[0].frozen and settings.grant(connection).may_edit(root[1])
