"""The agency's echo of own changes: no row, only its digest, by which what stands here is recognised.

Most of what a device hears after a push is what it has just said. Where the agency knows that a record
holds nothing else that is new, it tells the digest alone (docs/adr/0018). It is believed only where the
very same state is here already: as it stands, or made from the base and own changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from app.domain.digest import digest_of
from app.domain.ids import EntityId
from app.domain.merge import EntityState, apply_change
from app.models import rows
from app.models.own_changes import own_changes
from app.models.sums import Sums, hold
from app.models.upon import unhear


class Unlike(Exception):
    """An echo of something that is not here: the row itself is needed."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What the agency says of one record: its digest, in these scopes."""

    kind: str
    digest: int
    scopes: list[str]


def take(connection: Connection, told: Mapping[EntityId, Echo]) -> dict[EntityId, EntityState]:
    """Keeps the books of records that stand here as the agency has them.

    Returns the agency's states of those that have been edited again meanwhile.

    Raises:
        Unlike: one of them cannot be made from what is here.
    """
    asked = orjson.dumps(list(told)).decode()
    # Digests do not tell texts: beside a change that the agency has set aside, they prove too little.
    if connection.exec_driver_sql(_SET_ASIDE, (asked,)).first() is not None:
        raise Unlike
    found = connection.exec_driver_sql(_STANDING, (asked,)).all()
    if len(found) != len(told):
        raise Unlike
    books: list[tuple[Any, ...]] = []
    edited: dict[EntityId, EntityState] = {}
    sums = Sums()
    for row, entity_id, held, digest, standing in found:
        echo = told[entity_id]
        if standing != echo.digest:
            edited[entity_id] = _reproduced(connection, entity_id, echo)
            continue
        now = hold(held, *echo.scopes)
        books.append((now, standing, row))
        sums.move((held, digest), (now, standing))
    if books:
        connection.exec_driver_sql(_KEEP, books)
        unhear(connection, [entity_id for entity_id in told if entity_id not in edited])
    sums.write(connection)
    return edited


def _reproduced(connection: Connection, entity_id: EntityId, echo: Echo) -> EntityState:
    """The base with as many own changes as the agency had heard of."""
    loaded = rows.load(connection, echo.kind, entity_id)
    if loaded is None:
        raise Unlike
    row, live = loaded
    state = live if row.base is None else rows.decode_base(echo.kind, row.base)
    if not state.id:
        state = EntityState(echo.kind, entity_id)
    for made in own_changes(connection, [entity_id]).get(entity_id, []):
        state = apply_change(state, made)
        if digest_of(state) == echo.digest:
            return state
    raise Unlike


_STANDING = """
    SELECT row, id, held, digest, CASE WHEN base IS NULL THEN digest ELSE ahead END
    FROM entity WHERE id IN (SELECT value FROM json_each(?))
"""
_SET_ASIDE = """
    SELECT 1 FROM change CROSS JOIN change_entity ON change_entity.seq = change.seq
    WHERE change.state = 'quarantined' AND change_entity.entity_id IN (SELECT value FROM json_each(?)) LIMIT 1
"""
_KEEP = "UPDATE entity SET base = NULL, ahead = 0, held = ?, frozen = 0, digest = ? WHERE row = ?"
