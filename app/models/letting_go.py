"""Letting go of own changes once the agency's state holds them, or never will."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from app.domain.access import scopes_of
from app.domain.clock import includes
from app.domain.digest import digest_of
from app.domain.draft import Key
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.models import rows, settings
from app.models.engine import among, listed
from app.models.settle import Settlement, forget, settle
from app.models.sight import within
from app.models.tables import change_entity, entity
from app.models.upon import settled_upon, upon


def let_go(connection: Connection, covered: Sequence[Any], now_ms: int, merged: bool = True) -> set[Key]:
    """Folds the records of confirmed changes anew; a base without own changes left is dropped.

    Args:
        merged: they are part of the agency's state; else they never will be, and what it has counts without them.
    """
    seqs = listed(c.seq for c in covered)
    touched = {(k, e): bool(folds) for k, e, folds in connection.execute(_TOUCHED, {"seqs": seqs})}
    to_fold = [key for key, folds in touched.items() if folds]
    if not to_fold:
        return set(touched)
    said = _said(connection, covered)
    above = upon(connection, [e for _, e in to_fold])
    settlements: list[Settlement] = []
    loaded: dict[EntityId, tuple[Any, EntityState]] = {}
    for kind in {k for k, _ in to_fold}:
        loaded |= rows.load_many(connection, kind, [e for k, e in to_fold if k == kind])
    for kind, entity_id in to_fold:
        row, live = loaded[entity_id]
        if left := above.get(entity_id):
            base = rows.decode_base(kind, row.base or b"")
            if within(live, row.held) is not live and includes(base.seen, said[entity_id]):
                # Only what still waits keeps its internal words here.
                settlements.append(settled_upon(row, live, base, left, row.held))
            continue  # still something on top; the base stays beside it
        if not row.held and (row.frozen or _is_elsewhere(connection, live)):
            forget(connection, kind, row.row, entity_id)
            continue
        if row.base is None:
            continue
        # What no scope shows us (private), or what came in a row that we could not read, does not come
        # back: then what was written here stays.
        base = rows.decode_base(kind, row.base)
        if not merged and not base.exists:
            forget(connection, kind, row.row, entity_id)
            continue
        settled = base if not merged or (row.held and includes(base.seen, said[entity_id])) else live
        settled = within(settled, row.held)
        digest, before = digest_of(settled), (row.held, row.digest)
        settlements.append(Settlement(row.row, live, settled, None, row.held, bool(row.frozen), digest, before))
    settle(connection, settlements, now_ms)
    return set(touched)


# Also what left with the agency's own word for it, before the receipt came: it has no base beside it.
_TOUCHED = (
    select(entity.c.kind, entity.c.id, or_(entity.c.base.is_not(None), entity.c.frozen == 1))
    .join_from(change_entity, entity, entity.c.id == change_entity.c.entity_id)
    .where(change_entity.c.seq.in_(among("seqs")))
)
_OF_CHANGES = select(change_entity.c.seq, change_entity.c.entity_id).where(change_entity.c.seq.in_(among("seqs")))


def _said(connection: Connection, covered: Sequence[Any]) -> dict[EntityId, dict[int, int]]:
    """Per record the vector of those of the changes that touched it."""
    dots = {c.seq: (c.replica, c.n) for c in covered}
    found: dict[EntityId, dict[int, int]] = {}
    for seq, entity_id in connection.execute(_OF_CHANGES, {"seqs": listed(dots)}):
        replica, n = dots[seq]
        vector = found.setdefault(entity_id, {})
        vector[replica] = max(n, vector.get(replica, 0))
    return found


def _is_elsewhere(connection: Connection, state: EntityState) -> bool:
    """Whether a record was made here and given away before the agency heard of it: no feed tells us that."""
    root = state
    if state.root_id != state.id:
        found = rows.load(connection, state.root_kind, state.root_id)
        if found is None or found[0].frozen:
            return True  # its root left meanwhile, and it with its root
        root = found[1]
    scopes = scopes_of(root)
    return bool(scopes) and scopes.isdisjoint(settings.grant(connection).scopes)
