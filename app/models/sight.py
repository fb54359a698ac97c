"""How much of a record this device may keep: all of it while a scope of its own shows it, else what is shared.

Whoever gives a measure away may go on reading it as others do. Its internal fields leave the device then,
with what stood in them before; only own words that the agency has not dealt with yet stay (docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete

from app.domain.access import SHARED, shared_view
from app.domain.fields import internal_slots
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.models.sums import scopes_in
from app.models.tables import arrival, superseded

_NONE: frozenset[int] = frozenset()


def is_narrow(held: str) -> bool:
    """Whether only scopes that many share show a record held like this ("|a|b|")."""
    scopes = scopes_in(held)
    return bool(scopes) and SHARED.issuperset(scopes)


def within(state: EntityState, held: str) -> EntityState:
    """As much of the agency's state as may be kept here."""
    return shared_view(state) if is_narrow(held) else state


def hidden(kind: str, held: str) -> frozenset[int]:
    """Slots of which nothing may be kept here."""
    internal = internal_slots(kind)
    return internal if internal and is_narrow(held) else _NONE


def erase(connection: Connection, entity_id: EntityId, slots: Collection[int]) -> None:
    """Forgets what stood in these slots earlier."""
    for table in (superseded, arrival):
        connection.execute(delete(table).where(table.c.entity_id == entity_id, table.c.slot.in_(sorted(slots))))
