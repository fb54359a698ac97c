"""What happened to one record, told to whoever may read it, and nothing about its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, select

from app.domain.access import DECIDING, scopes_of
from app.domain.change import Create, slot_id
from app.domain.encoding import decode_change
from app.domain.fields import KINDS, internal_slots
from app.domain.ids import EntityId
from app.domain.merge import EntityState, apply_all
from app.errors import AgencyRefused
from app.server.auth import Device
from app.server.pull import authors, reads
from app.server.tables import change_entity, change_log, entity, quarantine
from app.sync.wire import HistoryEntry, HistoryReply

_SLOT_OPS = frozenset("w+-nt")
Place = tuple[str, int, int, int]
"""Where a change stands in the order in which changes were merged."""


def of(connection: Connection, device: Device, kind: str, entity_id: EntityId) -> HistoryReply:
    """Every merged change of the record, in the order the agency merged them.

    Who reads it only because it is shared, learns nothing of the time before it was.

    Raises:
        AgencyRefused: no such record in this device's scopes; whether it exists is not told.
    """
    found = connection.execute(
        select(entity.c.scopes, entity.c.root_kind, entity.c.root_id).where(
            entity.c.id == entity_id, entity.c.kind == kind
        )
    ).one_or_none()
    may_read, all_of_it = reads(device, found.scopes if found else "[]")
    if found is None or not may_read:
        raise AgencyRefused("no_record")
    rows = _merged(connection, entity_id)
    hidden: frozenset[int] = frozenset()
    if not all_of_it:
        hidden = internal_slots(kind)
        since = _shared_since(connection, device, found.root_kind, found.root_id)
        rows = [row for row in rows if since is not None and _place(row) >= since]
    entries = []
    for row in rows:
        change = _about(orjson.loads(row.body), entity_id, hidden)
        if change[6]:
            entries.append(HistoryEntry(change=change, received_at=row.received_at, receipt=row.receipt_no))
    return HistoryReply(entries=entries, authors=authors(connection, {row.replica for row in rows}))


def _merged(connection: Connection, entity_id: EntityId) -> list[Any]:
    """The changes that touched a record, in the order they were merged; one released late was merged late."""
    log, aside = change_log.c, quarantine.c
    merged_at = func.coalesce(aside.released_at, log.received_at).label("merged_at")
    rows = connection.execute(
        select(log.body, log.received_at, log.receipt_no, log.replica, log.n, merged_at)
        .join(change_entity, and_(change_entity.c.replica == log.replica, change_entity.c.n == log.n))
        .outerjoin(quarantine, and_(aside.replica == log.replica, aside.n == log.n))
        .where(change_entity.c.entity_id == entity_id)
    ).all()
    return sorted(rows, key=_place)


def _place(row: Any) -> Place:
    return row.merged_at, row.receipt_no, row.replica, row.n


def _shared_since(connection: Connection, device: Device, kind: str, root: EntityId) -> Place | None:
    """The change from which on, without a break, the device could read what hangs below a root."""
    slots = {KINDS[kind].slot_of[name].id for name in DECIDING & KINDS[kind].slot_of.keys()}
    state, since = EntityState(kind, root), None
    for row in _merged(connection, root):
        change = decode_change(orjson.loads(row.body))
        ops = [op for op in change.ops if op.id == root and (isinstance(op, Create) or slot_id(op) in slots)]
        state = apply_all(state, ops, change.dot, change.hlc)
        if scopes_of(state).isdisjoint(device.grant.scopes):
            since = None
        elif since is None:
            since = _place(row)
    return since


def _about(change: Sequence[Any], entity_id: EntityId, hidden: frozenset[int]) -> list[Any]:
    """The change with only those operations that concern the record and may be read."""
    *head, ops = change
    return [
        *head,
        [op for op in ops if op[2] == entity_id and not (op[0] in _SLOT_OPS and op[3] in hidden)],
    ]
