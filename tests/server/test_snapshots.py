"""Files for first readings: what they tell and from where one goes on were read at one moment."""

from __future__ import annotations

import stat
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.packing import pack, unpack
from app.errors import AgencyBusy, AgencyRefused, TokenRevoked
from app.server.database import Database
from app.server.service import AgencyService, DeviceAgency
from app.server.serving import serving
from app.sync.frames import BEGIN, read_frames
from app.sync.http_agency import HttpAgency
from app.sync.wire import SnapshotReply
from tests.server.laptop import ARNSBERG, BERLEBURG, Laptop, enrolled, write
from tests.server.postgres import fresh_database

SCOPE = f"municipality:{BERLEBURG}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AgencyService]:
    """An agency for which every scope is worth a file."""
    if request.param == "postgres":
        with fresh_database() as url:
            yield from _opened(url, tmp_path)
    else:
        yield from _opened(f"sqlite:///{tmp_path}/agency.db", tmp_path)


def _opened(url: str, folder: Path) -> Iterator[AgencyService]:
    database = Database(url)
    AgencyService.found(database, "Testagentur")
    yield AgencyService(database, snapshots=folder / "files", snapshot_from=1)
    database.close()


def _laptop(service: AgencyService, ags: str = BERLEBURG) -> tuple[Laptop, DeviceAgency]:
    token, replica = enrolled(service, service.as_device(""), ags=ags)
    agency = DeviceAgency(service, token)
    return Laptop(agency, replica), agency


def _told(agency: DeviceAgency, offered: SnapshotReply) -> tuple[dict[EntityId, EntityState], set[EntityId]]:
    """The states in a file, and what it says has left the scope."""
    states: dict[EntityId, EntityState] = {}
    gone: set[EntityId] = set()
    parts = agency.snapshot_parts(offered.scope, offered.file, 0)
    for frame in read_frames(parts, 0, BEGIN):
        for row in frame.content.get("rows", ()):
            state = unpack(KINDS[frame.content["kind"]], frame.content["columns"], row)
            states[state.id] = state
        gone |= {entity for _, entity, _ in frame.content.get("gone", ())}
    assert frame.chain.hex() == offered.file
    assert frame.offset == offered.size
    return states, gone


def test_the_file_and_the_feed_behind_it_are_the_whole_while_many_write(service: AgencyService) -> None:
    writers = [_laptop(service)[0] for _ in range(3)]
    reader, agency = _laptop(service)
    first, _ = writers[0].measure(BERLEBURG)
    writers[0].push(first)
    done = threading.Event()
    taken: list[tuple[SnapshotReply, dict[EntityId, EntityState]]] = []

    def work(laptop: Laptop) -> None:
        for _ in range(12):
            made, entity = laptop.measure(BERLEBURG)
            laptop.push(made, laptop.change(write("measure", entity, "goals", "Ziel")))

    def read() -> None:
        while not done.is_set():
            for old in (service.snapshot_folder or Path()).glob("*.json"):
                old.unlink()  # each time a new one
            offered = agency.snapshot(SCOPE)
            taken.append((offered, _told(agency, offered)[0]))

    with ThreadPoolExecutor(4) as pool:
        reading = pool.submit(read)
        for each in [pool.submit(work, laptop) for laptop in writers]:
            each.result()
        done.set()
        reading.result()
    reader.pull()
    assert len(reader.records) == 37
    for offered, states in taken:
        follower = replace(
            reader, cursors={SCOPE: offered.seq}, records=dict(states), held={i: {SCOPE} for i in states}
        )
        follower.pull()
        assert {i: pack(s) for i, s in follower.records.items()} == {i: pack(s) for i, s in reader.records.items()}
    assert len({offered.seq for offered, _ in taken}) > 1, "files were made in between"


def test_others_get_no_internal_field_and_nothing_that_left_the_scope(service: AgencyService) -> None:
    jana, _ = _laptop(service)
    shared, here = jana.measure(BERLEBURG, visibility="public")
    moved, away = jana.measure(BERLEBURG, visibility="public")
    jana.push(shared, moved, jana.change(write("measure", here, "internal_note", "Nur für uns")))
    _, stranger = _laptop(service, ARNSBERG)
    before = stranger.snapshot("region")
    states, gone = _told(stranger, before)
    assert states.keys() == {here, away}
    assert KINDS["measure"].slot_of["internal_note"].id not in states[here].registers
    assert not gone
    jana.pull()
    jana.push(jana.change(write("measure", away, "visibility", "municipality", jana.records[away])))
    with pytest.raises(AgencyRefused) as refused:
        next(stranger.snapshot_parts("region", before.file, 0))
    assert refused.value.code == "no_record"
    after = stranger.snapshot("region")
    states, gone = _told(stranger, after)
    assert states.keys() == {here}
    assert gone == {away}


