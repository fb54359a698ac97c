"""The frame: rooms by rail and keys, the way back, an honest status line, a layout that is remembered."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QThread, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.bus import Bus
from app.ui.main_window import MainWindow
from app.ui.shell.search_hits import Hit, SearchHits
from app.ui.shell.shortcuts import ShortcutOverview
from app.ui.shell.status_line import Network, StatusLine, StatusView
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.words import Label
from tests.ui.typing import press, type_text

ROOMS = (
    ("today", "Heute", "sun"),
    ("measures", "Maßnahmen", "list-bullets"),
    ("workshops", "Workshops", "users-three"),
    ("sync", "Abgleich", "arrows-clockwise"),
)
FULL = StatusView(pending=12, last_sync_at_text="heute 14:32", receipt="4711", questions=2, network=Network.OFFLINE)


def room(name: str) -> QWidget:
    """A room with one field and one splitter."""
    page = QWidget()
    layout = QVBoxLayout(page)
    field = QLineEdit()
    field.setObjectName(f"{name}_field")
    splitter = Splitter(name=f"{name}_split")
    splitter.addWidget(Label("links"))
    splitter.addWidget(Label("rechts"))
    layout.addWidget(field)
    layout.addWidget(splitter)
    return page


def opened(qtbot: QtBot, settings: Path | None = None) -> MainWindow:
    """A window with four rooms and settings at the lower end."""
    window = MainWindow(settings)
    for key, title, icon in ROOMS:
        window.add_page(key, title, icon, room(key))
    window.add_page("settings", "Einstellungen", "gear-six", room("settings"), bottom=True)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """A window without settings."""
    return opened(qtbot)


def test_the_first_room_is_shown_and_has_the_focus(window: MainWindow) -> None:
    assert window.current_key() == "today"
    assert window.windowTitle() == "Heute – Maßwerk"
    assert not window.top_bar.search.hasFocus()


def test_the_rail_and_the_keys_reach_every_room(qtbot: QtBot, window: MainWindow) -> None:
    told: list[str] = []
    window.page_changed.connect(told.append)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    button = window.rail.findChild(QWidget, "rail_sync")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert told == ["measures", "sync", "settings"]


def test_arrow_keys_walk_the_rail(qtbot: QtBot, window: MainWindow) -> None:
    window.rail.focus_current()
    button = window.rail.findChild(QWidget, "rail_today")
    assert button is not None
    press(button, Qt.Key.Key_Down)
    assert window.current_key() == "measures"


def test_back_and_forward_go_through_rooms_and_records(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("measures", "m1")
    window.note_record("m2")
    window.show_page("sync")
    places: list[tuple[str, str]] = []
    window.place_requested.connect(lambda key, record: places.append((key, record)))
    for _ in range(3):
        window.go_back()
    window.go_back()
    window.go_forward()
    assert places == [("measures", "m2"), ("measures", "m1"), ("today", ""), ("measures", "m1")]


def test_ctrl_k_goes_to_the_search_and_its_finds_can_be_opened(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.top_bar.search.hasFocus()
    with qtbot.waitSignal(window.search_changed) as told:
        type_text(window.top_bar.search, "Möhne")
    assert told.args == ["Möhne"]
    window.show_hits([Hit("m1", "Möhnesee am See"), Hit("m2", "Möhnetal", "Schlagwort")])
    press(window.top_bar.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.hit_chosen) as chosen:
        press(window.top_bar.search, Qt.Key.Key_Return)
    assert chosen.args == ["m2"]
    assert window.top_bar.search.text() == ""


def test_a_key_that_leads_to_a_room_takes_the_keyboard_there_from_the_search(window: MainWindow) -> None:
    window.focus_search()
    assert window.focusWidget() is window.top_bar.search
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.page(window.current_key()).isAncestorOf(window.focusWidget())


def test_nothing_found_is_said(qtbot: QtBot, window: MainWindow) -> None:
    window.top_bar.search.setText("Xyz")
    window.show_hits([])
    hits = window.findChild(SearchHits)
    assert hits is not None
    said = [label.text() for label in hits.findChildren(Label) if label.isVisible()]
    assert said == ["Nichts gefunden zu „Xyz“."]


def test_undo_is_named_and_reached_by_key(qtbot: QtBot, window: MainWindow) -> None:
    undo = window.top_bar.findChild(QWidget, "undo")
    assert undo is not None
    assert not undo.isEnabled()
    window.set_undo("Ampel geändert")
    assert undo.isEnabled()
    assert undo.accessibleName() == "Rückgängig: Ampel geändert"
    assert "Strg+Z" in undo.toolTip()
    window.rail.focus_current()
    with qtbot.waitSignal(window.undo_requested):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(window.redo_requested):
        QTest.keyClick(window, Qt.Key.Key_Z, both)


def test_f6_goes_round_the_parts_of_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.rail.focus_current()
    seen = []
    for _ in range(4):
        window.focus_next_area()
        inside = window.focusWidget()
        assert inside is not None
        seen.append(inside.objectName())
    assert seen == ["search", "today_field", "status_pending", "rail_today"]


def test_f1_shows_every_key(qtbot: QtBot, window: MainWindow) -> None:
    window.register_keys("Maßnahmen", [("Ctrl+N", "Neue Maßnahme")])
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(ShortcutOverview)
    assert sheet is not None
    said = {label.text() for label in sheet.findChildren(Label)}
    assert {"Suchen", "Heute", "Neue Maßnahme"} <= said
    sheet.close()


def test_a_badge_says_what_it_counts(window: MainWindow) -> None:
    window.set_badge("sync", 2, "version", "offene Fragen")
    button = window.rail.findChild(QWidget, "rail_sync")
    assert button is not None
    assert button.accessibleName() == "Abgleich, 2 offene Fragen"
    window.set_badge("sync", 0)
    assert button.accessibleName() == "Abgleich"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768)])
@pytest.mark.parametrize("size", [100, 150, 200])
def test_every_room_and_word_is_in_sight_at_every_size(
    qtbot: QtBot, window: MainWindow, look: theme.Theme, width: int, height: int, size: int
) -> None:
    window.add_page("region", "Region", "hexagon", QWidget())
    window.add_page("reports", "Berichte", "chart-bar", QWidget())
    window.add_page("control", "Leitstand", "broadcast", QWidget(), apart=True)
    window.set_person("Katrin Brandt", "Nachrodt-Wiblingwerde")
    window.set_status(FULL)
    look.choose(text_size=size)
    window.resize(width, height)
    assert window.width() == width
    buttons = [child for child in window.rail.findChildren(QWidget) if child.objectName().startswith("rail_")]
    qtbot.waitUntil(lambda: all(button.height() >= button.sizeHint().height() for button in buttons))
    for above, below in itertools.pairwise(buttons):
        assert above.width() >= above.sizeHint().width()
        assert above.height() >= above.sizeHint().height()
        assert not above.geometry().intersects(below.geometry())
    line = window.status_line
    for item in (line.saved, line.pending, line.synced, line.questions, line.network):
        assert item.width() >= item.sizeHint().width(), item.objectName()
    assert line.network.geometry().right() <= line.width()


def test_the_status_line_says_everything_in_words(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1400, 32)
    line.set_view(FULL)
    line.show()
    assert [item.words() for item in (line.saved, line.pending, line.synced, line.questions, line.network)] == [
        "Gespeichert",
        "12 Änderungen noch nicht übertragen",
        "letzter Abgleich heute 14:32, Quittung 4711",
        "2 offene Fragen",
        "Kein Netz – alles geht weiter",
    ]


def test_the_status_line_never_claims_more_than_it_was_told(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1400, 32)
    line.set_view(StatusView(saved=False, save_error="Der Speicher ist voll", pending=1))
    assert line.saved.words() == "Der Speicher ist voll"
    assert line.pending.words() == "1 Änderung noch nicht übertragen"
    assert line.synced.words() == "noch nie abgeglichen"
    assert line.questions.isHidden()
    line.set_view(StatusView(saved=False))
    assert line.saved.words() == "Wird gespeichert …"


@pytest.mark.parametrize("network", list(Network))
def test_every_state_of_the_network_has_its_own_words(qtbot: QtBot, network: Network) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1400, 32)
    words = set()
    for each in Network:
        line.set_view(StatusView(network=each, agency="der Südwestfalen Agentur"))
        words.add(line.network.words())
    assert len(words) == len(Network)


def test_what_waits_is_counted_even_where_there_is_nobody_to_send_to(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1400, 32)
    line.set_view(StatusView(pending=31, network=Network.ALONE))
    assert line.pending.words() == "31 Änderungen noch nicht übertragen"
    line.set_view(StatusView(network=Network.ALONE))
    assert line.pending.isHidden()


def test_a_narrow_status_line_is_brief_and_keeps_the_whole_in_the_tooltip(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_view(FULL)
    line.resize(640, 32)
    line.show()
    assert line.synced.words() == "Quittung 4711"
    assert line.synced.toolTip() == "letzter Abgleich heute 14:32, Quittung 4711"
    assert line.synced.accessibleName() == line.synced.toolTip()
    assert line.questions.words() == "2 offene Fragen"


def test_pieces_of_the_status_line_lead_somewhere(qtbot: QtBot, window: MainWindow) -> None:
    window.set_status(FULL)
    line = window.status_line
    for item, signal in (
        (line.pending, line.pending_clicked),
        (line.questions, line.questions_clicked),
        (line.network, line.network_clicked),
    ):
        with qtbot.waitSignal(signal):
            press(item, Qt.Key.Key_Return)


def test_a_second_toast_takes_the_place_of_the_first(window: MainWindow) -> None:
    first = window.toast("Eins gelöscht.", "Rückgängig")
    second = window.toast("Zwei gelöscht.", "Rückgängig")
    assert not first.isVisible()
    assert second.isVisible()


def test_size_and_splitters_come_back_at_the_next_start(qtbot: QtBot, profile_dir: Path) -> None:
    file = profile_dir / "window.ini"
    first = opened(qtbot, file)
    first.resize(1111, 777)
    splitter = first.page("today").findChild(Splitter)
    assert splitter is not None
    splitter.setSizes([200, 700])
    sizes = splitter.sizes()
    with qtbot.waitSignal(first.closing):
        first.close()
    second = opened(qtbot, file)
    assert (second.width(), second.height()) == (1111, 777)
    again = second.page("today").findChild(Splitter)
    assert again is not None
    assert again.sizes() == sizes


class Listener(QObject):
    """Remembers in which thread it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[QThread] = []
        self.keys: list[object] = []

    @Slot(object)
    def on_applied(self, keys: object) -> None:
        """Take the keys."""
        self.threads.append(QThread.currentThread())
        self.keys.append(keys)


