"""Databases in memory or on disk that fail on demand; engines that outlive them, because they learn SQL slowly."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as SqlConnection
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from app.models import tables
from app.models.engine import engine_over, set_up
from app.server.database import Database
from app.server.service import AgencyService
from tests.simulation.chance import NOON, Chance, drawn_from, instant
from tests.simulation.faults import Power, opener

_KEY = "x'" + "5a" * 32 + "'"


class Shelf:
    """Where databases lie: in memory, or as encrypted files with their logs in a folder (`on`)."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0

    def on(self, folder: Path) -> None:
        """From now on in files, in a folder of this process's own."""
        self._folder = folder / str(os.getpid())
        self._folder.mkdir(exist_ok=True)
        _blank.cache_clear()
        _mainframe.cache_clear()
        _desks.clear()

    def new(self) -> Path | None:
        """A file that is not there yet; None in memory."""
        if self._folder is None:
            return None
        self._count += 1
        return self._folder / f"{self._count}.db"


SHELF = Shelf()


def _remove(file: Path) -> None:
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)


class Disk(sqlcipher.Connection):  # type: ignore[misc]
    """One client's database: SQLite's connection with a power supply and somebody who watches commits."""

    def __init__(self, file: Path | None) -> None:
        super().__init__(str(file or ":memory:"), check_same_thread=False, isolation_level=None)
        self.file = file
        self.power = Power()
        self.watch: Callable[[str], None] = lambda _: None
        set_up(self)
        if file is not None:
            super().execute(f'PRAGMA key = "{_KEY}"')
            super().execute("PRAGMA journal_mode = WAL")
            weakref.finalize(self, _remove, file)

    def cursor(self, *arguments: Any) -> Any:
        self.power.check()
        return super().cursor(*arguments)

    def commit(self) -> None:
        name = opener() if self.in_transaction else None
        if name is None:
            super().commit()
            return
        self.power.reach(name, "before")
        super().commit()
        self.watch(name)
        self.power.reach(name, "after")

    def close(self) -> None:
        """SQLAlchemy closes what it finds broken; what is on the disk stays there."""

    def look(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Reads past the product, for the oracle."""
        return list(super().cursor().execute(sql, values))

    def copy(self) -> Disk:
        """What a backup of the file would hold."""
        file = SHELF.new()
        if file is None or self.file is None:
            other = Disk(None)
            self.backup(other)
            return other
        for end in ("", "-wal"):
            lying = self.file.with_name(self.file.name + end)
            if lying.exists():
                shutil.copyfile(lying, file.with_name(file.name + end))
        return Disk(file)

    def after_power_cut(self) -> Disk:
        """What is found when the computer comes back: what was not committed is not there.

        A file is opened anew from a copy of it and its log as they lie there, without the goodbye that a
        connection says when it is closed.
        """
        if self.file is None:
            self.rollback()
            return self
        found = self.copy()
        found.power = self.power
        return found


class Desk:
    """A place for one client: the SQLAlchemy engine stays (it has compiled its statements), disks come and go."""

    def __init__(self) -> None:
        self.disk = Disk(SHELF.new())
        self.engine = engine_over(lambda: self.disk, poolclass=StaticPool)

    def insert(self, disk: Disk) -> None:
        """Puts a database in; also after a crash, when the engine holds a connection that is no more."""
        self.engine.dispose()
        self.disk = disk


@cache
def _blank() -> Disk:
    desk = Desk()
    with desk.engine.begin() as connection:
        tables.metadata.create_all(connection)
        connection.exec_driver_sql(tables.SEARCH_SQL)
    return desk.disk


def new_disk() -> Disk:
    """A client's database of the present schema, empty."""
    return _blank().copy()


class Mainframe(Database):
    """The agency's database in memory, with a power supply; it too is used for one world after another."""

    def __init__(self) -> None:
        file = SHELF.new()
        super().__init__(f"sqlite:///{file}" if file else "sqlite://")
        self.power = Power()
        self.watch: Callable[[str], None] = lambda _: None

    @contextmanager
    def write(self) -> Iterator[SqlConnection]:
        self.power.check()
        with super().write() as connection:
            yield connection
            name = opener(writes=True) or "tests"
            self.power.reach(name, "before")
        self.watch(name)
        self.power.reach(name, "after")

    @property
    def raw(self) -> Any:
        """The driver's connection, past the product."""
        with self._engine.connect() as connection:
            return connection.connection.driver_connection

    def look(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return list(self.raw.execute(sql, values))

    def saved(self) -> Any:
        """A copy of everything, as a backup has it."""
        copy = sqlcipher.connect(":memory:")
        self.raw.backup(copy)
        return copy

    def load(self, copy: Any) -> None:
        """Puts a backup back in place of what is there."""
        copy.backup(self.raw)


@cache
def _mainframe() -> tuple[Mainframe, Any]:
    frame = Mainframe()
    with drawn_from(Chance(0, lambda: NOON)):
        AgencyService.found(frame, "Testagentur", lambda: instant(NOON))
    return frame, frame.saved()


def new_mainframe() -> Mainframe:
    """This process's agency database as it is just after its founding."""
    frame, blank = _mainframe()
    frame.load(blank)
    frame.power = Power()
    frame.watch = lambda _: None
    return frame


_desks: list[Desk] = []


def desk(number: int) -> Desk:
    """This process's desk of that number."""
    while len(_desks) <= number:
        _desks.append(Desk())
    return _desks[number]


class Ahead:
    """The index's second thread, so fast that it has read everything before the first is inside SQLite.

    A database in memory has one connection, on which nobody can read while a transaction is being written.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._found: list[Any] | None = None

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left to wait for."""

    def submit(self, _: Callable[..., object], slices: Iterator[Any], end: object) -> Future[Any]:
        if self._found is None:
            self._found = list(slices)
        future: Future[Any] = Future()
        future.set_result(self._found.pop(0) if self._found else end)
        return future
