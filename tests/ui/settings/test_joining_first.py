"""The first start up to the agency: asked beside the window's thread, told beside the field, corrected, joined."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.config import Profile
from app.domain.catalogue import Role
from app.domain.region import Region
from app.models.outbox import standing
from app.server.config import ServeSettings
from app.server.serving import serving
from app.services.connection import Exit, Way
from app.services.workspace import Workspace
from app.ui.settings.first_start import FirstAnswers, FirstStart
from app.ui.start import Start
from tests.sync.test_proxy import tunnel
from tests.ui.sync.conftest import BERLEBURG, MENDEN, Town
from tests.ui.sync.conftest import region as region
from tests.ui.sync.conftest import town as town

PHRASE = "vier lange Woerter hier"
NOBODY = "https://abgleich.agentur.test"
"""A name nobody but a proxy could resolve."""


@pytest.fixture
def start(tmp_path: Path, region: Region, qtbot: QtBot) -> Iterator[Start]:
    """The real door of a folder without a profile."""
    profile = Profile.at(tmp_path / "profil")
    made = Start(bootstrap._door(profile, PHRASE), region)
    made.begin()
    yield made
    made.end()


def first(start: Start) -> FirstStart:
    found = start._asking
    assert isinstance(found, FirstStart)
    return found


def fill(asked: FirstStart, person: str, ags: str, url: str, code: str) -> None:
    asked.who.person.setText(person)
    asked.who.device.setText("Laptop Rathaus 2")
    asked.where.choice.search.setText(ags)
    asked.with_whom.fields.address.setText(url)
    asked.with_whom.fields.code.setText(code)


def go(asked: FirstStart, steps: int) -> None:
    for _ in range(steps):
        QTest.mouseClick(asked.next, Qt.MouseButton.LeftButton)


def problem(asked: FirstStart) -> str:
    fields = asked.with_whom.fields
    return fields.code.error() + fields.address.error()


def opened(start: Start, qtbot: QtBot) -> Workspace:
    assert start.desktop is not None
    qtbot.addWidget(start.desktop.window)
    assert start._workspace is not None
    return start._workspace


def test_a_wrong_code_is_told_beside_its_field_and_every_answer_can_still_be_corrected(
    start: Start, town: Town, qtbot: QtBot
) -> None:
    with serving(town.service, ServeSettings(port=0)) as url:
        asked = first(start)
        fill(asked, "Katrin Brant", MENDEN, url, "FALSCH-1")
        go(asked, 3)
        qtbot.waitUntil(lambda: asked.next.isEnabled())
        assert "gilt nicht" in asked.with_whom.fields.code.error()
        assert start.desktop is None
        assert asked.step() == 2
        go_back = asked.back
        for _ in range(2):
            QTest.mouseClick(go_back, Qt.MouseButton.LeftButton)
        fill(asked, "Katrin Brandt", BERLEBURG, url, town.service.invite(Role.COORDINATOR, ags=BERLEBURG))
        go(asked, 3)
        qtbot.waitUntil(lambda: start.desktop is not None)
        told = standing(opened(start, qtbot).store)
        assert (told.person.name, told.person.ags, told.membership.name) == ("Katrin Brandt", BERLEBURG, "Testagentur")


def test_the_window_lives_while_the_agency_thinks(start: Start, town: Town, qtbot: QtBot) -> None:
    answers = threading.Event()
    slow = town.service.as_device

    def thinking(token: str) -> object:
        answers.wait(20)
        return slow(token)

    town.service.as_device = thinking  # type: ignore[method-assign, assignment]
    with serving(town.service, ServeSettings(port=0)) as url:
        asked = first(start)
        fill(asked, "Katrin Brandt", BERLEBURG, url, town.service.invite(Role.COORDINATOR, ags=BERLEBURG))
        go(asked, 3)
        assert asked.next.text() == "Agentur wird gefragt …"
        assert not asked.with_whom.account.isEnabled()
        answers.set()
        qtbot.waitUntil(lambda: start.desktop is not None)
        opened(start, qtbot)


def test_a_proxy_can_be_named_before_there_is_a_window_and_its_refusal_leads_to_it(start: Start, qtbot: QtBot) -> None:
    with tunnel(answer=b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as proxy:
        asked = first(start)
        fill(asked, "Katrin Brandt", BERLEBURG, NOBODY, "K7QF-2M9X")
        go(asked, 2)
        asked.with_whom.proxy.click()
        asked.with_whom.way.exits.set_value(Exit.OWN.value)
        asked.with_whom.way.exits.chosen.emit(Exit.OWN.value)
        go(asked, 1)
        assert asked.with_whom.way.address.error()
        asked.with_whom.way.address.setText(proxy.address)
        go(asked, 1)
        qtbot.waitUntil(lambda: bool(problem(asked)))
        assert "Der Proxy lässt Maßwerk nicht durch." in problem(asked)
        assert "hier darunter" in problem(asked)
        assert "CONNECT abgleich.agentur.test" in proxy.asked[0]
    asked.with_whom.way.user.setText("k.brandt")
    asked.with_whom.alone.setChecked(True)
    go(asked, 1)
    assert standing(opened(start, qtbot).store).way == Way(Exit.OWN, proxy.address)


def test_who_works_for_no_town_alone_says_so(start: Start) -> None:
    asked = first(start)
    asked.who.person.setText("Ulrike Sommer")
    asked.who.device.setText("PC")
    go(asked, 2)
    assert asked.step() == 1
    asked.where.choice.search.setText("menden")
    asked.where.none.click()
    assert asked.where.ags == ""
    asked.where.choice.search.setText("berleb")
    assert (asked.where.none.isChecked(), asked.where.ags) == (False, BERLEBURG)
    asked.where.none.click()
    go(asked, 1)
    asked.with_whom.fields.address.setText("https://abgleich.agentur.test")
    told: list[FirstAnswers] = []
    asked.finished.disconnect()
    asked.finished.connect(told.append)
    asked.with_whom.account.click()
    assert [(one.ags, one.url, one.code) for one in told] == [("", "https://abgleich.agentur.test", "")]
