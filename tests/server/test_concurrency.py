"""Many at once: nobody's change is lost, no reader skips one, and a killed server has all or nothing."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.catalogue import Role
from app.domain.change import Create
from app.domain.ids import EntityId, new_id, new_replica_id
from app.errors import AgencyError
from app.server.database import Database
from app.server.service import AgencyService
from app.sync.http_agency import HttpAgency
from tests.server.laptop import BERLEBURG, Laptop, add, enrolled, value, write
from tests.server.postgres import fresh_database

WRITERS = 8


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AgencyService]:
    if request.param == "postgres":
        with fresh_database() as url:
            opened = AgencyService.found(Database(url), "Testagentur")
            yield opened
            opened.database.close()
        return
    opened = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur")
    yield opened
    opened.database.close()


def _laptop(service: AgencyService, role: Role = Role.COORDINATOR) -> Laptop:
    ags = BERLEBURG if role is Role.COORDINATOR else ""
    token, replica = enrolled(service, service.as_device(""), role, ags)
    return Laptop(service.as_device(token), replica)


def test_eight_writers_and_no_committed_change_is_skipped_by_a_poller(service: AgencyService) -> None:
    laptops, reader = [_laptop(service) for _ in range(WRITERS)], _laptop(service)
    done = threading.Event()
    made: list[EntityId] = []

    def work(laptop: Laptop) -> None:
        for _ in range(12):
            batch = [laptop.measure(BERLEBURG) for _ in range(2)]
            reply = laptop.agency.sync(laptop.request(*(change for change, _ in batch), limit=1))
            assert [o.outcome for o in reply.outcomes] == ["applied", "applied"]
            made.extend(i for _, i in batch)

    def poll() -> int:
        polls = 0
        while not done.is_set():
            reader.push(limit=37)
            polls += 1
        return polls

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        polling = pool.submit(poll)
        try:
            for writing in [pool.submit(work, laptop) for laptop in laptops]:
                writing.result()
        finally:
            done.set()
        assert polling.result() > 1
    reader.pull()
    assert len(made) == WRITERS * 12 * 2
    assert reader.records.keys() == set(made)


def test_eight_people_editing_one_record_at_once_lose_nothing(service: AgencyService) -> None:
    first = _laptop(service)
    change, shared = first.measure(BERLEBURG)
    first.push(change)
    laptops = [_laptop(service) for _ in range(WRITERS)]

    def work(number: int) -> None:
        laptop = laptops[number]
        for i in range(6):
            risk = new_id()
            ops = (Create("risk", risk, "measure", shared), add("measure", shared, "tags", f"{number}-{i}"))
            laptop.agency.sync(laptop.request(laptop.change(*ops)))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    first.pull()
    assert len(first.records[shared].set(20).elements) == WRITERS * 6
    assert len(first.records) == 1 + WRITERS * 6


def test_a_root_that_moves_while_children_are_added_takes_them_all_along(service: AgencyService) -> None:
    agency, jana = _laptop(service, Role.AGENCY), _laptop(service)
    roots = [agency.measure(BERLEBURG) for _ in range(6)]
    agency.push(*(change for change, _ in roots))

    def move() -> None:
        for level in ("public", "municipality", "consortium", "public"):
            for _, root in roots:
                agency.push(agency.change(write("measure", root, "visibility", level, agency.records[root])))

    def grow() -> None:
        for _ in range(4):
            for _, root in roots:
                jana.agency.sync(jana.request(jana.change(Create("risk", new_id(), "measure", root))))

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(move), pool.submit(grow)]:
            running.result()
    siegen_token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, "05970040")
    siegen = Laptop(service.as_device(siegen_token), replica)
    siegen.pull()
    assert len(siegen.records) == 6 + 24


def test_one_root_made_by_two_devices_at_once_is_one_record(service: AgencyService) -> None:
    laptops = [_laptop(service) for _ in range(2)]
    for _ in range(8):
        shared, minutes = new_id(), new_id()
        together = threading.Barrier(2)

        def work(laptop: Laptop, root: EntityId = shared, below: EntityId = minutes) -> None:
            change, _ = laptop.workshop(BERLEBURG, Create("minutes", below, "workshop", root), made=root)
            together.wait()  # noqa: B023 - used up within this round
            laptop.agency.sync(laptop.request(change))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, laptops))
        laptops[0].pull()
        assert {shared, minutes} <= laptops[0].records.keys()
        assert len(laptops[0].records[shared].seen) == 2


def _serve(data: Path, port_file: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "app.server", "serve", "--data", str(data), "--port", "0"]
    running = subprocess.Popen([*command, "--port-file", str(port_file)], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert "antwortet unter http://127.0.0.1:" in running.stdout.readline()
    return running, f"http://127.0.0.1:{port_file.read_text().strip()}"


def test_a_server_killed_during_a_push_has_either_all_or_nothing_of_it(tmp_path: Path) -> None:
    service = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur")
    token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
    service.database.close()
    jana = Laptop(service.as_device(token), replica)
    rounds = [[jana.measure(BERLEBURG)[0] for _ in range(300)] for _ in range(2)]
    sent = 0
    for batch in rounds:
        running, address = _serve(tmp_path, tmp_path / "port")
        agency = HttpAgency(address, token)
        # Kill while the write lock is held: the journal grows before the commit is done.
        journal = tmp_path / "agency.db-wal"
        before = journal.stat().st_size if journal.exists() else 0

        def strike(victim: subprocess.Popen[str] = running, wal: Path = journal, size: int = before) -> None:
            pause = threading.Event()
            while victim.poll() is None and (not wal.exists() or wal.stat().st_size <= size):
                pause.wait(0.0005)
            victim.kill()

        striker = threading.Thread(target=strike)
        striker.start()
        with pytest.raises(AgencyError):
            agency.sync(jana.request(*batch))
        striker.join()
        agency.close()
        running.communicate()
        with sqlite3.connect(tmp_path / "agency.db") as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            (reach,) = file.execute("SELECT coalesce(max(max_n), 0) FROM replica").fetchone()
            counts = [
                file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("change_log", "entity", "change_entity")
            ]
            file_feed = file.execute("SELECT count(*) FROM feed WHERE scope = 'agency'").fetchone()[0]
        file.close()
        assert reach in (sent, sent + 300)
        assert counts == [reach] * 3
        assert file_feed == reach
        jana.agency.sync(jana.request(*batch))
        service.database.close()
        sent += 300
    everything = Laptop(service.as_device(token), replica)
    everything.pull(5000)
    assert len(everything.records) == sent
    service.database.close()


def test_a_server_told_to_stop_finishes_and_leaves_nothing_lying_about(tmp_path: Path) -> None:
    service = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur")
    token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
    service.database.close()
    running, address = _serve(tmp_path, tmp_path / "port")
    jana = Laptop(HttpAgency(address, token), replica)
    change, made = jana.measure(BERLEBURG, "Radweg")
    jana.push(change)
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=20)
    assert (running.returncode, out) == (0, "")
    assert not (tmp_path / "port").exists()
    assert value(jana.records[made], "title") == "Radweg"
    assert new_replica_id() != replica
    jana.agency.close()  # type: ignore[attr-defined]
