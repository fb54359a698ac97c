"""Editing in place: one cell at a time, saved as one change, left as it was by Esc, never overwritten."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.store import Store
from app.services import history, measures, merging
from app.services.workspace import Workspace
from app.ui.measures.cells import COLUMNS
from app.ui.measures.page import MeasuresPage
from app.ui.measures.views import Chip
from app.ui.widgets import base
from app.ui.widgets.choices import ChoiceBox, SetBox
from app.ui.widgets.notices import Toast
from app.ui.widgets.popover import Popover
from tests.ui.measures.acting import ARNSBERG, caught_up, make, titles, value
from tests.ui.typing import press, type_text

KEYS = [column.key for column in COLUMNS]


def begin(page: MeasuresPage, measure: EntityId, column: str) -> None:
    """With the keyboard: to the row, along it, F2."""
    page.table.setFocus(Qt.FocusReason.OtherFocusReason)
    page.table.go_to(measure, column)
    press(page.table, Qt.Key.Key_F2)


def inside() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def said(page: MeasuresPage) -> str:
    """The toast that stands there now."""
    return " ".join(toast.accessibleName() for toast in page.window().findChildren(Toast) if toast.isVisible())


def choose(page: MeasuresPage, code: str) -> None:
    """Pick from the open list, as Return does."""
    card = page.cell.card
    assert card is not None
    box = card.findChild(ChoiceBox)
    assert box is not None
    assert box.view().isVisible(), "the list is open at once"
    box.hidePopup()
    box.setCurrentIndex(next(i for i in range(box.count()) if box.itemData(i, 0x0100) == code))
    box.activated.emit(box.currentIndex())


@pytest.fixture
def bus_route(page: MeasuresPage, qtbot: QtBot, store: Store) -> EntityId:
    measure = make(store, "Bürgerbus", status="idea")
    make(store, "Carsharing")
    caught_up(qtbot, page)
    page.resize(1280, 700)
    return measure


def test_f2_writes_a_title_where_it_stands_and_return_saves_it_in_one_step(
    page: MeasuresPage, bus_route: EntityId, workspace: Workspace, qtbot: QtBot
) -> None:
    begin(page, bus_route, "title")
    type_text(inside(), "Bürgerbus Wittgenstein")
    assert value(workspace, bus_route, "title") == "Bürgerbus", "nothing is saved before Return"
    press(inside(), Qt.Key.Key_Return)
    assert value(workspace, bus_route, "title") == "Bürgerbus Wittgenstein"
    assert not page.cell.is_open()
    assert page.table.hasFocus()
    assert "Titel geändert" in said(page)
    caught_up(qtbot, page)
    assert titles(page)[0] == "Bürgerbus Wittgenstein"


def test_a_long_title_is_seen_from_its_beginning_and_whole_where_there_is_room(
    page: MeasuresPage, bus_route: EntityId, store: Store, qtbot: QtBot
) -> None:
    words = "Bürgerbus im Abendverkehr mit Ergänzung auf Abruf für alle Ortsteile im Tal"
    measures.edit(store, bus_route, {"title": words})
    caught_up(qtbot, page)
    begin(page, bus_route, "title")
    line = inside()
    assert isinstance(line, QLineEdit)
    assert line.selectedText() == words
    assert line.cursorPosition() == 0
    assert line.width() > base.text_width(words) > page.table.columnWidth(0)
    page.window().resize(640, 500)
    QApplication.processEvents()
    assert page.cell.card is not None
    assert page.table.viewport().rect().contains(page.cell.card.geometry())


def test_esc_leaves_it_as_it_was_and_nothing_is_written(
    page: MeasuresPage, bus_route: EntityId, workspace: Workspace
) -> None:
    begin(page, bus_route, "title")
    type_text(inside(), "Falsch")
    press(inside(), Qt.Key.Key_Escape)
    assert value(workspace, bus_route, "title") == "Bürgerbus"
    assert not page.cell.is_open()
    assert page.table.hasFocus()


def test_a_second_click_on_the_same_cell_edits_and_a_double_click_opens_the_form(
    page: MeasuresPage, bus_route: EntityId, qtbot: QtBot
) -> None:
    place = page.table.cell_rect(bus_route, "status")
    assert place is not None
    view = page.table.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.center())
    assert not page.cell.is_open()
    place = page.table.cell_rect(bus_route, "status")  # the form has come in beside
    assert place is not None
    page.table.setFocus(Qt.FocusReason.MouseFocusReason)
    page.table.go_to(bus_route, "status")
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.center())
    qtbot.waitUntil(page.cell.is_open)
    page.cell.cancel()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.center())
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place.center())
    assert not page.table._slowly.isActive()
    assert not page.cell.is_open()


def test_tab_saves_and_goes_along_the_row(page: MeasuresPage, bus_route: EntityId, workspace: Workspace) -> None:
    begin(page, bus_route, "period")
    type_text(inside(), "Q3/2026")
    press(inside(), Qt.Key.Key_Tab)
    type_text(inside(), "Ende 2027")
    press(inside(), Qt.Key.Key_Tab)
    assert (value(workspace, bus_route, "start"), value(workspace, bus_route, "end")) == ("2026-Q3", "2027~3")
    assert page.cell.is_open()
    type_text(inside(), "1,5 Mio")
    press(inside(), Qt.Key.Key_Tab)
    assert value(workspace, bus_route, "total_cost_cents") == 150_000_000
    assert not page.cell.is_open(), "what comes next writes itself"
    assert page.table.hasFocus()


def test_a_status_is_chosen_from_a_list_that_is_open_at_once(
    page: MeasuresPage, bus_route: EntityId, workspace: Workspace
) -> None:
    begin(page, bus_route, "status")
    choose(page, "in_progress")
    assert value(workspace, bus_route, "status") == "in_progress"
    assert not page.cell.is_open()
    assert "Status: " in said(page)


@pytest.mark.parametrize(
    ("column", "code", "field", "reason"),
    [("status", "paused", "status", "status_reason"), ("light", "red", "traffic_light", "traffic_light_reason")],
)
def test_what_needs_a_reason_asks_for_it_in_place_and_both_are_one_change(
    page: MeasuresPage, bus_route: EntityId, workspace: Workspace, column: str, code: str, field: str, reason: str
) -> None:
    before = value(workspace, bus_route, field)
    begin(page, bus_route, column)
    choose(page, code)
    assert value(workspace, bus_route, field) == before
    assert page.cell.card is not None
    assert page.cell.card.note() == "Bitte kurz begründen."
    press(inside(), Qt.Key.Key_Return)
    assert page.cell.is_open(), "without a reason it is not saved"
    type_text(inside(), "Der Fahrer fehlt")
    press(inside(), Qt.Key.Key_Return)
    assert (value(workspace, bus_route, field), value(workspace, bus_route, reason)) == (code, "Der Fahrer fehlt")
    history.undo(workspace.store)
    assert (value(workspace, bus_route, field), value(workspace, bus_route, reason)) == (before, None)


def test_fields_of_action_are_ticked_and_saved_when_the_list_is_left(
    page: MeasuresPage, bus_route: EntityId, workspace: Workspace, qtbot: QtBot
) -> None:
    begin(page, bus_route, "field")
    card = page.cell.card
    assert card is not None
    box = card.findChild(SetBox)
    assert box is not None
    popover = page.window().findChild(Popover)
    assert popover is not None
    box._on_ticks(frozenset({"mobility", "energy"}))
    assert value(workspace, bus_route, "fields_of_action") in (None, ())
    popover.close_now()
    qtbot.waitUntil(lambda: not page.cell.is_open())
    assert set(value(workspace, bus_route, "fields_of_action")) == {"mobility", "energy"}


def test_leaving_the_cell_saves_it(page: MeasuresPage, bus_route: EntityId, workspace: Workspace) -> None:
    begin(page, bus_route, "title")
    type_text(inside(), "Rufbus")
    page.table.setFocus(Qt.FocusReason.MouseFocusReason)
    assert value(workspace, bus_route, "title") == "Rufbus"
    assert not page.cell.is_open()


def test_leaving_the_room_saves_it(page: MeasuresPage, bus_route: EntityId, workspace: Workspace) -> None:
    begin(page, bus_route, "title")
    type_text(inside(), "Rufbus")
    assert page.save()
    assert value(workspace, bus_route, "title") == "Rufbus"


@pytest.mark.parametrize(
    ("column", "typed", "sentence"),
    [("title", "", "Titel"), ("cost", "viel", "Betrag"), ("period", "irgendwann", "verstanden")],
)
def test_what_cannot_be_saved_stays_with_its_sentence_wherever_one_goes(
    page: MeasuresPage, bus_route: EntityId, workspace: Workspace, column: str, typed: str, sentence: str
) -> None:
    begin(page, bus_route, column)
    field = inside()
    field.clear()  # type: ignore[attr-defined]
    type_text(field, typed or "\b")
    press(field, Qt.Key.Key_Return)
    page.table.setFocus(Qt.FocusReason.MouseFocusReason)
    assert page.cell.is_open()
    assert not page.save()
    card = page.cell.card
    assert card is not None
    told = " ".join(widget.text() for widget in card.findChildren(QWidget) if hasattr(widget, "text"))
    assert sentence in told + card.note()
    assert value(workspace, bus_route, "title") == "Bürgerbus"


def test_what_a_colleague_writes_meanwhile_is_told_and_both_versions_are_kept(
    page: MeasuresPage, bus_route: EntityId, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    begin(page, bus_route, "title")
    type_text(inside(), "Rufbus")
    measures.edit(store, bus_route, {"title": "Anrufsammeltaxi"})
    card = page.cell.card
    assert card is not None
    assert "Inzwischen geändert" in card.note()
    assert inside().text() == "Rufbus"  # type: ignore[attr-defined]


def test_a_row_that_moves_takes_its_card_along_and_one_that_no_longer_fits_stays(
    page: MeasuresPage, bus_route: EntityId, store: Store, qtbot: QtBot
) -> None:
    page.filters.set_chip(Chip("status", frozenset({"idea"})))
    qtbot.waitUntil(lambda: not page.is_asking)
    begin(page, bus_route, "title")
    type_text(inside(), "Z")
    measures.edit(store, bus_route, {"title": "Zuletzt"})
    make(store, "Anfang", status="idea")
    caught_up(qtbot, page)
    qtbot.waitUntil(lambda: titles(page) == ["Anfang", "Zuletzt"])
    measures.edit(store, bus_route, {"status": "in_progress"})
    make(store, "Aller Anfang", status="idea")
    caught_up(qtbot, page)
    qtbot.waitUntil(lambda: "Aller Anfang" in titles(page))
    assert "Zuletzt" in titles(page)
    QApplication.processEvents()
    card, place = page.cell.card, page.table.cell_rect(bus_route, "title")
    assert card is not None
    assert place is not None
    assert place.top() > 0
    assert abs(card.geometry().center().y() - place.center().y()) < 30
    assert inside().text() == "Z"  # type: ignore[attr-defined]


def test_a_measure_deleted_meanwhile_says_so_and_the_words_stay(
    page: MeasuresPage, bus_route: EntityId, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    begin(page, bus_route, "title")
    type_text(inside(), "Rufbus")
    measures.delete(store, bus_route)
    caught_up(qtbot, page)
    card = page.cell.card
    assert card is not None
    assert "Inzwischen gelöscht" in card.note()
    press(inside(), Qt.Key.Key_Return)
    assert value(workspace, bus_route, "title") == "Rufbus"


def test_a_measure_that_has_gone_into_another_takes_no_more_text_and_the_words_can_be_copied(
    page: MeasuresPage, bus_route: EntityId, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    stays = make(store, "Rufbus Hilchenbach")
    caught_up(qtbot, page)
    begin(page, bus_route, "title")
    type_text(inside(), "Linie 5")
    merging.merge(store, stays, bus_route)
    card = page.cell.card
    assert card is not None
    assert "in „Rufbus Hilchenbach“ aufgegangen" in card.note()
    press(inside(), Qt.Key.Key_Return)
    assert page.cell.is_open()
    assert "kann kopiert werden" in card.note()
    assert inside().text() == "Linie 5"  # type: ignore[attr-defined]
    assert value(workspace, bus_route, "title") == "Bürgerbus"
    press(inside(), Qt.Key.Key_Escape)
    assert not page.cell.is_open()


def test_whoever_may_not_edit_is_told_why(page: MeasuresPage, store: Store, qtbot: QtBot, workspace: Workspace) -> None:
    other = make(store, "Fremd", lead_ags=ARNSBERG)
    caught_up(qtbot, page)
    begin(page, other, "title")
    assert not page.cell.is_open()
    assert "Federführung hat Arnsberg" in said(page)


def test_a_column_that_writes_itself_says_so(page: MeasuresPage, bus_route: EntityId) -> None:
    begin(page, bus_route, "changed")
    assert not page.cell.is_open()
    assert "schreibt sich von selbst" in said(page)


def test_only_the_current_cell_is_marked_and_only_while_the_keyboard_is_there(
    page: MeasuresPage, bus_route: EntityId
) -> None:
    page.table.setFocus(Qt.FocusReason.OtherFocusReason)
    page.table.go_to(bus_route, "status")
    assert page.table.marked_cell() == (page.model.row_of(bus_route), KEYS.index("status"))
    press(page.table, Qt.Key.Key_Right)
    assert page.table.marked_cell()[1] == KEYS.index("light")
    page.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
    assert page.table.marked_cell() == (-1, -1)


def test_the_card_says_which_field_of_which_measure_and_stays_inside_the_table(
    page: MeasuresPage, bus_route: EntityId, qtbot: QtBot
) -> None:
    for column in ("title", "lead", "cost", "period"):
        begin(page, bus_route, column)
        card = page.cell.card
        assert card is not None
        assert "„Bürgerbus“" in card.accessibleName()
        assert "„Bürgerbus“" in page.cell._editors[0].focus.accessibleDescription()
        assert page.table.viewport().rect().contains(card.geometry())
        page.cell.cancel()


def test_scrolled_away_the_card_goes_with_its_row(page: MeasuresPage, store: Store, qtbot: QtBot) -> None:
    made = [make(store, f"Maßnahme {n:03}") for n in range(80)]
    caught_up(qtbot, page)
    qtbot.waitUntil(lambda: page.model.rowCount() == 80)
    begin(page, made[0], "title")
    type_text(inside(), "Oben")
    bar = page.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    card = page.cell.card
    assert card is not None
    assert not page.table.viewport().rect().intersects(card.geometry())
    bar.setValue(0)
    QApplication.processEvents()
    assert page.table.viewport().rect().contains(card.geometry().topLeft() + QPoint(5, 5))
    assert inside().text() == "Oben"  # type: ignore[attr-defined]
