"""Übergaben on a town's own desk: what others wrote to what is its now, read in German and decided there."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.errors import AgencyUnreachable
from app.models.outbox import standing
from app.models.queries import syncing
from app.services import measures
from app.sync.office import Heir
from app.sync.office_wire import DecideRequest, Verdict
from app.ui import labels
from app.ui.bus import Bus
from app.ui.sync.handovers_tab import HandoversTab
from app.ui.sync.page import HANDOVERS, SyncPage
from app.ui.sync_worker import SyncThread
from app.ui.widgets.cells import Cell
from tests.ui.sync.conftest import BERLEBURG, MENDEN, Desk, Town


@pytest.fixture
def heir(town: Town) -> Desk:
    """Menden has been given a measure to which somebody in Berleburg had gone on writing."""
    anna, bert, cara = (
        town.desk("Anna Berg", "PC"),
        town.desk("Bert Feld", "Tablet"),
        town.desk("Cara Ohm", "PC", MENDEN),
    )
    values = {"title": "Radweg an der Eder", "lead_ags": BERLEBURG, "visibility": "consortium"}
    made = measures.create(anna.workspace.store, values)
    for desk in (anna, bert):
        desk.sync()
    measures.edit(anna.workspace.store, made, {"lead_ags": MENDEN})
    anna.sync()
    measures.edit(bert.workspace.store, made, {"description": "Am Fluss entlang"})
    for desk in (bert, cara):
        desk.sync()
    return cara


def told(widget: QWidget) -> str:
    return " ".join(w.text() for w in widget.findChildren(QWidget) if hasattr(w, "text"))


def press(page: QWidget, name: str) -> None:
    found = page.window().findChild(QAbstractButton, name)
    assert found is not None, name
    found.click()


def reach(desk: Desk) -> Heir:
    found = desk.service.as_device(standing(desk.workspace.store).membership.token)
    assert isinstance(found, Heir)
    return found


def test_the_new_owner_reads_who_wrote_what_and_takes_it(heir: Desk, region: Region, qtbot: QtBot) -> None:
    page = HandoversTab(heir.workspace, region, lambda _: reach(heir))
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    with qtbot.waitSignal(page.deciding.told):
        page.refresh()
    index = page.inbox.model().index(0, 0)
    assert (index.data(), index.data(Cell.DETAIL)) == ("Radweg an der Eder", "1 Änderung · Bert Feld · Bad Berleburg")
    assert "Am Fluss entlang" in told(page.card)
    with qtbot.waitSignal(page.deciding.told), qtbot.waitSignal(page.decided) as decided:
        press(page, "handover_accept")
    assert decided.args == ["Übernommen: Radweg an der Eder"]
    assert page.inbox.model().rowCount() == 0
    assert page._calm.isVisible()
    heir.sync()
    assert syncing.standing(heir.workspace.reader).handovers == 0
    page.deciding.wait()


def test_the_author_reads_the_whole_reason_and_later_that_it_was_taken_after_all(
    heir: Desk, town: Town, region: Region, qtbot: QtBot
) -> None:
    bert = town.desks[1]
    thread = SyncThread(bert.http_engine)
    page = SyncPage(bert.workspace, Bus(), thread, region)
    qtbot.addWidget(page)
    page.show()
    hint = page.overview.waiting._hint
    assert hint.text() == (
        "„Radweg an der Eder“: Nicht übernommen, liegt bei der Agentur: Diese Maßnahme darf von hier aus nicht"
        " geändert werden. Zurückgestelltes hält den Rest nicht auf; es ist hier gespeichert."
    )
    reach(heir).decide_own(_verdict(heir, "accepted"))
    bert.sync()
    lines = [labels.log_text(line.code, line.params) for line in syncing.log(bert.workspace.reader)]
    assert "„Radweg an der Eder“: Was bei der Agentur zur Prüfung lag, ist jetzt übernommen." in lines
    assert not any("Quittung 0" in line for line in lines)
    page.overview.waiting.refresh(joined=True)
    assert not hint.isVisible()
    thread.close()


def test_without_a_network_the_tab_says_so_and_shows_nothing_wrong(heir: Desk, region: Region, qtbot: QtBot) -> None:
    def away(_: object) -> Heir:
        raise AgencyUnreachable()

    page = HandoversTab(heir.workspace, region, away)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.deciding.failed):
        page.refresh()
    assert page.banner.isVisible()
    assert "nicht zu erreichen" in told(page.banner)
    page.deciding.wait()


def test_the_tab_is_there_while_something_waits(heir: Desk, region: Region, qtbot: QtBot) -> None:
    thread = SyncThread(heir.http_engine)
    page = SyncPage(heir.workspace, Bus(), thread, region)
    qtbot.addWidget(page)
    assert page.tabs.has(HANDOVERS)
    reach(heir).decide_own(_verdict(heir))
    heir.sync()
    page.refresh()
    assert not page.tabs.has(HANDOVERS)
    thread.close()


def _verdict(heir: Desk, verdict: Verdict = "returned") -> DecideRequest:
    (line,) = reach(heir).handovers().handovers
    return DecideRequest(replica=line.replica, n=line.n, verdict=verdict, note="Bei uns am Berg")
