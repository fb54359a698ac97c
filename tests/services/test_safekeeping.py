"""Backups are made and tried by themselves, and trouble is told once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Profile
from app.errors import DamagedFile, StoreError
from app.models.engine import reading
from app.models.opening import create_profile
from app.models.queries import syncing
from app.models.queries.reader import Reader
from app.models.store import Store
from app.services.safekeeping import Safekeeping
from tests.models.desk import AGS, KEY, Clock, make_measure

DAY = 86_400_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeping(tmp_path: Path, clock: Clock) -> Iterator[Safekeeping]:
    profile = Profile.at(tmp_path / "profile")
    store = create_profile(profile, KEY, "Katrin Brandt", "Laptop", AGS, clock)
    make_measure(store, "Radweg")
    yield Safekeeping(profile, store, KEY)
    store.close()


def lines(store: Store) -> list[str]:
    return [line.code for line in syncing.log(Reader(store.engine))]


def test_a_day_brings_one_backup_and_a_week_one_rehearsal(keeping: Safekeeping, clock: Clock) -> None:
    keeping.tend()
    first = keeping.kept()
    assert first.last is not None
    assert first.rehearsed_at
    keeping.tend()
    assert len(keeping.backups()) == 1
    for _ in range(7):
        clock.now_ms += DAY
        keeping.tend()
        assert keeping.kept().last != first.last
    assert keeping.kept().rehearsed_at - first.rehearsed_at >= 7 * DAY


def test_trouble_stands_in_the_log_once_until_it_is_over(keeping: Safekeeping, clock: Clock) -> None:
    shelf = keeping.profile.backups
    for child in shelf.iterdir():
        child.unlink()
    shelf.rmdir()
    shelf.write_text("in the way")
    for _ in range(3):
        with pytest.raises(StoreError):
            keeping.back_up()
    assert lines(keeping.store).count("backup.failed") == 1
    assert keeping.kept().trouble.startswith("backup.failed/")
    shelf.unlink()
    keeping.back_up()
    assert keeping.kept().trouble == ""


def test_a_backup_that_cannot_be_restored_is_found_by_its_rehearsal(keeping: Safekeeping, clock: Clock) -> None:
    made = keeping.back_up()
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(DamagedFile):
        keeping.tend()
    assert lines(keeping.store) == ["backup.unusable"]
    clock.now_ms += DAY
    keeping.tend()
    assert keeping.kept().trouble == "", "the next one is sound, and has been tried"


def test_a_damaged_page_that_the_backup_meets_makes_the_next_start_look(keeping: Safekeeping) -> None:
    with reading(keeping.store.engine) as connection:
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'measure'").scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    keeping.store.engine.dispose()
    whole = bytearray(keeping.profile.database.read_bytes())
    whole[page * int(size) - 500] ^= 1
    keeping.profile.database.write_bytes(whole)
    with pytest.raises(DamagedFile):
        keeping.back_up()
    assert keeping.profile.suspect.exists()


def test_the_key_is_in_no_words(keeping: Safekeeping) -> None:
    assert KEY.hex() not in repr(keeping)
    assert repr(KEY) not in repr(keeping)
