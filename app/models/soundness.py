"""Whether a database is whole: its pages, its tables among each other, and every record in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, StaticPool, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.fields import KINDS
from app.errors import ContentError, DamagedFile, WrongKey
from app.models import rows
from app.models.durable import has_log
from app.models.engine import KEY_BYTES, translate
from app.models.tables import entity, kind_tables, metadata

_BATCH = 500


@contextmanager
def looking_into(path: Path, key: bytes) -> Iterator[Connection]:
    """A connection that only reads a database that nobody has open; it leaves no trace beside it.

    Raises:
        WrongKey, DamagedFile, StoreError
    """
    if len(key) != KEY_BYTES:
        raise WrongKey(path=path.name)
    if not path.is_file() or not path.stat().st_size:
        raise DamagedFile(path=path.name, reason="missing")
    raw: sqlcipher.Connection | None = None
    try:
        place = f"file:{quote(path.as_posix())}?mode=ro{'' if has_log(path) else '&immutable=1'}"
        raw = sqlcipher.connect(place, uri=True, check_same_thread=False, isolation_level=None)
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        engine = create_engine("sqlite+pysqlite://", module=sqlcipher, creator=lambda: raw, poolclass=StaticPool)
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise translate(error.orig or error, path) from error
    except sqlcipher.Error as error:
        raise translate(error, path) from error
    finally:
        if raw is not None:
            raw.close()


def revision_in(connection: Connection) -> str:
    """The schema's revision.

    Raises:
        DamagedFile: a database, but none of ours.
    """
    known = connection.execute(text("SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"))
    if not known.scalar():
        raise DamagedFile(reason="foreign")
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def check_pages(connection: Connection, quick: bool = False) -> None:
    """SQLite's own check; the quick one leaves out whether indexes and tables agree.

    Raises:
        DamagedFile
    """
    found = connection.exec_driver_sql("PRAGMA quick_check(1)" if quick else "PRAGMA integrity_check(1)")
    told = found.scalar()
    if told != "ok":
        raise DamagedFile(reason="pages")


def census(connection: Connection) -> dict[str, int]:
    """Rows per table of ours, as far as the table is there."""
    present = set(connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).scalars())
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in metadata.tables.items()
        if name in present
    }


@dataclass(frozen=True, slots=True)
class Contents:
    """What a sound database holds, for the person who has to trust it."""

    revision: str
    records: int
    changes: int
    pending: int


def examine(connection: Connection) -> Contents:
    """Everything: pages, one typed row per record and one record per typed row, every record readable.

    For databases of the present schema.

    Raises:
        DamagedFile: `reason` names the first thing found.
    """
    check_pages(connection)
    total = 0
    for kind, table in kind_tables.items():
        total += _examine_kind(connection, kind)
        strays = select(func.count()).select_from(table).where(table.c.row.not_in(select(entity.c.row)))
        if connection.execute(strays).scalar():
            raise DamagedFile(reason="strays", kind=kind)
    records = connection.execute(select(func.count()).select_from(entity)).scalar_one()
    if total != records:
        raise DamagedFile(reason="rows_missing")
    state = text("SELECT count(*), coalesce(sum(state = 'pending'), 0) FROM change")
    changes, pending = connection.execute(state).one()
    return Contents(revision_in(connection), records, changes, pending)


def _examine_kind(connection: Connection, kind: str) -> int:
    """How many records of a kind can be read, which must be all."""
    read, after = 0, 0
    try:
        while True:
            page = connection.execute(
                select(entity.c.row, entity.c.id, entity.c.base)
                .where(entity.c.kind == kind, entity.c.row > after)
                .order_by(entity.c.row)
                .limit(_BATCH)
            ).all()
            if not page:
                return read
            found = rows.load_many(connection, kind, [r.id for r in page])
            if len(found) != len(page):
                raise DamagedFile(reason="rows_missing", kind=kind)
            for r in page:
                if r.base:
                    rows.decode_base(kind, r.base)
            read, after = read + len(page), page[-1].row
    except (ContentError, ValueError) as error:
        raise DamagedFile(reason="unreadable", kind=KINDS[kind].name) from error
