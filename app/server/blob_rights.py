"""Who may read and send a file: that follows from the records that refer to it, as they are now."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from app.domain.fields import KINDS
from app.domain.packing import unpack
from app.server.auth import Device
from app.server.records import stored_columns
from app.server.tables import blob_ref, entity


@dataclass(frozen=True, slots=True)
class Rights:
    """What a device may do with one file; `sizes` are the sizes its records tell."""

    read: bool
    send: bool
    sizes: frozenset[int]


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
