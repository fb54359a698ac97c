"""The board: the same measures as cards by status, moved by mouse and by keyboard, with a reason where one is due."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.ids import new_id
from app.models.queries import lists
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import history
from app.services.workspace import Workspace
from app.ui.measures.board import Board
from app.ui.measures.page import MeasuresPage
from app.ui.measures.tiles import TileColumn
from app.ui.measures.views import Chip
from app.ui.widgets.notices import Toast
from tests.ui.measures.acting import ARNSBERG, make, value
from tests.ui.measures.conftest import AGS
from tests.ui.typing import press, type_text

ALT = Qt.KeyboardModifier.AltModifier


def column(page: MeasuresPage, status: str) -> TileColumn:
    return next(lane.tiles for lane in page.board.lanes if lane.tiles.status == status)


def cards(page: MeasuresPage) -> dict[str, int]:
    lanes = page.board.lanes
    return {lane.tiles.status: lane.tiles.tiles.rowCount() for lane in lanes if lane.tiles.tiles.rowCount()}


@pytest.fixture
def board(page: MeasuresPage, store: Store, qtbot: QtBot) -> Board:
    page.window().resize(1600, 760)
    for title, status in (("Radweg", "planned"), ("LoRaWAN", "planned"), ("WLAN", "approved"), ("Ohne", None)):
        make(store, title, **({"status": status} if status else {}))
    button = page.modes.findChild(QWidget, "measure_modes_board")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.board.isVisible)
    return page.board


def test_columns_say_how_many_they_hold_and_the_filters_of_the_table_hold_here_too(
    page: MeasuresPage, board: Board, store: Store
) -> None:
    assert cards(page) == {"": 1, "planned": 2, "approved": 1}
    assert column(page, "planned").accessibleName() == "Geplant, 2 Maßnahmen"
    page.filters.set_chip(Chip("status", frozenset({"approved"})))
    assert cards(page) == {"approved": 1}
    page.filters.clear()
    page.search("LoRaWAN")
    assert cards(page) == {"planned": 1}


def test_alt_and_an_arrow_move_a_card_as_one_change_with_a_way_back(
    page: MeasuresPage, board: Board, store: Store, workspace: Workspace
) -> None:
    planned = column(page, "planned")
    planned.setFocus(Qt.FocusReason.TabFocusReason)
    planned.choose(0)
    moved = planned.current()
    press(planned, Qt.Key.Key_Right, modifiers=ALT)
    assert value(workspace, moved, "status") == "funding_review"
    assert column(page, "funding_review").hasFocus(), "the focus goes with the card"
    assert column(page, "funding_review").current() == moved
    history.undo(store)
    assert value(workspace, moved, "status") == "planned"


def test_arrows_walk_through_cards_and_columns_and_return_opens_the_form(page: MeasuresPage, board: Board) -> None:
    planned = column(page, "planned")
    planned.setFocus(Qt.FocusReason.TabFocusReason)
    planned.choose(0)
    press(planned, Qt.Key.Key_Right)
    approved = column(page, "approved")
    assert approved.hasFocus(), "empty columns are passed over"
    press(approved, Qt.Key.Key_Return)
    assert page.pane.measure == approved.tiles.id_at(0)
    assert page.split.is_open()


def test_a_card_is_dragged_into_another_column(page: MeasuresPage, board: Board, workspace: Workspace) -> None:
    planned, target = column(page, "planned"), column(page, "in_review")
    moved = planned.tiles.id_at(0)
    start = planned.visualRect(planned.tiles.index(0)).center()
    drop = planned.viewport().mapFromGlobal(target.viewport().mapToGlobal(QPoint(60, 60)))
    QTest.mousePress(planned.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(planned.viewport(), start + QPoint(-40, 0))
    QTest.mouseMove(planned.viewport(), drop)
    QTest.mouseRelease(planned.viewport(), Qt.MouseButton.LeftButton, pos=drop)
    assert value(workspace, moved, "status") == "in_review"


def test_esc_puts_a_dragged_card_back_and_nothing_is_written(
    page: MeasuresPage, board: Board, workspace: Workspace
) -> None:
    planned, target = column(page, "planned"), column(page, "in_review")
    held = planned.tiles.id_at(0)
    start = planned.visualRect(planned.tiles.index(0)).center()
    drop = planned.viewport().mapFromGlobal(target.viewport().mapToGlobal(QPoint(60, 60)))
    QTest.mousePress(planned.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(planned.viewport(), start + QPoint(-40, 0))
    QTest.mouseMove(planned.viewport(), drop)
    assert planned.is_lifted(held)
    press(planned, Qt.Key.Key_Escape)
    QTest.mouseRelease(planned.viewport(), Qt.MouseButton.LeftButton, pos=drop)
    assert not planned.is_lifted(held)
    assert value(workspace, held, "status") == "planned"


def test_a_card_held_at_the_edge_brings_further_columns_into_sight(
    page: MeasuresPage, board: Board, workspace: Workspace, qtbot: QtBot
) -> None:
    planned = column(page, "planned")
    bar = board.horizontalScrollBar()
    bar.setValue(0)
    start = planned.visualRect(planned.tiles.index(0)).center()
    edge = planned.viewport().mapFromGlobal(board.mapToGlobal(QPoint(board.width() - 4, 300)))
    QTest.mousePress(planned.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(planned.viewport(), start + QPoint(40, 0))
    QTest.mouseMove(planned.viewport(), edge)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    QTest.mouseRelease(planned.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(0, -400))
    assert cards(page)["planned"] == 2, "let go outside of the columns, it stays"


def test_a_move_that_needs_a_reason_asks_for_it_in_the_column(
    page: MeasuresPage, board: Board, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Mängelmelder", status="in_progress")
    board.refresh(frozenset({made}))
    running = column(page, "in_progress")
    running.setFocus(Qt.FocusReason.TabFocusReason)
    running.choose(0)
    press(running, Qt.Key.Key_Right, modifiers=ALT)
    field = board.findChild(QWidget, "board_reason")
    assert field is not None
    assert field.hasFocus()
    assert value(workspace, made, "status") == "in_progress", "nothing is written yet"
    press(field, Qt.Key.Key_Escape)
    assert running.hasFocus()
    press(running, Qt.Key.Key_Right, modifiers=ALT)
    field = next(one for one in board.findChildren(QWidget, "board_reason") if one.isVisible())
    type_text(field, "Förderbescheid fehlt\n")
    assert value(workspace, made, "status") == "paused"
    assert value(workspace, made, "status_reason") == "Förderbescheid fehlt"
    history.undo(store)
    assert value(workspace, made, "status") == "in_progress"
    assert not value(workspace, made, "status_reason"), "status and reason were one change"


def test_who_may_only_read_keeps_the_card_where_it_is(
    page: MeasuresPage, board: Board, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Fremd", status="idea")
    store.put_settings(grant=encode_grant("coordinator", ARNSBERG, []))
    board.refresh(frozenset({made}))
    idea = column(page, "idea")
    idea.setFocus(Qt.FocusReason.TabFocusReason)
    idea.choose(0)
    press(idea, Qt.Key.Key_Right, modifiers=ALT)
    assert value(workspace, made, "status") == "idea"
    toast = page.window().findChild(Toast)
    assert toast is not None
    assert "Nur zum Lesen" in toast.accessibleName()


def test_only_cards_in_sight_are_fetched_and_only_those_near_are_laid_out(
    page: MeasuresPage, board: Board, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.change("measure.create") as draft:
        for n in range(600):
            draft.create("measure", new_id(), None, {"title": f"M {n:03}", "lead_ags": AGS, "status": "idea"})
    asked: list[int] = []
    true_lines = lists.measure_lines

    def counted(reader: object, ids: object) -> object:
        asked.append(len(ids))  # type: ignore[arg-type]
        return true_lines(reader, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(lists, "measure_lines", counted)
    board.refresh(frozenset())
    idea = column(page, "idea")
    assert (idea.tiles.count(), idea.tiles.rowCount()) == (600, 200), "the view lays out what it is told of"
    assert idea.accessibleName() == "Idee, 600 Maßnahmen"
    idea.setFocus()
    press(idea, Qt.Key.Key_End)
    assert idea.currentIndex().row() == 599
    assert sum(asked) < 200
    assert idea.tiles.index(599).data() == "M 599"
