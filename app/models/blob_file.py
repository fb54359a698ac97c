"""The encrypted database of attachments' bytes as a file: its tables, opening it, and putting a broken one aside."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text, event
from sqlcipher3 import dbapi2 as sqlcipher

from app.errors import DamagedFile, WrongKey
from app.models.durable import BESIDE, remove_database
from app.models.engine import connect, open_engine, translate, writing

_LOG = logging.getLogger(__name__)
_CACHE_KIB = 4096

_metadata = MetaData()
blob = Table(
    "blob",
    _metadata,
    Column("row", Integer, primary_key=True),
    Column("sha", Text, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("have", Integer, nullable=False, server_default="0"),
    Column("whole", Integer, nullable=False, server_default="0"),
    # The agency's epoch under which it said that it has the file: after a restore it is asked again.
    Column("confirmed", Text, nullable=False, server_default=""),
    Column("wanted", Integer, nullable=False, server_default="0"),
    Column("unused_since", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("retry_at", Integer, nullable=False, server_default="0"),
    Column("trouble", Text, nullable=False, server_default=""),
    sqlite_strict=True,
)
piece = Table(
    "piece",
    _metadata,
    Column("blob", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("blob", "at"),
    sqlite_strict=True,
)


def open_files(path: Path, key: bytes) -> Engine:
    """The engine over the file, which is made if it is missing; one that cannot be read is kept beside it.

    Raises:
        DiskFull, ReadOnlyProfile, StoreError
    """
    try:
        if path.exists():
            _prove(path, key)
    except (WrongKey, DamagedFile) as error:
        _put_aside(path, error.code)
    if not path.exists():
        _create(path, key)
    engine = open_engine(path, key)

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlcipher.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")

    return engine


def _put_aside(path: Path, code: str) -> None:
    """Keeps an unreadable file under another name: somebody may still want to look into it."""
    _LOG.error("attachments: %s, put aside", code)
    for ending in ("", *BESIDE):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.replace(path.with_name(f"{path.stem}.damaged{path.suffix}{ending}"))


def _prove(path: Path, key: bytes) -> None:
    connection = connect(path, key)
    try:
        connection.execute("SELECT count(*) FROM blob").fetchone()
    except sqlcipher.Error as error:
        raise DamagedFile(path=path.name, reason="table") from error
    finally:
        connection.close()


def _create(path: Path, key: bytes) -> None:
    """A new file whose pages can be given back; that has to be said before its first table."""
    fresh = path.with_name(path.name + ".new")
    remove_database(fresh)
    try:
        raw = sqlcipher.connect(str(fresh), isolation_level=None)
        try:
            raw.execute("PRAGMA cipher_log_level = NONE")
            raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            raw.execute("PRAGMA auto_vacuum = INCREMENTAL")
            raw.execute("CREATE TABLE begin (x INTEGER)")
            raw.execute("DROP TABLE begin")
        finally:
            raw.close()
        engine = open_engine(fresh, key)
        try:
            with writing(engine) as connection:
                _metadata.create_all(connection)
        finally:
            engine.dispose()
        fresh.replace(path)
    except (sqlcipher.Error, OSError) as error:
        raise translate(error, path) from error
