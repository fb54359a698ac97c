"""Every screen as a screen reader and a keyboard meet it: name, role, state, one order, no trap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import resources
from app.config import Profile
from app.domain.region import parse_municipalities
from app.models.queries import records
from app.reports.document import Document, encode
from app.services import measures, minutes, participants, workshops
from app.services.workshops import Card
from app.ui.desktop import Desktop
from app.ui.main_window import MainWindow
from app.ui.widgets.reading_order import reading_order
from app.ui.workshops.column import CardColumn
from app.ui.workshops.month import MonthGrid
from tests.ui.accessibility.reading import expected_stops, is_exclusive, missing_words, tree
from tests.ui.accessibility.screens import SCREENS
from tests.ui.sync.conftest import BERLEBURG, Desk, Town
from tests.ui.typing import press

PAINTED = {
    "QuestionCard",
    "CardColumn",
    "WallCanvas",
    "PagesView",
    "MonthGrid",
}
"""Pieces that take the keys and paint what is in them: Qt knows no role for them but a pane. They have a name, and say
in their description what the keys stand on; cards, days, paragraphs are pieces of their own inside (`SpokenCards`)."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("town"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def desk(town: Town) -> Desk:
    """A desk with something of everything: a question, what waits, parts, a workshop with cards on a wall."""
    mine, other = town.desk("Katrin Brandt", "Laptop"), town.desk("Martin Hoffmann", "PC 114")
    store = mine.workspace.store
    made = measures.create(store, {"title": "Rufbus Möhnesee", "lead_ags": BERLEBURG, "start": "2026-Q1"})
    measures.add_part(store, made, "milestone", {"title": "Vergabe", "due": "2026-Q2"})
    measures.add_part(store, made, "task", {"title": "Angebote einholen", "due": "2026-11-20"})
    hall = workshops.create(
        store, {"title": "Bürgerdialog", "ags": BERLEBURG, "starts_at": "2026-12-01T19:00"}, ["Halle", "Markt"]
    )
    workshops.add_part(store, hall, "agenda_item", {"title": "Begrüßung", "minutes_planned": 10})
    station = records.children(mine.workspace.reader, hall, "station")[0]
    for words in ("Rufbus ab Bahnhof", "Mehr Bänke"):
        workshops.add_card(store, hall, Card("idea", words, station.id))
    participants.add(store, hall, ["Erika Muster, SGV Aue"], date(2099, 1, 1))
    minutes.release(store, hall, 1, encode(Document("Bürgerdialog", "Protokoll", "Freigabe 1")))
    mine.sync()
    other.sync()
    measures.edit(other.workspace.store, made, {"status": "planned"})
    measures.edit(store, made, {"status": "paused"})
    other.sync()
    mine.sync()
    measures.edit(store, made, {"goals": "Alle Dörfer."})
    return mine


