"""Which agency this profile belongs to, and the way there."""

from __future__ import annotations

from app.models import settings, way
from app.models.queries.reader import Reader


def address(reader: Reader) -> str:
    """Where the agency is reached, "" before joining."""
    with reader.snapshot() as connection:
        return settings.membership(connection).url


def role(reader: Reader) -> str:
    """What this device may do there: a code of `Role`; alone, everything."""
    with reader.snapshot() as connection:
        return str(settings.grant(connection).role)


def way_out(reader: Reader) -> way.Way:
    """The proxy this device goes through, with its secret: for whoever changes it."""
    with reader.snapshot() as connection:
        return way.way(connection)
