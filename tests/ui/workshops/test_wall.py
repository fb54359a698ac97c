"""The wall as a room uses it: by keys, by mouse, with a colleague at a second laptop and a screen in the hall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import lists, promotions, records, walls
from app.services import history, measures, workshops
from app.services import walls as acting
from app.services.workshops import Card
from app.ui import labels, theme
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.notices import Banner
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.wall.layout import PARKED, Layout, Look
from app.ui.workshops.wall.view import WallView
from app.ui.workshops.wall.wrapping import Wrap
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import AGS, Desk

TEXTS = (
    "Bürgerbus auch abends, nach dem Training",
    "Rufbus ab Bahnhof, Bestellung 30 Minuten vorher",
    "Gehweg an der Ederbrücke, 300 Meter Schulweg",
    "Der Gehweg an der Ederbrücke fehlt auf 300 Metern",
    "Wer pflegt die Wege im Winter?",
)


@pytest.fixture
def cards(desk: Desk, workshop: EntityId) -> list[EntityId]:
    made = workshops.add_cards(desk.store, workshop, [Card("idea", text) for text in TEXTS])
    return [card for _, card in made]


@pytest.fixture
def vote(desk: Desk, workshop: EntityId) -> EntityId:
    values = {"title": "Was zuerst?", "method": "dots", "points_per_person": 2}
    return acting.create_round(desk.store, workshop, values)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, workshop: EntityId) -> Iterator[WorkshopsPage]:
    made = WorkshopsPage(desk.workspace, desk.bus)
    window = shown(qtbot, made)
    window.resize(1440, 900)
    yield made
    made.flush()
    made.leave()


def open_wall(qtbot: QtBot, page: WorkshopsPage, workshop: EntityId) -> WallView:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("wall")
    qtbot.waitUntil(page.view.wall.canvas.hasFocus)
    return page.view.wall


def under(desk: Desk, workshop: EntityId) -> dict[str, set[str]]:
    """Titles of clusters and the cards in them, read back from the disk."""
    titles = {c.id: c.title for c in walls.wall(desk.workspace.reader, workshop).clusters}
    found: dict[str, set[str]] = {}
    for card in records.children(desk.workspace.reader, workshop, "contribution"):
        key = PARKED if card.get("parked") else titles.get(card.text("cluster_id"), "")
        found.setdefault(key, set()).add(card.id)
    return found


def stand_on(wall: WallView, card: EntityId) -> None:
    wall.canvas.go_to(card)


def test_a_room_votes_by_plus_and_minus_and_sees_what_is_left(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId], vote: EntityId
) -> None:
    workshops.set_head_count(desk.store, workshop, "citizens", 3)
    wall = open_wall(qtbot, page, workshop)
    stand_on(wall, cards[1])
    for _ in range(4):
        press(wall.canvas, Qt.Key.Key_Plus, "+")
    press(wall.canvas, Qt.Key.Key_Minus, "-")
    assert walls.wall(desk.workspace.reader, workshop).points == {(vote, cards[1]): 3}
    assert wall.round_bar.left_words(wall.state.total(), wall.state.budget()) == "noch 3 von 6 Punkten"
    assert "3 Punkte" in wall.canvas.accessibleDescription()
    spot = wall.canvas.layout_.spot(cards[2])
    assert spot is not None
    _, more = wall.canvas.layout_.steps(spot)
    QTest.mouseClick(wall.canvas.viewport(), Qt.MouseButton.LeftButton, pos=more.center().toPoint())
    assert walls.wall(desk.workspace.reader, workshop).points[(vote, cards[2])] == 1
    history.undo(desk.store)
    assert [line.id for line in wall.state.ranking(9)] == [cards[1]]


def test_nobody_gives_more_dots_than_the_room_has_and_the_wall_says_so(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId], vote: EntityId
) -> None:
    workshops.set_head_count(desk.store, workshop, "citizens", 1)
    wall = open_wall(qtbot, page, workshop)
    stand_on(wall, cards[0])
    for _ in range(3):
        press(wall.canvas, Qt.Key.Key_Plus, "+")
    assert walls.wall(desk.workspace.reader, workshop).points == {(vote, cards[0]): 2}
    banner = wall.findChild(Banner, "wall_refused")
    assert banner is not None
    assert banner.isVisible()
    assert banner.accessibleName() == "Alle Punkte sind vergeben. Nehmen Sie zuerst anderswo einen weg."
    stand_on(wall, cards[1])
    workshops.set_head_count(desk.store, workshop, "citizens", 2)
    press(wall.canvas, Qt.Key.Key_Plus, "+")
    assert [wall.state.points(card) for card in cards[:2]] == [2, 1], "somebody came late"


def test_a_room_shares_out_a_budget_sees_the_ranking_and_closes_the_round(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    wall = open_wall(qtbot, page, workshop)
    QTest.mouseClick(wall.round_bar.begin, Qt.MouseButton.LeftButton)
    title = page.window().findChild(LineEdit, "round_title")
    method = page.window().findChild(ChoiceBox, "round_method")
    amount = page.window().findChild(LineEdit, "round_amount")
    assert title is not None
    assert method is not None
    assert amount is not None
    type_text(title, "Wohin mit dem Geld?")
    press(method, Qt.Key.Key_Down)
    assert amount.text() == "10.000"
    amount.selectAll()
    type_text(amount, "1.000\n")
    stand_on(wall, cards[2])
    for _ in range(3):
        press(wall.canvas, Qt.Key.Key_Plus, "+")
    stand_on(wall, cards[0])
    for _ in range(20):
        press(wall.canvas, Qt.Key.Key_Plus, "+")
    reader = desk.workspace.reader
    (asked,) = walls.wall(reader, workshop).rounds
    assert walls.wall(reader, workshop).cents == {(asked.id, cards[2]): 15_000, (asked.id, cards[0]): 85_000}
    assert wall.round_bar.left_words(wall.state.total(), wall.state.budget()) == "noch 0 € von 1.000 €"
    ranks = wall.side.ranking.findChildren
    qtbot.waitUntil(lambda: sum(rank.isVisible() for rank in ranks(QAbstractButton)) == 2)
    told = [rank.accessibleName() for rank in ranks(QAbstractButton) if rank.isVisible()]
    assert told == [f"1. {TEXTS[0]}, 850 €", f"2. {TEXTS[2]}, 150 €"]

    close = next(one for one in wall.round_bar.menu().actions() if one.text() == "Abstimmung schließen")
    close.trigger()
    press(wall.canvas, Qt.Key.Key_Minus, "-")
    assert sum(walls.wall(reader, workshop).cents.values()) == 100_000, "a closed round stays as it is"


def test_marked_cards_are_laid_together_and_moved_by_keys_each_as_one_step(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    wall = open_wall(qtbot, page, workshop)
    for card in cards[:2]:
        stand_on(wall, card)
        press(wall.canvas, Qt.Key.Key_Space, " ")
    assert not wall.bar.isHidden()
    press(wall.canvas, Qt.Key.Key_Z, "z")
    assert under(desk, workshop) == {TEXTS[0]: set(cards[:2]), "": set(cards[2:])}
    assert wall.bar.isHidden()
    stand_on(wall, cards[4])
    press(wall.canvas, Qt.Key.Key_Left, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert under(desk, workshop)[TEXTS[0]] == {*cards[:2], cards[4]}
    assert wall.canvas.selection.current == cards[4]
    history.undo(desk.store)
    history.undo(desk.store)
    assert under(desk, workshop) == {"": set(cards)}


def test_arrow_keys_reach_every_card(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    acting.create_cluster(desk.store, workshop, "Bus", cards[:2])
    acting.park_cards(desk.store, cards[4:])
    wall = open_wall(qtbot, page, workshop)
    reached, waiting = {cards[0]}, [cards[0]]
    while waiting:
        start = waiting.pop()
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            stand_on(wall, start)
            press(wall.canvas, key)
            here = wall.canvas.selection.current
            if here not in reached:
                reached.add(here)
                waiting.append(here)
    assert reached == set(cards)


def test_a_card_is_dragged_into_another_cluster_and_into_the_topic_store(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    bus = acting.create_cluster(desk.store, workshop, "Bus", cards[:1])
    wall = open_wall(qtbot, page, workshop)
    panel = next(p for p in wall.canvas.layout_.panels if p.content.key == bus)
    drag(wall, cards[1], panel.rect.center().toPoint())
    assert under(desk, workshop)["Bus"] == set(cards[:2])
    port = wall.canvas.viewport()
    drag(wall, cards[4], QPoint(port.width() - 60, port.height() - 40))
    assert under(desk, workshop)[PARKED] == {cards[4]}


def test_what_hangs_at_the_mouse_and_what_one_leaves_are_wiped_away_though_only_pieces_are_painted_anew(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    wall = open_wall(qtbot, page, workshop)
    port = wall.canvas.viewport()

    def on_screen() -> QImage:
        QApplication.processEvents()
        area = QRect(port.mapTo(port.window(), QPoint(0, 0)), port.size())
        return port.screen().grabWindow(port.window().winId()).toImage().copy(area)

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        press(wall.canvas, key)
        assert on_screen() == port.grab().toImage().convertToFormat(on_screen().format()), "walked"
    start = wall.canvas.rect_of(cards[0]).topLeft().toPoint() + QPoint(20, 12)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for place in (QPoint(60, 40), QPoint(200, 90), QPoint(420, 130), QPoint(500, 700), QPoint(300, 120)):
        move(wall, start + place)
        assert on_screen() == port.grab().toImage().convertToFormat(on_screen().format()), f"dragged to {place}"
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=start)


def drag(wall: WallView, card: EntityId, to: QPoint) -> None:
    port, start = wall.canvas.viewport(), wall.canvas.rect_of(card).topLeft().toPoint() + QPoint(20, 12)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for point in (start + QPoint(20, 20), to):
        move(wall, point)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=to)


def move(wall: WallView, to: QPoint) -> None:
    port, left = wall.canvas.viewport(), Qt.MouseButton.LeftButton
    where = QPointF(to)
    event = QMouseEvent(QEvent.Type.MouseMove, where, port.mapToGlobal(where), left, left, Qt.KeyboardModifier(0))
    QApplication.sendEvent(port, event)


def test_m_makes_a_measure_of_marked_cards_and_the_wall_says_what_became_of_them(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    wall = open_wall(qtbot, page, workshop)
    for card in cards[:2]:
        stand_on(wall, card)
        press(wall.canvas, Qt.Key.Key_Space, " ")
    press(wall.canvas, Qt.Key.Key_M, "m")
    title = page.window().findChild(LineEdit, "promote_title")
    assert title is not None
    assert title.text() == TEXTS[0]
    title.selectAll()
    type_text(title, "Bürgerbus am Abend\n")
    (outcome,) = promotions.outcomes(desk.workspace.reader, workshop)
    assert (outcome.title, set(outcome.cards)) == ("Bürgerbus am Abend", set(cards[:2]))
    measure = records.get_record(desk.workspace.reader, "measure", outcome.measure)
    assert measure is not None
    assert measure.text("lead_ags") == AGS
    assert all(text in measure.text("initial_situation") for text in TEXTS[:2])
    asked: list[tuple[str, str]] = []
    page.record_requested.connect(lambda kind, record: asked.append((kind, record)))
    link = wall.side.became.findChild(QPushButton, f"became_{outcome.measure}")
    assert link is not None
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert asked == [("measure", outcome.measure)]
    action = history.next_undo(desk.store)
    assert labels.action_text(action or "") == "Karte zu Maßnahme gemacht"
    history.undo(desk.store)
    assert promotions.outcomes(desk.workspace.reader, workshop) == []
    assert lists.measure_ids(desk.workspace.reader, lists.MeasureFilter()) == []


def test_a_card_is_linked_to_a_measure_that_is_there(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    there = measures.create(desk.store, {"title": "Gehweg Ederbrücke", "lead_ags": AGS})
    wall = open_wall(qtbot, page, workshop)
    stand_on(wall, cards[2])
    wall.ask_promote()
    name = f"promote_link_{there}"
    qtbot.waitUntil(lambda: page.window().findChild(QPushButton, name) is not None)
    found = page.window().findChild(QPushButton, name)
    assert found is not None
    found.click()
    (outcome,) = promotions.outcomes(desk.workspace.reader, workshop)
    assert (outcome.measure, outcome.cards) == (there, (cards[2],))


def test_similar_cards_are_suggested_with_their_reason_and_what_stays_apart_is_not_asked_again(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    wall = open_wall(qtbot, page, workshop)
    together = wall.side.together
    qtbot.waitUntil(lambda: together.join.isVisible())
    assert together.note.text() == "1 von 1"
    assert "Ederbrücke" in together.reason(wall._pairs[0], *map(wall.state.card, cards[2:4]))  # type: ignore[arg-type]
    together.leave.click()
    assert not together.join.isVisible()
    together.again.click()
    assert together.join.isVisible()
    assert not together.again.isVisible(), "there is nothing left to take back"
    assert walls.kept_apart(desk.workspace.reader, workshop) == frozenset()
    together.leave.click()
    assert not together.join.isVisible()
    assert walls.kept_apart(desk.workspace.reader, workshop) == {(min(cards[2:4]), max(cards[2:4]))}
    page.show_list()
    wall = open_wall(qtbot, page, workshop)
    qtbot.waitUntil(lambda: bool(wall._pairs))
    assert not wall.side.together.join.isVisible()


def test_a_colleagues_dots_and_clusters_appear_while_one_looks(
    qtbot: QtBot, desk: Desk, colleague: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId],
    vote: EntityId,
) -> None:  # fmt: skip
    desk.sync()
    colleague.sync()
    wall = open_wall(qtbot, page, workshop)
    workshops.vote(colleague.store, workshop, vote, cards[0], 4)
    acting.create_cluster(colleague.store, workshop, "Bus", cards[:2])
    workshops.vote(desk.store, workshop, vote, cards[0], 3)
    colleague.sync()
    desk.sync()
    assert wall.state.points(cards[0]) == 7
    panel = wall.canvas.layout_.panel_of(cards[0])
    assert panel is not None
    assert panel.content.title == "Bus"


def test_the_hall_sees_the_cluster_one_stands_on(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    acting.create_cluster(desk.store, workshop, "Bus", cards[:2])
    wall = open_wall(qtbot, page, workshop)
    wall.project()
    hall = wall.projection
    assert hall is not None
    stand_on(wall, cards[3])
    assert hall.accessibleDescription() == "Noch nicht zugeordnet, Seite 2 von 2"
    press(hall, Qt.Key.Key_Left)
    assert hall.accessibleDescription() == "Bus, Seite 1 von 2"
    press(hall, Qt.Key.Key_Escape)
    assert wall.projection is None


def test_an_empty_wall_leads_to_the_notes(qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId) -> None:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("wall")
    start = page.view.wall.findChild(QPushButton, "wall_empty_start")
    assert start is not None
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.view.notes.entry.line.hasFocus)


@pytest.mark.parametrize("size", [100, 200])
def test_of_two_thousand_cards_only_those_in_sight_are_looked_at_and_none_overlap(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, size: int
) -> None:
    theme.active().choose("light", size)
    workshops.add_cards(desk.store, workshop, [Card("idea", f"{TEXTS[n % 5]} {n}") for n in range(2000)])
    wall = open_wall(qtbot, page, workshop)
    (panel,) = wall.canvas.layout_.panels
    seen = list(panel.within(20_000, 20_800))
    assert 0 < len(seen) < 60
    for column in panel.columns:
        assert all(a.rect.bottom() < b.rect.top() for a, b in pairwise(column))
    assert sum(map(len, panel.columns)) == 2000


def test_a_large_wall_shows_what_is_in_sight_first_and_the_rest_changes_nothing_of_it(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId
) -> None:
    texts = [f"{TEXTS[n % 5]} {n}" * (1 + n % 3) for n in range(900)]
    made = [card for _, card in workshops.add_cards(desk.store, workshop, [Card("idea", text) for text in texts])]
    for at, title in enumerate(("Bus", "Wege", "Schule")):
        acting.create_cluster(desk.store, workshop, title, made[at * 200 : (at + 1) * 200])
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("wall")
    canvas = page.view.wall.canvas
    bar, sight = canvas.verticalScrollBar(), canvas.viewport()
    high, first = bar.maximum(), sight.grab().toImage()
    assert 0 < high < 2000
    qtbot.waitUntil(lambda: bar.maximum() > 5 * high)
    assert sight.grab().toImage() == first
    assert canvas.layout_.is_whole

    page.view.show_view("notes")
    page.view.show_view("wall")
    canvas.go_to(made[899])
    assert sight.rect().contains(canvas.rect_of(made[899]).center().toPoint()), "who asks for a card need not wait"


def test_words_of_any_length_are_broken_into_lines_that_fit() -> None:
    metrics = theme.metrics("body")
    wrap = Wrap(metrics, 160, 20, 4)
    for text in ("", "x" * 500, "Donaudampfschifffahrtsgesellschaftskapitän " * 9, "🚌 مرحبا שלום " * 30, *TEXTS):
        lines = wrap.lines(text)
        assert 1 <= len(lines) <= 4
        assert all(metrics.horizontalAdvance(line) <= 161 for line in lines)
    assert wrap.lines("Bus\n\nund Bahn") == ("Bus und Bahn",)
    broken = Wrap(metrics, 160, 20, 9).lines("Am Dorfgemeinschaftshausparkplatzrand, 3 Bänke")
    assert [line for line in broken if "-" in line[:-1]] == []
    assert "".join(line.removesuffix("-") for line in broken).split(",")[0] == "AmDorfgemeinschaftshausparkplatzrand"
    assert Layout(Look.desk()).first() is None


def test_a_wall_behind_the_mitschrift_is_laid_out_when_somebody_looks_again_and_has_missed_nothing(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    wall = open_wall(qtbot, page, workshop)
    assert page.view is not None
    page.view.show_view("notes")
    (((_, late),)) = workshops.add_cards(desk.store, workshop, [Card("idea", "Beleuchtung am Radweg")])
    assert page.view.session.deck.holds(late), "the Mitschrift has it at once"
    assert wall.canvas.layout_.spot(late) is None, "nobody sees the wall: nothing is laid out"
    page.view.show_view("wall")
    assert wall.canvas.layout_.spot(late) is not None
    assert wall.canvas.layout_.spot(cards[0]) is not None
    history.undo(desk.store)
    assert wall.canvas.layout_.spot(late) is None, "in sight it follows at once"


def test_a_word_too_long_for_its_card_is_broken_where_german_is_broken(qtbot: QtBot) -> None:
    lines = Wrap(theme.metrics("body"), 175, 0, 6).lines(
        "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"
    )
    assert len(lines) > 2
    for line, following in pairwise(lines):
        assert line.endswith("-")
        assert following[0] not in "aeiouäöü", f"{line} {following}"
        assert f"{line[-2]}{following[0]}" not in ("ch", "ck", "ph", "th"), f"{line} {following}"
    assert "".join(line.removesuffix("-") for line in lines).startswith("Donaudampfschifffahrts")