class Strays(QObject):
    """Pieces that were shown before they had a place: each was a window for a moment and took the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.windowType() == _WINDOW:
            self.seen.append(watched.objectName() or type(watched).__name__)
        return False


_WINDOW = Qt.WindowType.Window


@pytest.fixture(scope="module")
def strays(qapp: QApplication) -> Iterator[Strays]:
    """Watches from before the first room is made."""
    made = Strays()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)


@pytest.fixture(scope="module")
def opened(
    qapp: QApplication, desk: Desk, strays: Strays, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desktop]:
    """One window for all screens, as one who works has it."""
    region = parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))
    made = Desktop(desk.workspace, region, Profile.at(tmp_path_factory.mktemp("window")), lambda: None)
    made.window.show()
    yield made
    made.close()
    made.window.close()
    made.window.deleteLater()


@pytest.fixture
def desktop(qtbot: QtBot, opened: Desktop) -> Desktop:
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    return opened


def shown(qtbot: QtBot, desktop: Desktop, screen: str) -> None:
    SCREENS[screen](desktop)
    qtbot.waitUntil(lambda: desktop.window.focusWidget() is not None)
    QApplication.processEvents()


def pressed_by_mouse_alone(window: MainWindow, order: list[QWidget]) -> list[str]:
    """Buttons that neither Tab nor arrow keys nor the list of commands reach."""
    listed = {command.key.rpartition("/")[2] for command in window.finding.palette.commands()} | ONLY_SAY
    return [
        button.objectName()
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.isEnabled() and button not in order and not is_exclusive(button)
        if button.objectName() not in listed and not button.objectName().startswith(("qt_", "log_"))
    ]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_says_itself_and_keys_reach_everything_once_around_as_one_reads(
    qtbot: QtBot, desktop: Desktop, screen: str
) -> None:
    shown(qtbot, desktop, screen)
    nodes = tree(desktop.window)
    assert missing_words(nodes) == []
    without_role = {node.kind for node in nodes if node.focusable and node.role in ("Client", "NoRole")}
    assert without_role <= PAINTED
    assert [node.name for node in nodes if node.role == "CheckBox" and not node.checkable] == []
    order = reading_order(desktop.window)
    assert pressed_by_mouse_alone(desktop.window, order) == []
    assert expected_stops(desktop.window) <= {one.objectName() for one in order}
    start = desktop.window.rail.findChild(QWidget, f"rail_{desktop.window.current_key()}")
    assert start is not None
    start.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget] = []
    for _ in range(len(order) + 1):
        inside = desktop.window.focusWidget()
        if reached and inside is start:
            break
        reached.append(inside)
        if inside.objectName() == ENTRY:
            # Tab means the next table there, as the legend below it says; F6 and Alt keys lead on.
            desktop.window.focusNextPrevChild(True)
        else:
            QTest.keyClick(inside, Qt.Key.Key_Tab)
    assert desktop.window.focusWidget() is start, "caught, or never back"
    assert [one.objectName() for one in order if one not in reached] == []


ENTRY = "entry"


def test_no_room_is_left_out_and_no_piece_of_one_is_ever_a_window_of_its_own(desktop: Desktop, strays: Strays) -> None:
    entered = set()
    for go in SCREENS.values():
        go(desktop)
        entered.add(desktop.window.current_key())
    assert entered == set(desktop.window.keys())
    assert set(strays.seen) == {"main_window"}


def test_the_line_of_the_mitschrift_keeps_tab_and_f6_and_its_own_keys_lead_out_of_it(
    qtbot: QtBot, desktop: Desktop
) -> None:
    shown(qtbot, desktop, "Mitschrift")
    view = desktop.workshops.view
    assert view is not None
    view.notes.focus_entry()
    line = desktop.window.focusWidget()
    assert line is not None
    assert line.objectName() == ENTRY
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert desktop.window.focusWidget() is line
    QTest.keyClick(line, Qt.Key.Key_F6)
    assert desktop.window.focusWidget() is not line
    for key in (Qt.Key.Key_P, Qt.Key.Key_T):
        view.notes.focus_entry()
        QTest.keyClick(line, key, Qt.KeyboardModifier.AltModifier)
        assert desktop.window.focusWidget() is not line


ONLY_SAY = {"status_saved", "status_synced"}
"""Pieces of the status line, like lines of the log without a record, that nothing happens to when they are pressed."""


def test_a_piece_that_is_on_or_off_says_so(qtbot: QtBot, desktop: Desktop) -> None:
    shown(qtbot, desktop, "Einstellungen")
    rooms = {node.name: node.checked for node in tree(desktop.window) if node.role == "RadioButton"}
    assert (rooms["Heute"], rooms["Workshops"], rooms["Einstellungen"]) == (False, False, True)
    ticks = [node for node in tree(desktop.window) if node.role == "CheckBox"]
    assert {(node.name, node.checked) for node in ticks} == {("Originale von Anhängen von selbst holen", False)}


def test_every_focus_can_be_seen(qtbot: QtBot, desktop: Desktop) -> None:
    """Whatever Tab reaches looks different with the focus than without."""
    shown(qtbot, desktop, "Maßnahmen")
    window, blind = desktop.window, []
    room = window.rail.findChild(QWidget, f"rail_{window.current_key()}")
    assert room is not None
    for stop in reading_order(window):
        if stop.objectName().startswith("rail_"):
            continue
        stand_on(qtbot, window, room)
        before = window.grab().toImage()
        stand_on(qtbot, window, stop)
        area = QRect(stop.mapTo(window, stop.rect().topLeft()), stop.size()).adjusted(-6, -6, 6, 6)
        if before.copy(area) == window.grab(area).toImage():
            blind.append(stop.objectName())
    assert blind == []


def stand_on(qtbot: QtBot, window: MainWindow, stop: QWidget) -> None:
    """The focus is there, in a window that has the keyboard: one that lost it paints no ring, and no piece hears of it.

    Whoever closes a window at the same moment takes the keyboard along; a round of events does not bring it back.
    """

    def stands() -> bool:
        if not window.isActiveWindow():
            window.activateWindow()
            return False
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        inside = QApplication.focusWidget()
        return inside is stop or (inside is not None and stop.isAncestorOf(inside))

    qtbot.waitUntil(stands)
    QApplication.processEvents()


def test_escape_gives_a_floating_list_up_and_the_focus_back(qtbot: QtBot, desktop: Desktop) -> None:
    shown(qtbot, desktop, "Maßnahmen")
    before = desktop.window.focusWidget()
    desktop.window.show_commands()
    for _ in range(2):
        press(desktop.window.top_bar.search, Qt.Key.Key_Escape)
    assert desktop.window.focusWidget() is before


@pytest.fixture
def listening() -> Iterator[None]:
    """A screen reader runs."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def cards_of(surface: QWidget) -> list[QAccessibleInterface]:
    """The pieces that a screen reader finds in a list, a table's cells or a painted surface's cards."""
    found: list[QAccessibleInterface] = []
    waiting = [QAccessible.queryAccessibleInterface(surface)]
    while waiting:
        node = waiting.pop()
        if node.state().invisible:
            continue
        if node.role() in (QAccessible.Role.ListItem, QAccessible.Role.Cell):
            found.append(node)
        waiting += [node.child(number) for number in range(node.childCount())]
    return found


