"""A damaged profile comes back by itself: set aside, restored from its backup, completed from what can be read.

Order matters, because all of this may be killed too: the damaged file stays in its place until the rescued one
is complete; the rename to `Profile.rescued` is the moment from which the next start only has to finish.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from app.config import Profile
from app.domain.encoding import decode_change
from app.domain.ids import new_replica_id
from app.domain.merge import EntityState, apply_change
from app.errors import ContentError, DamagedFile, StoreError
from app.models import incarnation, migrate, rows, settings, shelf
from app.models.backup import copy_upgraded, verify
from app.models.durable import flush, has_log, keep, log_of, put_in_place, remove_database
from app.models.engine import open_engine, translate, writing
from app.models.lock import ProfileLock
from app.models.opening import open_store
from app.models.salvage import OUTSIDE, LoggedChange, Salvage, salvage
from app.models.settle import NOWHERE, Settlement, note_touched, settle
from app.models.shelf import Backup, backups
from app.models.store import Store, wall_clock_ms
from app.models.tables import change, sync_log

_LOG = logging.getLogger(__name__)
_CARRIED = (
    "person", "device", "ags", "agency_url", "agency", "agency_name", "token", "grant",
    "courier_secret", "courier_agency", "courier_epoch",
)  # fmt: skip
"""Facts that are newer in the damaged file; cursors and epoch are not: they belong to the backup's records."""
_BEYOND = 20_000
"""So many changes a profile makes at most between two backups."""


def open_or_rescue(profile: Profile, key: bytes, clock: Callable[[], int] = wall_clock_ms) -> Store:
    """The store of a profile; one that is damaged is rescued first, and says so in `queries.rescued`.

    Raises:
        ProfileInUse, WrongKey, NewerSchema, MigrationFailed, ReadOnlyProfile, DiskFull: as `open_store`
        DamagedFile: `no_way_back`: neither a backup nor enough of the file; nothing was changed.
    """
    try:
        return open_store(profile, key, clock)
    except DamagedFile as error:
        _LOG.error("profile damaged: %s", error.params.get("reason", ""))
        rescue(profile, key, clock())
        return open_store(profile, key, clock)


def rescue(profile: Profile, key: bytes, now_ms: int) -> None:
    """Puts a whole database in the place of the damaged one, which is kept in `Profile.damaged`.

    It holds the newest sound backup and every own change that the damaged file still tells, under their
    numbers, to be sent again: the agency knows those that it has. New changes get a new replica id.

    Raises:
        as `open_or_rescue`
    """
    lock = ProfileLock(profile.lock)
    fresh = profile.database.with_name(profile.database.name + ".rescue")
    try:
        backup = _newest_sound(profile, key)
        read = salvage(profile.database, key, _BEYOND)
        if backup is None and not {"replicas", "person", "ags"} <= read.settings.keys():
            raise DamagedFile("no_way_back", path=profile.database.name)
        aside = _set_aside(profile, now_ms)
        _lay_ground(fresh, key, backup, read)
        engine = open_engine(fresh, key)
        try:
            with writing(engine) as connection:
                _complete(connection, read, incarnation.read(profile), backup, aside, now_ms)
        finally:
            engine.dispose()
        migrate.settle_log(fresh, key)
        flush(fresh)
        fresh.replace(profile.rescued)
        flush(profile.folder)
        put_in_place(profile.rescued, profile.database)
        profile.suspect.unlink(missing_ok=True)
    except OSError as error:
        raise translate(error, profile.database) from error
    finally:
        _tidy(fresh)
        lock.release()


def _newest_sound(profile: Profile, key: bytes) -> Backup | None:
    """The newest backup that passes its rehearsal; what was replaced by a restore comes last."""
    for backup in sorted(backups(profile), key=lambda b: b.why == "restore"):
        try:
            verify(backup.path, key)
        except StoreError as error:
            _LOG.error("backup unusable: %s", error.code)
        else:
            return backup
    return None


def _set_aside(profile: Profile, now_ms: int) -> Path | None:
    """The damaged file and its log as they are, under a name of their own; None if there is no file."""
    if not profile.database.exists():
        return None
    profile.damaged.mkdir(parents=True, exist_ok=True, mode=0o700)
    for earlier in profile.damaged.glob("*.db"):
        if earlier.samefile(profile.database):  # a rescue that did not come to its end
            return earlier
    aside = profile.damaged / shelf.place(profile, "damaged", now_ms).name
    keep(profile.database, aside)
    if has_log(profile.database):
        keep(log_of(profile.database), log_of(aside))
    return aside


def _lay_ground(fresh: Path, key: bytes, backup: Backup | None, read: Salvage) -> None:
    """The backup in the present schema, or without one an empty database of the same person."""
    if backup is not None:
        copy_upgraded(backup.path, fresh, key)
        return
    facts = {name: read.settings[name] for name in _CARRIED if name in read.settings}
    begun = {"replicas": orjson.dumps([new_replica_id()]).decode(), "n": "0", "hlc": "0"}
    migrate.create(fresh, key, lambda connection: settings.put(connection, **begun, **facts))


