"""The desktop as a whole: first start, rooms, search, undo, the status line, a clean end."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.region import Region, parse_municipalities
from app.errors import WrongKey
from app.models import incoming
from app.models.opening import create_profile
from app.models.queries import lists, records
from app.resources import path
from app.services import measures, workshops
from app.services.workspace import Workspace
from app.ui.desktop import Desktop
from app.ui.settings.first_start import FirstAnswers, FirstStart
from app.ui.settings.unlock import Unlock
from app.ui.start import Door, Start

OWN = "05970004"


@pytest.fixture
def region() -> Region:
    return parse_municipalities(path("region", "municipalities.csv").read_text(encoding="utf-8"))


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.at(tmp_path / "profil")


@pytest.fixture
def workspace(profile: Profile) -> Iterator[Workspace]:
    store = create_profile(profile, secrets.token_bytes(32), "Katrin Brandt", "Laptop Rathaus 2", OWN)
    yield Workspace.of(store)
    store.close()


@pytest.fixture
def desktop(qtbot: QtBot, workspace: Workspace, region: Region, profile: Profile) -> Iterator[Desktop]:
    made = Desktop(workspace, region, profile, lambda: None)
    qtbot.addWidget(made.window)
    made.start()
    qtbot.waitExposed(made.window)
    yield made
    made.close()


def test_every_room_opens_and_the_way_back_leads_back(desktop: Desktop) -> None:
    rooms = desktop.window.keys()
    for key in rooms:
        desktop.window.show_page(key)
        assert desktop.window.current_key() == key
    desktop.window.go_back()
    assert desktop.window.current_key() == rooms[-2]


def test_an_edit_shows_in_the_status_line_and_names_what_undo_takes_back(
    desktop: Desktop, workspace: Workspace, qtbot: QtBot
) -> None:
    made = measures.create(workspace.store, {"title": "Radstation", "lead_ags": OWN})
    measures.edit(workspace.store, made, {"status": "planned"})
    qtbot.waitUntil(lambda: "2 Änderungen" in _words(desktop))
    desktop.window.undo_requested.emit()
    record = records.get_record(workspace.reader, "measure", made)
    assert record is not None
    assert not record.text("status")
    desktop.window.redo_requested.emit()
    record = records.get_record(workspace.reader, "measure", made)
    assert record is not None
    assert record.text("status") == "planned"


def test_a_find_of_the_search_opens_its_record(desktop: Desktop, workspace: Workspace) -> None:
    made = workshops.create(workspace.store, {"title": "Bürgerdialog Möhnesee", "ags": OWN}, ["Halle"])
    station = records.children(workspace.reader, made, "station")[0]
    workshops.add_card(workspace.store, made, workshops.Card("idea", "Rufbus ab Bahnhof", station.id))
    for words in ("moehnesee", "rufbus"):
        hit = lists.search(workspace.reader, words)[0]
        desktop.window.show_page("measures")
        desktop.window.hit_chosen.emit((hit.root_kind, hit.root_id))
        assert desktop.window.current_key() == "workshops"


def test_ctrl_n_begins_anew_in_a_room_that_has_just_been_chosen_in_the_rail(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for room, begun in (("measures", lambda: bool(desktop.measures.pane.measure)), ("workshops", _is_making(desktop))):
        window.show_page(room)
        window.rail.focus_current()
        QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(begun)


def _is_making(desktop: Desktop) -> Callable[[], bool]:
    return lambda: desktop.workshops.making.isVisible()


def test_a_profile_alone_says_so_and_asks_for_no_network(desktop: Desktop, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Nur auf diesem Gerät" in _words(desktop))


def test_after_the_window_is_closed_work_without_it_goes_on(
    qtbot: QtBot, workspace: Workspace, region: Region, profile: Profile
) -> None:
    desktop = Desktop(workspace, region, profile, lambda: None)
    qtbot.addWidget(desktop.window)
    desktop.close()
    told: list[object] = []
    desktop.bus.applied.connect(told.append)
    measures.create(workspace.store, {"title": "Danach", "lead_ags": OWN})
    assert not told


def _words(desktop: Desktop) -> str:
    from PySide6.QtWidgets import QPushButton

    return " ".join(b.accessibleName() + " " + b.text() for b in desktop.window.status_line.findChildren(QPushButton))


def _door(profile: Profile, workspace: Workspace | None, exists: bool, closed: list[Workspace]) -> Door:
    def open_it(passphrase: str | None) -> Workspace:
        if passphrase != "sesam":
            raise WrongKey(path="masswerk.db")
        assert workspace is not None
        return workspace

    def create_it(answers: FirstAnswers) -> Workspace:
        store = create_profile(profile, secrets.token_bytes(32), answers.person, answers.device, answers.ags)
        return Workspace.of(store)

    def engine(_workspace: Workspace) -> object:
        return lambda: None

    return Door(
        profile=profile,
        exists=exists,
        needs_passphrase=exists,
        open=open_it,
        create=create_it,
        engine=engine,  # type: ignore[arg-type]
        close=closed.append,
    )


def _is_open(start: Start) -> bool:
    return start.desktop is not None and start.desktop.window.isVisible()


def test_the_first_start_leads_from_three_answers_to_the_desktop(
    qtbot: QtBot, region: Region, profile: Profile
) -> None:
    closed: list[Workspace] = []
    start = Start(_door(profile, None, False, closed), region)
    start.begin()
    first = start._asking
    assert isinstance(first, FirstStart)
    qtbot.addWidget(first)
    first.finished.emit(FirstAnswers("Jana Hoffmann", "PC 114", "05958004", "", "", ""))
    assert start.desktop is not None
    assert start.desktop.window.isVisible()
    qtbot.addWidget(start.desktop.window)
    start.end()
    assert len(closed) == 1
    closed[0].store.close()


def test_a_wrong_passphrase_is_told_and_the_right_one_opens(
    qtbot: QtBot, region: Region, profile: Profile, workspace: Workspace
) -> None:
    closed: list[Workspace] = []
    start = Start(_door(profile, workspace, True, closed), region)
    start.begin()
    unlock = start._asking
    assert isinstance(unlock, Unlock)
    qtbot.addWidget(unlock)
    unlock.unlocked.emit("falsch")
    assert not _is_open(start)
    unlock.unlocked.emit("sesam")
    assert _is_open(start)
    start.end()
    assert closed == [workspace]


def test_a_key_in_any_field_makes_the_exchange_take_small_steps_before_anything_is_saved(
    desktop: Desktop, workspace: Workspace, qtbot: QtBot
) -> None:
    store = workspace.store
    handle = desktop.window.windowHandle()
    assert handle is not None
    whole = incoming.batch_size(store)
    desktop.window.focus_search()
    QTest.keyClick(handle, Qt.Key.Key_B)
    assert desktop.window.top_bar.search.text() == "b", "the key goes on to its field"
    assert incoming.batch_size(store) == incoming.BATCH < whole
