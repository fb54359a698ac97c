"""The present schema of a profile, drawn once by the revisions on an empty database in memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sqlalchemy import Connection
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from app.models.engine import engine_over, raw, set_up
from app.schema import Blueprint, drawn


@cache
def blueprint(run: Callable[[Connection], None]) -> Blueprint:
    """What `run`, which walks through every revision, leaves in an empty database."""
    engine = engine_over(_in_memory, poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            run(connection)
            return drawn(raw(connection))
    finally:
        engine.dispose()


def _in_memory() -> sqlcipher.Connection:
    connection = sqlcipher.connect(":memory:", check_same_thread=False, isolation_level=None)
    set_up(connection)
    return connection
