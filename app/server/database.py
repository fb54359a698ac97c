"""Opening, upgrading and locking the agency's database, whichever of the two engines it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, bindparam, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from app.errors import NewerSchema
from app.schema import Blueprint, drawn
from app.server.turn import Turn

_WRITING = "masswerk_writing"
_BUSY_MS = 10_000
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """One database and the two ways into it: a snapshot to read, and a turn to write."""

    def __init__(self, url: str | URL) -> None:
        self.url = _with_driver(make_url(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._gate = threading.Lock()
        self._turn = Turn(self.url.database if self.is_sqlite else None)
        self._engine = _open_sqlite(self.url) if self.is_sqlite else _open_postgres(self.url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction in which every statement sees the same moment; takes no write lock."""
        with self._engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or not at all.

        SQLite has one writer: waiting in line here, and before the file in line with other processes, is
        fairer and quicker than its busy loop.
        """
        if not self.is_sqlite:
            with self._engine.begin() as connection:
                yield connection
            return
        with self._gate, self._turn, self._engine.connect() as connection:
            connection.execution_options(**{_WRITING: True})
            with connection.begin():
                yield connection

    @contextmanager
    def apart(self) -> Iterator[Any]:
        """A driver connection outside the pool, for a whole life of its own; closed at the end."""
        pooled = self._engine.raw_connection()
        driver: Any = pooled.driver_connection
        pooled.detach()
        try:
            yield driver
        finally:
            driver.close()

    @property
    def is_there(self) -> bool:
        """Whether there is a database to open; a missing SQLite file would otherwise be made."""
        return not self.is_sqlite or (self.url.database is not None and Path(self.url.database).exists())

    def copy_to(self, file: Path) -> None:
        """A consistent copy of an SQLite database, made while others read and write it."""
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("VACUUM INTO ?", (str(file),))

    def is_current(self) -> bool:
        """Whether it has exactly the tables this version works with.

        Raises:
            SQLAlchemyError: it cannot be reached.
        """
        return self._found() == _head()

    def has_tables(self) -> bool:
        """Whether any version has made its tables here."""
        return self._found() is not None

    def is_older(self) -> bool:
        """Whether an earlier version made its tables, and perhaps works with them at this moment.

        Raises:
            NewerSchema: a newer Maßwerk wrote this database.
        """
        found = self._found()
        _refuse_newer(found)
        return found is not None and not self.is_current()

    def _found(self) -> str | None:
        with self.read() as connection:
            return _revision(connection)

    def upgrade(self) -> None:
        """Bring the tables up to date, in one transaction.

        Raises:
            NewerSchema: a newer Maßwerk wrote this database; it is left as it is.
        """
        with self.write() as connection:
            found = _revision(connection)
            _refuse_newer(found)
            if found == _head():
                return
            if self.is_sqlite and _is_empty(connection):
                _blueprint().build(connection.connection.driver_connection)
            else:
                _run_revisions(connection)

    def downgrade(self, revision: str = "base") -> None:
        """Take the tables back to an older revision, with the loss that means."""
        config = _alembic()
        with self.write() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, revision)

    def close(self) -> None:
        """Give back all connections."""
        self._turn.close()
        self._engine.dispose()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_empty(connection: Connection) -> bool:
    return not connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()


def _run_revisions(connection: Connection) -> None:
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@cache
def _blueprint() -> Blueprint:
    """What all revisions leave in an empty SQLite database."""
    engine = _open_sqlite(make_url("sqlite://"))
    try:
        with engine.begin() as connection:
            _run_revisions(connection)
            return drawn(connection.connection.driver_connection)
    finally:
        engine.dispose()


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in _known():
        raise NewerSchema(found=found, known=_head())


@cache
def _known() -> tuple[str, ...]:
    """Every revision this version knows, the newest first."""
    return tuple(revision.revision for revision in ScriptDirectory.from_config(_alembic()).walk_revisions())


def _head() -> str:
    return _known()[0]


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS.as_posix())
    config.set_main_option("path_separator", "os")
    return config


def _with_driver(url: URL) -> URL:
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    return url


def _open_sqlite(url: URL) -> Engine:
    # The module brings one modern SQLite everywhere: those before 3.51.3 can damage a WAL file.
    if url.database in (None, "", ":memory:"):  # it lives as long as its one connection
        engine = create_engine(url, module=dbapi2, connect_args={"check_same_thread": False}, poolclass=StaticPool)
    else:
        arguments = {"timeout": _BUSY_MS / 1000}
        engine = create_engine(url, module=dbapi2, connect_args=arguments, pool_size=8, max_overflow=40)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # Reading first and writing later in one deferred transaction fails at once against another writer.
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _open_postgres(url: URL) -> Engine:
    return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], change: bool = True) -> None:
    """Insert rows; those whose primary key is there already are overwritten (or, without `change`, left)."""
    if rows:
        _run(connection, _upsert(table, connection.dialect.name, tuple(rows[0]), change), rows)


def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of which none is there yet."""
    if rows:
        _run(connection, _insert(table, tuple(rows[0])), rows)


def _run(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """One prepared statement for all rows, handed to the driver as they are: thousands come at once."""
    told, names = _told(statement, connection.dialect)
    connection.exec_driver_sql(told, [tuple(row[n] for n in names) for row in rows] if names else list(rows))


@lru_cache(maxsize=256)
def _told(statement: Any, dialect: Any) -> tuple[str, tuple[str, ...]]:
    """A statement in the driver's words, and the order of its parameters where they go by place."""
    compiled = statement.compile(dialect=dialect)
    return str(compiled), tuple(compiled.positiontup or ())


@cache
def _insert(table: Table, names: tuple[str, ...]) -> Any:
    return table.insert().values({name: bindparam(name) for name in names})


@cache
def _upsert(table: Table, dialect: str, names: tuple[str, ...], change: bool) -> Any:
    insert = (sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)).values(
        {name: bindparam(name) for name in names}
    )
    keys = [column.name for column in table.primary_key.columns]
    rest = [name for name in names if name not in keys]
    if change and rest:
        return insert.on_conflict_do_update(index_elements=keys, set_={n: insert.excluded[n] for n in rest})
    return insert.on_conflict_do_nothing(index_elements=keys)
