"""The door through which screens read: an opened database, without the means to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from app.models.engine import reading


class Reader:
    """Reads consistent snapshots; may be used from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One consistent view of the whole database; only for the query modules."""
        with reading(self._engine) as connection:
            yield connection