def said(nodes: list[QAccessibleInterface]) -> list[str]:
    return sorted(node.text(QAccessible.Text.Name) for node in nodes)


def under_the_keys(nodes: list[QAccessibleInterface]) -> list[str]:
    return said([node for node in nodes if node.state().focused])


@pytest.mark.usefixtures("listening")
def test_every_card_of_the_wall_is_a_piece_with_words_place_and_state(qtbot: QtBot, desktop: Desktop) -> None:
    shown(qtbot, desktop, "Wand")
    view = desktop.workshops.view
    assert view is not None
    canvas = view.wall.canvas
    cards = cards_of(canvas)
    assert said(cards) == ["Mehr Bänke, Alle Karten", "Rufbus ab Bahnhof, Alle Karten"]
    assert len(under_the_keys(cards)) == 1
    before = under_the_keys(cards)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert under_the_keys(cards_of(canvas)) == sorted({*said(cards)} - {*before}), "it follows the arrow keys"

    QTest.keyClick(canvas, Qt.Key.Key_Space)
    (marked,) = [card for card in cards_of(canvas) if card.state().selected]
    assert marked.text(QAccessible.Text.Name).endswith(", ausgewählt")
    spot = canvas.layout_.spot(canvas.selection.current)
    assert spot is not None
    where = canvas.rect_of(spot.card.id).toRect()
    assert marked.rect() == where.translated(canvas.viewport().mapToGlobal(QPoint(0, 0)))

    (other,) = [card for card in cards_of(canvas) if not card.state().selected]
    other.actionInterface().doAction(other.actionInterface().actionNames()[0])
    assert len(canvas.selection) == 2, "a reader can mark a card without a key or a mouse"
    QTest.keyClick(canvas, Qt.Key.Key_Escape)


@pytest.mark.usefixtures("listening")
def test_every_card_of_the_mitschrift_is_a_piece_of_its_column(qtbot: QtBot, desktop: Desktop) -> None:
    shown(qtbot, desktop, "Mitschrift")
    view = desktop.workshops.view
    assert view is not None
    (column,) = [one for one in view.notes.board.findChildren(CardColumn) if one.lines()]
    column.setFocus(Qt.FocusReason.TabFocusReason)
    cards = cards_of(column)
    assert [words.split(": ", 1)[1] for words in said(cards)] == ["Mehr Bänke", "Rufbus ab Bahnhof"]
    assert [words.split(": ", 1)[1] for words in under_the_keys(cards)] == ["Mehr Bänke"]
    QTest.keyClick(column, Qt.Key.Key_Up)
    assert [words.split(": ", 1)[1] for words in under_the_keys(cards_of(column))] == ["Rufbus ab Bahnhof"]


@pytest.mark.parametrize(
    ("screen", "told"),
    [
        ("Tafel", ["Rufbus Möhnesee · Zwei Fassungen, Bad Berleburg, Keine Angabe, von 1. Quartal 2026"]),
        ("Zeitplan", ["von 1. Quartal 2026. 1 Meilenstein: Vergabe: 2. Quartal 2026, offen"]),
    ],
)
@pytest.mark.usefixtures("listening")
def test_every_card_of_the_board_and_every_bar_of_the_time_line_is_a_piece(
    qtbot: QtBot, desktop: Desktop, screen: str, told: list[str]
) -> None:
    shown(qtbot, desktop, screen)
    pieces = cards_of(desktop.measures.stage)
    assert set(told) <= set(said(pieces))
    assert len(under_the_keys(pieces)) == 1


