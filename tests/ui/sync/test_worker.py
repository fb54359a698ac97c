"""The thread that syncs, against a real server on this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytestqt.qtbot import QtBot

from app.models.queries import syncing
from app.server.config import ServeSettings
from app.server.serving import serving
from app.services import measures
from app.ui.sync_worker import SyncState, SyncThread
from tests.ui.sync.conftest import BERLEBURG, Desk, Town


@pytest.fixture
def threads() -> Iterator[Callable[[Desk], SyncThread]]:
    made: list[SyncThread] = []

    def begin(desk: Desk) -> SyncThread:
        thread = SyncThread(desk.http_engine)
        made.append(thread)
        thread.start()
        return thread

    yield begin
    for thread in made:
        thread.close()


def _pending(desk: Desk) -> int:
    return syncing.standing(desk.workspace.reader).pending


def test_an_edit_is_transferred_by_itself(town: Town, threads: Callable[[Desk], SyncThread], qtbot: QtBot) -> None:
    with serving(town.service) as url:
        desk = town.desk("Katrin Brandt", "Laptop", url=url)
        thread = threads(desk)
        qtbot.waitUntil(lambda: thread.state is SyncState.CONNECTED)
        measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
        assert _pending(desk) == 1
        thread.tell_edited()
        qtbot.waitUntil(lambda: _pending(desk) == 0, timeout=8000)
        assert syncing.standing(desk.workspace.reader).receipt is not None


def test_without_an_agency_work_waits_and_goes_out_when_it_is_back(
    town: Town, threads: Callable[[Desk], SyncThread], qtbot: QtBot
) -> None:
    with ExitStack() as first:
        url = first.enter_context(serving(town.service))
        desk = town.desk("Katrin Brandt", "Laptop", url=url)
    port = int(url.rpartition(":")[2])
    measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    thread = threads(desk)
    qtbot.waitUntil(lambda: thread.state is SyncState.OFFLINE)
    assert thread.failure is not None
    assert thread.failure.code == "agency_unreachable"
    assert _pending(desk) == 1
    with serving(town.service, ServeSettings(port=port)):
        qtbot.waitUntil(lambda: thread.state is SyncState.CONNECTED, timeout=20_000)
        assert _pending(desk) == 0
        assert thread.failure is None


def test_a_pause_lasts_until_somebody_ends_it(town: Town, threads: Callable[[Desk], SyncThread], qtbot: QtBot) -> None:
    with serving(town.service) as url:
        desk = town.desk("Katrin Brandt", "Laptop", url=url)
        thread = threads(desk)
        qtbot.waitUntil(lambda: thread.state is SyncState.CONNECTED)
        thread.pause()
        qtbot.waitUntil(lambda: thread.state is SyncState.PAUSED)
        measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
        with qtbot.assertNotEmitted(thread.state_changed, wait=2600):
            thread.tell_edited()
        assert _pending(desk) == 1
        thread.resume()
        qtbot.waitUntil(lambda: _pending(desk) == 0)


def test_a_stopped_exchange_keeps_what_it_has_done(
    town: Town, threads: Callable[[Desk], SyncThread], qtbot: QtBot
) -> None:
    with serving(town.service) as url:
        desk = town.desk("Katrin Brandt", "Laptop", url=url)
        for number in range(1100):
            measures.create(desk.workspace.store, {"title": f"Maßnahme {number}", "lead_ags": BERLEBURG})
        thread = SyncThread(desk.http_engine)
        thread.progressed.connect(lambda progress: thread.pause() if progress.sent else None)
        thread.start()
        try:
            qtbot.waitUntil(lambda: thread.state is SyncState.PAUSED, timeout=30_000)
            assert 0 < syncing.standing(desk.workspace.reader).pending <= 1100
            thread.resume()
            qtbot.waitUntil(lambda: _pending(desk) == 0 or thread.state is SyncState.PAUSED, timeout=30_000)
        finally:
            thread.close()


def test_a_revoked_device_is_told_once_and_asks_no_more(
    town: Town, threads: Callable[[Desk], SyncThread], qtbot: QtBot
) -> None:
    with serving(town.service) as url:
        desk = town.desk("Katrin Brandt", "Laptop", url=url)
        town.service.revoke(1)
        thread = threads(desk)
        qtbot.waitUntil(lambda: thread.state is SyncState.REFUSED)
        assert thread.failure is not None
        assert thread.failure.code == "token_revoked"
        measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
        with qtbot.assertNotEmitted(thread.state_changed, wait=2600):
            thread.tell_edited()


def test_a_profile_without_an_agency_is_alone(town: Town, threads: Callable[[Desk], SyncThread], qtbot: QtBot) -> None:
    desk = town.desk("Katrin Brandt", "Laptop", joined=False)
    thread = threads(desk)
    qtbot.waitUntil(lambda: thread.state is SyncState.ALONE)


def test_closing_at_once_ends_the_thread(town: Town) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    thread = SyncThread(desk.http_engine)
    thread.start()
    thread.close()
    thread.close()
