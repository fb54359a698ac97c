"""Old profiles open in a new program with everything in them, or stay exactly as they were."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text, update

from app.config import Profile
from app.domain.ids import derived_id
from app.domain.packing import pack
from app.errors import DamagedFile, MigrationFailed, NewerSchema
from app.models import auditing, migrate, rows, settings, shelf
from app.models.engine import connect, open_engine, reading, writing
from app.models.opening import open_store
from app.models.soundness import Contents, census, examine, looking_into, revision_in
from app.models.store import Store
from app.models.tables import SEARCH_SQL, entity, metadata, participant, sync_log
from tests.models.desk import KEY, Clock, edit, found_by, live, make_measure, row_of, shown, states_of_changes
from tests.models.tiny_agency import TinyAgency, exchange

ROOT = Path(__file__).parents[2]
OLD = ROOT / "tests" / "fixtures" / "profile-0001" / "masswerk.db"
MEASURE, MINUTES = derived_id("old", "measure"), derived_id("old", "minutes")


@pytest.fixture
def old(tmp_path: Path) -> Profile:
    """A profile that revision 0001 left."""
    profile = Profile.at(tmp_path / "old").ensure()
    shutil.copyfile(OLD, profile.database)
    return profile


def schema(connection: Connection) -> dict[str, object]:
    """Tables with columns, keys, strictness and checks, and indexes: everything but the order."""
    found: dict[str, object] = {}
    listed = connection.execute(text("PRAGMA table_list")).all()
    for table in listed:
        if table.name.startswith(("sqlite_", "search", "alembic")):
            continue
        columns = {tuple(c)[1:] for c in connection.exec_driver_sql(f"PRAGMA table_info({table.name})")}
        sql = connection.execute(
            text("SELECT sql FROM sqlite_schema WHERE name = :name"), {"name": table.name}
        ).scalar_one()
        checks = sorted(re.findall(r"CHECK \((.*)\)", sql))
        indexes = {}
        for index in connection.exec_driver_sql(f"PRAGMA index_list({table.name})"):
            within = connection.exec_driver_sql(f"PRAGMA index_info({index.name})")
            indexes[index.name] = (index.unique, [c.name for c in within])
        found[table.name] = (columns, bool(table.strict), bool(table.wr), checks, indexes)
    return found


def test_what_the_program_knows_is_what_the_revisions_say() -> None:
    script = ScriptDirectory.from_config(migrate.alembic_config())
    in_order = [revision.revision for revision in reversed(list(script.walk_revisions()))]
    assert list(migrate.KNOWN) == in_order
    assert script.get_current_head() == migrate.HEAD


def test_revisions_and_tables_lead_to_the_same_schema(profile: Profile, tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "generated.db", KEY)
    with writing(engine) as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql(SEARCH_SQL)
        generated = schema(connection)
        search = connection.execute(text("SELECT sql FROM sqlite_schema WHERE name = 'search'")).scalar()
    engine.dispose()
    with looking_into(profile.database, KEY) as connection:
        assert migrate.differences(connection) == []
        assert schema(connection) == generated
        assert connection.execute(text("SELECT sql FROM sqlite_schema WHERE name = 'search'")).scalar() == search


def test_a_new_profile_is_to_the_letter_what_an_upgraded_one_is(profile: Profile, old: Profile) -> None:
    open_store(old, KEY).close()
    every = text("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
    found = []
    for one in (old, profile):
        with looking_into(one.database, KEY) as connection:
            words = [tuple(" ".join(str(word).split()) for word in row) for row in connection.execute(every)]
            found.append((words, revision_in(connection)))
    assert found[0] == found[1]


def test_an_old_profile_opens_with_everything_in_it(old: Profile) -> None:
    with looking_into(old.database, KEY) as connection:
        assert revision_in(connection) == "0001"
        before = census(connection)
    store = open_store(old, KEY, Clock())
    with reading(store.engine) as connection:
        assert revision_in(connection) == migrate.HEAD
        assert migrate.differences(connection) == []
        assert census(connection) == before | dict.fromkeys(
            (
                "attachment",
                "courier_file",
                "arrival",
                "released_minutes",
                "heard",
                "letter",
                "letter_part",
                "entrusted",
                "own_letter",
                "term",
            ),
            0,
        )
        assert examine(connection) == Contents(migrate.HEAD, 5, 6, 6)
        assert settings.person(connection).name == "Erika Mustermann"
        assert settings.identity(connection).replicas == (1001,)
        assert connection.execute(select(participant.c.name)).scalar() == "Max Beispiel"
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT * FROM sync_log WHERE root_id = ''").all()
        assert "ix_sync_log_root" in str(plan)
        assert connection.execute(select(sync_log.c.code)).scalar() == "record.sent"
    assert shown(store, MEASURE, "title") == "Mobilstation am Bahnhof"
    assert shown(store, MINUTES, "text", "minutes") == "Begrüßung und Ablauf."
    assert found_by(store, "mobilstation") == [MEASURE]
    state = live(store, MEASURE)
    assert state is not None
    assert set(state.set(20).elements) == {"rad", "bus"}
    assert store.redo_action() == "measure.edit"
    edit(store, MEASURE, title="Weiter geht es")
    store.close()


def test_the_file_from_before_is_kept_and_still_opens(old: Profile) -> None:
    before = old.database.read_bytes()
    open_store(old, KEY).close()
    (kept,) = shelf.backups(old)
    assert kept.why == "upgrade"
    assert kept.path.read_bytes() == before
    with looking_into(kept.path, KEY) as connection:
        assert revision_in(connection) == "0001"
    assert not [f for f in old.folder.iterdir() if f.suffix in (".upgrade", ".new")]


def test_what_waits_in_the_log_is_upgraded_too(old: Profile) -> None:
    """As after a crash: the last edits are in the write-ahead log only."""
    writer = connect(old.database, KEY)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("UPDATE setting SET value = 'Rathaus' WHERE name = 'device'")
    log = old.database.with_name("masswerk.db-wal")
    crashed = old.database.read_bytes(), log.read_bytes()
    writer.close()
    old.database.write_bytes(crashed[0])
    log.write_bytes(crashed[1])
    store = open_store(old, KEY)
    with reading(store.engine) as connection:
        assert settings.person(connection).device == "Rathaus"
    store.close()


def test_five_files_from_before_upgrades_are_kept(old: Profile) -> None:
    clock = Clock()
    for _ in range(7):
        shutil.copyfile(OLD, old.database)
        clock.now_ms += 86_400_000
        open_store(old, KEY, clock).close()
        old.witness.unlink()
    kept = shelf.backups(old)
    assert [b.why for b in kept] == ["upgrade"] * 5
    assert kept[0].at > kept[-1].at


def damage_a_record(connection: Connection) -> None:
    connection.execute(text("UPDATE entity SET clocks = x'7b7d' WHERE kind = 'measure'"))


def lose_a_row(connection: Connection) -> None:
    connection.execute(text("DELETE FROM milestone"))


def stand_in_the_way(connection: Connection) -> None:
    connection.execute(text("CREATE INDEX ix_sync_log_root ON sync_log (code)"))


def change_a_table(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE participant DROP COLUMN function"))


@pytest.mark.parametrize(
    "spoil", [damage_a_record, lose_a_row, stand_in_the_way, change_a_table], ids=lambda f: f.__name__
)
def test_an_upgrade_that_fails_leaves_the_old_file_working(old: Profile, spoil: object) -> None:
    engine = open_engine(old.database, KEY)
    with writing(engine) as connection:
        spoil(connection)  # type: ignore[operator]
    engine.dispose()
    before = old.database.read_bytes()
    with pytest.raises(MigrationFailed):
        open_store(old, KEY)
    assert old.database.read_bytes() == before
    assert {f.name for f in old.folder.iterdir()} == {"masswerk.db", "masswerk.lock", "backups", "logs"}
    assert shelf.backups(old) == []
    with looking_into(old.database, KEY) as connection:
        assert revision_in(connection) == "0001"


def test_a_damaged_old_file_is_not_upgraded(old: Profile) -> None:
    content = bytearray(old.database.read_bytes())
    content[len(content) // 2] ^= 1
    old.database.write_bytes(content)
    with pytest.raises((MigrationFailed, DamagedFile)):
        open_store(old, KEY)
    assert old.database.read_bytes() == content


def test_a_newer_revision_is_named(old: Profile) -> None:
    engine = open_engine(old.database, KEY)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0100'"))
    engine.dispose()
    with pytest.raises(NewerSchema) as caught:
        open_store(old, KEY)
    assert dict(caught.value.params) == {"found": "0100", "known": migrate.HEAD}


def test_a_creation_that_fails_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "new.db"

    def fail(connection: Connection) -> None:
        connection.execute(text("INSERT INTO setting VALUES ('a', NULL)"))

    with pytest.raises(Exception, match="NOT NULL"):
        migrate.create(path, KEY, fail)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with nothing of the project in it, as a frozen program finds itself in."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_an_upgrade_needs_no_ini_file_and_no_working_folder(old: Profile, elsewhere: Path) -> None:
    script = (
        "import sys; from app.config import Profile; from app.models.opening import open_store\n"
        "open_store(Profile.at(sys.argv[1]), bytes(range(32))).close()"
    )
    subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(old.folder)],
        cwd=elsewhere,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert migrate.revision_of(old.database, KEY) == migrate.HEAD


def test_what_waits_upon_a_record_survives_fields_that_were_added_since(
    desks: Callable[[str], Store], tmp_path: Path
) -> None:
    store, agency = desks("here"), TinyAgency()
    made = make_measure(store)
    exchange(store, agency)
    edit(store, made, goals="Ein Ziel, das noch wartet")
    known = rows.decode_base("measure", row_of(store, made).base)
    older = orjson.loads(row_of(store, made).base)
    del older[-6:-1]  # as a program without the five latest fields of a measure has kept it
    with writing(store.engine) as connection:
        connection.execute(update(entity).where(entity.c.id == made).values(base=orjson.dumps(older)))
    assert rows.decode_base("measure", row_of(store, made).base) == known
    assert auditing.recount(store) == 0, "its digest is computed anew as ever"
    assert auditing.agency_rows(store, [made]) == {("measure", made): pack(known)}, "and it can be given back"
    store.close()
    with looking_into(tmp_path / "here" / "masswerk.db", KEY) as connection:
        examine(connection)
    again = open_store(Profile.at(tmp_path / "here"), KEY)
    exchange(again, agency)
    assert shown(again, made, "goals") == "Ein Ziel, das noch wartet"
    assert states_of_changes(again) == ["confirmed", "confirmed"]
    again.close()
