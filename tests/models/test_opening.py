"""Opening a profile tells exactly what is wrong, and leaves a file it cannot open as it found it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from app.config import Profile
from app.errors import (
    DamagedFile,
    DiskFull,
    NewerSchema,
    ProfileInUse,
    ReadOnlyProfile,
    StoreError,
    WrongKey,
)
from app.models import auditing, incarnation, keys, settings
from app.models.engine import connect, reading
from app.models.opening import create_profile, open_store
from app.models.store import Store
from tests.models.desk import AGS, KEY, edit, make_measure, shown

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from app.config import Profile
from app.models.opening import open_store
store = open_store(Profile.at(sys.argv[1]), bytes(range(32)))
print("open", flush=True)
sys.stdin.read()
store.close()
print("closed", flush=True)
sys.stdin.read()
"""
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk"
)


def holder(profile: Profile) -> subprocess.Popen[str]:
    """Another process that has the profile open until its input ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(profile.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    return child


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of its own in memory."""
    disk = place / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def write_until_it_fails(store: Store, acknowledged: list[str]) -> None:
    while True:
        title = f"M {len(acknowledged)}"
        acknowledged.append(make_measure(store, title, description=f"{title} " * 3000))


def identity(store: Store) -> settings.Identity:
    with reading(store.engine) as connection:
        return settings.identity(connection)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file() and f.suffix != ".lock"}


def test_a_new_profile_knows_who_works_in_it(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "neu")
    store = create_profile(profile, KEY, "Erika Mustermann", "Büro", AGS)
    with reading(store.engine) as connection:
        assert settings.person(connection) == settings.Person("Erika Mustermann", "Büro", AGS)
        now = settings.identity(connection)
    assert (now.n, now.hlc, len(now.replicas)) == (0, 0, 1)
    assert now.replica > 0
    store.close()
    assert {f.name for f in profile.folder.iterdir()} == {
        "masswerk.db", "masswerk.lock", "incarnation.json", "backups", "logs",
    }  # fmt: skip


def test_a_profile_is_never_created_over_another(profile: Profile) -> None:
    before = contents(profile.folder)
    with pytest.raises(StoreError, match="profile_exists"):
        create_profile(profile, bytes(32), "X", "Y", AGS)
    assert contents(profile.folder) == before


def test_what_was_written_is_there_at_the_next_opening(profile: Profile) -> None:
    store = open_store(profile, KEY)
    made = make_measure(store, "Bleibt")
    store.close()
    store.close()
    again = open_store(profile, KEY)
    assert shown(again, made, "title") == "Bleibt"
    assert identity(again).n == 1
    again.close()


