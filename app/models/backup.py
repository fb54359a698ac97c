"""Backups of a profile while it is at work, their rehearsal, and the way back."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from app.config import Profile
from app.errors import NewerSchema
from app.models import incarnation, migrate, shelf
from app.models.durable import copy_database, has_log, keep, log_of, put_in_place, remove_database
from app.models.engine import connect, open_engine, translate, writing
from app.models.lock import ProfileLock
from app.models.shelf import Backup, backups
from app.models.soundness import Contents, check_pages, examine, looking_into, revision_in

__all__ = ["Backup", "back_up", "backups", "is_due", "restore", "verify"]


EVERY_H = 24
"""A backup is made by itself this often."""


def is_due(profile: Profile, now_ms: int, every_h: int = EVERY_H) -> bool:
    """Whether the last backup is older than that (or from a future that a wrong clock claimed)."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    made = [backup.at for backup in backups(profile) if backup.why == "daily"]
    return not any(now - timedelta(hours=every_h) < at <= now for at in made)


def back_up(profile: Profile, key: bytes, now_ms: int) -> Backup:
    """Copies the database as it is at this moment, with the same key; people may go on working meanwhile.

    Raises:
        DiskFull, DamagedFile, StoreError: there is no new backup, the old ones stay.
    """
    made = shelf.place(profile, "daily", now_ms)
    unfinished = made.with_name(made.name + ".new")
    try:
        made.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        remove_database(unfinished)
        connection = connect(profile.database, key)
        try:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        finally:
            connection.close()
        with looking_into(unfinished, key) as copy:
            check_pages(copy)
        put_in_place(unfinished, made)
    except (sqlcipher.Error, OSError) as error:
        raise translate(error, profile.database) from error
    finally:
        with contextlib.suppress(OSError):
            remove_database(unfinished)
    shelf.rotate(profile)
    return next(backup for backup in backups(profile) if backup.path == made)


def verify(path: Path, key: bytes) -> Contents:
    """Rehearses the way back without taking it: key, pages, tables, and every record can be read.

    An older schema is upgraded on a copy, as `restore` would.

    Raises:
        WrongKey, DamagedFile, NewerSchema, MigrationFailed, DiskFull
    """
    with looking_into(path, key) as connection:
        revision = revision_in(connection)
        if revision == migrate.HEAD:
            return examine(connection)
    if revision not in migrate.KNOWN:
        raise NewerSchema(found=revision, known=migrate.HEAD)
    rehearsed = path.with_name(path.name + ".rehearsal")
    try:
        copy_upgraded(path, rehearsed, key)
        with looking_into(rehearsed, key) as connection:
            return examine(connection)
    finally:
        remove_database(rehearsed)


def restore(profile: Profile, path: Path, key: bytes, now_ms: int) -> Contents:
    """Puts a backup in the place of the profile's database, which is kept among the backups.

    The restored profile writes under a new replica id: numbers that this one has given out since the
    backup may be known to the agency already. What the backup still has to send keeps its numbers.

    Raises:
        ProfileInUse: the profile is open.
        WrongKey, DamagedFile, NewerSchema, MigrationFailed, DiskFull: nothing was changed.
    """
    lock = ProfileLock(profile.lock)
    fresh = profile.database.with_name(profile.database.name + ".restore")
    try:
        contents = verify(path, key)
        copy_upgraded(path, fresh, key)
        engine = open_engine(fresh, key)
        try:
            with writing(engine) as connection:
                incarnation.begin(connection)
        finally:
            engine.dispose()
        migrate.settle_log(fresh, key)
        _keep_present(profile, now_ms)
        put_in_place(fresh, profile.database)
    except OSError as error:
        raise translate(error, profile.database) from error
    finally:
        with contextlib.suppress(OSError):
            remove_database(fresh)
        lock.release()
    shelf.rotate(profile)
    return contents


def copy_upgraded(path: Path, copy: Path, key: bytes) -> None:
    """A copy of a backup in the present schema."""
    copy_database(path, copy)
    if migrate.revision_of(copy, key) != migrate.HEAD:
        migrate.upgrade_file(copy, key)


def _keep_present(profile: Profile, now_ms: int) -> None:
    """The present file may be damaged, that is why one restores: it is kept with its log as it is."""
    if not profile.database.exists():
        return
    profile.backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = shelf.place(profile, "restore", now_ms)
    keep(profile.database, kept)
    if has_log(profile.database):
        keep(log_of(profile.database), log_of(kept))
