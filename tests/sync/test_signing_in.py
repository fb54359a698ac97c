"""Signing in with the browser, from the desk's side: the code comes back to this computer and to nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.errors import AgencyGarbled, AgencyRefused
from app.models.outbox import standing
from app.models.queries import membership
from app.models.store import Store
from app.server.config import ServeSettings, SignIn
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving
from app.server.signin import Provider
from app.services.workspace import Workspace
from app.sync.http_office import HttpOffice
from app.sync.sign_in_wire import SignInOffer
from app.sync.signing_in import sign_in
from tests.server.oidc import CLIENT, TestProvider, provider
from tests.services.conftest import store as store
from tests.services.conftest import template as template

Show = Callable[[str], None]


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HttpOffice, TestProvider]]:
    """Over HTTP, as the desktop reaches it."""
    with provider() as accounts:
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('agency')}/agency.db")
        founded = AgencyService.found(database, "Testagentur")
        settings = SignIn(issuer=accounts.issuer, client=CLIENT, claim="groups", value="masswerk")
        service = AgencyService(database, provider=Provider(settings, founded.now))
        with serving(service, ServeSettings(port=0)) as address:
            office = HttpOffice(address)
            yield office, accounts
            office.close()
        database.close()


def browse(address: str) -> requests.Response:
    with requests.Session() as browser:
        browser.trust_env = False
        return browser.get(address, timeout=10)


def in_a_browser(before: Show = lambda _: None) -> tuple[Show, list[requests.Response]]:
    """Opens an address as the system's browser does, beside the program; what the person then sees."""
    seen: list[requests.Response] = []

    def open_it(address: str) -> None:
        before(address)
        seen.append(browse(address))

    return lambda address: threading.Thread(target=open_it, args=(address,), daemon=True).start(), seen


def test_a_person_signs_in_and_the_desk_is_the_agencys(agency: tuple[HttpOffice, TestProvider], store: Store) -> None:
    office, _ = agency
    show, seen = in_a_browser()
    reply = sign_in(store, office, "http://127.0.0.1:1", show)
    assert reply.grant.role == "agency"
    assert membership.is_agency(Workspace.of(store).reader)
    assert standing(store).membership.token == reply.token
    assert "Zurück zu Maßwerk" in seen[0].text
    assert seen[0].headers["Cache-Control"] == "no-store"
    desk = HttpOffice(office._url, reply.token)
    assert [d.person for d in desk.overview().devices] == ["Kim Sander"]
    desk.close()


def test_an_answer_to_another_question_is_not_taken(agency: tuple[HttpOffice, TestProvider], store: Store) -> None:
    office, _ = agency
    strangers: list[int] = []

    def stranger(address: str) -> None:
        redirect = parse_qs(urlsplit(address).query)["redirect_uri"][0]
        queries = ("code=forged&state=guessed", "code=forged", "state=", "")
        places = [*(f"{redirect}?{query}" for query in queries), redirect.replace("/anmeldung", "/")]
        strangers.extend(browse(place).status_code for place in places)

    show, _ = in_a_browser(stranger)
    assert sign_in(store, office, "http://127.0.0.1:1", show).token
    assert strangers == [404] * 5


@pytest.mark.parametrize("said", ["error=access_denied", "code=x&iss=https%3A%2F%2Flogin.example.org"])
def test_a_no_and_a_code_of_another_provider_end_it(
    agency: tuple[HttpOffice, TestProvider], store: Store, said: str
) -> None:
    office, _ = agency
    answers: list[requests.Response] = []

    def show(address: str) -> None:
        asked = parse_qs(urlsplit(address).query)
        answer = f"{asked['redirect_uri'][0]}?{said}&state={asked['state'][0]}"
        threading.Thread(target=lambda: answers.append(browse(answer)), daemon=True).start()

    with pytest.raises(AgencyRefused, match="sign_in_cancelled"):
        sign_in(store, office, "http://127.0.0.1:1", show)
    assert not standing(store).membership.joined


def test_who_gives_up_is_not_waited_for(agency: tuple[HttpOffice, TestProvider], store: Store) -> None:
    office, _ = agency
    stop = threading.Event()
    with pytest.raises(AgencyRefused, match="sign_in_cancelled"):
        sign_in(store, office, "http://127.0.0.1:1", lambda _: stop.set(), stop)
    assert not standing(store).membership.joined


@dataclass
class Careless:
    """An agency that would send the browser anywhere."""

    at: str

    def sign_in_offer(self) -> SignInOffer:
        return SignInOffer(issuer=self.at, authorization=self.at, client="m", scope="openid")


@pytest.mark.parametrize("at", ["http://x.example/auth", "file:///etc/passwd", "javascript:alert(1)", "x"])
def test_the_browser_is_never_sent_where_others_can_read_along(store: Store, at: str) -> None:
    shown: list[str] = []
    with pytest.raises(AgencyGarbled):
        sign_in(store, Careless(at), "http://127.0.0.1:1", shown.append)  # type: ignore[arg-type]
    assert shown == []