def test_an_ordinary_start_loads_neither_alembic_nor_keyring(profile: Profile) -> None:
    script = HOLDER.replace("sys.stdin.read()\n", "") + (
        "loaded = {'alembic', 'keyring', 'cryptography', 'requests', 'pydantic'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(profile.folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize("key", [bytes(32), b"short", b""])
def test_a_wrong_key_is_called_a_wrong_key(profile: Profile, key: bytes) -> None:
    before = contents(profile.folder)
    with pytest.raises(WrongKey):
        open_store(profile, key)
    assert contents(profile.folder) == before
    open_store(profile, KEY).close()


def test_a_damaged_head_is_not_blamed_on_the_right_key(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "p").ensure()
    key = keys.create_key(profile, "Sieben Brücken")
    create_profile(profile, key, "A", "B", AGS).close()
    _flip(profile.database, 40)
    with pytest.raises(DamagedFile):
        open_store(profile, key)
    with pytest.raises(WrongKey):
        open_store(profile, bytes(32))


@pytest.mark.parametrize("size", [0, 1, 100, 4096, 5000, 40_960])
def test_a_truncated_file_is_damaged_or_not_ours_and_left_alone(profile: Profile, size: int) -> None:
    whole = profile.database.read_bytes()
    profile.database.write_bytes(whole[:size])
    with pytest.raises((DamagedFile, WrongKey)):
        open_store(profile, KEY)
    assert profile.database.read_bytes() == whole[:size]
    profile.database.write_bytes(whole)
    open_store(profile, KEY).close()


def test_a_missing_file_is_not_replaced_by_an_empty_one(profile: Profile) -> None:
    profile.database.unlink()
    with pytest.raises(DamagedFile):
        open_store(profile, KEY)
    assert not profile.database.exists()


def test_a_flipped_bit_is_noticed_where_it_is_read(profile: Profile) -> None:
    store = open_store(profile, KEY)
    made = make_measure(store)
    store.close()
    whole = profile.database.read_bytes()
    noticed = 0
    for page in range(1, len(whole) // 4096):
        profile.database.write_bytes(whole)
        _flip(profile.database, page * 4096 + 99)
        noticed += _is_noticed(profile, made)
    assert noticed > 5, "the pages of a title's edit: tables, indexes, full text"
    profile.database.write_bytes(whole)
    assert not _is_noticed(profile, made)


def _is_noticed(profile: Profile, made: str) -> bool:
    try:
        store = open_store(profile, KEY)
    except DamagedFile:
        return True
    try:
        assert shown(store, made, "title") == "Radweg"
        edit(store, made, title="Neu")
    except DamagedFile:
        return True
    finally:
        store.close()
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_after_a_crash_the_whole_file_is_checked(profile: Profile) -> None:
    store = open_store(profile, KEY)
    for number in range(30):
        make_measure(store, f"Maßnahme {number}", description="Wort " * 500)
    store.close()
    child = holder(profile)
    writer = connect(profile.database, KEY)
    writer.execute("UPDATE setting SET value = 'x' WHERE name = 'device'")
    child.send_signal(signal.SIGKILL)
    child.communicate()
    log = profile.database.with_name("masswerk.db-wal")
    crashed = profile.database.read_bytes(), log.read_bytes()
    writer.close()
    for damaged in (False, True):
        profile.database.write_bytes(crashed[0])
        log.write_bytes(crashed[1])
        if damaged:
            _flip(profile.database, len(crashed[0]) - 5000)
            with pytest.raises(DamagedFile):
                open_store(profile, KEY)
        else:
            store = open_store(profile, KEY)
            assert auditing.is_due(store), "and is compared with the agency as a whole"
            store.close()


def test_a_newer_schema_is_refused_untouched(profile: Profile) -> None:
    connection = connect(profile.database, KEY)
    connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.close()
    before = contents(profile.folder)
    with pytest.raises(NewerSchema) as caught:
        open_store(profile, KEY)
    assert caught.value.params["found"] == "0999"
    assert contents(profile.folder) == before


def test_another_encrypted_database_is_not_taken_for_ours(profile: Profile) -> None:
    profile.database.unlink()
    other = connect(profile.database, KEY)
    other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(DamagedFile):
        open_store(profile, KEY)


def test_a_second_opening_is_told_who_has_it(profile: Profile) -> None:
    store = open_store(profile, KEY)
    with pytest.raises(ProfileInUse) as caught:
        open_store(profile, KEY)
    assert caught.value.params["pid"] == os.getpid()
    store.close()
    open_store(profile, KEY).close()


def test_another_process_holds_the_profile_until_it_closes_it(profile: Profile) -> None:
    child = holder(profile)
    with pytest.raises(ProfileInUse) as caught:
        open_store(profile, KEY)
    assert caught.value.params["pid"] == child.pid
    child.communicate()
    open_store(profile, KEY).close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_holds_nothing(profile: Profile) -> None:
    child = holder(profile)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    open_store(profile, KEY).close()


def test_a_failed_opening_lets_go_of_the_profile(profile: Profile) -> None:
    for _ in range(2):
        with pytest.raises(WrongKey):
            open_store(profile, bytes(32))


def test_a_database_from_earlier_gets_a_new_replica_id(profile: Profile) -> None:
    store = open_store(profile, KEY)
    made = make_measure(store)
    store.close()
    earlier = profile.database.read_bytes()
    store = open_store(profile, KEY)
    first = identity(store)
    edit(store, made, title="Danach")
    store.close()
    profile.database.write_bytes(earlier)
    store = open_store(profile, KEY)
    now = identity(store)
    assert (now.replicas[:-1], now.n) == (first.replicas, 0)
    assert now.replica != first.replica
    edit(store, made, title="Anders")
    store.close()
    store = open_store(profile, KEY)
    assert (identity(store).replicas, identity(store).n) == (now.replicas, 1), "and keeps it"
    store.close()


def test_a_profile_on_another_computer_gets_a_new_replica_id(profile: Profile) -> None:
    if not incarnation.machine():
        pytest.skip("this computer has no name that stays")
    store = open_store(profile, KEY)
    first = identity(store)
    store.close()
    told = orjson.loads(profile.witness.read_bytes())
    profile.witness.write_bytes(orjson.dumps(told | {"machine": "0123456789abcdef"}))
    store = open_store(profile, KEY)
    assert identity(store).replicas[:-1] == first.replicas
    store.close()


@pytest.mark.parametrize("left", [b"", b"[]", b"{}", b'{"replica": "x"}', None])
def test_a_lost_or_garbled_witness_is_written_anew(profile: Profile, left: bytes | None) -> None:
    if left is None:
        profile.witness.unlink()
    else:
        profile.witness.write_bytes(left)
    store = open_store(profile, KEY)
    assert len(identity(store).replicas) == 1
    store.close()
    assert incarnation.read(profile) is not None


@needs_root
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_disk_that_runs_full_keeps_every_earlier_edit(tmp_path: Path) -> None:
    with small_disk(tmp_path, "3m") as disk:
        small = Profile.at(disk / "profile")
        store = create_profile(small, KEY, "A", "B", AGS)
        acknowledged: list[str] = []
        with pytest.raises(DiskFull):
            write_until_it_fails(store, acknowledged)
        titles = [f"M {number}" for number in range(len(acknowledged))]
        assert len(titles) > 3
        assert [shown(store, made, "title") for made in acknowledged] == titles
        assert identity(store).n == len(titles)
        store.close()
        with pytest.raises(DiskFull):
            create_profile(Profile.at(disk / "second"), KEY, "A", "B", AGS)
        assert not Profile.at(disk / "second").database.exists()
        subprocess.run(["mount", "-o", "remount,size=12m", disk], check=True)
        store = open_store(small, KEY)
        assert [shown(store, made, "title") for made in acknowledged] == titles
        make_measure(store, "Wieder Platz")
        store.close()


@needs_root
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a read-only disk")
def test_a_read_only_folder_is_called_read_only(tmp_path: Path) -> None:
    with small_disk(tmp_path, "8m") as disk:
        profile = Profile.at(disk / "profile")
        create_profile(profile, KEY, "A", "B", AGS).close()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with pytest.raises(ReadOnlyProfile):
            open_store(profile, KEY)
        with pytest.raises(ReadOnlyProfile):
            create_profile(Profile.at(disk / "second"), KEY, "A", "B", AGS)


def _flip(file: Path, offset: int) -> None:
    content = bytearray(file.read_bytes())
    content[offset] ^= 0x10
    file.write_bytes(content)
