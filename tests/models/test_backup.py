"""A backup is only one when it can be restored, and a restored profile never reuses its numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.config import Profile
from app.errors import DamagedFile, NewerSchema, ProfileInUse, WrongKey
from app.models import backup, migrate, outbox, settings, shelf
from app.models.engine import connect, open_engine, reading, writing
from app.models.opening import open_store
from app.models.soundness import Contents
from app.models.store import Store
from app.models.tables import change
from tests.models.desk import KEY, Clock, edit, live, make_measure, same, shown
from tests.models.test_migrations import MEASURE, OLD
from tests.models.tiny_agency import TinyAgency, exchange, pull

DAY = 86_400_000
MONDAY = int(datetime(2024, 3, 11, 12, tzinfo=UTC).timestamp() * 1000)


def test_a_backup_of_an_open_profile_can_be_opened_and_tells_what_it_holds(
    store: Store, profile: Profile, clock: Clock
) -> None:
    make_measure(store, "Radweg")
    made = backup.back_up(profile, KEY, clock())
    make_measure(store, "Danach")
    assert backup.verify(made.path, KEY) == Contents(migrate.HEAD, 1, 1, 1)
    assert [b.path for b in backup.backups(profile)] == [made.path]
    assert made.size == made.path.stat().st_size
    assert {f.name for f in profile.backups.iterdir()} == {made.path.name}


def test_a_backup_is_encrypted_with_the_same_key(store: Store, profile: Profile, clock: Clock) -> None:
    make_measure(store, "Geheimplan")
    made = backup.back_up(profile, KEY, clock())
    content = made.path.read_bytes()
    assert b"Geheimplan" not in content
    assert b"SQLite" not in content
    with pytest.raises(WrongKey):
        backup.verify(made.path, bytes(32))


def test_people_go_on_working_while_a_backup_is_made(store: Store, profile: Profile, clock: Clock) -> None:
    made = make_measure(store, "Anfang")
    for number in range(40):
        make_measure(store, f"Maßnahme {number}", description="Wort " * 2000)
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            edit(store, made, title=f"Titel {number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [backup.back_up(profile, KEY, clock()) for _ in range(3)]
    finally:
        done.set()
        writer.join(30)
    assert backup.verify(copies[-1].path, KEY).records == 41


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty"])
def test_a_spoilt_backup_is_found_out_by_its_rehearsal_and_never_restored(
    store: Store, profile: Profile, clock: Clock, spoil: str
) -> None:
    made = backup.back_up(profile, KEY, clock())
    store.close()
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes({"cut": bytes(content[:20_000]), "flip": bytes(content), "empty": b""}[spoil])
    before = profile.database.read_bytes()
    with pytest.raises(DamagedFile):
        backup.verify(made.path, KEY)
    with pytest.raises(DamagedFile):
        backup.restore(profile, made.path, KEY, clock())
    assert profile.database.read_bytes() == before
    assert [b.why for b in backup.backups(profile)] == ["daily"]


def test_seven_days_and_four_weeks_are_kept(profile: Profile) -> None:
    for day in range(60):
        for hour in (0, 5):
            backup.back_up(profile, KEY, MONDAY + day * DAY + hour * 3_600_000)
    kept = [b.at for b in backup.backups(profile)]
    last = datetime.fromtimestamp(MONDAY / 1000, UTC)
    days = [(at - last).days for at in kept]
    assert days[:7] == [59, 58, 57, 56, 55, 54, 53]
    assert days[7:] == [48, 41], "the Sundays of the two weeks before"
    assert {at.hour for at in kept} == {17}


def test_a_backup_is_due_once_a_day_and_after_a_clock_from_the_future(profile: Profile) -> None:
    assert backup.is_due(profile, MONDAY, 24)
    backup.back_up(profile, KEY, MONDAY)
    assert not backup.is_due(profile, MONDAY + DAY // 2, 24)
    assert backup.is_due(profile, MONDAY + DAY, 24)
    assert backup.is_due(profile, MONDAY - 400 * DAY, 24)


def test_a_restored_profile_writes_under_a_new_id_and_still_sends_what_waited(
    store: Store, profile: Profile, clock: Clock
) -> None:
    made = make_measure(store, "Vor der Sicherung")
    with reading(store.engine) as connection:
        first = settings.identity(connection)
    copy = backup.back_up(profile, KEY, clock())
    edit(store, made, title="Nach der Sicherung")
    store.close()
    assert backup.restore(profile, copy.path, KEY, clock()).records == 1
    store = open_store(profile, KEY, clock)
    assert shown(store, made, "title") == "Vor der Sicherung"
    with reading(store.engine) as connection:
        now = settings.identity(connection)
    assert (now.replicas[0], now.n) == (first.replica, 0)
    assert len(now.replicas) == 2
    assert now.hlc == first.hlc
    edit(store, made, title="Neu angefangen")
    sent = outbox.next_batch(store, 10, 1_000_000).changes
    assert [(c[0], c[1]) for c in sent] == [(first.replica, 1), (now.replica, 1)]
    store.close()


def test_nothing_is_lost_or_doubled_when_the_agency_knew_more_than_the_backup(
    desks: Callable[[str], Store], tmp_path: Path, clock: Clock
) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    profile = Profile.at(tmp_path / "here")
    made = make_measure(here, tags=["a"])
    exchange(here, agency)
    copy = backup.back_up(profile, KEY, clock())
    edit(here, made, title="Beim Amt angekommen", tags=["a", "b"])
    exchange(here, agency)
    here.close()
    backup.restore(profile, copy.path, KEY, clock())
    restored = open_store(profile, KEY, clock)
    edit(restored, made, goals="Nach dem Zurückholen")
    pull(restored, agency)
    exchange(restored, agency)
    exchange(there, agency)
    for desk in (restored, there):
        assert shown(desk, made, "title") == "Beim Amt angekommen"
        assert shown(desk, made, "goals") == "Nach dem Zurückholen"
        assert same(live(desk, made), agency.records[("measure", made)])
    restored.close()


def test_what_was_there_before_a_restore_is_kept(store: Store, profile: Profile, clock: Clock) -> None:
    copy = backup.back_up(profile, KEY, clock())
    made = make_measure(store, "Übereilt verworfen")
    store.close()
    backup.restore(profile, copy.path, KEY, clock())
    (kept,) = [b for b in backup.backups(profile) if b.why == "restore"]
    assert backup.verify(kept.path, KEY).records == 1
    backup.restore(profile, kept.path, KEY, clock())
    store = open_store(profile, KEY, clock)
    assert shown(store, made, "title") == "Übereilt verworfen"
    store.close()


def test_a_damaged_profile_is_kept_with_its_log_and_replaced(store: Store, profile: Profile, clock: Clock) -> None:
    made = make_measure(store)
    copy = backup.back_up(profile, KEY, clock())
    store.close()
    profile.database.write_bytes(b"noise" * 5000)
    profile.database.with_name("masswerk.db-wal").write_bytes(b"more noise")
    backup.restore(profile, copy.path, KEY, clock())
    kept = {f.name.rpartition(".")[2]: f.read_bytes() for f in profile.backups.glob("restore-*")}
    assert kept == {"db": b"noise" * 5000, "db-wal": b"more noise"}
    store = open_store(profile, KEY, clock)
    assert shown(store, made, "title") == "Radweg"
    store.close()


def test_a_backup_with_its_log_is_restored_with_it(profile: Profile, clock: Clock) -> None:
    """As `restore` keeps a database that was not closed in peace."""
    writer = connect(profile.database, KEY)
    writer.execute("UPDATE setting SET value = 'Rathaus' WHERE name = 'device'")
    kept = shelf.place(profile, "restore", clock())
    for ending in ("", "-wal"):
        source = profile.database.with_name(profile.database.name + ending)
        kept.with_name(kept.name + ending).write_bytes(source.read_bytes())
    writer.close()
    backup.restore(profile, kept, KEY, clock())
    store = open_store(profile, KEY, clock)
    with reading(store.engine) as connection:
        assert settings.person(connection).device == "Rathaus"
    store.close()


def test_an_open_profile_is_not_restored_over(store: Store, profile: Profile, clock: Clock) -> None:
    copy = backup.back_up(profile, KEY, clock())
    with pytest.raises(ProfileInUse):
        backup.restore(profile, copy.path, KEY, clock())


def test_an_old_backup_is_rehearsed_and_restored_through_its_upgrade(profile: Profile, clock: Clock) -> None:
    old = shelf.place(profile, "upgrade", clock())
    old.write_bytes(OLD.read_bytes())
    assert backup.verify(old, KEY) == Contents(migrate.HEAD, 5, 6, 6)
    assert old.read_bytes() == OLD.read_bytes()
    assert {f.name for f in profile.backups.iterdir()} == {old.name}
    backup.restore(profile, old, KEY, clock())
    store = open_store(profile, KEY, clock)
    assert shown(store, MEASURE, "title") == "Mobilstation am Bahnhof"
    with reading(store.engine) as connection:
        assert set(connection.execute(select(change.c.replica)).scalars()) == {1001}
    store.close()


def test_a_backup_of_a_newer_program_is_refused(profile: Profile, clock: Clock) -> None:
    copy = backup.back_up(profile, KEY, clock())
    engine = open_engine(copy.path, KEY)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0100'"))
    engine.dispose()
    with pytest.raises(NewerSchema):
        backup.verify(copy.path, KEY)
    with pytest.raises(NewerSchema):
        backup.restore(profile, copy.path, KEY, clock())
