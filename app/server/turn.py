"""Whose turn it is to write an SQLite file, when several processes want to: a queue kept by the operating system.

SQLite itself lets the others try again and again, with pauses of up to a tenth of a second: whoever comes
at the right moment is next, and some wait for long (measured with two workers: p99 of a push twice as long).
Nothing depends on this queue: SQLite's own lock still keeps two writers apart.
"""

from __future__ import annotations

import os
import sys
import weakref

if sys.platform != "win32":
    import fcntl


class Turn:
    """A place in the queue for one file; for one thread at a time.

    Args:
        database: path of the SQLite file; None or ":memory:" has no queue.
    """

    def __init__(self, database: str | None) -> None:
        self._path = f"{database}-turn" if database and database != ":memory:" else ""
        self._file: int | None = None
        self._closing: weakref.finalize[[int], Turn] | None = None

    def __enter__(self) -> None:
        if sys.platform == "win32" or not self._path:
            return
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._closing = weakref.finalize(self, os.close, self._file)  # like the database's own connections
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32" and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Gives the place back for good; taking it again opens it anew."""
        if self._closing is not None:
            self._closing()
            self._file = self._closing = None
