"""Who answers is not who should: another agency, a login page, half a reply. Nothing of it is taken."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zstandard
from starlette.types import Receive, Scope, Send

from app.config import Profile
from app.demo.client import Client
from app.domain.catalogue import Role
from app.domain.merge import EntityState
from app.errors import AgencyBusy, AgencyError, AgencyGarbled, AgencyUnreachable, WrongAgency
from app.models.outbox import standing
from app.models.queries import syncing
from app.server.api import create_app
from app.server.config import ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving, serving_app
from app.services import measures
from app.sync.audit_wire import DigestRequest
from app.sync.engine import Engine
from app.sync.http_agency import HttpAgency
from app.sync.office import reach_office
from app.sync.wire import About, SyncRequest, WaitRequest
from tests.e2e.conftest import BERLEBURG, Place

LOGIN = b"<!DOCTYPE html><html><body><form action=/login>WLAN im Rathaus: bitte anmelden</form></body></html>"


@dataclass
class Answer:
    """What a stranger says to every request."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None


ANSWERS: dict[str, tuple[Answer, type[AgencyError]]] = {
    "a login page": (Answer(body=LOGIN, headers={"Content-Type": "text/html"}), AgencyGarbled),
    "a redirect to a login page": (
        Answer(302, headers={"Location": "http://127.0.0.1/login"}),
        AgencyGarbled,
    ),
    "a page of a proxy": (Answer(403, LOGIN), AgencyGarbled),
    "a gateway without an agency": (Answer(502, LOGIN), AgencyBusy),
    "half a body": (Answer(body=b'{"agency": "', announced=4000), AgencyUnreachable),
    "nothing": (Answer(), AgencyGarbled),
    "bytes that are no zstd": (
        Answer(body=b"\x00\xff" * 200, headers={"Content-Encoding": "zstd"}),
        AgencyGarbled,
    ),
    "half of a zstd frame": (
        Answer(body=zstandard.compress(b'{"agency": "x"}' * 99)[:-9], headers={"Content-Encoding": "zstd"}),
        AgencyGarbled,
    ),
    "a bomb": (
        Answer(body=zstandard.compress(b" " * 300_000_000), headers={"Content-Encoding": "zstd"}),
        AgencyGarbled,
    ),
    "an unknown encoding": (Answer(body=b"{}", headers={"Content-Encoding": "br"}), AgencyGarbled),
    "somebody else's JSON": (Answer(body=b'{"status": "ok"}'), AgencyGarbled),
    "a list": (Answer(body=b"[1, 2, 3]"), AgencyGarbled),
    "JSON that is none": (Answer(body=b'{"agency": NaN}'), AgencyGarbled),
    "the right names with wrong things": (
        Answer(body=b'{"agency": 7, "epoch": [], "grant": null, "cursors": {"a": -1}}'),
        AgencyGarbled,
    ),
}


@contextlib.contextmanager
def stranger(answer: Answer, about: bytes | None, heard: list[str] | None = None, port: int = 0) -> Iterator[str]:
    """Answers everything alike, but may know the right word for who it is; `heard` gets what it was asked."""

    class Voice(BaseHTTPRequestHandler):
        def _say(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if heard is not None:
                heard.append(self.path)
                heard.extend(told for name, told in self.headers.items() if name.lower() == "authorization")
            polite = about is not None and self.path == "/v1/about"
            told = Answer(body=about) if polite and about is not None else answer
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            announced = len(told.body) if told.announced is None else told.announced
            self.send_header("Content-Length", str(announced))
            self.end_headers()
            self.wfile.write(told.body)
            self.close_connection = True

        do_GET = do_POST = _say  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Voice)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def stand(client: Client) -> tuple[list[EntityState], int, object]:
    """Everything a foreign answer must not touch: records, what waits, cursors and membership."""
    return client.all_states(), syncing.standing(client.workspace.reader).pending, standing(client.store)


