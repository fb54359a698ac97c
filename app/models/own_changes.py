"""Own changes that are not part of the agency's state yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import orjson
from sqlalchemy import Connection, bindparam, select

from app.domain.change import Change, Op
from app.domain.encoding import decode_change
from app.domain.ids import EntityId
from app.models.engine import among, listed
from app.models.tables import change, change_entity


def own_changes(connection: Connection, ids: Sequence[EntityId]) -> dict[EntityId, list[Change]]:
    """Own changes per record that are not part of the agency's state, oldest first.

    Each change is cut down to the operations on that record: one change may touch hundreds of them.
    """
    if not ids:
        return {}
    wanted: dict[int, set[EntityId]] = {}
    for seq, entity_id in connection.execute(_UNSETTLED, {"ids": listed(ids)}):
        wanted.setdefault(seq, set()).add(entity_id)
    own: dict[EntityId, list[Change]] = {}
    for seq, entities in wanted.items():
        body = connection.execute(_BODY, {"seq": seq}).scalar_one()
        ops: dict[EntityId, list[Op]] = {}
        made = _decoded(body)
        for op in made.ops:
            if op.id in entities:
                ops.setdefault(op.id, []).append(op)
        for entity_id, each in ops.items():
            own.setdefault(entity_id, []).append(replace(made, ops=tuple(each)))
    return own


_UNSETTLED = (
    select(change.c.seq, change_entity.c.entity_id)
    .join_from(change_entity, change, change_entity.c.seq == change.c.seq)
    .where(change_entity.c.entity_id.in_(among("ids")), change.c.state != "confirmed")
    .order_by(change.c.seq)
)
_BODY = select(change.c.body).where(change.c.seq == bindparam("seq"))


@lru_cache(maxsize=64)
def _decoded(body: bytes) -> Change:
    """A change from the log; the same one is asked for by every batch that holds one of its records."""
    return decode_change(orjson.loads(body))
