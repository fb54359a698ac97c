"""Hints that somebody has committed something: PostgreSQL tells, SQLite shows. Never a proof, never the news itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection

from app.server.database import Database

_CHANNEL = "masswerk_news"
_GLANCE_S = 0.1
"""Seconds between two looks at SQLite's counter of commits: it lies in shared memory and costs microseconds."""

_ATTENTIVE_S = 0.25
"""PostgreSQL's connection is left this often to see whether the caller wants something else."""


def announce(connection: Connection) -> None:
    """Lets everybody know once the transaction is committed; once per transaction, however often it is said.

    PostgreSQL delivers it with the commit and drops duplicates. SQLite needs no telling: every commit moves
    a number that other connections see.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {_CHANNEL}")


class Hints(Protocol):
    """One connection that hears of commits."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Whether something was committed since the last call; at most so long, and hardly beyond `stop`."""
        ...


@contextmanager
def listening(database: Database) -> Iterator[Hints]:
    """Hears of every commit from here on.

    Raises:
        DBAPIError, or the driver's own error later in `wait`: the database is away.
    """
    with database.apart() as connection:
        yield _Seen(connection) if database.is_sqlite else _Told(connection)


class _Seen:
    """SQLite: a number that moves with every commit of anybody else, in this process or another."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._last = self._version()

    def _version(self) -> int:
        found: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return found

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        deadline = time.monotonic() + seconds
        while not stop.is_set():
            now = self._version()
            if now != self._last:
                self._last = now
                return True
            if time.monotonic() >= deadline:
                break
            stop.wait(_GLANCE_S)
        return False


class _Told:
    """PostgreSQL: LISTEN on a connection of its own."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.autocommit = True
        connection.execute(f"LISTEN {_CHANNEL}")

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        deadline = time.monotonic() + seconds
        while not stop.is_set():
            left = deadline - time.monotonic()
            heard = list(self._connection.notifies(timeout=max(0.0, min(left, _ATTENTIVE_S)), stop_after=1))
            if heard or left <= 0:
                return bool(heard)
        return False