@pytest.fixture(scope="module")
def anna(shared_agency: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Somebody with work that waits."""
    folder, process = shared_agency
    place = Place(folder, tmp_path_factory.mktemp("people"), process)  # type: ignore[arg-type]
    client = place.person("Anna")
    measures.create(client.store, {"title": "Wartet", "lead_ags": BERLEBURG})
    yield client
    place.close()


@pytest.fixture(scope="module")
def true_about(shared_agency: tuple[Path, object], anna: Client) -> bytes:
    """What the right agency says of itself."""
    agency = HttpAgency(standing(anna.store).membership.url)
    try:
        return agency.about().model_dump_json().encode()
    finally:
        agency.close()


@pytest.mark.parametrize("knows_the_word", [False, True], ids=["at once", "after the right word"])
@pytest.mark.parametrize("named", ANSWERS)
def test_a_foreign_answer_has_a_name_and_leaves_no_trace(
    anna: Client, true_about: bytes, named: str, knows_the_word: bool
) -> None:
    answer, expected = ANSWERS[named]
    before = stand(anna)
    with (
        stranger(answer, true_about if knows_the_word else None) as address,
        pytest.raises(AgencyError) as told,
    ):
        anna.sync(address)
    assert type(told.value) is expected
    assert stand(anna) == before


def test_afterwards_the_right_agency_gets_everything(anna: Client) -> None:
    waiting = syncing.standing(anna.workspace.reader).pending
    assert anna.sync().confirmed == waiting
    assert syncing.standing(anna.workspace.reader).pending == 0


def test_another_agency_is_recognised_before_a_word_has_left(anna: Client) -> None:
    measures.create(anna.store, {"title": "Nur für die eigene Agentur", "lead_ags": BERLEBURG})
    before = stand(anna)
    other = b'{"agency": "0123456789abcdef", "name": "Andere", "protocol": "1", "epoch": "e"}'
    heard: list[str] = []
    with stranger(Answer(body=b"{}"), other, heard) as address, pytest.raises(WrongAgency) as told:
        anna.sync(address)
    assert told.value.params["found"] == "0123456789abcdef"
    assert stand(anna) == before
    assert heard == ["/v1/about"]


@contextlib.contextmanager
def listening_in(service: AgencyService, port: int = 0) -> Iterator[tuple[str, list[str]]]:
    """An agency in this process, and what it is asked, in order."""
    answers, asked = create_app(service), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await answers(scope, receive, send)

    with serving_app(app, ServeSettings(port=port)) as address:
        yield address, asked


def test_who_has_named_itself_on_the_open_line_is_not_asked_again(tmp_path: Path) -> None:
    """A push is one round trip, until the line is gone: then whoever answers has to say who it is first."""
    own = AgencyService.found(Database(f"sqlite:///{(tmp_path / 'eigene.db').as_posix()}"), "Eigene")
    client = Client.create(Profile.at(tmp_path / "p"), "Anna", "Laptop", BERLEBURG)
    with listening_in(own) as (address, asked):
        client.join(address, own.invite(Role.COORDINATOR, BERLEBURG))
        asked.clear()
        for title in ("Erste", "Zweite", "Dritte"):
            measures.create(client.store, {"title": title, "lead_ags": BERLEBURG})
            assert client.sync().confirmed == 1
        once = [path for path in asked if path.startswith("/v1/snapshot/") or path == "/v1/pass"]
        assert [p for p in asked if p not in once] == ["/v1/about", "/v1/sync", "/v1/sync", "/v1/sync"]
        assert len(once) == len(set(once))
    measures.create(client.store, {"title": "Nur für die eigene Agentur", "lead_ags": BERLEBURG})
    other = b'{"agency": "0123456789abcdef", "name": "Andere", "protocol": "1", "epoch": "e"}'
    heard: list[str] = []
    port = int(address.rpartition(":")[2])
    with stranger(Answer(body=b"{}"), other, heard, port), pytest.raises(WrongAgency):
        client.sync()
    assert heard == ["/v1/about"]
    with listening_in(own, port) as (_, asked):
        assert client.sync().confirmed == 1
        assert asked == ["/v1/about", "/v1/sync"]
    client.close()
    own.database.close()


def test_another_agency_at_our_address_never_sees_our_token(anna: Client) -> None:
    """Whoever takes over a name, or stands behind a wrong entry, could else use it where it counts."""
    other = b'{"agency": "0123456789abcdef", "name": "Andere", "protocol": "1", "epoch": "e"}'
    heard: list[str] = []
    own = standing(anna.store).membership
    with stranger(Answer(body=b"{}"), other, heard) as address:
        anna.store.put_settings(agency_url=address)
        try:
            with pytest.raises(WrongAgency):
                anna.sync(address)
            with pytest.raises(WrongAgency):
                reach_office(anna.store)
        finally:
            anna.store.put_settings(agency_url=own.url)
    assert heard == ["/v1/about", "/v1/about"]


OTHER = b'{"agency": "0123456789abcdef", "name": "Andere", "protocol": "1", "epoch": "e"}'
SHA = "0" * 64
QUESTIONS: dict[str, Callable[[HttpAgency], object]] = {
    "what is new": lambda one: one.sync(SyncRequest(replicas=[7])),
    "to be woken": lambda one: one.wait(WaitRequest(epoch="e", cursors={}, seconds=1)),
    "a history": lambda one: one.history("measure", "m"),
    "a new token": lambda one: one.renew(),
    "a pass": lambda one: one.passport(),
    "a digest": lambda one: one.digest(DigestRequest(epoch="e", scope="region", ranges=[["", ""]])),
    "a first file": lambda one: one.snapshot("region"),
    "its parts": lambda one: list(one.snapshot_parts("region", "f", 0)),
    "where a file stands": lambda one: one.blob_offset(SHA),
    "to send a file": lambda one: one.send_blob(SHA, 0, 1, b"x"),
    "to fetch a file": lambda one: list(one.fetch_blob(SHA, 0, 1)),
}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_whatever_is_asked_on_a_new_line_the_token_waits_until_the_other_side_has_named_itself(
    true_about: bytes, asked: str
) -> None:
    heard: list[str] = []
    own = About.model_validate_json(true_about).agency
    with stranger(Answer(body=b"{}"), OTHER, heard) as address:
        agency = HttpAgency(address, "geheim", agency=own)
        with pytest.raises(WrongAgency):
            QUESTIONS[asked](agency)
        line = agency.another()
        with pytest.raises(WrongAgency):
            QUESTIONS[asked](line)
        agency.close()
        line.close()
    assert heard == ["/v1/about", "/v1/about"]


def test_looking_ahead_fetching_and_waiting_show_another_agency_no_token(anna: Client) -> None:
    anna.sync()
    heard: list[str] = []
    with stranger(Answer(body=b"{}"), OTHER, heard) as address:
        for ask in (Engine.sync, Engine.look_ahead, lambda engine: engine.another().wait(1)):
            anna.line.close()
            engine = anna.line.engine(address)
            assert engine is not None
            with pytest.raises(WrongAgency):
                ask(engine)
    anna.line.close()
    assert heard == ["/v1/about"] * 3


def test_another_agency_that_does_not_know_our_token_is_not_our_signing_off(anna: Client, tmp_path: Path) -> None:
    anna.sync()
    before = stand(anna)
    other = AgencyService.found(Database(f"sqlite:///{(tmp_path / 'andere.db').as_posix()}"), "Andere")
    with serving(other) as address, pytest.raises(WrongAgency):
        anna.sync(address)
    other.database.close()
    assert stand(anna) == before
