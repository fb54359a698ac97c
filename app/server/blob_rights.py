"""Who may read and send a file: that follows from the records that refer to it, as they are now."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, and_, select

from app.domain.catalogue import Role
from app.domain.fields import KINDS
from app.domain.packing import unpack
from app.server.auth import Device
from app.server.records import stored_columns
from app.server.tables import blob_holder, blob_ref, entity, replica


@dataclass(frozen=True, slots=True)
class Rights:
    """What a device may do with one file.

    Attributes:
        sizes: the sizes its records tell.
        authors: devices for which this one vouches when it sends the file: they have referred to it in a record
            that both may edit. The agency may edit everything, so it vouches for nobody.
    """

    read: bool
    send: bool
    sizes: frozenset[int]
    authors: frozenset[int] = frozenset()


def rights(connection: Connection, device: Device, sha: str) -> Rights:
    """What the device may do, judged by the records as they are now.

    A record opens a file only if whoever wrote the reference had the file: a name, once seen, would else be
    enough to go on reading what has left one's scopes.
    """
    rows = connection.execute(
        select(
            blob_ref.c.size,
            blob_ref.c.replica,
            replica.c.device_id.label("author"),
            blob_holder.c.device_id.label("holder"),
            entity.c.scopes,
            entity.c.root_id,
        )
        .join(entity, entity.c.id == blob_ref.c.entity_id)
        .outerjoin(replica, replica.c.replica == blob_ref.c.replica)
        .outerjoin(
            blob_holder, and_(blob_holder.c.sha == blob_ref.c.sha, blob_holder.c.device_id == replica.c.device_id)
        )
        .where(blob_ref.c.sha == sha)
    ).all()
    scopes = device.grant.scopes
    near = [r for r in rows if not scopes.isdisjoint(orjson.loads(r.scopes))]
    mine = {root for root in sorted({r.root_id for r in near}) if _may_edit(connection, device, root)}
    read = any(r.holder is not None or not r.replica for r in near)
    colleagues = {r.author for r in near if r.root_id in mine and r.author and device.grant.role is not Role.AGENCY}
    return Rights(read, bool(mine), frozenset(r.size for r in near), frozenset(colleagues))


def _may_edit(connection: Connection, device: Device, root_id: str) -> bool:
    query = select(entity.c.kind, entity.c.schema, entity.c.packed).where(entity.c.id == root_id)
    row = connection.execute(query).one_or_none()
    if row is None or row.packed is None:
        return False
    kind = KINDS[row.kind]
    return device.grant.may_edit(unpack(kind, stored_columns(kind, row.schema), orjson.loads(row.packed)))
