"""Waiting for news over real HTTP, on both databases: woken by a commit, by nothing else, and cheap."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from app.domain.catalogue import Role
from app.domain.ids import new_id
from app.server.config import Limits, ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving
from app.sync.wire import WaitReply
from tests.server.laptop import BERLEBURG, SIEGEN, Laptop, enrolled
from tests.server.postgres import fresh_database

SOON_S = 8.0
"""Before the agency looks by itself (`watch`): what comes earlier was woken."""
UNHINDERED_S = 30.0
"""Before a wait of fifty seconds is over: what is answered earlier did not queue behind one."""
"""Far below the fifty seconds a wait may last, far above what a wake-up takes on a busy machine."""
Waits = Callable[..., Future[requests.Response]]


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


@pytest.fixture
def address(service: AgencyService) -> Iterator[str]:
    with serving(service, ServeSettings(port=0, metrics=True, limits=Limits(waits=5))) as at:
        yield at


class Person:
    """A laptop that can wait at an address."""

    def __init__(self, service: AgencyService, address: str, ags: str = BERLEBURG) -> None:
        self.token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, ags)
        self.laptop = Laptop(service.as_device(self.token), replica)
        self.laptop.pull()
        self._address = address

    def wait(self, **more: Any) -> requests.Response:
        asked = {"epoch": self.laptop.epoch, "cursors": self.laptop.cursors, "seconds": 50} | more
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.post(f"{self._address}/v1/wait", data=json.dumps(asked), headers=headers, timeout=60)


def _told(response: requests.Response) -> WaitReply:
    assert response.status_code == 200, response.text
    return WaitReply.model_validate_json(response.content)


def _until_they_wait(service: AgencyService, address: str, count: int) -> None:
    """Nobody can see from outside that a request is being kept; the agency's own figure can."""
    deadline = time.monotonic() + UNHINDERED_S
    while f"masswerk_waiting {count}.0" not in requests.get(f"{address}/metrics", timeout=UNHINDERED_S).text:
        assert time.monotonic() < deadline


def test_a_commit_wakes_whoever_may_read_it_and_nobody_else(service: AgencyService, address: str) -> None:
    writer, reader, other = (Person(service, address, ags) for ags in (BERLEBURG, BERLEBURG, SIEGEN))
    with ThreadPoolExecutor(2) as pool:
        waiting, elsewhere = pool.submit(reader.wait), pool.submit(other.wait, seconds=3)
        _until_they_wait(service, address, 2)
        began = time.monotonic()
        writer.laptop.push(writer.laptop.measure(BERLEBURG)[0])
        assert _told(waiting.result()) == WaitReply(news={f"municipality:{BERLEBURG}": 1})
        assert time.monotonic() - began < SOON_S
        assert _told(elsewhere.result()) == WaitReply()
    reader.laptop.pull()
    assert len(reader.laptop.records) == 1


def test_who_is_behind_is_told_so_at_once_and_who_is_not_waits_to_the_end(service: AgencyService, address: str) -> None:
    writer, reader = Person(service, address), Person(service, address)
    writer.laptop.push(writer.laptop.measure(BERLEBURG)[0], writer.laptop.measure(BERLEBURG)[0])
    assert _told(reader.wait()).news == {f"municipality:{BERLEBURG}": 2}
    assert _told(reader.wait(cursors={f"municipality:{BERLEBURG}": 1})).news
    reader.laptop.pull()
    began = time.monotonic()
    assert _told(reader.wait(seconds=1)) == WaitReply()
    assert time.monotonic() - began >= 1


def test_signing_off_granting_and_a_new_epoch_end_a_wait(service: AgencyService, address: str) -> None:
    people = [Person(service, address) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(person.wait) for person in people]
        _until_they_wait(service, address, 3)
        service.revoke(1)
        assert waiting[0].result(timeout=SOON_S).status_code == 401
        service.extend(2, [new_id()])
        assert _told(waiting[1].result(timeout=SOON_S)).renewed
        service.new_epoch()
        assert _told(waiting[2].result(timeout=SOON_S)).renewed
    assert people[0].wait().status_code == 401
    assert _told(people[1].wait()).renewed


def test_a_device_waits_at_most_twice_and_a_crowd_is_told_to_come_later(service: AgencyService, address: str) -> None:
    people = [Person(service, address) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        first = [pool.submit(people[0].wait) for _ in range(2)]
        _until_they_wait(service, address, 2)
        third = pool.submit(people[0].wait)
        done = next(f for f in _as_done([*first, third]))
        assert _told(done.result()) == WaitReply()
        others = [pool.submit(person.wait) for person in people[1:]]
        _until_they_wait(service, address, 5)
        crowded = people[1].wait()
        assert crowded.status_code == 503
        assert int(crowded.headers["Retry-After"]) >= 30
        service.new_epoch()
        assert all(_told(f.result(timeout=SOON_S)).renewed for f in [*first, third, *others] if f is not done)


def _as_done(futures: list[Future[requests.Response]]) -> Iterator[Future[requests.Response]]:
    from concurrent.futures import as_completed

    return as_completed(futures, timeout=SOON_S)


def test_whoever_hangs_up_waits_no_more(service: AgencyService, address: str) -> None:
    person = Person(service, address)
    body = json.dumps({"epoch": person.laptop.epoch, "cursors": person.laptop.cursors, "seconds": 50})
    lines = (
        "POST /v1/wait HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {person.token}",
        f"Content-Length: {len(body)}",
    )
    head = "\r\n".join([*lines, "", ""])
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port)) as line:
        line.sendall((head + body).encode())
        _until_they_wait(service, address, 1)
    _until_they_wait(service, address, 0)


@pytest.mark.slow
def test_two_hundred_who_wait_hold_no_thread_and_are_all_woken(service: AgencyService) -> None:
    writer = Person(service, "")
    with serving(service, ServeSettings(port=0, metrics=True)) as at:
        token, replica = enrolled(service, service.as_device(""), Role.AGENCY)
        reader = Laptop(service.as_device(token), replica)
        reader.pull()
        tokens = [enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)[0] for _ in range(200)]
        body = json.dumps({"epoch": reader.epoch, "seconds": 50})
        parts, lines = urlsplit(at), []
        for each in tokens:
            line = socket.create_connection((parts.hostname, parts.port))
            head = f"POST /v1/wait HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {each}\r\nContent-Length: {len(body)}"
            line.sendall(f"{head}\r\n\r\n{body}".encode())
            lines.append(line)
        _until_they_wait(service, at, 200)
        assert sum(thread.name == "watch" for thread in threading.enumerate()) == 1
        began = time.monotonic()
        requests.get(f"{at}/healthz", timeout=UNHINDERED_S)
        assert time.monotonic() - began < UNHINDERED_S
        writer.laptop.push(writer.laptop.measure(BERLEBURG)[0])
        for line in lines:
            line.settimeout(SOON_S)
            told = line.recv(65536)
            assert told.startswith(b"HTTP/1.1 200")
            line.close()
