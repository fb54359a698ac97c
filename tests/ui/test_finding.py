"""The search line of the real desktop: finds in groups while one types, commands behind ">", the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.region import Region
from app.models.authors import learn_authors
from app.models.queries import records
from app.services import measures, workshops
from app.services.workshops import Card
from app.ui import theme
from app.ui.desktop import Desktop
from app.ui.shell.commands import Command, fit, ordered
from app.ui.shell.search_hits import Hit, SearchHits
from tests.ui.sync.conftest import BERLEBURG, Desk, Town
from tests.ui.sync.conftest import region as region
from tests.ui.sync.conftest import town as town
from tests.ui.typing import press, type_text

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(town: Town) -> Desk:
    return town.desk("Katrin Brandt", "Laptop Rathaus 2", joined=False)


@pytest.fixture
def desktop(qtbot: QtBot, desk: Desk, region: Region, tmp_path: Path) -> Iterator[Desktop]:
    made = Desktop(desk.workspace, region, Profile.at(tmp_path / "desk0"), lambda: None)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.close()


def shown(desktop: Desktop) -> list[Hit]:
    found = desktop.window.findChild(SearchHits)
    assert found is not None
    return found.hits()


def searched(qtbot: QtBot, desktop: Desktop, words: str, until: Callable[[], bool] = lambda: True) -> list[Hit]:
    """What stands below the line after typing these words and pausing."""
    QTest.keyClick(desktop.window, Qt.Key.Key_K, CTRL)
    with qtbot.waitSignal(desktop.finder.found, check_params_cb=lambda found: found.words == words):
        type_text(desktop.window.top_bar.search, words)
    return shown(desktop)


def test_what_is_found_stands_in_groups_with_its_words_marked(qtbot: QtBot, desktop: Desktop, desk: Desk) -> None:
    store = desk.workspace.store
    measures.create(store, {"title": "Rufbus Möhnesee", "lead_ags": BERLEBURG})
    measures.create(store, {"title": "Mobil auf dem Land", "lead_ags": BERLEBURG, "goals": "Ein Rufbus je Dorf."})
    hall = workshops.create(store, {"title": "Bürgerdialog", "ags": BERLEBURG}, ["Halle"])
    station = records.children(desk.workspace.reader, hall, "station")[0]
    workshops.add_card(store, hall, Card("idea", "Rufbus bis 22 Uhr", station.id))
    learn_authors(store, [(7, "Ruth Rufmann", "PC 114", "05958004")])
    hits = searched(qtbot, desktop, "ruf")
    assert list(dict.fromkeys(hit.group for hit in hits)) == ["Maßnahmen", "Karten", "Personen"]
    by_field = next(hit for hit in hits if hit.title == "Mobil auf dem Land")
    assert by_field.detail == "Ziele: Ein Rufbus je Dorf. · Bad Berleburg"
    assert [by_field.detail[a : a + n] for a, n in by_field.detail_marks] == ["Rufbus"]
    card = next(hit for hit in hits if hit.group == "Karten")
    assert card.detail == "in „Bürgerdialog“"
    person = next(hit for hit in hits if hit.group == "Personen")
    assert (person.title, person.detail) == ("Ruth Rufmann", "Maßnahmen in Arnsberg")


def test_a_person_leads_to_the_measures_of_their_municipality(qtbot: QtBot, desktop: Desktop, desk: Desk) -> None:
    learn_authors(desk.workspace.store, [(7, "Ruth Rufmann", "PC 114", "05958004")])
    measures.create(desk.workspace.store, {"title": "Rufbus", "lead_ags": BERLEBURG})
    searched(qtbot, desktop, "rufmann")
    press(desktop.window.top_bar.search, Qt.Key.Key_Return)
    assert desktop.window.current_key() == "measures"
    assert desktop.measures.wanted().ags == {"05958004"}


def test_esc_twice_leads_back_to_where_one_was(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.window.show_page("workshops")
    desktop.window.focus_next_area()
    before = desktop.window.focusWidget()
    searched(qtbot, desktop, "xyz")
    press(desktop.window.top_bar.search, Qt.Key.Key_Escape)
    press(desktop.window.top_bar.search, Qt.Key.Key_Escape)
    assert desktop.window.focusWidget() is before
    assert shown(desktop) == []


def test_a_sign_or_a_key_lists_every_command_with_its_key_and_return_does_it(qtbot: QtBot, desktop: Desktop) -> None:
    QTest.keyClick(desktop.window, Qt.Key.Key_P, CTRL | SHIFT)
    by_title = {hit.title: hit for hit in shown(desktop)}
    assert by_title["Neue Maßnahme"].note == "Strg+N"
    assert by_title["Abgleich"].group == "Bereiche"
    type_text(desktop.window.top_bar.search, "dunk")
    assert shown(desktop)[0].title == "Dunkle Darstellung"
    press(desktop.window.top_bar.search, Qt.Key.Key_Return)
    assert theme.active().dark
    assert desktop.window.top_bar.search.text() == ""


def test_the_last_used_command_comes_first_also_after_the_next_start(
    qtbot: QtBot, desktop: Desktop, desk: Desk, tmp_path: Path
) -> None:
    QTest.keyClick(desktop.window, Qt.Key.Key_P, CTRL | SHIFT)
    type_text(desktop.window.top_bar.search, "abgleich protokoll")
    assert shown(desktop)[0].title == "Protokoll des Abgleichs"
    press(desktop.window.top_bar.search, Qt.Key.Key_Return)
    assert desktop.window.current_key() == "sync"
    QTest.keyClick(desktop.window, Qt.Key.Key_P, CTRL | SHIFT)
    first = shown(desktop)[0]
    assert (first.group, first.title) == ("Zuletzt benutzt", "Protokoll des Abgleichs")
    desktop.window.save_layout()
    kept = QSettings(str(tmp_path / "desk0" / "window.ini"), QSettings.Format.IniFormat)
    assert "sync/log" in str(kept.value("commands/recent"))


def test_undo_is_a_command_named_by_what_it_takes_back(qtbot: QtBot, desktop: Desktop, desk: Desk) -> None:
    made = measures.create(desk.workspace.store, {"title": "Radstation", "lead_ags": BERLEBURG})
    desktop.show_status()
    QTest.keyClick(desktop.window, Qt.Key.Key_K, CTRL)
    type_text(desktop.window.top_bar.search, ">ruckgangig")
    assert shown(desktop)[0].title.startswith("Rückgängig: ")
    press(desktop.window.top_bar.search, Qt.Key.Key_Return)
    record = records.get_record(desk.workspace.reader, "measure", made)
    assert record is None or record.gone


def test_a_button_that_does_what_a_command_does_is_listed_once_with_its_key(desktop: Desktop) -> None:
    desktop.window.show_page("measures")
    desktop.window.show_commands()
    assert [hit.note for hit in shown(desktop) if hit.title == "Neue Maßnahme"] == ["Strg+N"]


def test_every_button_in_sight_is_a_command_too(desktop: Desktop) -> None:
    desktop.window.show_page("settings")
    desktop.window.show_commands()
    hits = {hit.title for hit in shown(desktop) if hit.group == "Einstellungen"}
    assert {"Ordner öffnen", "Originale von Anhängen von selbst holen"} <= hits


def test_nothing_that_fits_is_said_and_return_does_nothing(desktop: Desktop) -> None:
    desktop.window.show_commands()
    type_text(desktop.window.top_bar.search, "qqqq")
    found = desktop.window.findChild(SearchHits)
    assert found is not None
    assert "Kein Befehl zu „qqqq“." in [label.text() for label in found.findChildren(QWidget) if hasattr(label, "text")]
    room = desktop.window.current_key()
    press(desktop.window.top_bar.search, Qt.Key.Key_Return)
    assert desktop.window.current_key() == room


def command(title: str, also: str = "", key: str = "") -> Command:
    return Command(key or title, title, "Bereich", lambda: None, also=also)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("massnahme neu", "Neue Maßnahme"),
        ("loesch", "Ausgewählte Maßnahmen löschen"),
        ("losch", "Ausgewählte Maßnahmen löschen"),
        ("darst", "Helle Darstellung"),
        ("stellung", "Helle Darstellung"),
        ("hda", "Helle Darstellung"),
        ("", "Neue Maßnahme"),
    ],
)
def test_commands_are_found_by_german_words_their_parts_and_their_letters(typed: str, title: str) -> None:
    assert fit(typed, command(title)) is not None


def test_the_closer_fit_goes_before_the_last_used_and_other_words_count_less() -> None:
    save, folder = command("Sichern"), command("Ordner öffnen", also="sichern")
    letters = command("Seite ich nehme")
    assert ordered("sich", [folder, letters, save], ["Ordner öffnen"]) == [save, folder, letters]
    assert ordered("", [save, folder], ["Ordner öffnen"]) == [folder, save]
    assert ordered("xq", [save, folder], []) == []
