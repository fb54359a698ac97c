"""Records that leave a scope: with the last one they leave the device, with its own ones their internal fields."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, update

from app.domain.ids import EntityId
from app.models import rows
from app.models.arrivals import Arrived
from app.models.settle import forget, settle
from app.models.sight import hidden, is_narrow
from app.models.sums import move_one, scopes_in
from app.models.tables import entity
from app.models.upon import NOTHING, leave_hall, settled_upon, upon


def release(held: str, scope: str) -> str:
    """`held` without a scope."""
    left = sorted(set(scopes_in(held)) - {scope})
    return "|" + "|".join(left) + "|" if left else ""


def evict(connection: Connection, row: Any, scope: str, own: bool, arrived: Arrived) -> None:
    """A record left a scope: it goes, unless another scope holds it or own work on it is unsettled."""
    held = release(row.held, scope)
    if held != row.held:
        leave(connection, row, held, own, arrived)


def leave(connection: Connection, row: Any, held: str, own: bool, arrived: Arrived) -> None:
    """A record is held by these scopes only from now on; by none, it stays while own work on it is unsettled."""
    if held and held == row.held:
        return
    key = (row.kind, row.id)
    arrived.roots[key] = (row.root_kind, row.root_id)
    if row.id == row.root_id and (not held or is_narrow(held)):
        leave_hall(connection, row.id)
    if not held and not own:
        move_one(connection, (row.held, row.digest), (held, row.digest))
        forget(connection, row.kind, row.row, row.id)
        arrived.gone.add(key)
        return
    if hidden(row.kind, held):
        _narrow(connection, row.kind, row.id, held)
    else:
        move_one(connection, (row.held, row.digest), (held, row.digest))
        connection.execute(update(entity).where(entity.c.row == row.row).values(held=held, frozen=int(not held)))
    arrived.changed.add(key)


def _narrow(connection: Connection, kind: str, entity_id: EntityId, held: str) -> None:
    found = rows.load(connection, kind, entity_id)
    assert found is not None
    row, live = found
    base = live if row.base is None else rows.decode_base(kind, row.base)
    above = upon(connection, [entity_id]).get(entity_id, NOTHING)
    settle(connection, [settled_upon(row, live, base, above, held)], 0)  # closes questions, opens none
