"""Which files the records on this device refer to, and which of them the agency may be handed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from app.domain.ids import EntityId
from app.models import rows, settings
from app.models.queries.reader import Reader
from app.models.tables import entity, kind_tables

_files = kind_tables["attachment"]


@dataclass(frozen=True, slots=True)
class FileRef:
    """One file that living records refer to.

    Attributes:
        is_preview: a small picture that goes ahead; false if a record has it as its original.
        may_send: a record that refers to it is known to the agency, and this device may edit it.
    """

    sha: str
    size: int
    is_preview: bool
    may_send: bool


def file_refs(reader: Reader) -> list[FileRef]:
    """Every file in use, each once, previews first, then the small before the large."""
    with reader.snapshot() as connection:
        may = dict[tuple[str, EntityId], bool]()
        found: dict[str, FileRef] = {}
        # Empty base: the agency has not confirmed the record yet, and would not know what the bytes are for.
        known = or_(entity.c.base.is_(None), func.length(entity.c.base) > 0)
        query = (
            select(_files, entity.c.root_kind, known.label("known"))
            .join_from(entity, _files, entity.c.row == _files.c.row)
            .where(_files.c.gone == 0)
        )
        for r in connection.execute(query):
            root = (r.root_kind, r.root_id)
            if root not in may:
                may[root] = _may_edit(connection, *root)
            send = may[root] and bool(r.known)
            for sha, size, small in ((r.preview_sha256, r.preview_size, True), (r.sha256, r.size, False)):
                if sha:
                    old = found.get(sha)
                    small = small and (old is None or old.is_preview)
                    found[sha] = FileRef(sha, size or 0, small, send or (old is not None and old.may_send))
    return sorted(found.values(), key=lambda f: (not f.is_preview, f.size, f.sha))


def all_files(reader: Reader) -> frozenset[str]:
    """Every file any record on this device refers to, deleted ones too."""
    with reader.snapshot() as connection:
        return frozenset(_every(connection))


def _every(connection: Connection) -> Iterator[str]:
    for r in connection.execute(select(_files.c.sha256, _files.c.preview_sha256)):
        yield from (sha for sha in r if sha)


def _may_edit(connection: Connection, root_kind: str, root_id: EntityId) -> bool:
    root = rows.load(connection, root_kind, root_id)
    return root is not None and not root[0].frozen and settings.grant(connection).may_edit(root[1])
