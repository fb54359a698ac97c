"""The door through which screens read: an opened database, without the means to write."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from app.errors import StoreError
from app.models.engine import for_lists, reading, state_of

_STEPS = 200_000
"""So many steps of SQLite's machine, some ten milliseconds, between one look and the next whether to go on."""


class Stopped(Exception):
    """The question was broken off from another thread: there is no answer, and nothing is wrong."""


class Reader:
    """Reads consistent snapshots; may be used from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One consistent view of the whole database; only for the query modules."""
        with reading(self._engine) as connection:
            yield connection

    def recall(self, name: str) -> Any:
        """What any reader of this database remembers under a name; None if something was written since."""
        state = state_of(self._engine)
        mark, kept = state.kept.get(name, (None, None))
        return kept if mark is state.mark else None

    def remember(self, name: str, read: Callable[[Connection], Any]) -> Any:
        """Read something for all readers of this database; it is recalled until something is written.

        It must never be changed: any thread may have it.
        """
        state = state_of(self._engine)
        mark = state.mark  # before the snapshot: what is written meanwhile may be missing in it
        with self.snapshot() as connection:
            kept = read(connection)
        state.kept[name] = (mark, kept)
        return kept

    def stoppable(self) -> StoppableReader:
        """Another door to the same database, for one thread whose questions others may break off."""
        return StoppableReader(for_lists(self._engine))


class StoppableReader(Reader):
    """Reads on one thread; `stop` from any other breaks off what is being read.

    Whoever reads meets `Stopped`, in the query that runs or at the next one, until `resume`. To be closed.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._lock = threading.Lock()
        self._raw: Any = None
        self._is_stopped = False

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """As every reader's.

        Raises:
            Stopped
        """
        try:
            with super().snapshot() as connection:
                self._hold(connection.connection.driver_connection)
                try:
                    yield connection
                finally:
                    self._hold(None)
        except StoreError as error:
            if self._is_stopped:
                raise Stopped from error
            raise
        if self._is_stopped:
            raise Stopped

    def _hold(self, raw: Any) -> None:
        with self._lock:
            self._raw = raw
            if raw is not None:
                raw.set_progress_handler(self._ask_whether_stopped, _STEPS)
                if self._is_stopped:
                    raise Stopped

    def _ask_whether_stopped(self) -> int:
        """SQLite asks now and then: an interruption between two statements does not reach the second."""
        return int(self._is_stopped)

    def stop(self) -> None:
        """Break off what is being read, and refuse more of it."""
        with self._lock:
            self._is_stopped = True
            if self._raw is not None:
                self._raw.interrupt()

    def resume(self) -> None:
        """Answer again: the next question is another one."""
        with self._lock:
            self._is_stopped = False

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
