"""Which measures stand in the lists: one that has gone into another is not deleted, but it is no line of its own.

Whether it has follows from two records (`domain.merging`), so it is worked out whenever either is written, in the
same transaction. `measure.gone` is 0 for what stands in the lists, 1 for what is deleted, and `MERGED` for what has
gone into another; `entity.gone` knows deletion only.
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, select, update

from app.domain.ids import EntityId
from app.domain.merging import Standing, survivor
from app.models.tables import entity, kind_tables

MERGED = 2
_MEASURE = kind_tables["measure"]


def arrange(connection: Connection) -> None:
    """Brings the lists in line with the pointers; costs one look into an index where there are none."""
    if connection.exec_driver_sql(_ANY).first() is None:
        return
    m = _MEASURE.c
    rows = connection.execute(_POINTING.where(m.merged_into > "")).all()
    known = standings(connection, rows)
    for row in rows:
        wanted = row.deleted or (0 if survivor(row.root_id, known) == row.root_id else MERGED)
        if wanted != row.gone:
            connection.execute(update(_MEASURE).where(m.row == row.row).values(gone=wanted))


_ANY = "SELECT 1 FROM measure WHERE merged_into > '' LIMIT 1"


def pointers(connection: Connection) -> dict[EntityId, Standing]:
    """Everything that has a pointer, and everything that is pointed to."""
    if connection.exec_driver_sql(_ANY).first() is None:
        return {}
    return standings(connection, connection.execute(_POINTING.where(_MEASURE.c.merged_into > "")).all())


_POINTING = select(
    _MEASURE.c.row,
    _MEASURE.c.root_id,
    _MEASURE.c.merged_into,
    _MEASURE.c.lead_ags,
    _MEASURE.c.participating_ags,
    _MEASURE.c.gone,
    entity.c.gone.label("deleted"),
).join_from(_MEASURE, entity, entity.c.row == _MEASURE.c.row)


def standings(connection: Connection, rows: Iterable[object]) -> dict[EntityId, Standing]:
    """Standings of these rows and of what they point to."""
    known = {row.root_id: _standing(row) for row in rows}  # type: ignore[attr-defined]
    missing = sorted({one.into for one in known.values()} - known.keys())
    for start in range(0, len(missing), 500):
        chunk = missing[start : start + 500]
        for row in connection.execute(_POINTING.where(_MEASURE.c.root_id.in_(chunk))):
            known[row.root_id] = _standing(row)
    return known


def _standing(row: object) -> Standing:
    others = orjson.loads(row.participating_ags) if row.participating_ags else ()  # type: ignore[attr-defined]
    lead = row.lead_ags or ""  # type: ignore[attr-defined]
    return Standing(row.merged_into or "", lead, frozenset({lead, *others}), bool(row.deleted))  # type: ignore[attr-defined]