@pytest.mark.usefixtures("listening")
def test_every_tile_of_the_map_is_a_piece_that_takes_the_focus_and_can_be_pressed_and_ticked(
    qtbot: QtBot, desktop: Desktop
) -> None:
    shown(qtbot, desktop, "Region")
    page = desktop.region
    page.map.setFocus(Qt.FocusReason.TabFocusReason)
    tiles = {ags: QAccessible.queryAccessibleInterface(tile) for ags, tile in page.map.tiles.items()}
    assert len(tiles) == 59
    assert {node.role() for node in tiles.values()} == {QAccessible.Role.CheckBox}
    assert all(node.state().focusable for node in tiles.values())
    assert all("Maßnahme" in node.text(QAccessible.Text.Name) for node in tiles.values())
    (before,) = [ags for ags, node in tiles.items() if node.state().focused]
    QTest.keyClick(desktop.window.focusWidget(), Qt.Key.Key_Right)
    (here,) = [ags for ags, node in tiles.items() if node.state().focused]
    assert here != before, "it follows the arrow keys"
    assert [ags for ags, node in tiles.items() if node.state().checked] == [here]

    def do(ags: str, deed: str) -> None:
        actions = tiles[ags].actionInterface()
        assert deed in actions.actionNames()
        actions.doAction(deed)

    do("05974040", "Press")  # Qt presses for a moment
    qtbot.waitUntil(lambda: [ags for ags, node in tiles.items() if node.state().checked] == ["05974040"])
    do(BERLEBURG, "Toggle")
    assert {ags for ags, node in tiles.items() if node.state().checked} == {"05974040", BERLEBURG}
    assert page.comparison.isVisible(), "ticking compares, as Space and Ctrl with a click do"
    do(BERLEBURG, "Toggle")
    do("05974040", "Toggle")
    assert not page.comparison.isVisible()


@pytest.mark.usefixtures("listening")
def test_every_day_of_the_calendar_is_a_piece_with_what_it_holds(qtbot: QtBot, desktop: Desktop) -> None:
    shown(qtbot, desktop, "Kalender")
    month = desktop.workshops.findChild(MonthGrid, "workshops_month")
    assert month is not None
    month.go_to(date(2026, 11, 30))
    month.setFocus(Qt.FocusReason.TabFocusReason)
    days = cards_of(month)
    assert len(days) == 42
    assert under_the_keys(days) == ["Montag, 30.11.2026: kein Workshop"]
    QTest.keyClick(month, Qt.Key.Key_Right)
    days = cards_of(month)
    (here,) = under_the_keys(days)
    assert here.startswith("Dienstag, 01.12.2026: 19:00, Bürgerdialog")
    (other,) = [node for node in days if node.text(QAccessible.Text.Name).startswith("Freitag, 25.12.2026")]
    other.actionInterface().doAction(other.actionInterface().actionNames()[0])
    assert month.day == date(2026, 12, 25), "a reader goes to a day without a key"
    assert month.rect().translated(month.mapToGlobal(QPoint(0, 0))).contains(other.rect())


@pytest.mark.usefixtures("listening")
def test_every_paragraph_of_the_minutes_is_a_piece_in_its_place_on_the_page(qtbot: QtBot, desktop: Desktop) -> None:
    shown(qtbot, desktop, "Papier")
    view = desktop.workshops.view
    assert view is not None
    pages, state = view.paper.pages, view.paper.state
    state.refresh()
    qtbot.waitUntil(lambda: len(state.places) > 0)
    pages.setFocus(Qt.FocusReason.TabFocusReason)
    pieces = cards_of(pages)
    assert len(pieces) == len(state.pieces) == len(state.places)
    assert "Überschrift Ebene 1: Bürgerdialog" in said(pieces)
    for _ in range(2):
        QTest.keyClick(pages, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    (here,) = under_the_keys(cards_of(pages))
    assert here == pages.spoken_words("1")
    tops = [pages.spoken_rect(key).top() for key in pages.spoken_keys()]
    assert tops == sorted(tops)
    last = pages.spoken_keys()[-1]
    (node,) = [node for node in cards_of(pages) if node.text(QAccessible.Text.Name) == pages.spoken_words(last)]
    node.actionInterface().doAction(node.actionInterface().actionNames()[0])
    assert pages.viewport().rect().intersects(pages.spoken_rect(last)), "it is brought into sight"
