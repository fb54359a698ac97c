"""Signing in by a certified provider of accounts, as a process: by hand, for it comes from npm.

npm install oidc-provider@8 && MASSWERK_OIDC_PROVIDER=$PWD pytest tests/e2e/test_real_provider.py
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from app.errors import AgencyRefused
from app.models.store import Store
from app.server.config import ServeSettings, SignIn
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving
from app.server.signin import Provider
from app.sync.http_office import HttpOffice
from app.sync.signing_in import sign_in
from tests.services.conftest import store as store
from tests.services.conftest import template as template

FOLDER = os.environ.get("MASSWERK_OIDC_PROVIDER", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="by hand: the provider comes from npm")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = Path(__file__).with_name("oidc_provider.mjs")
    running = subprocess.Popen(["node", str(script), FOLDER, str(port)], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline().strip() == "ready"
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait()
    running.stdout.close()


@pytest.fixture
def office(issuer: str, tmp_path: Path) -> Iterator[HttpOffice]:
    database = Database(f"sqlite:///{tmp_path}/agency.db")
    founded = AgencyService.found(database, "Testagentur")
    settings = SignIn(issuer=issuer, client="masswerk", claim="groups", value="masswerk")
    service = AgencyService(database, provider=Provider(settings, founded.now))
    with serving(service, ServeSettings(port=0)) as address:
        one = HttpOffice(address)
        yield one
        one.close()
    database.close()


def browser_of(account: str) -> Callable[[str], None]:
    """A person with a browser: fills in the provider's own pages until it sends them back to the program."""

    def walk(address: str) -> None:
        with requests.Session() as web:
            web.trust_env = False
            page = web.get(address, timeout=10)
            while found := re.search(r'action="([^"]+)"', page.text):
                fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
                page = web.post(urljoin(page.url, found[1]), {**fields, "login": account, "password": "x"}, timeout=10)
            assert "Maßwerk" in page.text

    return lambda address: threading.Thread(target=walk, args=(address,), daemon=True).start()


def test_somebody_of_the_house_comes_in(office: HttpOffice, store: Store) -> None:
    reply = sign_in(store, office, "http://127.0.0.1:1", browser_of("kim"))
    desk = HttpOffice(office._url, reply.token)
    assert [(d.person, d.role) for d in desk.overview().devices] == [("kim sander", "agency")]
    desk.close()


def test_an_account_of_the_house_that_is_not_staff_does_not(office: HttpOffice, store: Store) -> None:
    with pytest.raises(AgencyRefused, match="sign_in_not_staff"):
        sign_in(store, office, "http://127.0.0.1:1", browser_of("lou"))