def _complete(
    connection: Connection,
    read: Salvage,
    witness: incarnation.Witness | None,
    backup: Backup | None,
    aside: Path | None,
    now_ms: int,
) -> None:
    before = _reach(connection)
    if carried := {name: read.settings[name] for name in _CARRIED if read.settings.get(name)}:
        settings.put(connection, **carried)
    again = _take_again(connection, read.changes, now_ms)
    last = _last_numbers(read, witness)
    missing = list(_missing(connection, before, last))
    _take_outside(connection, read)
    hlc = max([settings.identity(connection).hlc, *(c.hlc for c in read.changes)])
    _own(connection, [*_replicas(read), *last])
    settings.put(connection, hlc=hlc)
    incarnation.begin(connection)
    told: dict[str, str | int] = {
        "backup_at": int(backup.at.timestamp() * 1000) if backup else 0,
        "again": again,
        "missing": sum(to - since + 1 for _, since, to in missing),
        "counted": int("n" in read.settings),
        "file": aside.name if aside else "",
    }
    settings.put(
        connection, rescued=orjson.dumps({"at": now_ms, **told, "ranges": missing}).decode(), rescue_seen=0, synced_at=0
    )
    connection.execute(insert(sync_log).values(at=now_ms, code="profile.rescued", params=orjson.dumps(told).decode()))


def _reach(connection: Connection) -> dict[int, int]:
    """Number of the last change of each replica in the log."""
    counted = select(change.c.replica, func.max(change.c.n)).group_by(change.c.replica)
    return {int(replica): int(n) for replica, n in connection.execute(counted)}


def _take_again(connection: Connection, changes: Iterable[LoggedChange], now_ms: int) -> int:
    """Puts the changes that the log lacks into it and applies them; how many those were."""
    known = {(r, n) for r, n in connection.execute(select(change.c.replica, change.c.n))}
    seq = int(connection.execute(select(func.max(change.c.seq))).scalar() or 0)
    reach = _reach(connection)
    taken = 0
    for logged in changes:
        if (logged.replica, logged.n) in known:
            continue
        # A place in the log for each number that is missing before this one (`models.gaps`).
        seq += max(1, logged.n - reach.get(logged.replica, 0))
        reach[logged.replica] = max(logged.n, reach.get(logged.replica, 0))
        try:
            settlements = _settlements(connection, logged)
        except ContentError:
            continue  # its number is counted as missing
        values = {name: getattr(logged, name) for name in LoggedChange.__slots__}
        connection.execute(insert(change).values(seq=seq, **values))
        note_touched(connection, seq, [(s.new.id, s.new.root_id) for s in settlements])
        settle(connection, settlements, now_ms)
        taken += 1
    return taken


def _settlements(connection: Connection, logged: LoggedChange) -> list[Settlement]:
    made = decode_change(orjson.loads(logged.body))
    found: list[Settlement] = []
    for kind, entity_id in made.entities:
        here = rows.load(connection, kind, entity_id)
        if here is None:
            new = apply_change(EntityState(kind, entity_id), made)
            found.append(Settlement(None, None, new, rows.encode_base(None), "", False, 0, NOWHERE))
            continue
        row, old = here
        base = row.base if row.base is not None else rows.encode_base(old)
        counted = (row.held, row.digest)
        found.append(
            Settlement(row.row, old, apply_change(old, made), base, row.held, bool(row.frozen), row.digest, counted)
        )
    return found


def _last_numbers(read: Salvage, witness: incarnation.Witness | None) -> dict[int, int]:
    """How far each replica had come, as far as anything tells."""
    last: dict[int, int] = {}
    for logged in read.changes:
        last[logged.replica] = max(logged.n, last.get(logged.replica, 0))
    told = [(witness.replica, witness.n)] if witness else []
    if (replicas := _replicas(read)) and "n" in read.settings:
        told.append((replicas[-1], int(read.settings["n"])))
    for replica, n in told:
        last[replica] = max(n, last.get(replica, 0))
    return last


def _replicas(read: Salvage) -> list[int]:
    return [int(replica) for replica in orjson.loads(read.settings.get("replicas", "[]"))]


def _missing(connection: Connection, before: dict[int, int], last: dict[int, int]) -> Iterable[tuple[int, int, int]]:
    """Ranges (replica, from, to) of numbers given out since the backup whose changes are not in the log."""
    for replica, to in last.items():
        here = set(connection.execute(select(change.c.n).where(change.c.replica == replica)).scalars())
        since = 0
        for n in range(before.get(replica, 0) + 1, to + 2):
            if n <= to and n not in here:
                since = since or n
            elif since:
                yield replica, since, n - 1
                since = 0


def _own(connection: Connection, replicas: Iterable[int]) -> None:
    """All ids this profile has ever written under stay its own."""
    known = settings.identity(connection).replicas
    settings.put(connection, replicas=orjson.dumps(list(dict.fromkeys([*known, *replicas]))).decode())


def _take_outside(connection: Connection, read: Salvage) -> None:
    """A table that was read from end to end takes the place of the backup's."""
    for table in OUTSIDE:
        if table.name in read.outside:
            connection.execute(delete(table))
            if found := read.outside[table.name]:
                connection.execute(insert(table), found)


def _tidy(unfinished: Path) -> None:
    try:
        remove_database(unfinished)
    except OSError:
        return  # found and removed at the next attempt
