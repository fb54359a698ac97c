"""Deleted, but edited: what was edited that no deletion had seen, and whether a record is gone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.domain.change import SlotValue
from app.domain.clock import join, unflatten
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.models import rows
from app.models.queries.reader import Reader
from app.models.tables import entity


def edits_unseen(reader: Reader, kind: str, entity_id: EntityId) -> list[tuple[str, SlotValue]]:
    """Registers (slot name, value) of a record that were written without the deletion knowing of it."""
    with reader.snapshot() as connection:
        found = rows.load(connection, kind, entity_id)
    if found is None:
        return []
    state = found[1]
    seen = seen_by_deletions(state)
    return [
        (KINDS[kind].slot_by_id[slot].name, register.value)
        for slot, register in sorted(state.registers.items())
        if slot != DELETION_SLOT
        and slot in KINDS[kind].slot_by_id
        and any(seen.get(d.replica, 0) < d.n for d in register.versions)
    ]


def seen_by_deletions(state: EntityState) -> dict[int, int]:
    """What all deletions together had seen; their value is a flat list of replicas and numbers."""
    seen: dict[int, int] = {}
    for version in state.register(DELETION_SLOT).versions.values():
        if isinstance(version.value, tuple):
            seen = join(seen, unflatten([int(number or 0) for number in version.value]))
    return seen


def gone_of(reader: Reader, ids: Sequence[EntityId]) -> frozenset[EntityId]:
    """Those of the given records that are deleted now, or not here."""
    living: set[EntityId] = set()
    with reader.snapshot() as connection:
        for start in range(0, len(ids), 500):
            query = select(entity.c.id).where(entity.c.id.in_(ids[start : start + 500]), entity.c.gone == 0)
            living.update(connection.execute(query).scalars())
    return frozenset(ids) - living
