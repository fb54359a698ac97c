"""What the agency does not let happen to it: slow clients, crowds, and figures that tell too much."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from app.domain.catalogue import Role
from app.errors import AgencyBusy
from app.server.config import Limits, ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving
from app.sync.http_agency import HttpAgency
from app.sync.wire import SyncReply
from tests.server.laptop import BERLEBURG, Laptop, enrolled

LIMITS = Limits(header_seconds=0.5, body_seconds=0.5, at_once=2)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[AgencyService]:
    opened = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur")
    yield opened
    opened.database.close()


@pytest.fixture
def address(service: AgencyService) -> Iterator[str]:
    with serving(service, ServeSettings(port=0, metrics=True, limits=LIMITS)) as at:
        yield at


def _line(address: str) -> socket.socket:
    parts = urlsplit(address)
    line = socket.create_connection((parts.hostname, parts.port))
    line.settimeout(10)
    return line


def test_who_sends_headers_byte_by_byte_is_hung_up_on(address: str) -> None:
    for begun in (b"", b"POST /v1/sync HTTP/1.1\r\nHost:"):
        with _line(address) as line:
            line.sendall(begun)
            assert line.recv(100) == b""


def test_a_line_between_two_requests_may_be_idle_longer_than_headers_may_take(address: str) -> None:
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with _line(address) as line:
        for _ in range(2):
            line.sendall(ask)
            told = b""
            while not told.endswith(b"}"):
                told += line.recv(4096)
            assert told.startswith(b"HTTP/1.1 200")
            threading.Event().wait(2 * LIMITS.header_seconds)
        line.sendall(ask[:10])
        assert line.recv(100) == b""


def test_a_body_that_stops_coming_is_answered_and_forgotten(address: str, service: AgencyService) -> None:
    token, _ = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
    head = f"POST /v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 5000\r\n\r\n"
    with _line(address) as line:
        line.sendall(head.encode() + b'{"replicas"')
        told = line.recv(4096)
        assert told.startswith(b"HTTP/1.1 408")
        assert b"retry-after" in told.lower()


def test_more_at_once_than_it_can_work_on_are_asked_to_come_back(address: str, service: AgencyService) -> None:
    token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
    laptop = Laptop(HttpAgency(address, token), replica)
    change, _ = laptop.measure(BERLEBURG)

    def push_until_taken() -> SyncReply:
        while True:
            try:
                return HttpAgency(address, token).sync(laptop.request(change))
            except AgencyBusy:  # the questions below take a place, too
                continue

    with ThreadPoolExecutor(2) as pool:
        with service.database.write():  # whoever pushes now waits for its turn
            busy = [pool.submit(push_until_taken) for _ in range(2)]
            deadline = time.monotonic() + 10
            crowded = requests.get(f"{address}/v1/about", timeout=5)
            while crowded.status_code == 200 and time.monotonic() < deadline:
                crowded = requests.get(f"{address}/v1/about", timeout=5)
            assert crowded.status_code == 503
            assert int(crowded.headers["Retry-After"]) >= 1
            with pytest.raises(AgencyBusy):
                laptop.push()
        assert {o.outcome for each in busy for o in each.result().outcomes} == {"applied", "known"}
    laptop.push()
    laptop.agency.close()  # type: ignore[attr-defined]


def test_alive_and_ready_are_two_questions(address: str, service: AgencyService) -> None:
    assert requests.get(f"{address}/readyz", timeout=5).json()["status"] == "ready"
    with service.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    for path, status in (("/healthz", 200), ("/readyz", 503)):
        assert requests.get(address + path, timeout=5).status_code == status


def test_the_figures_count_and_name_nobody(address: str, service: AgencyService) -> None:
    token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG, person="Jana Weber")
    laptop = Laptop(HttpAgency(address, token), replica)
    change, made = laptop.measure(BERLEBURG, "Grundstück Müller")
    laptop.push(change)
    laptop.agency.history("measure", made)
    requests.get(f"{address}/v1/nichts/{made}", timeout=5)
    told = requests.get(f"{address}/metrics", timeout=5).text
    assert 'masswerk_requests_total{route="/v1/sync",status="200"} 1.0' in told
    assert 'masswerk_requests_total{route="/v1/history/{kind}/{entity}",status="200"} 1.0' in told
    assert 'masswerk_requests_total{route="other",status="404"} 1.0' in told
    assert 'masswerk_changes_total{outcome="applied"} 1.0' in told
    for secret in (made, token, str(replica), "Jana", "Müller", BERLEBURG):
        assert secret not in told
    laptop.agency.close()  # type: ignore[attr-defined]


def test_without_being_asked_for_there_are_no_figures(service: AgencyService) -> None:
    with serving(service, ServeSettings(port=0)) as at:
        response = requests.get(f"{at}/metrics", timeout=5)
    assert (response.status_code, json.loads(response.content)["status"]) == (404, 404)
