"""Records made below a root that somebody else had deleted meanwhile: nothing deleted them, so they ask."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from app.domain.fields import DELETION_SLOT
from app.domain.ids import EntityId
from app.models.asking import Asking
from app.models.tables import entity, question

_root = entity.alias("root")


def _query() -> Select[Any]:
    """Living children of deleted roots that do not ask on their own account already."""
    asked = exists(select(1).where(question.c.entity_id == entity.c.id, question.c.slot == DELETION_SLOT))
    return (
        select(
            entity.c.id.label("entity_id"),
            entity.c.kind,
            entity.c.root_kind,
            entity.c.root_id,
            entity.c.changed_at.label("since"),
        )
        .join_from(_root, entity, entity.c.root_id == _root.c.id)
        .where(
            _root.c.kind.in_(("measure", "workshop")),
            _root.c.gone == 1,
            entity.c.gone == 0,
            entity.c.id != _root.c.id,
            ~asked,
        )
    )


_ALL = _query().order_by(entity.c.id)
_COUNT = Asking(select(func.count()).select_from(_query().subquery()))


def orphans(connection: Connection, root_id: EntityId | None = None) -> list[Any]:
    """(entity_id, kind, root_kind, root_id, since) of each, by id; below one root if given."""
    if root_id is None:
        return list(connection.execute(_ALL))
    return list(connection.execute(_ALL.where(_root.c.id == root_id)))


def count_orphans(connection: Connection) -> int:
    """How many there are."""
    return int(_COUNT(connection)[0][0])
