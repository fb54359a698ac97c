"""Through a proxy of the house: the way a person chose is the way taken, TLS is verified all along, secrets stay."""

from __future__ import annotations

import base64
import contextlib
import logging
import select
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import AgencyUnreachable
from app.models.outbox import standing
from app.models.way import Exit, Way
from app.server.config import ServeSettings
from app.server.service import AgencyService
from app.server.serving import serving
from app.services.connection import choose_way
from app.sync.http_agency import HttpAgency
from app.sync.line import Line
from tests.sync.certificates import self_signed
from tests.sync.conftest import Devices

HOST = "abgleich.agentur.test"
"""A name only the proxy can resolve."""
SECRET = "Förster & Söhne: 7 €"


class Tunnel:
    """A proxy that speaks CONNECT and leads everybody to one port of this computer, or lets nobody through."""

    def __init__(self, port: int = 0, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self._port, self._answer = port, answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            told = b""
            while b"\r\n\r\n" not in told:
                told += client.recv(4096)
            self.asked.append(told.decode("latin-1"))
            client.sendall(self._answer)
            if not self._port:
                return
            with socket.create_connection(("127.0.0.1", self._port)) as there:
                other = {client: there, there: client}
                while True:
                    for ready in select.select(list(other), [], [])[0]:
                        piece = ready.recv(65536)
                        if not piece:
                            return
                        other[ready].sendall(piece)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextlib.contextmanager
def tunnel(port: int = 0, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Iterator[Tunnel]:
    made = Tunnel(port, answer)
    try:
        yield made
    finally:
        made.close()


def refused(way: Way, url: str = f"https://{HOST}") -> str:
    agency = HttpAgency(url, "geheim", connect=2.0, read=5.0, way=way)
    try:
        with pytest.raises(AgencyUnreachable) as found:
            agency.about()
    finally:
        agency.close()
    return found.value.code


def test_an_own_proxy_leads_to_the_agency_with_tls_verified_by_the_systems_certificates(
    office: AgencyService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed(tmp_path, HOST)
    with serving(office, ServeSettings(port=0, certificate=certificate, key=key)) as at:
        port = int(at.rpartition(":")[2])
        with tunnel(port) as proxy:
            way = Way(Exit.OWN, proxy.address, "k.brandt", SECRET)
            assert refused(way, f"https://{HOST}:{port}") == "tls_not_trusted"
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            agency = HttpAgency(f"https://{HOST}:{port}", way=way)
            assert agency.about().name == "Testagentur"
            again = agency.another()
            assert again.about().name == "Testagentur"
            for one in (agency, again):
                one.close()
    assert len(proxy.asked) == 3
    assert all(told.startswith(f"CONNECT {HOST}:{port} ") for told in proxy.asked)
    said = base64.b64encode(f"k.brandt:{SECRET}".encode()).decode()
    assert f"Proxy-Authorization: Basic {said}" in proxy.asked[1]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "proxy_refused"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy_refused"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "proxy_unreachable"),
    ],
)
def test_a_proxy_that_lets_nobody_through_is_told_without_its_secret(
    answer: bytes, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with tunnel(answer=answer) as proxy:
        assert refused(Way(Exit.OWN, proxy.address, "k.brandt", SECRET)) == code
    assert "Söhne" not in caplog.text
    assert SECRET not in repr(Way(Exit.OWN, proxy.address, "k.brandt", SECRET))


def test_nobody_at_the_proxys_address_is_said_to_be_the_proxys_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert refused(Way(Exit.OWN, address)) == "proxy_unreachable"


def test_without_a_proxy_the_systems_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with tunnel() as proxy:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        assert refused(Way(Exit.NONE)) == "agency_unreachable"
        assert proxy.asked == []
        refused(Way(Exit.SYSTEM))
        assert len(proxy.asked) == 1


def test_the_chosen_way_is_taken_from_the_next_exchange_on_and_its_secret_is_not_on_the_disk(
    devices: Devices, tmp_path: Path
) -> None:
    store = devices().store
    store.put_settings(agency_url=f"https://{HOST}", agency="a", token="t", epoch="e")
    line = Line(store)
    with tunnel(answer=b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy:
        choose_way(store, Way(Exit.OWN, proxy.address, "k.brandt", SECRET))
        engine = line.engine()
        assert engine is not None
        with pytest.raises(AgencyUnreachable) as found:
            engine.sync()
        line.close()
    assert found.value.code == "proxy_refused"
    assert standing(store).way.secret == SECRET
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()
    choose_way(store, Way(Exit.NONE, proxy.address, "k.brandt", SECRET))
    assert standing(store).way == Way(Exit.NONE)
