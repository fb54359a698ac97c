"""Which records refer to which file, kept with every record that is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete

from app.domain.fields import KINDS
from app.domain.merge import EntityState, deletion_of
from app.server.database import upsert
from app.server.tables import blob_ref

KIND = "attachment"
_CONTENT, _PREVIEW = (KINDS[KIND].slot_of[name].id for name in ("content", "preview"))


def note(connection: Connection, written: Iterable[EntityState]) -> None:
    """Take down what the written records refer to; a deleted one refers to nothing."""
    states = [state for state in written if state.kind == KIND]
    if not states:
        return
    connection.execute(delete(blob_ref).where(blob_ref.c.entity_id.in_([s.id for s in states])))
    rows = {(sha, s.id): (size, replica) for s in states for sha, size, replica in _files(s)}
    upsert(
        connection,
        blob_ref,
        [{"sha": sha, "entity_id": i, "size": n, "replica": r} for (sha, i), (n, r) in sorted(rows.items())],
    )


def _files(state: EntityState) -> Iterator[tuple[str, int, int]]:
    """(name, size, who wrote it) of every file in every version: while two stand, both are needed."""
    if not state.exists or deletion_of(state).deleted:
        return
    for slot in (_CONTENT, _PREVIEW):
        for dot, version in sorted(state.register(slot).versions.items()):
            if isinstance(version.value, tuple) and isinstance(version.value[0], str):
                size = version.value[1]
                yield version.value[0], size if isinstance(size, int) else 0, dot.replica
