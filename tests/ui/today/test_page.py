"""Heute as a person uses it: what is due is ticked, what is new is read, every line leads to its record."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.catalogue import Role
from app.domain.partial_date import PartialDate
from app.domain.region import Region, parse_municipalities
from app.models.queries import records
from app.models.settings import encode_grant
from app.resources import path
from app.services import measures, merging, workshops
from app.ui.desktop import Desktop
from app.ui.measures import sentences
from app.ui.today.page import TodayPage
from app.ui.today.rows import NewsRow, TaskRow
from app.ui.widgets import base
from app.ui.widgets.notices import Banner, Toast
from tests.ui.sync.conftest import BERLEBURG, MENDEN, Desk, Town
from tests.ui.typing import press

DAY = timedelta(days=1)


@pytest.fixture
def region() -> Region:
    return parse_municipalities(path("region", "municipalities.csv").read_text(encoding="utf-8"))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def desk(town: Town) -> Desk:
    return town.desk("Katrin Brandt", "Laptop Rathaus 2")


@pytest.fixture
def desktop(qtbot: QtBot, town: Town, desk: Desk, region: Region, tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Desktop(desk.workspace, region, Profile.at(tmp_path / "desk0"), lambda: None)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.close()
    town.close()


def measure_with_tasks(desk: Desk) -> str:
    made = measures.create(desk.workspace.store, {"title": "Mitfahrbänke in Raumland", "lead_ags": BERLEBURG})
    for title, days in (("Angebote einholen", 0), ("Belege zusammenstellen", -3), ("Einladung aushängen", 4)):
        due = PartialDate.of_day(sentences.today() + days * DAY).encode()
        measures.add_part(desk.workspace.store, made, "task", {"title": title, "due": due})
    return made


def tasks(page: TodayPage) -> list[TaskRow]:
    return [row for row in page.tasks.rows if isinstance(row, TaskRow)]


def titles(page: TodayPage) -> list[str]:
    return [row.task.title for row in tasks(page)]


def settled(qtbot: QtBot, page: TodayPage) -> None:
    qtbot.waitUntil(lambda: not page._later.isActive())


def test_heute_is_the_first_room_and_says_what_belongs_into_each_part(desktop: Desktop) -> None:
    assert desktop.window.current_key() == "today"
    page = desktop.today
    for section in (page.tasks, page.changes, page.stale, page.meetings, page.questions):
        assert section.rows == []
        assert len(section._empty.text()) > 30
        assert section._empty.isVisible()


def test_a_task_is_ticked_by_mouse_or_space_and_comes_back_by_the_toast(
    desktop: Desktop, desk: Desk, qtbot: QtBot
) -> None:
    page = desktop.today
    measure_with_tasks(desk)
    qtbot.waitUntil(lambda: len(tasks(page)) == 3)
    assert titles(page) == ["Belege zusammenstellen", "Angebote einholen", "Einladung aushängen"]
    assert [row.button.accessibleName().rsplit(", ", 1)[1][:9] for row in tasks(page)[:2]] == ["überfälli", "heute"]
    first = tasks(page)[0]
    QTest.mouseClick(first.check, Qt.MouseButton.LeftButton)
    assert titles(page) == ["Angebote einholen", "Einladung aushängen"]
    toast = desktop.window.findChild(Toast)
    assert toast is not None
    QTest.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tasks(page)) == 3)
    button = tasks(page)[1].button
    button.setFocus(Qt.FocusReason.TabFocusReason)
    press(button, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: titles(page) == ["Belege zusammenstellen", "Einladung aushängen"])
    record = records.get_record(desk.workspace.reader, "task", button._task.id)
    assert record is not None
    assert record.text("status") == "done"


def test_arrows_walk_and_return_leads_to_the_record(desktop: Desktop, desk: Desk, qtbot: QtBot) -> None:
    page = desktop.today
    made = measure_with_tasks(desk)
    qtbot.waitUntil(lambda: len(tasks(page)) == 3)
    first, second = tasks(page)[0].button, tasks(page)[1].button
    first.setFocus(Qt.FocusReason.TabFocusReason)
    press(first, Qt.Key.Key_Down)
    qtbot.waitUntil(second.hasFocus)
    press(second, Qt.Key.Key_Return)
    assert desktop.window.current_key() == "measures"
    assert desktop.measures.pane.measure == made


def test_the_way_to_all_tasks_goes_on_with_the_first_that_was_not_there_before(
    desktop: Desktop, desk: Desk, qtbot: QtBot
) -> None:
    page, made = desktop.today, measure_with_tasks(desk)
    for number in range(6):
        measures.add_part(desk.workspace.store, made, "task", {"title": f"Einladung {number}"})
    qtbot.waitUntil(page._all_tasks.isVisible)
    page._all_tasks.setFocus(Qt.FocusReason.TabFocusReason)
    press(page._all_tasks, Qt.Key.Key_Return)
    assert len(tasks(page)) == 9
    assert not page._all_tasks.isVisible()
    assert tasks(page)[6].button.hasFocus()


def test_a_task_that_cannot_be_saved_says_so_once_and_no_longer_when_it_can(
    desktop: Desktop, desk: Desk, qtbot: QtBot
) -> None:
    page = desktop.today
    measure_with_tasks(desk)
    qtbot.waitUntil(lambda: len(tasks(page)) == 3)
    task = tasks(page)[0].task.id

    def problems() -> int:
        QApplication.processEvents()
        return len([one for one in page.findChildren(Banner, "today_problem") if one.isVisible()])

    desk.workspace.store.put_settings(grant=encode_grant("facilitator", BERLEBURG, []))
    for _ in range(3):
        page.finish_task(task)
    assert problems() == 1
    assert len(tasks(page)) == 3
    desk.workspace.store.put_settings(grant=encode_grant("coordinator", BERLEBURG, []))
    page.finish_task(task)
    assert problems() == 0
    assert len(tasks(page)) == 2


def test_who_may_only_read_finds_the_box_shut(desktop: Desktop, desk: Desk, qtbot: QtBot) -> None:
    measure_with_tasks(desk)
    desk.workspace.store.put_settings(grant=encode_grant("facilitator", BERLEBURG, []))
    desktop.today.reload()
    row = tasks(desktop.today)[0]
    assert not row.check.isEnabled()
    row.button.setFocus(Qt.FocusReason.TabFocusReason)
    press(row.button, Qt.Key.Key_Space, " ")
    assert len(tasks(desktop.today)) == 3


def test_what_a_colleague_changed_is_told_until_one_has_left_the_room(
    desktop: Desktop, desk: Desk, town: Town, qtbot: QtBot
) -> None:
    page, made = desktop.today, measure_with_tasks(desk)
    measures.edit(desk.workspace.store, made, {"status": "planned"})
    other = town.desk("Jonas Sauer", "Bauamt 3")
    for one in (desk, other, desk):
        one.sync()
    measures.edit(other.workspace.store, made, {"status": "in_progress"})
    for one in (other, desk):
        one.sync()
    qtbot.waitUntil(lambda: len(page.changes.rows) == 1)
    row = page.changes.rows[0]
    assert isinstance(row, NewsRow)
    told = row.accessibleName()
    for words in ("Mitfahrbänke", "Status", "vorher Geplant", "jetzt In Umsetzung", "Jonas Sauer, Bad Berleburg"):
        assert words in told
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert desktop.measures.pane.measure == made
    desktop.window.show_page("today")
    settled(qtbot, page)
    assert len(page.changes.rows) == 1, "its own way led away: the rest is still to be read"
    desktop.window.show_page("workshops")
    desktop.window.show_page("today")
    assert page.changes.rows == []
    assert page.changes.accessibleName().startswith("Seit heute")


def test_what_the_agency_asks_about_two_measures_stands_here_until_it_is_answered(
    desktop: Desktop, desk: Desk, town: Town, qtbot: QtBot
) -> None:
    office = town.desk("Kim Sander", "Agentur", role=Role.AGENCY)
    store = office.workspace.store
    own, other = (
        measures.create(store, {"title": title, "lead_ags": ags, "visibility": "school"})
        for title, ags in (("Mitfahrbänke", BERLEBURG), ("Mitfahrbank", MENDEN))
    )
    office.sync()
    desk.sync()
    page = desktop.today
    page.reload()
    assert not page.proposals.isVisible()
    merging.propose(store, own, other)
    office.sync()
    desk.sync()
    page.reload()
    (row,) = page.proposals.rows
    assert row.accessibleName() == "Mitfahrbänke: dasselbe wie „Mitfahrbank“ (Menden)?"
    with qtbot.waitSignal(page.record_requested) as opened:
        press(row, Qt.Key.Key_Return)
    assert opened.args == ["measure", own]
    merging.accept(desk.workspace.store, own)
    page.reload()
    assert not page.proposals.isVisible()


def test_the_next_workshop_leads_into_its_room(desktop: Desktop, desk: Desk, qtbot: QtBot) -> None:
    starts = f"{(sentences.today() + DAY).isoformat()}T19:00"
    workshops.create(desk.workspace.store, {"title": "Bürgerdialog", "ags": BERLEBURG, "starts_at": starts}, [])
    page = desktop.today
    qtbot.waitUntil(lambda: len(page.meetings.rows) == 1)
    assert "morgen Bürgerdialog" in page.head._note.text()
    row = page.meetings.rows[0]
    assert isinstance(row, QWidget)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert desktop.window.current_key() == "workshops"


def test_a_long_place_gives_way_before_the_time_of_a_workshop(
    desktop: Desktop, desk: Desk, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    day = sentences.today() + DAY
    values = {"title": "Bürgerdialog", "ags": BERLEBURG, "starts_at": f"{day}T19:00", "ends_at": f"{day}T20:45"}
    place = "Schützenhallengemeinschaftsraum der Schützenbruderschaft St. Hubertus Weidenhausen"
    workshops.create(desk.workspace.store, values | {"place_text": place}, [])
    page = desktop.today
    qtbot.waitUntil(lambda: len(page.meetings.rows) == 1)
    row = page.meetings.rows[0]
    row.setFixedWidth(320)
    with caplog.at_level(logging.DEBUG, logger=base.elided_log.name):
        row.grab()
    cut = [record.getMessage() for record in caplog.records]
    assert any(place in one for one in cut)
    assert not any("19:00" in one for one in cut)
