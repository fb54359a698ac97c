"""Which measures are watched from this device."""

from __future__ import annotations

from app.domain.ids import EntityId
from app.models import settings
from app.models.queries.reader import Reader

FOLLOWED = "followed"
"""Setting: ids with spaces between."""


def followed(reader: Reader) -> frozenset[EntityId]:
    """Ids of the measures watched, also of such that are no longer on this device."""
    with reader.snapshot() as connection:
        return frozenset(settings.get(connection, FOLLOWED).split())
