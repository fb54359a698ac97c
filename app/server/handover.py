"""Handovers: changes that were kept aside, until somebody takes them, writes them otherwise, or sends them back.

Whoever loses a right while offline loses no words: they come here. The agency decides on all of them, the owner of
a record on those that touch nothing else (`handover_roots`). What is decided reaches the author with the next
exchange; what was never decided waits for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update

from app.domain.access import Grant
from app.domain.catalogue import Role
from app.domain.clock import clamp
from app.domain.encoding import decode_change
from app.errors import ContentError, FieldError, NotAllowed
from app.server import feed, handover_roots
from app.server.aside import Aside
from app.server.auth import Device
from app.server.instant import told
from app.server.push import Arrival, by_record_of, merged_states, touched
from app.server.records import Records, TooHeavy, WrongKind
from app.server.rights import is_allowed
from app.server.tables import change_entity, device, entity, quarantine
from app.sync.office_wire import HandoverLine, Verdict


def undecided(connection: Connection) -> Sequence[Any]:
    """Rows of what waits, the oldest first, with who sent it."""
    waits = quarantine.c
    query = select(quarantine, device.c.person, device.c.ags).join(device, device.c.id == waits.device_id)
    query = query.where(waits.released_at.is_(None), waits.verdict == "")
    return connection.execute(query.order_by(waits.received_at, waits.replica, waits.n)).all()


def lines(connection: Connection, of: Grant) -> list[HandoverLine]:
    """What waits, with its content, as far as whoever has this grant may decide on it."""
    rows = undecided(connection)
    if of.role is not Role.AGENCY:
        owned = handover_roots.owned(connection, of)
        rows = [row for row in rows if (row.replica, row.n) in owned]
    return [_line(connection, row) for row in rows]


def count(connection: Connection, of: Grant) -> int:
    """How many handovers wait for a municipality; the agency's desks look by themselves."""
    return len(handover_roots.owned(connection, of))


def decide(
    connection: Connection, replica: int, n: int, verdict: Verdict, note: str, at: datetime, by: Device | None = None
) -> bool:
    """Whether there was such a change to decide on; the same decision twice is once.

    Args:
        by: who decides; None is the operator, at this machine. What is not theirs to decide on is not there.

    Raises:
        NotAllowed: it is to be accepted and cannot be read, or to be sent back without a reason.
    """
    grant = by.grant if by else _OPERATOR
    if grant.role is not Role.AGENCY and (replica, n) not in handover_roots.owned(connection, grant):
        return False
    this = (quarantine.c.replica == replica, quarantine.c.n == n)
    open_ones = select(quarantine).where(*this, quarantine.c.released_at.is_(None), quarantine.c.verdict == "")
    row = connection.execute(open_ones.with_for_update()).one_or_none()
    if row is None:
        return False
    if verdict == "returned" and not note.strip():
        raise NotAllowed("release", "no_reason")
    if verdict == "accepted":
        if not _release(connection, row, grant):
            return False
        values: dict[str, object] = {"released_at": told(at)}
    else:
        values = {"verdict": verdict, "note": note.strip(), "decided_at": told(at)}
    values["decided_by"] = by.id if by else None
    connection.execute(update(quarantine).where(*this).values(**values))
    handover_roots.settled(connection, replica, n)
    return True


_OPERATOR = Grant(Role.AGENCY)


def _line(connection: Connection, row: Any) -> HandoverLine:
    change: list[Any] = []
    root = ("", "")
    try:
        raw = orjson.loads(row.body)
        ops = decode_change(raw).ops
        change = raw
        found = connection.execute(
            select(entity.c.root_kind, entity.c.root_id).where(entity.c.id.in_([op.id for op in ops])).limit(1)
        ).one_or_none()
        root = (found.root_kind, found.root_id) if found else (ops[0].kind, ops[0].id)
    except (ContentError, FieldError, orjson.JSONDecodeError):
        change = []
    return HandoverLine(
        replica=row.replica,
        n=row.n,
        reason=row.reason,
        received_at=row.received_at,
        device=row.device_id,
        person=row.person,
        ags=row.ags,
        root_kind=root[0],
        root_id=root[1],
        change=change,
    )


def _release(connection: Connection, row: Any, grant: Grant) -> bool:
    """Merge the change after all, as if it had been allowed when it came; whether whoever decides may take it."""
    received = int(datetime.fromisoformat(row.received_at).timestamp() * 1000)
    records = Records(connection)
    try:
        change = decode_change(orjson.loads(row.body))
        change = replace(change, hlc=clamp(change.hlc, received))
        records.load(touched([Arrival(row.replica, row.n, None, row.body, change=change)]))
        merged = merged_states(records, change, by_record_of(change), {}, Aside.of(connection, [change]))
        if not is_allowed(records, grant, change, merged):
            return False
        records.weigh(merged, len(row.body))
        records.put(merged.values())
    except (ContentError, FieldError, WrongKind, TooHeavy) as error:
        raise NotAllowed("release", "unreadable") from error
    placed = feed.place(records)
    news = feed.steps(connection, records, placed)
    records.save(placed)
    connection.execute(
        insert(change_entity),
        [{"entity_id": entity_id, "replica": row.replica, "n": row.n} for _, entity_id in change.entities],
    )
    feed.publish(connection, news)
    return True
