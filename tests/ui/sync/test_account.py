"""Joining with an account of the agency's house, as a person meets it: one link, the browser, and back."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import requests
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.queries import membership
from app.server.config import ServeSettings, SignIn
from app.server.service import AgencyService
from app.server.serving import serving
from app.server.signin import Provider
from app.ui.bus import Bus
from app.ui.sync.page import SyncPage
from app.ui.sync_worker import SyncThread
from tests.server.oidc import CLIENT, TestProvider, provider
from tests.ui.sync.conftest import Desk, Town


class Browser(QObject):
    """The system's browser, in which the person is signed in already."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.goes = True

    @Slot(QUrl)
    def show_page(self, url: QUrl) -> None:
        self.opened.append(url.toString())
        if self.goes:
            address = bytes(url.toEncoded().data()).decode()
            threading.Thread(target=lambda: _get(address), daemon=True).start()


def _get(address: str) -> None:
    with requests.Session() as web:
        web.trust_env = False
        web.get(address, timeout=10)


@pytest.fixture
def browser() -> Iterator[Browser]:
    one = Browser()
    QDesktopServices.setUrlHandler("http", one, "show_page")  # type: ignore[arg-type]  # PySide takes a str
    yield one
    QDesktopServices.unsetUrlHandler("http")


@pytest.fixture
def at(town: Town) -> Iterator[tuple[str, TestProvider]]:
    with provider() as accounts:
        settings = SignIn(issuer=accounts.issuer, client=CLIENT, claim="groups", value="masswerk")
        service = AgencyService(town.service.database, provider=Provider(settings, town.service.now))
        with serving(service, ServeSettings(port=0)) as address:
            yield address, accounts


@pytest.fixture
def alone(town: Town, region: Region, qtbot: QtBot) -> Iterator[tuple[Desk, SyncPage]]:
    desk = town.desk("Kim S.", "PC", "", joined=False)
    thread = SyncThread(lambda: None)
    page = SyncPage(desk.workspace, Bus(), thread, region)
    qtbot.addWidget(page)
    page.resize(1278, 780)
    page.show()
    yield desk, page
    page._joining.wait()
    thread.close()


def link(page: SyncPage) -> QAbstractButton:
    found = page.findChild(QAbstractButton, "join_account")
    assert found is not None
    return found


def test_one_link_the_browser_and_the_desk_is_the_agencys(
    at: tuple[str, TestProvider], alone: tuple[Desk, SyncPage], browser: Browser, qtbot: QtBot
) -> None:
    desk, page = alone
    form = page.overview.state.form
    assert form is not None
    link(page).click()
    assert "Bitte geben Sie die Adresse ein" in form.fields._problems[form.fields.address].text()
    form.fields.address.setText(at[0])
    with qtbot.waitSignal(page.joined) as joined:
        link(page).click()
    assert joined.args == ["Testagentur"]
    assert len(browser.opened) == 1
    assert membership.is_agency(desk.workspace.reader)


def test_who_gives_up_finds_the_form_as_it_was(
    at: tuple[str, TestProvider], alone: tuple[Desk, SyncPage], browser: Browser, qtbot: QtBot
) -> None:
    _, page = alone
    browser.goes = False
    form = page.overview.state.form
    assert form is not None
    form.fields.address.setText(at[0])
    with qtbot.waitSignal(page._joining.browser_asked):
        link(page).click()
    assert link(page).text() == "Abbrechen"
    assert not form.button.isEnabled()
    with qtbot.waitSignal(page._joining.failed):
        link(page).click()
    assert form.button.isEnabled()
    assert link(page).text() == "Mit dem Konto der Agentur anmelden"
    assert form.fields.address.text() == at[0]


def test_an_account_of_somebody_else_is_told_so(
    at: tuple[str, TestProvider], alone: tuple[Desk, SyncPage], browser: Browser, qtbot: QtBot
) -> None:
    desk, page = alone
    at[1].account = {"sub": "u-3", "name": "Lou Berg", "groups": ["haus"]}
    form = page.overview.state.form
    assert form is not None
    form.fields.address.setText(at[0])
    with qtbot.waitSignal(page._joining.failed):
        link(page).click()
    assert "gehört nicht zur Agentur" in form.fields._problems[form.fields.address].text()
    assert not membership.address(desk.workspace.reader)
