"""What a person has set for this device alone."""

from __future__ import annotations

from app.models import settings
from app.models.queries.reader import Reader

BOUNDARIES = "boundaries"
"""Setting: the file with real boundaries that is shown instead of tiles, "" for tiles."""


def boundaries_file(reader: Reader) -> str:
    """Where the real boundaries are, "" for tiles."""
    with reader.snapshot() as connection:
        return settings.get(connection, BOUNDARIES)
