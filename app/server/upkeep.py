"""Looking after a database as a whole: does everything fit together, put a backup back, write out all records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3 import dbapi2

from app.domain.fields import DELETION_SLOT, KINDS, Slot
from app.domain.merge import EntityState
from app.domain.packing import unpack
from app.errors import ContentError, FieldError, NotAllowed
from app.server.config import Operation
from app.server.database import Database
from app.server.records import stored_columns
from app.server.service import AgencyService
from app.server.tables import change_log, entity, feed, receipt, replica, scope_counter

_BATCH = 500


@dataclass(slots=True)
class Findings:
    """What a look over everything found; `flaws` names places by key, never content."""

    records: int = 0
    changes: int = 0
    steps: int = 0
    scopes: int = 0
    flaws: list[str] = field(default_factory=list)


def verify(database: Database) -> Findings:
    """Reads everything once, in one snapshot, while others go on working."""
    found = Findings()
    with database.read() as connection:
        if database.is_sqlite:
            told = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            found.flaws += [f"Datei: {line}" for line in told if line != "ok"]
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            found.flaws += [f"Verweis ins Leere: {row[0]} {row[1]}" for row in lost]
        _verify_lines(connection, found)
        _verify_feeds(connection, found)
        for row in _records(connection):
            found.records += 1
            _verify_record(row, found)
    return found


def _verify_lines(connection: Connection, found: Findings) -> None:
    """Every replica's changes are there without a gap, and receipted up to the last."""
    logged = {
        row.replica: (row.many, row.last)
        for row in connection.execute(
            select(change_log.c.replica, func.count().label("many"), func.max(change_log.c.n).label("last")).group_by(
                change_log.c.replica
            )
        )
    }
    receipts = dict(
        connection.execute(select(receipt.c.replica, func.max(receipt.c.n_to)).group_by(receipt.c.replica)).all()
    )
    for row in connection.execute(select(replica.c.replica, replica.c.max_n)):
        count, last = logged.pop(row.replica, (0, 0))
        found.changes += count
        if not row.max_n == count == last == receipts.get(row.replica, 0):
            found.flaws.append(f"Replik {row.replica}: {row.max_n} angenommen, {count} vorhanden, letzte {last}")
    found.flaws += [f"Replik {unknown}: Änderungen ohne Gerät" for unknown in logged]


def _verify_feeds(connection: Connection, found: Findings) -> None:
    """No feed is ahead of its counter, or the next steps would be skipped by readers."""
    counters: dict[str, int] = {row.scope: row.seq for row in connection.execute(select(scope_counter))}
    ends = select(feed.c.scope, func.count().label("many"), func.max(feed.c.seq).label("last")).group_by(feed.c.scope)
    for row in connection.execute(ends):
        found.scopes += 1
        found.steps += row.many
        if row.last > counters.get(row.scope, 0):
            found.flaws.append(f"Sicht {row.scope}: Schritt {row.last} über dem Zähler {counters.get(row.scope, 0)}")


def _verify_record(row: Row[Any], found: Findings) -> None:
    try:
        _state(row)
        scopes = set(orjson.loads(row.scopes))
    except (ContentError, FieldError, ValueError, KeyError, IndexError, TypeError):
        found.flaws.append(f"Eintrag {row.id}: nicht lesbar")
        return
    held = set(filter(None, (row.held or "").split("\n")))
    if row.packed is not None and held != scopes:
        found.flaws.append(f"Eintrag {row.id}: gehört in {len(scopes)} Sichten, steht in {len(held)}")


def _records(connection: Connection) -> Iterator[Row[Any]]:
    """All records in order of their ids, each with the scopes whose feed holds it."""
    together = func.group_concat if connection.dialect.name == "sqlite" else func.string_agg
    held = (
        select(together(feed.c.scope, "\n"))
        .where(feed.c.entity_id == entity.c.id, feed.c.held == 1)
        .correlate(entity)
        .scalar_subquery()
    )
    after = ""
    while True:
        rows = connection.execute(
            select(entity, held.label("held")).where(entity.c.id > after).order_by(entity.c.id).limit(_BATCH)
        ).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


def _state(row: Row[Any]) -> EntityState | None:
    """The merged state; None for a root that is only known from its children."""
    if row.packed is None:
        return None
    kind = KINDS[row.kind]
    return unpack(kind, stored_columns(kind, row.schema), orjson.loads(row.packed))


def restore(settings: Operation, file: Path) -> str:
    """Puts a backup into an empty place, and begins a new epoch there; returns it.

    Raises:
        NotAllowed: there is an agency already, the file is no whole backup, or PostgreSQL is to do it.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise NotAllowed("restore", "restore_postgres", database=url.render_as_string(hide_password=True))
    place = Path(str(url.database))
    if any(place.parent.glob(place.name + "*")):
        raise NotAllowed("restore", "restore_over")
    if not file.is_file():
        raise NotAllowed("restore", "no_backup")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_name(place.name + ".part")
    try:
        _copy(file, part)
        service = AgencyService(Database(f"sqlite:///{part}"))
        try:
            service.database.upgrade()
            if verify(service.database).flaws or not service.is_founded:
                raise NotAllowed("restore", "no_backup")
            epoch = service.new_epoch()
        finally:
            service.database.close()
        part.replace(place)
    except (SQLAlchemyError, dbapi2.Error) as error:
        raise NotAllowed("restore", "no_backup") from error
    finally:
        for rest in place.parent.glob(part.name + "*"):
            rest.unlink()
    return epoch


def _copy(file: Path, part: Path) -> None:
    """A copy through SQLite itself: a damaged file fails here, and an open journal is taken along."""
    source = dbapi2.connect(f"file:{file.absolute()}?mode=ro", uri=True)
    try:
        source.execute("VACUUM INTO ?", (str(part),))
    finally:
        source.close()


def export(database: Database, file: Path) -> int:
    """Writes every record as one JSON object per line, in order of ids; how many.

    Fields by name; where several versions stand, all of them. Deleted records are left out.

    Raises:
        NotAllowed: the file exists.
    """
    if file.exists():
        raise NotAllowed("export", "file_exists")
    count = 0
    with database.read() as connection, file.open("xb") as out:
        for row in _records(connection):
            state = _state(row)
            if state is None or any(v.value for v in state.register(DELETION_SLOT).versions.values()):
                continue
            told = {"kind": row.kind, "id": row.id, "root": row.root_id, "fields": _fields(state)}
            out.write(orjson.dumps(told) + b"\n")
            count += 1
    return count


def _fields(state: EntityState) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for slot in KINDS[state.kind].slots:
        versions = [_named(slot, version.value) for version in state.register(slot.id).versions.values()]
        if versions:
            found[slot.name] = versions[0] if len(versions) == 1 else {"versions": versions}
        elif slot.id in state.sets:
            found[slot.name] = sorted(state.set(slot.id).elements)
        elif slot.id in state.counters:
            found[slot.name] = state.counters[slot.id].value
        elif slot.id in state.texts:
            found[slot.name] = state.texts[slot.id].text
    return found


def _named(slot: Slot, value: Any) -> Any:
    """A merge group's value by the names of its fields, any other as it is."""
    if not slot.is_group or not isinstance(value, tuple | list):
        return value
    return {each.name: part for each, part in zip(slot.fields, value, strict=True)}
