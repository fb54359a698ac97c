"""The HTTP transport against real sockets: a real agency, a relay that cuts, and servers that misbehave."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from app.demo.relay import CuttingRelay
from app.errors import (
    AgencyBusy,
    AgencyError,
    AgencyGarbled,
    AgencyRefused,
    AgencyUnreachable,
    InvitationInvalid,
    ProtocolTooOld,
    ReplicaFork,
    RequestTooLarge,
    TokenRevoked,
    WrongAgency,
)
from app.server.config import ServeSettings
from app.server.service import AgencyService
from app.server.serving import serving
from app.sync.http_agency import HttpAgency
from app.sync.wire import About, SyncRequest
from tests.sync.certificates import self_signed

ABOUT = orjson.dumps(About(agency="a", name="n", protocol="1.0", epoch="e").model_dump())
SECRET = "geheim-0123456789"


class Misbehaving:
    """A server that says the given bytes to whoever asks, and then hangs up or stays silent."""

    def __init__(self, says: bytes, silent: bool = False) -> None:
        self._says, self._silent = says, silent
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._done = threading.Event()
        self.asked: list[bytes] = []
        self.is_asked = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                self.asked.append(client.recv(65536))
                self.is_asked.set()
                client.sendall(self._says)
                if self._silent:
                    self._done.wait(20)

    def close(self) -> None:
        self._done.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)


@contextlib.contextmanager
def saying(says: bytes, silent: bool = False) -> Iterator[Misbehaving]:
    server = Misbehaving(says, silent)
    try:
        yield server
    finally:
        server.close()


def reply(status: str, body: bytes, *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def ask(says: bytes, silent: bool = False, read: float = 5.0) -> About:
    with saying(says, silent) as server:
        agency = HttpAgency(server.url, SECRET, connect=2.0, read=read)
        try:
            return agency.about()
        finally:
            agency.close()


def problem(status: str, code: str, **params: object) -> bytes:
    told = {"title": "x", "status": int(status[:3]), "code": code, "params": params}
    return reply(status, orjson.dumps(told), "Content-Type: application/problem+json")


def test_a_real_agency_answers_over_a_real_socket(office: AgencyService) -> None:
    with serving(office, ServeSettings(port=0)) as at:
        agency = HttpAgency(at)
        assert agency.about().name == "Testagentur"
        with pytest.raises(TokenRevoked):
            agency.sync(SyncRequest(replicas=[7]))
        agency.close()


@pytest.mark.parametrize(
    ("says", "error", "code"),
    [
        (problem("401 x", "token_revoked"), TokenRevoked, "token_revoked"),
        (problem("400 x", "invitation_invalid"), InvitationInvalid, "invitation_invalid"),
        (problem("409 x", "wrong_agency", expected="a", found="b"), WrongAgency, "wrong_agency"),
        (problem("426 x", "protocol_too_old", spoken="0.9"), ProtocolTooOld, "protocol_too_old"),
        (problem("413 x", "request_too_large"), AgencyUnreachable, "agency_unreachable"),
        (reply("413 x", b"<html>nginx</html>"), AgencyUnreachable, "agency_unreachable"),
        (problem("409 x", "replica_fork", replica="77", n=3), ReplicaFork, "replica_fork"),
        (problem("409 x", "replica_fork", replica=None, n="drei"), ReplicaFork, "replica_fork"),
        (problem("404 x", "no_record"), AgencyRefused, "no_record"),
        (reply("429 x", b"", "Retry-After: 17"), AgencyBusy, "agency_busy"),
        (reply("503 x", b"<html>", "Retry-After: morgen"), AgencyBusy, "agency_busy"),
        (reply("502 x", b"", "Retry-After: nan"), AgencyBusy, "agency_busy"),
        (reply("500 x", b"<html>Fehler</html>"), AgencyGarbled, "agency_garbled"),
        (reply("200 OK", b"<html>Anmeldung im WLAN</html>"), AgencyGarbled, "agency_garbled"),
        (reply("511 x", b"<html>Anmeldung</html>"), AgencyGarbled, "agency_garbled"),
        (reply("302 x", b"", "Location: http://127.0.0.1:9/"), AgencyGarbled, "agency_garbled"),
        (reply("200 OK", ABOUT, "Content-Encoding: zstd"), AgencyGarbled, "agency_garbled"),
        (reply("200 OK", ABOUT, "Content-Encoding: gzip"), AgencyGarbled, "agency_garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + ABOUT, AgencyUnreachable, "agency_unreachable"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: appl", AgencyUnreachable, "agency_unreachable"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", AgencyUnreachable, "agency_unreachable"),
        (b"", AgencyUnreachable, "agency_unreachable"),
    ],
)
def test_every_answer_has_its_error_and_none_tells_the_token(
    says: bytes, error: type[AgencyError], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(error) as found:
        ask(says)
    assert found.value.code == code
    chain: BaseException | None = found.value
    while chain is not None:
        assert SECRET not in f"{chain!s} {chain!r}"
        chain = chain.__cause__ or chain.__context__
    assert SECRET not in caplog.text


@pytest.mark.parametrize("says", [problem("413 x", "request_too_large"), reply("413 x", b"<html>nginx</html>")])
def test_only_what_has_a_body_can_be_too_large(says: bytes) -> None:
    with saying(says, False) as server:
        agency = HttpAgency(server.url, SECRET, connect=2.0, read=5.0)
        try:
            with pytest.raises(RequestTooLarge):
                agency.sync(SyncRequest(replicas=[1]))
        finally:
            agency.close()


def test_the_pause_asked_for_is_bounded() -> None:
    for told, seconds in (
        ("17", 17.0),
        ("0", 1.0),
        ("999999", 3600.0),
        ("Wed, 21 Oct 2026", 30.0),
        ("nan", 30.0),
    ):
        with pytest.raises(AgencyBusy) as found:
            ask(reply("429 x", b"", f"Retry-After: {told}"))
        assert found.value.retry_after == seconds


def test_silence_is_a_time_out_before_and_within_the_reply() -> None:
    for says in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"):
        with pytest.raises(AgencyUnreachable) as found:
            ask(says, silent=True, read=0.2)
        assert found.value.code == "agency_timeout"


def test_a_reply_may_be_cut_anywhere_and_is_never_half_taken(office: AgencyService) -> None:
    with serving(office, ServeSettings(port=0)) as at:
        port = int(at.rpartition(":")[2])
        for cut in (1, 12, 40, 80, 120, 140, 160, 180):
            relay = CuttingRelay(port, cut, lambda: None)
            agency = HttpAgency(relay.url, SECRET, read=5.0)
            try:
                with pytest.raises(AgencyUnreachable):
                    agency.about()
            finally:
                agency.close()
                relay.close()
            assert relay.was_cut


def test_plain_http_is_for_this_computer_only() -> None:
    for url in (
        "http://agentur.example",
        "ftp://127.0.0.1",
        "agentur.example",
        "",
        "http://127.0.0.1.evil.example",
    ):
        with pytest.raises(WrongAgency):
            HttpAgency(url)
    for url in ("http://127.0.0.1:8000/", "http://localhost", "http://[::1]:8", "https://agentur.example"):
        HttpAgency(url).close()


def test_no_proxy_stands_between_us_and_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    with saying(b"") as proxy, saying(reply("200 OK", ABOUT)) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        agency = HttpAgency(server.url)
        assert agency.about().agency == "a"
        agency.close()
        assert proxy.asked == []


def test_a_certificate_nobody_knows_is_told_as_such(office: AgencyService, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    with serving(office, ServeSettings(port=0, certificate=certificate, key=key)) as at:
        agency = HttpAgency(at, SECRET)
        with pytest.raises(AgencyUnreachable) as found:
            agency.about()
        agency.close()
    assert found.value.code == "tls_not_trusted"


def test_a_request_that_hangs_can_be_broken_off_and_none_follows() -> None:
    with saying(b"", silent=True) as server:
        agency = HttpAgency(server.url, read=30.0)

        def hang_up() -> None:
            server.is_asked.wait(10)
            agency.abort()

        breaker = threading.Thread(target=hang_up)
        breaker.start()
        began = time.monotonic()
        with pytest.raises(AgencyUnreachable):
            agency.about()
        assert time.monotonic() - began < 5
        with pytest.raises(AgencyUnreachable):
            agency.about()
        breaker.join()
        agency.close()
        assert len(server.asked) == 1


def test_nobody_listening_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    agency = HttpAgency(f"http://127.0.0.1:{port}", SECRET)
    with pytest.raises(AgencyUnreachable) as found:
        agency.about()
    assert found.value.code == "agency_unreachable"
    agency.close()
