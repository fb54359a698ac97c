"""Opening a profile: one process, the right key, a whole file, the present schema, then the store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import orjson
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from app.config import Profile
from app.domain.ids import new_replica_id
from app.errors import DamagedFile, StoreError, WrongKey
from app.models import auditing, incarnation, keys, migrate, settings, wal
from app.models.blobs import Blobs
from app.models.durable import has_log, put_in_place
from app.models.engine import open_engine, reading, translate, writing
from app.models.lock import ProfileLock
from app.models.soundness import check_pages, looking_into
from app.models.store import Store, wall_clock_ms

Clock = Callable[[], int]


def open_store(profile: Profile, key: bytes, clock: Clock = wall_clock_ms) -> Store:
    """The store of an existing profile; `close` it to let others in.

    An older schema is upgraded first. After a crash the file is checked first.

    Raises:
        ProfileInUse, WrongKey, DamagedFile, NewerSchema, MigrationFailed, ReadOnlyProfile, DiskFull
    """
    lock = ProfileLock(profile.lock)
    try:
        crashed = _bring_up(profile, key, clock)
        return _store(profile, key, clock, lock, crashed)
    except BaseException:
        lock.release()
        raise


def create_profile(
    profile: Profile, key: bytes, person: str, device: str, ags: str, clock: Clock = wall_clock_ms
) -> Store:
    """A new profile, opened: afterwards it is there as a whole, or not at all.

    Raises:
        StoreError: `profile_exists`; nothing was touched.
        ProfileInUse, ReadOnlyProfile, DiskFull
    """
    lock = ProfileLock(profile.lock)
    try:
        if profile.database.exists():
            raise StoreError("profile_exists")
        try:
            profile.ensure()
        except OSError as error:
            raise translate(error, profile.folder) from error
        replicas = orjson.dumps([new_replica_id()]).decode()
        facts: dict[str, str | int] = {
            "replicas": replicas,
            "n": 0,
            "hlc": 0,
            "person": person,
            "device": device,
            "ags": ags,
        }
        # What an earlier profile of this folder left would speak about another database.
        profile.witness.unlink(missing_ok=True)
        migrate.create(profile.database, key, lambda connection: settings.put(connection, **facts))
        return _store(profile, key, clock, lock)
    except BaseException:
        lock.release()
        raise


def _bring_up(profile: Profile, key: bytes, clock: Clock) -> bool:
    """Refuses what cannot be opened before anything is written, then checks and upgrades; whether it had crashed."""
    if profile.rescued.exists():
        put_in_place(profile.rescued, profile.database)  # a rescue that was ended at its last step
    crashed, suspect = has_log(profile.database), profile.suspect.exists()
    try:
        if wal.hides_commits(profile.database):
            raise DamagedFile(path=profile.database.name, reason="log")
        found = migrate.revision_of(profile.database, key)
        if crashed or suspect:
            with looking_into(profile.database, key) as connection:
                check_pages(connection, quick=not suspect)
    except WrongKey as error:
        if keys.belongs_to(profile, key):
            raise DamagedFile(path=profile.database.name, reason="head") from error
        raise
    profile.suspect.unlink(missing_ok=True)
    if found != migrate.HEAD:
        migrate.upgrade(profile, key, clock())
    return crashed


def _store(profile: Profile, key: bytes, clock: Clock, lock: ProfileLock, crashed: bool = False) -> Store:
    engine = open_engine(profile.database, key)
    _watch(profile, engine)
    try:
        # Taking the write lock also shows whether this account may write at all.
        with writing(engine) as connection:
            if incarnation.is_new(connection, incarnation.read(profile)):
                incarnation.begin(connection)
            if crashed:
                auditing.suspect(connection)
        with reading(engine) as connection:
            incarnation.write(profile, connection)
    except BaseException:
        engine.dispose()
        raise
    blobs = Blobs(profile.blobs, key)
    return Store(engine, clock, on_close=_Leaving(profile, engine, lock, blobs), blobs=blobs)


def _watch(profile: Profile, engine: Engine) -> None:
    """A page that turns out to be damaged while one works makes the next start look at the whole file."""

    @event.listens_for(engine, "handle_error")
    def handle_error(context: ExceptionContext) -> None:
        if isinstance(translate(context.original_exception), DamagedFile):
            suspect(profile)


def suspect(profile: Profile) -> None:
    """Lets the next start read the whole database before it is used."""
    with suppress(OSError):
        profile.suspect.touch(mode=0o600)


class _Leaving:
    """What is left to do when a store is closed, once."""

    def __init__(self, profile: Profile, engine: Engine, lock: ProfileLock, blobs: Blobs) -> None:
        self._profile, self._engine, self._lock, self._blobs = profile, engine, lock, blobs
        self._left = False

    def __call__(self) -> None:
        if self._left:
            return
        self._left = True
        try:
            with suppress(StoreError), reading(self._engine) as connection:
                incarnation.write(self._profile, connection)
        finally:
            self._blobs.close()
            self._engine.dispose()
            self._lock.release()
