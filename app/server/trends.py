"""How much each municipality has brought, week by week: from the receipts, which are kept for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from app.server.instant import told
from app.server.tables import device, receipt, replica
from app.sync.office_wire import WeeksLine

WEEKS = 12
_DAY = 10
"""Characters of an instant that tell its day."""


def weeks(connection: Connection, now: datetime) -> list[WeeksLine]:
    """Changes by municipality in each of the past twelve weeks of seven days; who brought none is missing."""
    day, r = func.substr(receipt.c.at, 1, _DAY), receipt.c
    query = (
        select(device.c.ags, day.label("day"), func.sum(r.n_to - r.n_from + 1).label("changes"))
        .join_from(receipt, replica, replica.c.replica == r.replica)
        .join(device, device.c.id == replica.c.device_id)
        .where(r.at > told(now - timedelta(days=7 * WEEKS)), device.c.ags != "")
        .group_by(device.c.ags, day)
    )
    counts: dict[str, list[int]] = {}
    for row in connection.execute(query):
        ago = (now.date() - datetime.fromisoformat(row.day).date()).days // 7
        if 0 <= ago < WEEKS:
            counts.setdefault(row.ags, [0] * WEEKS)[WEEKS - 1 - ago] += int(row.changes)
    return [WeeksLine(ags=ags, counts=found) for ags, found in sorted(counts.items())]
