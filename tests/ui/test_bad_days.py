"""Bad days of the whole desktop: two windows on one profile, a screen that goes to sleep, a disk that is full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.region import Region
from app.models.opening import create_profile, open_store
from app.models.queries import records
from app.services import measures, workshops
from app.services.workspace import Workspace
from app.ui.crash import CrashNotice, StartFailure
from app.ui.desktop import Desktop
from app.ui.start import Door, Start, watch_for_mistakes
from app.ui.widgets.notices import Banner, Toast
from app.ui.widgets.popover import Popover
from app.ui.widgets.words import Label
from app.ui.workshops.entry import EntryLine
from tests.ui.measures.acting import field, write
from tests.ui.measures.test_bad_days import full_disk, paste
from tests.ui.sync.conftest import BERLEBURG
from tests.ui.sync.conftest import region as region
from tests.ui.typing import type_text

KEY = bytes(range(32))


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.at(tmp_path / "profil")


@pytest.fixture
def workspace(profile: Profile) -> Iterator[Workspace]:
    store = create_profile(profile, KEY, "Katrin Brandt", "Laptop Rathaus 2", BERLEBURG)
    yield Workspace.of(store)
    store.close()


@pytest.fixture
def desktop(qtbot: QtBot, workspace: Workspace, region: Region, profile: Profile) -> Iterator[Desktop]:
    made = Desktop(workspace, region, profile, lambda: None)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.close()


def said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(Label))


def test_a_second_window_on_the_same_profile_says_who_has_it_and_the_first_goes_on(
    qtbot: QtBot, workspace: Workspace, region: Region, profile: Profile
) -> None:
    door = Door(
        profile=profile,
        exists=True,
        needs_passphrase=False,
        open=lambda _: Workspace.of(open_store(profile, KEY)),
        create=lambda _: Workspace.of(open_store(profile, KEY)),
        engine=lambda _: lambda: None,
        close=lambda opened: opened.store.close(),
    )
    second = Start(door, region)
    second.begin()
    told = second._asking
    assert isinstance(told, StartFailure)
    qtbot.addWidget(told)
    assert second.desktop is None
    assert "schon in einem anderen Fenster" in said(told)
    second.end()
    made = measures.create(workspace.store, {"title": "Geht weiter", "lead_ags": BERLEBURG})
    assert records.get_record(workspace.reader, "measure", made) is not None


def test_what_is_being_typed_is_on_disk_before_the_screen_goes_to_sleep(desktop: Desktop, workspace: Workspace) -> None:
    hall = workshops.create(workspace.store, {"title": "Bürgerdialog", "ags": BERLEBURG}, ["Halle"])
    desktop.show_record("workshop", hall)
    view = desktop.workshops.view
    assert view is not None
    view.notes.minutes.edit.setFocus()
    type_text(view.notes.minutes.edit, "Halb neun, alle da")
    entry = view.notes.entry.line
    entry.setFocus()
    type_text(entry, "Rufbus ab")
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationSuspended)
    assert "Halb neun" in str(records.get_record(workspace.reader, "minutes", workshops.minutes_id(hall)))
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert isinstance(entry, EntryLine)
    assert entry.text() == "Rufbus ab"
    assert desktop.window.focusWidget() is entry


def test_the_window_stays_with_words_that_cannot_be_saved_until_they_are_given_up(
    desktop: Desktop, qtbot: QtBot, workspace: Workspace
) -> None:
    made = measures.create(workspace.store, {"title": "Bürgerbus", "lead_ags": BERLEBURG})
    desktop.show_record("measure", made)
    write(desktop.measures, "total_cost_cents", "viel Geld")
    desktop.window.show_page("today")
    assert not desktop.window.close()
    assert desktop.window.isVisible()
    assert desktop.window.current_key() == "measures"
    banner = desktop.measures.pane.findChildren(Banner, "banner_unsaved")[-1]
    assert "Gesamtkosten" in banner.accessibleName()
    figure = field(desktop.measures, "total_cost_cents")
    assert figure.property("text") == "viel Geld"
    qtbot.waitUntil(lambda: not figure.visibleRegion().isEmpty())
    banner.remedied.emit()
    assert not desktop.window.isVisible()


def test_a_full_disk_at_closing_is_told_as_the_reason_and_nothing_has_to_be_put_right(
    desktop: Desktop, workspace: Workspace
) -> None:
    made = measures.create(workspace.store, {"title": "Bürgerbus", "lead_ags": BERLEBURG})
    desktop.show_record("measure", made)
    words = QMimeData()
    words.setText("Abends fahren " * 20_000)
    desktop.measures.pane.form.go_to("goals")
    with full_disk(workspace.store):
        paste(desktop.measures, "goals", words)
        assert not desktop.window.close()
        told = [one.accessibleName() for one in desktop.measures.pane.findChildren(Banner) if one.isVisible()]
    assert any("kein Platz" in one for one in told)
    assert not any("berichtigen" in one for one in told)


def test_a_workshop_with_words_on_no_disk_holds_the_window_as_a_measure_does(
    desktop: Desktop, workspace: Workspace
) -> None:
    hall = workshops.create(workspace.store, {"title": "Bürgerdialog", "ags": BERLEBURG}, ["Halle"])
    desktop.show_record("workshop", hall)
    view = desktop.workshops.view
    assert view is not None
    type_text(view.notes.entry.line, "Rufbus")
    desktop.window.show_page("today")
    assert not desktop.window.close()
    assert desktop.window.current_key() == "workshops"
    assert view.notes.entry.isVisible()
    type_text(view.notes.entry.line, "\n")
    assert desktop.window.close()


def test_a_form_is_on_disk_when_another_program_comes_to_the_front(desktop: Desktop, workspace: Workspace) -> None:
    made = measures.create(workspace.store, {"title": "Radstation", "lead_ags": BERLEBURG})
    desktop.show_record("measure", made)
    write(desktop.measures, "responsible_unit", "Bauhof")
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    record = records.get_record(workspace.reader, "measure", made)
    assert record is not None
    assert record.text("responsible_unit") == "Bauhof"
    assert desktop.window.focusWidget() is field(desktop.measures, "responsible_unit")


def test_a_full_disk_is_told_by_the_way_back_too_and_the_step_can_be_taken_later(
    desktop: Desktop, workspace: Workspace
) -> None:
    made = measures.create(workspace.store, {"title": "Bürgerbus", "lead_ags": BERLEBURG, "goals": "x" * 90_000})
    measures.edit(workspace.store, made, {"goals": "y" * 90_000})
    with full_disk(workspace.store):
        desktop.undo()
        told = [toast.accessibleName() for toast in desktop.window.findChildren(Toast)]
        assert "kein Platz" in told[-1]
    desktop.undo()
    record = records.get_record(workspace.reader, "measure", made)
    assert record is not None
    assert record.text("goals")[0] == "x"


def test_what_floats_goes_with_the_room_it_was_opened_in(desktop: Desktop, workspace: Workspace) -> None:
    made = measures.create(workspace.store, {"title": "Bürgerbus", "lead_ags": BERLEBURG, "status": "planned"})
    desktop.show_record("measure", made)
    pane = desktop.measures.pane
    pane.show_history("measure", made, "status", pane.form.sheet.bound["status"].row)
    assert desktop.window.findChild(Popover, "history") is not None
    QTest.keyClick(desktop.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desktop.window.current_key() == "today"
    assert [card for card in desktop.window.findChildren(Popover) if card.isVisible()] == []


def test_a_full_disk_in_the_mitschrift_keeps_the_line_and_says_so(desktop: Desktop, workspace: Workspace) -> None:
    hall = workshops.create(workspace.store, {"title": "Bürgerdialog", "ags": BERLEBURG}, ["Halle"])
    desktop.show_record("workshop", hall)
    view = desktop.workshops.view
    assert view is not None
    line = view.notes.entry.line
    line.setFocus()
    words = "Rufbus ab Bahnhof " * 40
    with full_disk(workspace.store):
        kept = 0
        while not line.text() and kept < 200:
            type_text(line, words.strip() + "\n")
            kept += 1
        assert line.text() == words.strip()
        assert "kein Platz" in view.notes.entry.error()
    type_text(line, "\n")
    assert line.text() == ""
    cards = [r.text("text") for r in records.children(workspace.reader, hall, "contribution")]
    assert cards == [words.strip()] * kept


def test_our_own_mistake_is_told_once_calmly_and_the_window_stays(
    qtbot: QtBot, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from PySide6.QtWidgets import QApplication

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    watch_for_mistakes(app)
    for _ in range(2):
        sys.excepthook(ValueError, ValueError("geheim"), None)
    notices = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashNotice) and w.isVisible()]
    assert len(notices) == 1
    assert "liegt sicher auf diesem Gerät" in said(notices[0])
    assert "geheim" not in said(notices[0])
    assert desktop.window.isVisible()
    notices[0].close()
