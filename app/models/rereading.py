"""What could not be read when it came: remembered, so that it holds nothing up and is asked for again.

A row that this version cannot read (a code a newer Maßwerk has added, a damaged reply) must not stop
the feed behind it, and must not be forgotten either. Its scope's cursor moves on; the place is kept
here. After an update, and once a day, the scope is read again from the earliest such place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson
from sqlalchemy import Connection, update

from app.domain.fields import SCHEMA_VERSION
from app.models import settings
from app.models.engine import reading, writing
from app.models.store import Store
from app.models.tables import cursor

AGAIN_MS = 24 * 3_600_000
"""A row that this very version could not read stays unreadable until somebody has mended it."""
Place = tuple[str, int]
"""A step of a feed: scope and number."""


def remember(store: Store, steps: Iterable[Place]) -> None:
    """Keeps where rows could not be read; to be called before the cursors move past them."""
    found = list(steps)
    if not found:
        return
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        earliest = places(connection)
        for scope, seq in found:
            earliest[scope] = min(seq, earliest.get(scope, seq))
        _keep(connection, earliest, store.clock())


def rewind(store: Store, version: str) -> bool:
    """Moves cursors back to what should be read again now; whether there was anything.

    Args:
        version: of the program that reads; another one may understand more. When the registry of
            fields itself has grown, everything is read again, because fields that were not known
            have been passed over.
    """
    with reading(store.engine) as connection:
        told = settings.every(connection)
        if told.get("read_by") == f"{SCHEMA_VERSION}/{version}" and told.get("unread", "{}") == "{}":
            return False  # as nearly always; and costs no write
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        schema, _, reader = settings.get(connection, "read_by").partition("/")
        settings.put(connection, read_by=f"{SCHEMA_VERSION}/{version}")
        if schema and int(schema) != SCHEMA_VERSION:
            connection.execute(update(cursor).values(seq=0, verified=-1))
            _keep(connection, {}, 0)
            return True
        earliest = places(connection)
        age = store.clock() - int(settings.get(connection, "unread_at", "0"))
        if not earliest or (reader == version and 0 <= age < AGAIN_MS):
            return False
        for scope, seq in earliest.items():
            connection.execute(
                update(cursor).where(cursor.c.scope == scope, cursor.c.seq >= seq).values(seq=max(0, seq - 1))
            )
        _keep(connection, {}, 0)
        return True


def unread(store: Store) -> frozenset[str]:
    """Scopes in which something could not be read: they cannot be equal to the agency's."""
    with reading(store.engine) as connection:
        return frozenset(places(connection))


def places(connection: Connection) -> dict[str, int]:
    """The earliest step per scope that could not be read."""
    return places_in({"unread": settings.get(connection, "unread", "{}")})


def places_in(told: Mapping[str, str]) -> dict[str, int]:
    """`places`, among settings read before."""
    found: dict[str, int] = orjson.loads(told.get("unread", "{}"))
    return found


def _keep(connection: Connection, earliest: dict[str, int], at: int) -> None:
    settings.put(connection, unread=orjson.dumps(earliest).decode(), unread_at=at)
