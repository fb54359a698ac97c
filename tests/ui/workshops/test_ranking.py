"""A room orders cards: ballots are filled by keys and by mouse, handed in, and give points by rank."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import walls
from app.models.queries.evenings import evening
from app.reports.document import pieces
from app.services import history, workshops
from app.services import walls as acting
from app.services.workshops import Card
from app.ui import theme
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.notices import Banner
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.paper.assembly import assemble
from app.ui.workshops.wall.view import WallView
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import Desk

BUS, PATH, WINTER, SHOP = "Bürgerbus auch abends", "Gehweg an der Ederbrücke", "Winterdienst", "Dorfladen"


@pytest.fixture
def cards(desk: Desk, workshop: EntityId) -> list[EntityId]:
    made = workshops.add_cards(desk.store, workshop, [Card("idea", text) for text in (BUS, PATH, WINTER, SHOP)])
    return [card for _, card in made]


@pytest.fixture
def vote(desk: Desk, workshop: EntityId) -> EntityId:
    """Three places: 3, 2, 1 points."""
    values = {"title": "Was zuerst?", "method": "ranking", "points_per_person": 6}
    return acting.create_round(desk.store, workshop, values)


@pytest.fixture
def wall(qtbot: QtBot, desk: Desk, workshop: EntityId, cards: list[EntityId]) -> Iterator[WallView]:
    page = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, page).resize(1440, 900)
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("wall")
    view = page.view.wall
    qtbot.waitUntil(view.canvas.hasFocus)
    yield view
    page.flush()
    page.leave()


def name(wall: WallView, *cards: EntityId) -> None:
    """One person says their cards, the first first; nothing is handed in."""
    for card in cards:
        wall.canvas.go_to(card)
        press(wall.canvas, Qt.Key.Key_Plus, "+")


def given(desk: Desk, workshop: EntityId) -> dict[EntityId, int]:
    return {card: points for (_, card), points in walls.wall(desk.workspace.reader, workshop).points.items()}


def test_a_facilitator_begins_a_ranking_and_is_asked_for_places_not_for_points(
    desk: Desk, workshop: EntityId, wall: WallView
) -> None:
    QTest.mouseClick(wall.round_bar.begin, Qt.MouseButton.LeftButton)
    window = wall.window()
    title, amount = window.findChild(LineEdit, "round_title"), window.findChild(LineEdit, "round_amount")
    method = window.findChild(ChoiceBox, "round_method")
    assert title is not None
    assert amount is not None
    assert method is not None
    type_text(title, "Was zuerst?")
    press(method, Qt.Key.Key_Down)
    press(method, Qt.Key.Key_Down)
    assert method.value() == "ranking"
    assert amount.accessibleName() == "Plätze je Stimmzettel"
    amount.selectAll()
    type_text(amount, "11\n")
    assert walls.wall(desk.workspace.reader, workshop).rounds == (), "no ballot has eleven places"
    amount.selectAll()
    type_text(amount, "2\n")
    (asked,) = walls.wall(desk.workspace.reader, workshop).rounds
    assert (asked.method, asked.points_per_person) == ("ranking", 3)
    assert not wall.side.ballot.isHidden()


def test_ballots_are_handed_in_by_keys_and_points_follow_from_the_places(
    desk: Desk, workshop: EntityId, wall: WallView, cards: list[EntityId], vote: EntityId
) -> None:
    bus, path, winter, _ = cards
    name(wall, path, bus, winter)
    assert given(desk, workshop) == {}, "a ballot that is being filled gives nothing yet"
    assert wall.canvas.accessibleDescription().startswith(f"{WINTER}, keine Punkte, Platz 3 auf dem Stimmzettel")
    press(wall.canvas, Qt.Key.Key_Return)
    assert given(desk, workshop) == {path: 3, bus: 2, winter: 1}
    name(wall, bus, path)
    press(wall.canvas, Qt.Key.Key_Return)
    assert given(desk, workshop) == {path: 5, bus: 5, winter: 1}
    assert [wall.state.rank(card) for card in cards] == [1, 1, 3, 0], "equal points share a rank"
    assert history.undo(desk.store)
    assert given(desk, workshop) == {path: 3, bus: 2, winter: 1}, "one ballot is one step"


def test_a_card_moves_up_down_and_off_the_ballot_by_key_number_and_mouse(
    qtbot: QtBot, wall: WallView, cards: list[EntityId], vote: EntityId
) -> None:
    bus, path, winter, shop = cards
    name(wall, bus, path, winter, winter)
    assert wall.state.ballot.cards == [bus, winter, path]
    wall.canvas.go_to(path)
    press(wall.canvas, Qt.Key.Key_1, "1")
    assert wall.state.ballot.cards == [path, bus, winter]
    wall.canvas.go_to(shop)
    press(wall.canvas, Qt.Key.Key_Plus, "+")
    banner = wall.findChild(Banner, "wall_refused")
    assert banner is not None
    assert banner.accessibleName().startswith("Der Stimmzettel ist voll.")
    buttons = wall.side.ballot.findChildren
    qtbot.waitUntil(lambda: any(one.isVisible() for one in buttons(QAbstractButton, "ballot_2_off")))
    off = [one for one in buttons(QAbstractButton, "ballot_2_off") if one.isVisible()]
    QTest.mouseClick(off[0], Qt.MouseButton.LeftButton)
    assert wall.state.ballot.cards == [path, winter]
    wall.canvas.go_to(winter)
    press(wall.canvas, Qt.Key.Key_Minus, "-")
    spot = wall.canvas.layout_.spot(shop)
    assert spot is not None
    QTest.mouseClick(
        wall.canvas.viewport(), Qt.MouseButton.LeftButton, pos=wall.canvas.layout_.steps(spot)[1].center().toPoint()
    )
    assert wall.state.ballot.cards == [path, shop]


def test_nobody_hands_in_more_ballots_than_there_are_people(
    desk: Desk, workshop: EntityId, wall: WallView, cards: list[EntityId], vote: EntityId
) -> None:
    workshops.set_head_count(desk.store, workshop, "citizens", 1)
    for _ in range(2):
        name(wall, *cards[:3])
        press(wall.canvas, Qt.Key.Key_Return)
    assert sum(given(desk, workshop).values()) == 6
    assert wall.state.ballot.cards == cards[:3], "the refused ballot is still there"
    workshops.set_head_count(desk.store, workshop, "citizens", 2)
    press(wall.canvas, Qt.Key.Key_Return)
    assert sum(given(desk, workshop).values()) == 12


def test_a_card_deleted_by_the_other_laptop_leaves_the_ballot_and_a_closed_round_empties_it(
    desk: Desk, wall: WallView, cards: list[EntityId], vote: EntityId
) -> None:
    name(wall, *cards[:3])
    workshops.delete_part(desk.store, "contribution", cards[0])
    assert wall.state.ballot.cards == cards[1:3]
    acting.close_round(desk.store, vote)
    assert wall.state.ballot.cards == []
    assert wall.side.ballot.isHidden()


def test_ballots_of_two_laptops_add_up(
    desk: Desk, colleague: Desk, workshop: EntityId, cards: list[EntityId], vote: EntityId
) -> None:
    desk.sync()
    colleague.sync()
    acting.hand_in(desk.store, workshop, vote, {cards[0]: 3, cards[1]: 2})
    acting.hand_in(colleague.store, workshop, vote, {cards[1]: 3, cards[0]: 2, cards[3]: 1})
    for one in (desk, colleague, desk):
        one.sync()
    assert given(desk, workshop) == given(colleague, workshop) == {cards[0]: 5, cards[1]: 5, cards[3]: 1}


def test_the_hall_sees_the_order_as_a_page_of_its_own_and_the_minutes_tell_how_it_was_counted(
    qtbot: QtBot, desk: Desk, workshop: EntityId, wall: WallView, cards: list[EntityId], vote: EntityId
) -> None:
    acting.hand_in(desk.store, workshop, vote, {cards[1]: 3, cards[0]: 2, cards[2]: 1})
    wall.project()
    hall = wall.projection
    assert hall is not None
    qtbot.waitExposed(hall)
    press(hall, Qt.Key.Key_Right)
    assert hall.accessibleDescription() == "Rangfolge, Seite 2 von 2"
    theme.active().choose(text_size=200)
    hall.resize(1440, 900)
    hall.relay()
    whole = hall._layout.height * hall._scale <= hall._area().height()
    theme.active().choose(text_size=100)
    assert whole, "large type at the desk hides nothing from the hall"
    hall.close()
    read = evening(desk.workspace.reader, workshop)
    assert read is not None
    told = "\n".join(piece.text for piece in pieces(assemble(read)))
    assert "Rangfolge, 3 Plätze je Stimmzettel (3, 2, 1 Punkte), 6 Punkte vergeben." in told
    assert told.index(PATH) < told.index(BUS) < told.index(WINTER)
