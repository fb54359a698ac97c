"""Opening the encrypted database: key, PRAGMAs, transactions, and SQLite's errors as ours."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, bindparam, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.partial_date import date_sort_key
from app.errors import DamagedFile, DiskFull, ReadOnlyProfile, StoreError, WrongKey

KEY_BYTES = 32
_CACHE_KIB, _LIST_CACHE_KIB = 24_576, 65_536
_BUSY_MS = 10_000
_date_key = lru_cache(maxsize=4096)(date_sort_key)
"""Dates of a region repeat: a list in their order asks for the same few hundred again and again."""
# Without an adapter the driver looks for a protocol at every NULL and every blob it binds, and meets an error
# at each: half of the fields of a measure are empty, and its row took 36 microseconds to add instead of nine.
sqlcipher.register_adapter(type(None), lambda nothing: nothing)
sqlcipher.register_adapter(bytes, bytes)


def connect(path: Path, key: bytes) -> sqlcipher.Connection:
    """A raw connection with key and PRAGMAs set and the key proven.

    Raises:
        WrongKey, DamagedFile, DiskFull, ReadOnlyProfile
    """
    if len(key) != KEY_BYTES:
        raise WrongKey(path=path.name)
    try:
        connection = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            # A wrong key shows at the first read, not at connect: probe at once.
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            set_up(connection)
        except BaseException:
            connection.close()
            raise
    except sqlcipher.Error as error:
        raise translate(error, path) from error
    return connection


def set_up(connection: sqlcipher.Connection) -> None:
    """What every connection needs, wherever its database lies: the functions our queries call."""
    connection.create_function("date_key", 1, _date_key, deterministic=True)


def open_engine(path: Path, key: bytes) -> Engine:
    """The engine over one database file; writers use `writing`, readers `reading`."""
    # Last in, first out: whoever wrote last writes next, and finds its pages still deciphered in its cache.
    return engine_over(lambda: connect(path, key), poolclass=QueuePool, pool_size=4, max_overflow=8, pool_use_lifo=True)


class State:
    """Which state a database is in, for whoever keeps what they have read; only this process writes to it."""

    def __init__(self) -> None:
        self.mark = object()
        """Another one after every write; read before what is kept, it is never newer than that."""
        self.kept: dict[str, tuple[object, Any]] = {}
        """What readers keep for one another, by name, with the mark it was read under."""

    def turn(self) -> None:
        """Something may have been written."""
        self.mark = object()  # not a count: two threads that count at once could go back


def engine_over(creator: Callable[[], sqlcipher.Connection], state: State | None = None, **pool: Any) -> Engine:
    """An engine over whatever connections `creator` makes (see `set_up`); `writing` and `reading` begin on it.

    They say BEGIN themselves: an engine that listens for its own "begin" asks its listeners at every
    statement, a tenth of what a small exchange costs.
    """
    kept = {"creator": creator, "state": state or State()}
    return create_engine("sqlite+pysqlite://", module=sqlcipher, creator=creator, execution_options=kept, **pool)


def for_lists(engine: Engine) -> Engine:
    """Another engine over the same database, for one thread that reads long lists again and again; to be disposed of.

    Its cache holds the index of a hundred thousand measures (30 MB). In a smaller one each pass pushes out
    what the next one begins with: every page is deciphered every time, which takes four times as long.
    """
    creator = engine.get_execution_options()["creator"]

    def made() -> sqlcipher.Connection:
        connection: sqlcipher.Connection = creator()
        connection.execute(f"PRAGMA cache_size = -{_LIST_CACHE_KIB}")
        return connection

    return engine_over(made, state_of(engine), poolclass=QueuePool, pool_size=1, max_overflow=0)


def state_of(engine: Engine) -> State:
    """The state of the database, the same for all engines over it."""
    state: State = engine.get_execution_options()["state"]
    return state


@contextmanager
def writing(engine: Engine, durable: bool = True, records: bool = True) -> Iterator[Connection]:
    """One write transaction: all of it or nothing.

    Args:
        durable: survives a power cut from the moment it returns, as everything a person does must.
            False for what the agency would send again: it survives a kill, and the next durable
            commit carries it to the disk too.
        records: False where no record can be changed, and no list: what was read of them stays true.

    Raises:
        DiskFull, DamagedFile, ReadOnlyProfile, StoreError: nothing was written.
    """
    try:
        with engine.connect() as connection, connection.begin():
            driver = raw(connection)
            driver.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            # A deferred transaction that reads and then writes fails at once against another writer.
            driver.execute("BEGIN IMMEDIATE")
            yield connection
    except DBAPIError as error:
        raise translate(error.orig or error) from error
    except sqlcipher.Error as error:
        raise translate(error) from error
    finally:
        if records:
            state_of(engine).turn()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent snapshot to read from."""
    try:
        with engine.connect() as connection, connection.begin():
            raw(connection).execute("BEGIN")
            yield connection
    except DBAPIError as error:
        raise translate(error.orig or error) from error
    except sqlcipher.Error as error:
        raise translate(error) from error


def raw(connection: Connection) -> Any:
    """The driver's connection, inside the transaction under way."""
    return connection.connection.driver_connection


def among(name: str) -> Any:
    """For `column.in_(…)`: the members of a JSON list that is bound as `name` (`listed`).

    However many there are, the statement stays the same one and is prepared once.
    """
    members = func.json_each(bindparam(name)).table_valued("value")
    return select(members.c.value)


def listed(members: Iterable[str | int]) -> str:
    """What `among` binds."""
    return orjson.dumps(list(members)).decode()


def translate(error: BaseException, path: Path | None = None) -> StoreError:
    """SQLite's error in our own words; its message carries no content."""
    text = str(error).lower()
    name = path.name if path else ""
    if "full" in text or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        return DiskFull(path=name)
    if "not a database" in text or "hmac" in text:
        return WrongKey(path=name)
    if "malformed" in text or "corrupt" in text or "disk i/o" in text or "vtable" in text:
        return DamagedFile(path=name)
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return ReadOnlyProfile(path=name)
    return StoreError(reason=str(error)[:200])
