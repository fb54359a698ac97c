"""A damaged profile comes back by itself, and everything that could still be read comes with it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import orjson
import pytest
from sqlalchemy import insert, select

from app.config import Profile
from app.errors import DamagedFile, ProfileInUse, WrongKey
from app.models import backup, incarnation, keys, outbox, rescue, salvage, settings, tables, wal
from app.models.durable import copy_database, log_of
from app.models.engine import raw, reading, writing
from app.models.opening import open_store
from app.models.queries.reader import Reader
from app.models.queries.rescued import Rescued, rescued
from app.models.rescue import open_or_rescue
from app.models.store import Store
from app.models.tables import change, participant
from tests.models.desk import KEY, Clock, count, edit, make_measure, shown, states_of_changes
from tests.models.tiny_agency import TinyAgency, exchange

PAGE = 4096


def flip(file: Path, offset: int) -> None:
    content = bytearray(file.read_bytes())
    content[offset] ^= 0x10
    file.write_bytes(content)


def told(store: Store) -> Rescued:
    found = rescued(Reader(store.engine))
    assert found is not None
    return found


def numbers(store: Store, replica: int) -> list[int]:
    with reading(store.engine) as connection:
        return list(
            connection.execute(select(change.c.n).where(change.c.replica == replica).order_by(change.c.n)).scalars()
        )


def identity(store: Store) -> settings.Identity:
    with reading(store.engine) as connection:
        return settings.identity(connection)


@pytest.fixture
def worked(profile: Profile, clock: Clock) -> list[str]:
    """A closed profile with a backup and 60 changes since then; the records made."""
    store = open_store(profile, KEY, clock)
    made = [make_measure(store, f"Vorher {number}") for number in range(20)]
    backup.back_up(profile, KEY, clock())
    made += [make_measure(store, f"Danach {number}", description="Wort " * 60) for number in range(20)]
    for each in made:
        edit(store, each, goals=f"Ziel {each}")
    store.close()
    return made


def test_a_lost_file_comes_back_from_its_backup_under_a_new_id(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    profile.database.unlink()
    store = open_or_rescue(profile, KEY, clock)
    found = told(store)
    assert (found.again, found.missing, found.lost, found.file) == (0, 60, 60, "")
    assert not found.is_counted, "there may have been more that nothing tells of"
    assert shown(store, worked[3], "title") == "Vorher 3"
    now = identity(store)
    assert len(now.replicas) == 2
    assert now.n == 0
    store.close()
    again = open_store(profile, KEY, clock)
    assert identity(again) == now, "an ordinary start from then on"
    again.close()


@pytest.mark.parametrize("size", [0, 100, PAGE, 5 * PAGE + 7, -PAGE // 2])
def test_a_truncated_file_is_rescued_and_kept(profile: Profile, worked: list[str], clock: Clock, size: int) -> None:
    key_is_known(profile)
    cut = profile.database.read_bytes()[:size]
    profile.database.write_bytes(cut)
    profile.suspect.touch()
    store = open_or_rescue(profile, KEY, clock)
    found = told(store)
    assert found.again + found.missing == 60
    assert (profile.damaged / found.file).read_bytes() == cut
    assert all(shown(store, made, "title") for made in worked[:20])
    assert count(store, change) == 20 + found.again
    store.close()


def test_what_is_readable_of_the_log_comes_back_number_by_number(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    whole, witness = profile.database.read_bytes(), profile.witness.read_bytes()
    dice = random.Random(5)
    complete = 0
    for _ in range(7):
        profile.witness.write_bytes(witness)
        profile.database.write_bytes(whole)
        for _ in range(2):
            flip(profile.database, dice.randrange(1, len(whole) // PAGE) * PAGE + dice.randrange(PAGE))
        profile.suspect.touch()
        try:
            store = open_or_rescue(profile, KEY, clock)
        except WrongKey:
            raise AssertionError("a flipped bit is no wrong key") from None
        found = rescued(Reader(store.engine))
        if found is not None:
            complete += found.missing == 0
            first = identity(store).replicas[0]
            held = numbers(store, first)
            assert len(held) == 80 - found.missing
            assert len(set(held)) == len(held)
            assert set(states_of_changes(store)) == {"pending"}
            if not found.missing:
                assert [shown(store, each, "goals") for each in worked] == [f"Ziel {each}" for each in worked]
        store.close()
    assert complete >= 2, "most flips hit something that can be made again"


def key_is_known(profile: Profile) -> None:
    """As `keys.create_key` leaves it: a file that the right key does not open must be damaged."""
    (profile.folder / "profile.json").write_bytes(orjson.dumps({"id": "x", "check": keys._check_of(KEY)}))


def test_a_damaged_head_leaves_the_backup_and_is_no_wrong_key(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    key_is_known(profile)
    flip(profile.database, 5)
    with pytest.raises(WrongKey):
        open_or_rescue(profile, bytes(32), clock)
    assert not profile.damaged.exists(), "a wrong passphrase is no reason to put anything aside"
    store = open_or_rescue(profile, KEY, clock)
    assert told(store).missing == 60
    store.close()


def test_a_flipped_bit_in_the_log_of_a_crashed_program_costs_nothing_when_its_page_was_written_again(
    profile: Profile, clock: Clock
) -> None:
    store = open_store(profile, KEY, clock)
    backup.back_up(profile, KEY, clock())
    made = [make_measure(store, f"Maßnahme {number}") for number in range(30)]
    crashed = profile.folder.parent / "crashed.db"
    copy_database(profile.database, crashed)
    store.close()
    noticed = 0
    for frame in (0, 5, 40, 100):
        copy_database(crashed, profile.database)
        flip(log_of(profile.database), 32 + frame * (24 + PAGE) + 24 + 1000)
        assert wal.hides_commits(profile.database)
        store = open_or_rescue(profile, KEY, clock)
        found = told(store)
        noticed += 1
        assert found.again + found.missing == 30
        assert all(shown(store, each, "title") for each in made[: found.again if not found.missing else 0])
        store.close()
        profile.witness.unlink()
    assert noticed == 4


@pytest.mark.parametrize("spoil", ["head", "salt", "frame head", "checksum"])
def test_a_log_whose_bookkeeping_is_damaged_is_mended_completely(profile: Profile, clock: Clock, spoil: str) -> None:
    store = open_store(profile, KEY, clock)
    backup.back_up(profile, KEY, clock())
    made = [make_measure(store, f"Maßnahme {number}") for number in range(12)]
    crashed = profile.folder.parent / "crashed.db"
    copy_database(profile.database, crashed)
    store.close()
    copy_database(crashed, profile.database)
    at = {"head": 2, "salt": 17, "frame head": 32 + 8, "checksum": 32 + 17}[spoil]
    flip(log_of(profile.database), at)
    store = open_or_rescue(profile, KEY, clock)
    assert (told(store).again, told(store).missing) == (12, 0)
    assert [shown(store, each, "title") for each in made] == [f"Maßnahme {number}" for number in range(12)]
    store.close()


def test_a_log_cut_by_a_power_failure_is_no_damage(profile: Profile, clock: Clock) -> None:
    store = open_store(profile, KEY, clock)
    for number in range(10):
        make_measure(store, f"Maßnahme {number}")
    crashed = profile.folder.parent / "crashed.db"
    copy_database(profile.database, crashed)
    store.close()
    log = log_of(crashed).read_bytes()
    for cut in (len(log) - 1, len(log) - PAGE, 40, 32, 7):
        copy_database(crashed, profile.database)
        log_of(profile.database).write_bytes(log[:cut])
        assert not wal.hides_commits(profile.database)
    profile.database.with_name("masswerk.db-wal").unlink()


def test_an_end_between_the_head_of_a_new_log_and_its_first_page_is_no_damage(profile: Profile, clock: Clock) -> None:
    store = open_store(profile, KEY, clock)
    made = [make_measure(store, f"Maßnahme {number}") for number in range(10)]
    with store.engine.connect() as connection:
        raw(connection).execute("PRAGMA wal_checkpoint(FULL)").fetchall()
    crashed = profile.folder.parent / "crashed.db"
    copy_database(profile.database, crashed)
    log = log_of(profile.database)
    make_measure(store, "Der nächste Umlauf")
    head = log.read_bytes()[:32]
    store.close()
    copy_database(crashed, profile.database)
    before = log.read_bytes()
    assert before[:32] != head
    log.write_bytes(head + before[32:])
    profile.witness.unlink()
    store = open_store(profile, KEY, clock)
    assert [shown(store, each, "title") for each in made] == [f"Maßnahme {number}" for number in range(10)]
    store.close()


def test_a_page_found_damaged_while_working_makes_the_next_start_look(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    whole = profile.database.read_bytes()
    for page in range(len(whole) // PAGE - 1, 1, -1):
        profile.database.write_bytes(whole)
        flip(profile.database, page * PAGE + 99)
        store = open_store(profile, KEY, clock)
        try:
            shown(store, worked[0], "title")
            edit(store, worked[0], title="Neu")
        except DamagedFile:
            break
        finally:
            store.close()
    assert profile.suspect.exists()
    store = open_or_rescue(profile, KEY, clock)
    assert told(store).again
    assert not profile.suspect.exists()
    edit(store, worked[0], title="Wieder")
    store.close()


def test_a_false_suspicion_costs_one_look(profile: Profile, worked: list[str], clock: Clock) -> None:
    profile.suspect.touch()
    store = open_or_rescue(profile, KEY, clock)
    assert rescued(Reader(store.engine)) is None
    assert not profile.suspect.exists()
    store.close()


def test_the_agency_gives_back_what_it_has_and_gets_what_it_lacks(profile: Profile, clock: Clock) -> None:
    agency = TinyAgency()
    store = open_store(profile, KEY, clock)
    before = make_measure(store, "Vorher")
    exchange(store, agency)
    backup.back_up(profile, KEY, clock())
    sent = [make_measure(store, f"Gesendet {number}") for number in range(5)]
    exchange(store, agency)
    kept = [make_measure(store, f"Wartet {number}") for number in range(5)]
    store.close()
    pages = profile.database.stat().st_size // PAGE
    seen = set()
    for damage in (0, *range(pages - 1, 1, -1)):
        copy = Profile.at(profile.folder.parent / f"copy-{damage}")
        shutil.copytree(profile.folder, copy.folder)
        if damage:
            flip(copy.database, damage * PAGE + 50)
            copy.suspect.touch()
        else:
            copy.database.unlink()
        store = open_or_rescue(copy, KEY, clock)
        found = rescued(Reader(store.engine))
        pending = len(outbox.next_batch(store, 500, 10**9).changes)
        if found is not None and (not pending or not found.missing):
            seen.add(pending)
            exchange(store, agency)
            assert shown(store, before, "title") == "Vorher"
            assert [shown(store, each, "title") for each in sent] == [f"Gesendet {n}" for n in range(5)]
            if not found.missing:
                assert [shown(store, each, "title") for each in kept] == [f"Wartet {n}" for n in range(5)]
                assert set(states_of_changes(store)) == {"confirmed"}
        store.close()
        if {0, 10} <= seen:
            return
    raise AssertionError("no page whose loss leaves the log whole")


def test_a_kill_between_any_two_steps_is_finished_by_the_next_start(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    flip(profile.database, 30 * PAGE + 5)
    profile.suspect.touch()
    store = open_or_rescue(profile, KEY, clock)
    found = told(store)
    store.close()
    # As it lies there when the last step, the renaming, was begun and not ended.
    whole = profile.database.read_bytes()
    profile.rescued.write_bytes(whole)
    shutil.copyfile(profile.damaged / found.file, profile.database)
    store = open_or_rescue(profile, KEY, clock)
    assert told(store) == found
    assert not profile.rescued.exists()
    assert len(list(profile.damaged.glob("*.db"))) == 1
    store.close()


def test_a_spoilt_backup_is_passed_over_for_the_one_before(profile: Profile, worked: list[str], clock: Clock) -> None:
    clock.now_ms += 86_400_000
    store = open_store(profile, KEY, clock)
    newest = backup.back_up(profile, KEY, clock())
    store.close()
    flip(newest.path, 20 * PAGE + 9)
    profile.database.unlink()
    store = open_or_rescue(profile, KEY, clock)
    assert told(store).backup_at < int(newest.at.timestamp() * 1000)
    store.close()


def test_without_any_backup_the_log_alone_makes_the_profile_again(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    shutil.rmtree(profile.backups)
    flip(profile.database, 30 * PAGE + 5)
    profile.suspect.touch()
    store = open_or_rescue(profile, KEY, clock)
    found = told(store)
    assert found.backup_at == 0
    assert found.again + found.missing == 80
    with reading(store.engine) as connection:
        assert settings.person(connection).name == "Erika Mustermann"
    store.close()


def test_without_backup_and_without_a_readable_file_nothing_is_touched(profile: Profile, clock: Clock) -> None:
    profile.database.write_bytes(b"x" * 9000)
    key_is_known(profile)
    with pytest.raises(DamagedFile) as caught:
        open_or_rescue(profile, KEY, clock)
    assert caught.value.code == "no_way_back"
    assert profile.database.read_bytes() == b"x" * 9000
    assert not list(profile.folder.glob("*.rescue*"))


def test_an_open_profile_is_not_rescued(profile: Profile, worked: list[str], clock: Clock) -> None:
    store = open_store(profile, KEY, clock)
    with pytest.raises(ProfileInUse):
        rescue.rescue(profile, KEY, clock())
    store.close()


def test_participants_whom_no_log_holds_are_taken_from_the_damaged_file(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    store = open_store(profile, KEY, clock)
    with writing(store.engine) as connection:
        person = {"id": "p1", "workshop_id": "w", "name": "Eva Beispiel", "delete_after": "2030-01-01"}
        connection.execute(insert(participant).values(**person))
    store.close()
    flip(profile.database, 30 * PAGE + 5)
    profile.suspect.touch()
    store = open_or_rescue(profile, KEY, clock)
    assert told(store).file
    assert count(store, participant) == 1
    store.close()


FROM_THE_LOG = {"change", "change_entity", "entity", "superseded", "question"} | set(tables.kind_tables)
FROM_THE_FILE = {"setting"} | {table.name for table in salvage.OUTSIDE}
FROM_THE_BACKUP = {"sync_log", "arrival"}
FROM_THE_AGENCY = {"author", "cursor", "receipt", "heard"}


def test_every_table_has_its_way_back() -> None:
    """Whoever adds a table says here how a rescue brings its rows back."""
    assert set(tables.metadata.tables) == FROM_THE_LOG | FROM_THE_FILE | FROM_THE_BACKUP | FROM_THE_AGENCY


def test_the_witness_of_the_lost_database_is_not_taken_for_a_copy(
    profile: Profile, worked: list[str], clock: Clock
) -> None:
    before = incarnation.read(profile)
    profile.database.unlink()
    store = open_or_rescue(profile, KEY, clock)
    assert before is not None
    assert before.replica in identity(store).replicas
    assert len(identity(store).replicas) == 2
    store.close()
