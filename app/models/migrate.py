"""New databases and upgrades: on a copy, proven, swapped in at once; what was there before is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.config import Profile
from app.errors import DiskFull, MigrationFailed, NewerSchema
from app.models import shelf
from app.models.blueprint import blueprint
from app.models.durable import copy_database, has_log, keep, put_in_place, remove_database
from app.models.engine import connect, open_engine, raw, translate, writing
from app.models.soundness import census, check_pages, examine, looking_into, revision_in
from app.models.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

KNOWN = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0016",
)
"""Every revision in order, here so that an ordinary start need not load Alembic; a test compares."""
HEAD = KNOWN[-1]

_MIGRATIONS = Path(__file__).parent / "migrations"
"""Read as files, also in a frozen program, which has to bring this folder along."""


def revision_of(path: Path, key: bytes) -> str:
    """The revision of a database, read without writing anything.

    Raises:
        WrongKey, DamagedFile
        NewerSchema: a newer Maßwerk wrote it.
    """
    with looking_into(path, key) as connection:
        found = revision_in(connection)
    if found not in KNOWN:
        raise NewerSchema(found=found, known=HEAD)
    return found


def create(path: Path, key: bytes, fill: Callable[[Connection], None]) -> None:
    """A new database of the present schema with what `fill` writes into it: all of it or no file.

    Raises:
        DiskFull, ReadOnlyProfile, StoreError
    """
    fresh = path.with_name(path.name + ".new")
    try:
        remove_database(fresh)
        engine = open_engine(fresh, key)
        try:
            with writing(engine) as connection:
                blueprint(_run).build(raw(connection))
                fill(connection)
        finally:
            engine.dispose()
        put_in_place(fresh, path)
    except OSError as error:
        raise translate(error, path) from error
    finally:
        _tidy(fresh)


def upgrade(profile: Profile, key: bytes, now_ms: int) -> None:
    """Brings a profile's database to the present schema; the caller holds the profile's lock.

    The old file is replaced in one step after the new one has proven itself, and is kept among the backups.

    Raises:
        DiskFull: there is no room for a second copy.
        MigrationFailed: the old file is as it was.
    """
    old, copy = profile.database, profile.database.with_name(profile.database.name + ".upgrade")
    try:
        settle_log(old, key)
        copy_database(old, copy)
        upgrade_file(copy, key)
        profile.backups.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep(old, shelf.place(profile, "upgrade", now_ms))
        put_in_place(copy, old)
    except (DiskFull, MigrationFailed):
        raise
    except OSError as error:
        full = translate(error, old)
        raise full if isinstance(full, DiskFull) else MigrationFailed(reason=type(error).__name__) from error
    except Exception as error:
        # Whatever a revision stumbles over: the old file has not been touched and the reason is kept.
        raise MigrationFailed(reason=str(error)[:200]) from error
    finally:
        _tidy(copy)
    shelf.rotate(profile)


def upgrade_file(path: Path, key: bytes) -> None:
    """Upgrades a database in place that nobody else uses, and proves it.

    Raises:
        StoreError: it did not pass; the file is of no use then.
    """
    engine = open_engine(path, key)
    try:
        with writing(engine) as connection:
            check_pages(connection)
            before = census(connection)
            _run(connection)
        with engine.connect() as connection:
            _prove(connection, before)
    finally:
        engine.dispose()
    settle_log(path, key)


def settle_log(path: Path, key: bytes) -> None:
    """Moves everything from the write-ahead log into the file, so that the file alone is all there is."""
    connection = connect(path, key)
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    if busy or has_log(path):
        raise MigrationFailed(reason="in_use")


def _prove(connection: Connection, before: dict[str, int]) -> None:
    if revision_in(connection) != HEAD:
        raise MigrationFailed(reason="revision")
    after = census(connection)
    lost = [name for name, count in before.items() if after.get(name) != count]
    if lost:
        raise MigrationFailed(reason="rows", table=lost[0])
    differing = differences(connection)
    if differing:
        raise MigrationFailed(reason="schema", first=differing[0][:200])
    examine(connection)


def differences(connection: Connection) -> list[str]:
    """Where the database's tables differ from those the program was written for."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def is_ours(name: str | None, what: str, _parents: object) -> bool:
        # The full-text index brings tables of its own.
        return what != "table" or not (name or "").startswith("search")

    context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})
    return [str(each) for each in compare_metadata(context, metadata)]


def _run(connection: Connection) -> None:
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config() -> Config:
    """Alembic's view of the revisions, without an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS.as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _tidy(unfinished: Path) -> None:
    try:
        remove_database(unfinished)
    except OSError:
        return  # found and removed at the next attempt
