"""Live when online: what somebody writes elsewhere stands on an open screen before one looks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.region import Region
from app.server.config import ServeSettings
from app.server.serving import serving
from app.services import measures
from app.sync.schedule import EVERY
from app.ui.desktop import Desktop
from app.ui.sync_worker import SyncState
from tests.ui.measures.acting import titles
from tests.ui.sync.conftest import BERLEBURG, Desk, Town

ON_SCREEN_S = 2.0
Opens = Callable[[Desk], Desktop]


@pytest.fixture
def opens(qtbot: QtBot, region: Region, tmp_path: Path) -> Iterator[Opens]:
    made: list[Desktop] = []

    def open_it(desk: Desk) -> Desktop:
        desktop = Desktop(desk.workspace, region, Profile.at(tmp_path / f"window{len(made)}"), desk.http_engine)
        made.append(desktop)
        qtbot.addWidget(desktop.window)
        desktop.start()
        desktop.window.show_page("measures")
        return desktop

    yield open_it
    for desktop in made:
        desktop.close()


def _shows(desktop: Desktop, title: str) -> bool:
    return title in titles(desktop.measures)


def _both_connected(qtbot: QtBot, *desktops: Desktop) -> None:
    qtbot.waitUntil(lambda: all(d.sync.state is SyncState.CONNECTED for d in desktops), timeout=15_000)


@pytest.mark.slow
def test_a_change_made_elsewhere_is_on_an_open_screen_within_two_seconds(
    town: Town, opens: Opens, qtbot: QtBot
) -> None:
    assert EVERY > 60  # without being woken nobody would look that soon
    with serving(town.service) as url:
        here, there = (town.desk(name, "Laptop", url=url) for name in ("Katrin Brandt", "Jana Weber"))
        writing, reading = opens(here), opens(there)
        _both_connected(qtbot, writing, reading)
        took = []
        for number in range(3):
            title = f"Mitfahrbank {number}"
            began = time.monotonic()
            measures.create(here.workspace.store, {"title": title, "lead_ags": BERLEBURG})
            qtbot.waitUntil(partial(_shows, reading, title), timeout=15_000)
            took.append(time.monotonic() - began)
        print("seconds to the screen:", [round(seconds, 2) for seconds in took])
        # The best of three: this machine may be busy with something else, the way itself is not longer.
        assert min(took) < ON_SCREEN_S
        writing.close()
        reading.close()


def test_whoever_is_signed_off_while_waiting_learns_it_at_once(town: Town, opens: Opens, qtbot: QtBot) -> None:
    with serving(town.service) as url:
        desktop = opens(town.desk("Katrin Brandt", "Laptop", url=url))
        _both_connected(qtbot, desktop)
        town.service.revoke(1)
        qtbot.waitUntil(lambda: desktop.sync.state is SyncState.REFUSED, timeout=15_000)
        assert desktop.sync.failure is not None
        assert desktop.sync.failure.code == "token_revoked"
        desktop.close()


def test_closing_hangs_up_and_an_agency_that_stops_lets_nobody_wait(town: Town, opens: Opens, qtbot: QtBot) -> None:
    with ExitStack() as running:
        url = running.enter_context(serving(town.service))
        first, second = (opens(town.desk(name, "Laptop", url=url)) for name in ("Katrin Brandt", "Jana Weber"))
        _both_connected(qtbot, first, second)
        began = time.monotonic()
        first.close()
        running.close()
        assert time.monotonic() - began < 9  # a wait lasts fifty seconds
    port = int(url.rpartition(":")[2])
    with serving(town.service, ServeSettings(port=port)):
        second.sync.ask()
        _both_connected(qtbot, second)
        second.close()
