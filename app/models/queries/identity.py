"""Who writes here, and everything held here, for editors and for comparing devices."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.fields import KINDS
from app.domain.merge import EntityState
from app.models import rows, settings
from app.models.queries.reader import Reader
from app.models.settings import Identity
from app.models.tables import entity


def identity(reader: Reader) -> Identity:
    """Replica id, numbers and clock of this profile."""
    with reader.snapshot() as connection:
        return settings.identity(connection)


def replica(reader: Reader) -> int:
    """The id this profile writes under now."""
    return identity(reader).replica


def all_states(reader: Reader) -> list[EntityState]:
    """Every record on this device with all its clocks, sorted by id."""
    states: list[EntityState] = []
    with reader.snapshot() as connection:
        for kind in KINDS:
            ids = list(connection.execute(select(entity.c.id).where(entity.c.kind == kind)).scalars())
            for start in range(0, len(ids), 500):
                found = rows.load_many(connection, kind, ids[start : start + 500])
                states.extend(state for _, state in found.values())
    return sorted(states, key=lambda state: state.id)
