"""First start, unlocking, settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import resources
from app.config import Profile
from app.domain.region import Region, parse_municipalities
from app.models.opening import create_profile
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.bus import Bus
from app.ui.settings.first_start import FirstAnswers, FirstStart
from app.ui.settings.look import SCHEME_KEY, SIZE_KEY, restore_look
from app.ui.settings.page import SettingsPage
from app.ui.settings.place_choice import matching
from app.ui.settings.unlock import Unlock
from app.ui.start import dressed_as_last
from app.ui.sync_worker import Failure, SyncThread


@pytest.fixture
def region() -> Region:
    return parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))


def _answered(first: FirstStart, qtbot: QtBot) -> None:
    first.who.person.setText("Katrin Brandt")
    first.who.device.setText("Laptop")
    first.go_on()
    first.where.choice.search.setText("berleb")
    QTest.keyClick(first.where.choice.search, Qt.Key.Key_Return)
    assert first.step() == 2


def test_three_questions_then_it_begins_alone(region: Region, qtbot: QtBot) -> None:
    first = FirstStart(region)
    qtbot.addWidget(first)
    _answered(first, qtbot)
    first.with_whom.alone.setChecked(True)
    with qtbot.waitSignal(first.finished) as done:
        first.go_on()
    assert done.args == [FirstAnswers("Katrin Brandt", "Laptop", "05970004")]


def test_the_next_start_looks_as_it_was_left(tmp_path: Path, qapp: QApplication) -> None:
    profile = Profile.at(tmp_path).ensure()
    kept = QSettings(str(profile.folder / "window.ini"), QSettings.Format.IniFormat)
    kept.setValue(SCHEME_KEY, "dark")
    kept.setValue(SIZE_KEY, 150)
    kept.sync()
    assert dressed_as_last(profile) is qapp
    assert (theme.active().scheme, theme.active().text_size) == ("dark", 150)


def test_nothing_is_skipped(region: Region, qtbot: QtBot) -> None:
    first = FirstStart(region)
    qtbot.addWidget(first)
    first.go_on()
    assert first.step() == 0
    assert first.who.person.error()
    _answered(first, qtbot)
    first.go_on()
    assert first.step() == 2
    assert first.with_whom.fields.code.error()


def test_a_refused_code_leads_back_to_its_question(region: Region, qtbot: QtBot) -> None:
    first = FirstStart(region, needs_passphrase=True)
    qtbot.addWidget(first)
    _answered(first, qtbot)
    first.with_whom.fields.code.setText("K7QF-2M9X")
    first.with_whom.fields.address.setText("abgleich.agentur.de")
    first.go_on()
    first.secret.choice.first.setText("vier lange Woerter hier")
    first.secret.choice.second.setText("anders")
    first.go_on()
    assert first.secret.choice.second.error()
    first.secret.choice.second.setText("vier lange Woerter hier")
    with qtbot.waitSignal(first.finished) as done:
        first.go_on()
    answers = done.args[0]
    assert (answers.url, answers.code) == ("https://abgleich.agentur.de", "K7QF-2M9X")
    assert "Woerter" not in repr(answers)
    first.show_failure(Failure("invitation_invalid", {}))
    assert first.step() == 2
    assert "gilt nicht" in first.with_whom.fields.code.error()


@pytest.mark.parametrize(
    ("typed", "found"),
    [("menden", "Menden (Sauerland)"), ("05958004", "Arnsberg"), ("moehnesee", "Möhnesee")],
)
def test_a_municipality_is_found_as_people_type_it(region: Region, typed: str, found: str) -> None:
    assert [m.name for m in matching(region, typed)][:1] == [found]


def test_a_wrong_passphrase_is_said_and_can_be_typed_again(qtbot: QtBot) -> None:
    unlock = Unlock()
    qtbot.addWidget(unlock)
    unlock.button.click()
    assert unlock.line.error()
    unlock.line.setText("falsch")
    with qtbot.waitSignal(unlock.unlocked) as told:
        QTest.keyClick(unlock.line, Qt.Key.Key_Return)
    assert told.args == ["falsch"]
    unlock.show_error("Das Kennwort passt nicht.")
    assert unlock.button.isEnabled()
    assert unlock.line.selectedText()


def test_the_look_changes_at_once_and_is_kept(region: Region, tmp_path: Path, qtbot: QtBot) -> None:
    store = create_profile(Profile.at(tmp_path / "p"), bytes(32), "Katrin Brandt", "Laptop", "05970004")
    settings = QSettings(str(tmp_path / "look.ini"), QSettings.Format.IniFormat)
    thread = SyncThread(lambda: None)
    page = SettingsPage(Workspace.of(store), Bus(), thread, region, tmp_path, settings)
    qtbot.addWidget(page)
    page.scheme.chosen.emit("dark")
    page.text_size.chosen.emit("150")
    assert theme.active().dark
    assert theme.active().text_size == 150
    assert page.text_size.value() == "150"
    assert restore_look(settings) == ("dark", 150)
    settings.setValue("look/text_size", "riesig")
    assert restore_look(settings) == ("dark", 100)
    thread.close()
    store.close()
