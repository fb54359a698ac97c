"""Which agency this profile belongs to, without its secrets."""

from __future__ import annotations

from app.models import settings
from app.models.queries.reader import Reader


def address(reader: Reader) -> str:
    """Where the agency is reached, "" before joining."""
    with reader.snapshot() as connection:
        return settings.membership(connection).url


def role(reader: Reader) -> str:
    """What this device may do there: a code of `Role`; alone, everything."""
    with reader.snapshot() as connection:
        return str(settings.grant(connection).role)
