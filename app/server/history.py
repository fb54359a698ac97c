"""What happened to one record, told to whoever may read it, and nothing about its neighbours."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, and_, select

from app.domain.ids import EntityId
from app.errors import AgencyRefused
from app.server.auth import Device
from app.server.pull import authors, reads
from app.server.records import internal_slots
from app.server.tables import change_entity, change_log, entity
from app.sync.wire import HistoryEntry, HistoryReply

_SLOT_OPS = frozenset("w+-nt")


def of(connection: Connection, device: Device, kind: str, entity_id: EntityId) -> HistoryReply:
    """Every merged change of the record, in the order the agency received them.

    Raises:
        AgencyRefused: no such record in this device's scopes; whether it exists is not told.
    """
    found = connection.execute(
        select(entity.c.scopes).where(entity.c.id == entity_id, entity.c.kind == kind)
    ).scalar_one_or_none()
    may_read, all_of_it = reads(device, found or "[]")
    if not may_read:
        raise AgencyRefused("no_record")
    rows = connection.execute(
        select(change_log.c.body, change_log.c.received_at, change_log.c.receipt_no, change_log.c.replica)
        .join(
            change_entity,
            and_(change_entity.c.replica == change_log.c.replica, change_entity.c.n == change_log.c.n),
        )
        .where(change_entity.c.entity_id == entity_id)
        .order_by(change_log.c.receipt_no, change_log.c.replica, change_log.c.n)
    ).all()
    hidden = frozenset() if all_of_it else internal_slots(kind)
    entries = []
    for row in rows:
        change = _about(orjson.loads(row.body), entity_id, hidden)
        if change[6]:
            entries.append(HistoryEntry(change=change, received_at=row.received_at, receipt=row.receipt_no))
    return HistoryReply(entries=entries, authors=authors(connection, {row.replica for row in rows}))


def _about(change: list[Any], entity_id: EntityId, hidden: frozenset[int]) -> list[Any]:
    """The change with only those operations that concern the record and may be read."""
    *head, ops = change
    return [
        *head,
        [op for op in ops if op[2] == entity_id and not (op[0] in _SLOT_OPS and op[3] in hidden)],
    ]