def test_only_whoever_may_pull_a_scope_gets_its_file_at_every_request(service: AgencyService) -> None:
    jana, agency = _laptop(service)
    jana.push(jana.measure(BERLEBURG)[0])
    offered = agency.snapshot(SCOPE)
    _, stranger = _laptop(service, ARNSBERG)
    for ask in (lambda: stranger.snapshot(SCOPE), lambda: next(stranger.snapshot_parts(SCOPE, offered.file, 0))):
        with pytest.raises(AgencyRefused):
            ask()
    service.revoke(1)
    for ask in (lambda: agency.snapshot(SCOPE), lambda: next(agency.snapshot_parts(SCOPE, offered.file, 0))):
        with pytest.raises(TokenRevoked):
            ask()


def test_a_file_is_made_once_and_again_only_when_much_has_followed(service: AgencyService) -> None:
    jana, agency = _laptop(service)
    jana.push(jana.measure(BERLEBURG)[0])
    with ThreadPoolExecutor(6) as pool:
        offers = [f.result() for f in [pool.submit(agency.snapshot, SCOPE) for _ in range(6)]]
    assert len({offered.file for offered in offers}) == 1
    jana.push(jana.measure(BERLEBURG)[0])
    assert agency.snapshot(SCOPE) == offers[0], "what followed comes by the feed"
    for _ in range(3):
        jana.push(*(jana.measure(BERLEBURG)[0] for _ in range(340)))
    assert agency.snapshot(SCOPE).seq == 1022
    assert service.new_epoch()
    assert agency.snapshot(SCOPE).epoch != offers[0].epoch


def test_another_process_that_makes_it_is_waited_for(service: AgencyService) -> None:
    jana, agency = _laptop(service)
    jana.push(jana.measure(BERLEBURG)[0])
    assert service.snapshot_folder is not None
    agency.snapshot(SCOPE)
    stem = next(service.snapshot_folder.glob("*.rows")).name.partition("-")[0]
    for made in service.snapshot_folder.iterdir():
        made.unlink()
    claim = service.snapshot_folder / f"{stem}.part"
    claim.touch()
    with pytest.raises(AgencyBusy):
        agency.snapshot(SCOPE)
    claim.unlink()
    assert agency.snapshot(SCOPE).file


def test_small_scopes_have_none(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/agency.db")
    service = AgencyService.found(database, "Testagentur")
    jana, agency = _laptop(service)
    jana.push(jana.measure(BERLEBURG)[0])
    assert agency.snapshot(SCOPE).file == ""
    assert not (tmp_path / "snapshots").exists()
    database.close()


def test_over_http_it_goes_on_at_any_byte_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/agency.db")
    AgencyService.found(database, "Testagentur")
    service = AgencyService(database, snapshot_from=1)
    jana, inside = _laptop(service)
    jana.push(*(jana.measure(BERLEBURG)[0] for _ in range(30)))
    with serving(service) as address:
        agency = HttpAgency(address, inside.token)
        offered = agency.snapshot(SCOPE)
        whole = b"".join(agency.snapshot_parts(SCOPE, offered.file, 0))
        assert len(whole) == offered.size
        assert b"".join(agency.snapshot_parts(SCOPE, offered.file, 100)) == whole[100:]
        with pytest.raises(AgencyRefused) as refused:
            next(agency.snapshot_parts(SCOPE, "0" * 64, 0))
        assert refused.value.params["status"] == 404
        agency.close()
    if sys.platform != "win32":
        for file in (tmp_path / "snapshots").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    database.close()


def test_a_file_from_before_a_field_became_internal_is_not_given_out(service: AgencyService) -> None:
    jana, agency = _laptop(service)
    jana.push(jana.measure(BERLEBURG)[0])
    made = agency.snapshot(SCOPE).file
    assert service.snapshot_folder is not None
    (note,) = service.snapshot_folder.glob("*.json")
    told = orjson.loads(note.read_bytes())
    note.write_bytes(orjson.dumps(told | {"form": told["form"] - 1}))
    with pytest.raises(AgencyRefused, match="no_record"):
        list(agency.snapshot_parts(SCOPE, made, 0))
    note.write_bytes(orjson.dumps({key: value for key, value in told.items() if key != "form"}))
    with pytest.raises(AgencyRefused, match="no_record"):
        list(agency.snapshot_parts(SCOPE, made, 0))
    assert list(agency.snapshot_parts(SCOPE, agency.snapshot(SCOPE).file, 0)), "another one is made"
