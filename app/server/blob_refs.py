"""Which records refer to which file, kept with every record that is written: who may read or send it follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, delete, select

from app.domain.fields import KINDS
from app.domain.merge import EntityState, deletion_of
from app.domain.packing import unpack
from app.server.auth import Device
from app.server.database import upsert
from app.server.records import Record, stored_columns
from app.server.tables import blob_ref, entity

_KIND = "attachment"
_CONTENT, _PREVIEW = (KINDS[_KIND].slot_of[name].id for name in ("content", "preview"))


@dataclass(frozen=True, slots=True)
class Rights:
    """What a device may do with one file; `sizes` are the sizes its records tell."""

    read: bool
    send: bool
    sizes: frozenset[int]


def note(connection: Connection, records: Iterable[Record]) -> None:
    """Take down what the written records refer to; a deleted one refers to nothing."""
    states = [r.state for r in records if r.kind == _KIND and r.state is not None]
    if not states:
        return
    connection.execute(delete(blob_ref).where(blob_ref.c.entity_id.in_([s.id for s in states])))
    rows = {(sha, s.id): size for s in states for sha, size in _files(s)}
    upsert(connection, blob_ref, [{"sha": sha, "entity_id": i, "size": n} for (sha, i), n in sorted(rows.items())])


def _files(state: EntityState) -> Iterator[tuple[str, int]]:
    """(name, size) of every file in every version: while two stand, both are needed."""
    if not state.exists or deletion_of(state).deleted:
        return
    for slot in (_CONTENT, _PREVIEW):
        for version in state.register(slot).versions.values():
            if isinstance(version.value, tuple) and isinstance(version.value[0], str):
                size = version.value[1]
                yield version.value[0], size if isinstance(size, int) else 0


def rights(connection: Connection, device: Device, sha: str) -> Rights:
    """What the device may do, judged by the records as they are now."""
    rows = connection.execute(
        select(blob_ref.c.size, entity.c.scopes, entity.c.root_id)
        .join(entity, entity.c.id == blob_ref.c.entity_id)
        .where(blob_ref.c.sha == sha)
    ).all()
    scopes = device.grant.scopes
    near = [r for r in rows if not scopes.isdisjoint(orjson.loads(r.scopes))]
    send = any(_may_edit(connection, device, root) for root in sorted({r.root_id for r in near}))
    return Rights(bool(near), send, frozenset(r.size for r in near))


def _may_edit(connection: Connection, device: Device, root_id: str) -> bool:
    query = select(entity.c.kind, entity.c.schema, entity.c.packed).where(entity.c.id == root_id)
    row = connection.execute(query).one_or_none()
    if row is None or row.packed is None:
        return False
    kind = KINDS[row.kind]
    return device.grant.may_edit(unpack(kind, stored_columns(kind, row.schema), orjson.loads(row.packed)))
