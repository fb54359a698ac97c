"""Several workers behind one address, on both databases: as correct as one, and none is missed when it falls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.server.config import DATABASE_VARIABLE, Limits
from app.server.database import Database
from app.server.service import AgencyService
from app.sync.http_agency import HttpAgency
from app.sync.wire import WaitRequest
from tests.server.laptop import BERLEBURG, Laptop, enrolled
from tests.server.postgres import fresh_database

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals to processes")
START_S = 90
WRITERS, READERS = 6, 2


@dataclass
class Served:
    """A supervisor with two workers, and the agency behind them as the operator sees it."""

    process: subprocess.Popen[str]
    service: AgencyService
    port_file: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port_file.read_text().strip()}"

    def workers(self) -> set[int]:
        told = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "spawn_main"], capture_output=True, text=True, check=False
        )
        return {int(pid) for pid in told.stdout.split()}

    def laptop(self) -> Laptop:
        """A device with a connection of its own, which leads to whichever worker takes it."""
        token, replica = enrolled(self.service, self.service.as_device(""), Role.COORDINATOR, BERLEBURG)
        return Laptop(HttpAgency(self.address, token), replica)


def _until(what: str, holds: object) -> None:
    deadline, pause = time.monotonic() + START_S, threading.Event()
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        pause.wait(0.02)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    if request.param == "sqlite":
        with _started(f"sqlite:///{tmp_path}/agency.db", tmp_path) as made:
            yield made
        return
    with fresh_database() as url, _started(url, tmp_path) as made:
        yield made


class _started:  # noqa: N801 - used as a block
    def __init__(self, url: str, folder: Path) -> None:
        self._service = AgencyService.found(Database(url), "Testagentur")
        port_file = folder / "port"
        command = [sys.executable, "-m", "app.server", "serve", "--port", "0", "--workers", "2"]
        process = subprocess.Popen(
            [*command, "--port-file", str(port_file)],
            env=os.environ | {DATABASE_VARIABLE: url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._served = Served(process, self._service, port_file)

    def __enter__(self) -> Served:
        _until("it is ready", lambda: self._served.port_file.exists() or self._served.process.poll() is not None)
        assert self._served.process.poll() is None, self._served.process.communicate()
        return self._served

    def __exit__(self, *_: object) -> None:
        served, workers = self._served, self._served.workers()
        killed = served.process.poll() is not None
        served.process.terminate()
        said = served.process.communicate(timeout=START_S)
        self._service.database.close()
        if not killed:
            assert served.process.returncode == 0, said
            assert not served.port_file.exists()
            assert not any(_is_alive(pid) for pid in workers)


@pytest.mark.slow
def test_two_workers_lose_nothing_skip_nothing_wake_each_others_devices_and_end_together(served: Served) -> None:
    writers, readers = ([served.laptop() for _ in range(count)] for count in (WRITERS, READERS))
    waiters = [served.laptop() for _ in range(6)]
    made: list[EntityId] = []
    done = threading.Event()

    def write(laptop: Laptop) -> None:
        for _ in range(8):
            batch = [laptop.measure(BERLEBURG) for _ in range(2)]
            reply = laptop.agency.sync(laptop.request(*(change for change, _ in batch), limit=1))
            assert {o.outcome for o in reply.outcomes} == {"applied"}
            made.extend(each for _, each in batch)

    def read(laptop: Laptop) -> set[EntityId]:
        while not done.is_set():
            laptop.push(limit=23)
        laptop.pull()
        return set(laptop.records)

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        reading = [pool.submit(read, laptop) for laptop in readers]
        try:
            for writing in [pool.submit(write, laptop) for laptop in writers]:
                writing.result()
        finally:
            done.set()
        assert all(each.result() == set(made) for each in reading)
    assert len(made) == WRITERS * 8 * 2

    def wait(laptop: Laptop) -> dict[str, int]:
        assert isinstance(laptop.agency, HttpAgency)
        reply = laptop.agency.wait(WaitRequest(epoch=laptop.epoch, cursors=laptop.cursors))
        assert reply is not None
        return reply.news

    for laptop in waiters:
        laptop.pull()
    with ThreadPoolExecutor(len(waiters)) as pool:
        # Whoever is not yet waiting when the push comes is told at once; who is, by whichever worker keeps it.
        waiting = [pool.submit(wait, laptop) for laptop in waiters]
        writers[0].push(writers[0].measure(BERLEBURG)[0])
        for each in waiting:
            assert each.result(timeout=20) == {f"municipality:{BERLEBURG}": len(made) + 1}
    for laptop in [*writers, *readers, *waiters]:
        laptop.agency.close()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_worker_that_falls_is_replaced_and_none_outlives_the_supervisor(tmp_path: Path) -> None:
    with _started(f"sqlite:///{tmp_path}/agency.db", tmp_path) as served:
        before = served.workers()
        assert len(before) == 2
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        for _ in range(5):
            laptop = served.laptop()
            laptop.push(laptop.measure(BERLEBURG)[0])
            laptop.agency.close()  # type: ignore[attr-defined]
        _until("another has taken its place", lambda: len(served.workers()) == 2 and victim not in served.workers())
        assert len(before & served.workers()) == 1
        assert requests.get(f"{served.address}/readyz", timeout=10).json()["status"] == "ready"
        workers = served.workers()
        served.process.kill()
        _until("nobody is left", lambda: not any(_is_alive(pid) for pid in workers))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return not state.stdout.strip().startswith("Z") and bool(state.stdout.strip())


def test_limits_of_all_workers_together_are_those_of_one() -> None:
    whole = Limits(requests_per_minute=600, burst=61, enrolments_per_minute=30)
    for count in (1, 2, 4, 7):
        part = whole.shared_by(count)
        for name in ("requests_per_minute", "burst", "enrolments_per_minute"):
            assert 1 <= getattr(part, name) * count <= getattr(whole, name)
    assert json.loads(whole.shared_by(2).model_dump_json())["body_bytes"] == whole.body_bytes
