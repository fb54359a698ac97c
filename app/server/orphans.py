"""Records that were written before anybody could say whom they belong to, judged when that becomes known.

After a restore changes arrive in any order: a card before its workshop, an edit before the creation. They
are merged at once, shown to nobody, and lose here what its author turns out not to have been allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import orjson
from sqlalchemy import Connection, Row, and_, delete, select

from app.domain.change import Change
from app.domain.clock import clamp
from app.domain.encoding import decode_change
from app.domain.ids import EntityId
from app.domain.merge import EntityState, apply_change
from app.server.auth import grant_of
from app.server.database import upsert
from app.server.records import Records
from app.server.tables import change_entity, change_log, device, quarantine
from app.server.tables import replica as replicas


def suspects(records: Records, merged: Mapping[EntityId, EntityState]) -> dict[EntityId, tuple[str, EntityState]]:
    """Records that get their place by this change: id -> (kind, root as it is then)."""
    found: dict[EntityId, tuple[str, EntityState]] = {}
    for state in merged.values():
        before = records.state(state.kind, state.id)
        root = merged.get(state.root_id) or records.state(state.root_kind, state.root_id)
        if before.seen and not before.exists and root.exists:
            found[state.id] = (state.kind, root)
        if state.id == state.root_id and not before.exists:
            found.update((i, (kind, state)) for i, kind in records.waiting_below(state.id).items())
    return found


def purge(connection: Connection, records: Records, found: Mapping[EntityId, tuple[str, EntityState]]) -> None:
    """Take out of these records what was written by devices that may not edit their root."""
    by_record: dict[EntityId, list[Row[tuple[object, ...]]]] = {}
    for row in _writings(connection, found):
        by_record.setdefault(row.entity_id, []).append(row)
    for entity_id, rows in by_record.items():
        kind, root = found[entity_id]
        allowed = [r for r in rows if grant_of(r.role, r.ags, r.workshops).may_edit(root)]
        if len(allowed) == len(rows):
            continue
        state = EntityState(kind, entity_id)
        for row in allowed:
            state = apply_change(state, _change(row))
        records.put([state])
        _set_aside(connection, entity_id, [r for r in rows if r not in allowed])


def _writings(
    connection: Connection, found: Mapping[EntityId, tuple[str, EntityState]]
) -> list[Row[tuple[object, ...]]]:
    log, index = change_log.c, change_entity.c
    query = (
        select(
            index.entity_id,
            log.replica,
            log.n,
            log.body,
            log.received_at,
            device.c.id.label("device_id"),
            device.c.role,
            device.c.ags,
            device.c.workshops,
        )
        .join(change_log, and_(log.replica == index.replica, log.n == index.n))
        .join(replicas, replicas.c.replica == log.replica)
        .join(device, device.c.id == replicas.c.device_id)
        .where(index.entity_id.in_(sorted(found)))
        .order_by(log.receipt_no, log.replica, log.n)
    )
    return list(connection.execute(query))


def _change(row: Row[tuple[object, ...]]) -> Change:
    change = decode_change(orjson.loads(row.body))
    received = int(datetime.fromisoformat(row.received_at).timestamp() * 1000)
    return replace(change, hlc=clamp(change.hlc, received))


def _set_aside(connection: Connection, entity_id: EntityId, refused: list[Row[tuple[object, ...]]]) -> None:
    kept = ("replica", "n", "body", "received_at", "device_id")
    rows = [{"reason": "not_allowed", **{name: r._mapping[name] for name in kept}} for r in refused]
    upsert(connection, quarantine, rows, change=False)
    for r in refused:
        this = (change_entity.c.entity_id == entity_id, change_entity.c.replica == r.replica)
        connection.execute(delete(change_entity).where(*this, change_entity.c.n == r.n))