class Worker(QThread):
    """Tells the bus from another thread."""

    def __init__(self, bus: Bus) -> None:
        super().__init__()
        self._bus = bus

    def run(self) -> None:
        """Tell of one record."""
        self._bus.tell_applied(frozenset({("measure", "m1")}))


def test_the_bus_delivers_in_the_thread_of_the_listener(qtbot: QtBot) -> None:
    bus, listener = Bus(), Listener()
    bus.applied.connect(listener.on_applied)
    worker = Worker(bus)
    worker.start()
    qtbot.waitUntil(lambda: bool(listener.keys))
    worker.wait()
    assert listener.keys == [frozenset({("measure", "m1")})]
    assert listener.threads == [listener.thread()]


def test_an_empty_set_of_keys_only_renews_the_status(qtbot: QtBot) -> None:
    bus = Bus()
    with qtbot.assertNotEmitted(bus.applied), qtbot.waitSignal(bus.status_changed):
        bus.tell_applied(frozenset())


def test_everything_that_takes_the_focus_has_a_name_for_the_screen_reader(window: MainWindow) -> None:
    frame = (window.rail, window.top_bar, window.status_line)
    pieces = [piece for part in frame for piece in part.findChildren(QWidget)]
    focusable = [piece for piece in pieces if piece.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(focusable) >= 9
    assert [piece for piece in focusable if not piece.objectName() or not piece.accessibleName()] == []
