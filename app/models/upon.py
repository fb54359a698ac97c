"""What stands here upon the agency's state: what was heard in the hall, and own changes without a receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, select

from app.domain.change import Change
from app.domain.clock import includes
from app.domain.digest import digest_of
from app.domain.ids import EntityId
from app.domain.merge import EntityState, apply_change, merge
from app.models import rows
from app.models.engine import among, listed
from app.models.own_changes import own_changes
from app.models.settle import Settlement, forget
from app.models.sight import within
from app.models.tables import entity, heard


@dataclass(frozen=True, slots=True)
class Upon:
    """Of one record; it is true if there is something.

    Attributes:
        own: own changes that are not part of the agency's state, oldest first.
        heard: what others have said of it in the hall (docs/adr/0021).
    """

    own: Sequence[Change] = ()
    heard: EntityState | None = None

    def __bool__(self) -> bool:
        return bool(self.own) or self.heard is not None

    def over(self, base: EntityState) -> Upon:
        """What is left once the agency's state is this: what it covers need not be kept any more."""
        covered = self.heard is not None and includes(base.seen, self.heard.seen)
        return replace(self, heard=None) if covered else self

    def fold(self, base: EntityState) -> EntityState:
        """The agency's state with all of it on top."""
        state = base if self.heard is None else merge(base, self.heard)
        for made in self.own:
            state = apply_change(state, made)
        return state


NOTHING = Upon()


def upon(connection: Connection, ids: Sequence[EntityId]) -> dict[EntityId, Upon]:
    """By record, of those that have something."""
    if not ids:
        return {}
    found = {entity_id: Upon(own) for entity_id, own in own_changes(connection, ids).items()}
    for entity_id, state in heard_of(connection, ids).items():
        found[entity_id] = replace(found.get(entity_id, NOTHING), heard=state)
    return found


def settled_upon(row: Any, live: EntityState, base: EntityState, above: Upon, held: str) -> Settlement:
    """A record whose agency's state is `base` from now on, as far as it may be kept here, with the rest on top."""
    base = within(base, held)
    left = above.over(base)
    kept, new = (rows.encode_base(base), left.fold(base)) if left else (None, base)
    counted = (row.held, row.digest)
    return Settlement(row.row, live, new, kept, held, False, digest_of(base), counted, left is not above)


def heard_of(connection: Connection, ids: Iterable[EntityId]) -> dict[EntityId, EntityState]:
    """What was heard of these records."""
    asked = connection.execute(_HEARD, {"ids": listed(ids)})
    return {entity_id: rows.decode_base(kind, row) for entity_id, kind, row in asked}


_HEARD = (
    select(heard.c.entity_id, entity.c.kind, heard.c.row)
    .join_from(heard, entity, entity.c.id == heard.c.entity_id)
    .where(heard.c.entity_id.in_(among("ids")))
)


def unhear(connection: Connection, ids: Sequence[EntityId]) -> None:
    """The agency has told what was heard of these, or it may not be kept."""
    if ids:
        connection.execute(_UNHEAR, {"ids": listed(ids)})


_UNHEAR = delete(heard).where(heard.c.entity_id.in_(among("ids")))


def leave_hall(connection: Connection, root_id: EntityId) -> None:
    """A workshop left this device's reach: what only the hall has said of what hangs below it goes, too."""
    below = select(entity.c.row, entity.c.id, entity.c.kind).join_from(heard, entity, entity.c.id == heard.c.entity_id)
    found = connection.execute(below.where(heard.c.root_id == root_id, entity.c.held == "")).all()
    own = own_changes(connection, [r.id for r in found])
    for r in found:
        if r.id not in own:
            forget(connection, r.kind, r.row, r.id)
    connection.execute(delete(heard).where(heard.c.root_id == root_id))
