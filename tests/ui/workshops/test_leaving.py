"""Whoever leaves a workshop is told of what is on no disk yet; what can be saved is saved, what is given up is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import records
from app.services import walls as acting
from app.services import workshops
from app.services.workshops import Card
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.notices import Banner
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.workshop import WorkshopView
from tests.ui.measures.test_bad_days import full_disk
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import AGS, Desk


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, workshop: EntityId) -> Iterator[WorkshopsPage]:
    made = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, made).resize(1360, 840)
    made.show_record(workshop)
    yield made
    made.flush()
    made.leave()


@pytest.fixture
def view(page: WorkshopsPage) -> WorkshopView:
    assert page.view is not None
    return page.view


def line(page: WorkshopsPage, name: str) -> LineEdit:
    found = page.findChild(LineEdit, name)
    assert isinstance(found, LineEdit)
    return found


def told(page: WorkshopsPage) -> str:
    banner = page.findChild(Banner, "workshops_unsaved")
    assert banner is not None
    return banner.accessibleName() if banner.isVisible() else ""


def give_up(page: WorkshopsPage) -> None:
    button = page.findChild(QAbstractButton, "workshops_unsaved_remedy")
    assert button is not None
    button.click()


def cards(desk: Desk, workshop: EntityId) -> list[str]:
    return [r.text("text") for r in records.children(desk.workspace.reader, workshop, "contribution")]


def test_a_ballot_that_was_not_handed_in_holds_whoever_leaves(
    desk: Desk, page: WorkshopsPage, view: WorkshopView, workshop: EntityId
) -> None:
    ((_, card),) = workshops.add_cards(desk.store, workshop, [Card("idea", "Bürgerbus")])
    acting.create_round(desk.store, workshop, {"title": "Was zuerst?", "method": "ranking", "points_per_person": 6})
    view.show_view("wall")
    view.wall.canvas.go_to(card)
    press(view.wall.canvas, Qt.Key.Key_Plus, "+")
    view.show_view("notes")
    page.show_list()
    assert page.view is view
    assert view.wall.isVisible()
    assert "Stimmzettel" in told(page)
    press(view.wall.canvas, Qt.Key.Key_Return)
    assert not page.holds(page.show_list)
    assert view.wall.state.points(card) == 3
    page.show_list()
    assert page.view is None


def test_a_card_that_was_begun_holds_and_is_gone_only_when_given_up(
    desk: Desk, page: WorkshopsPage, view: WorkshopView, workshop: EntityId
) -> None:
    other = workshops.create(desk.store, {"title": "Dorfabend", "ags": AGS})
    type_text(view.notes.entry.line, "Rufbus ab Bahn")
    page.show_record(other)
    assert page.view is view
    assert "begonnene Karte" in told(page)
    type_text(view.notes.entry.line, "hof\n")
    page.show_record(other)
    assert told(page) == ""
    assert page.view is not None
    assert page.view.workshop == other
    type_text(page.view.notes.entry.line, "Versehen")
    page.show_record(workshop)
    give_up(page)
    assert page.view.workshop == workshop
    assert (cards(desk, workshop), cards(desk, other)) == (["Rufbus ab Bahnhof"], [])


def test_a_field_that_is_not_understood_holds_the_one_beside_it_is_saved(
    desk: Desk, page: WorkshopsPage, view: WorkshopView, workshop: EntityId
) -> None:
    view.show_view("details")
    type_text(line(page, "detail_begin"), "abends")
    place = line(page, "detail_place_text")
    place.setFocus()
    type_text(place, "Schützenhalle")
    assert page.holds(page.show_list)
    assert told(page) == "Nicht gespeichert: Datum, Zeiten."
    head = records.get_record(desk.workspace.reader, "workshop", workshop)
    assert head is not None
    assert head.text("place_text") == "Schützenhalle"
    begin = line(page, "detail_begin")
    begin.selectAll()
    type_text(begin, "19 Uhr")
    assert told(page)
    type_text(line(page, "detail_day"), "26.11.2026")
    assert not page.holds(page.show_list), "what is understood is saved wherever the cursor stands"
    head = records.get_record(desk.workspace.reader, "workshop", workshop)
    assert head is not None
    assert head.text("starts_at") == "2026-11-26T19:00"


def test_minutes_that_are_no_number_stay_with_a_sentence_and_the_planned_ones_stay_stored(
    desk: Desk, page: WorkshopsPage, view: WorkshopView, workshop: EntityId
) -> None:
    def planned() -> list[object]:
        return [r.get("minutes_planned") for r in records.children(desk.workspace.reader, workshop, "agenda_item")]

    view.show_view("details")
    minutes, title = line(page, "agenda_item_1_minutes"), line(page, "agenda_item_2_title")
    minutes.setFocus()
    minutes.selectAll()
    type_text(minutes, "eine halbe Stunde\n")
    workshops.add_part(desk.store, workshop, "agenda_item", {"title": "Ausklang", "sort": "zz"})
    assert (minutes.text(), minutes.error()[:19]) == ("eine halbe Stunde", "„eine halbe Stunde“")
    assert line(page, "agenda_item_1_minutes") is minutes, "a point that is added leaves the others in peace"
    assert planned() == [10, 20, None]
    title.setFocus()
    title.selectAll()
    type_text(title, "Wege und Stege")
    assert page.holds(page.show_list)
    assert told(page) == f"Nicht gespeichert: {minutes.accessibleName().partition(',')[0]}."
    assert minutes.hasFocus()
    minutes.selectAll()
    type_text(minutes, "30 Minuten")
    assert not page.holds(page.show_list)
    assert planned() == [30, 20, None]
    assert "Wege und Stege" in str(records.children(desk.workspace.reader, workshop, "agenda_item"))


def test_a_new_workshop_and_a_name_that_were_begun_hold_the_window(
    desk: Desk, page: WorkshopsPage, view: WorkshopView
) -> None:
    view.show_view("details")
    type_text(line(page, "person_line"), "Ada Born")
    assert page.holds(page.show_list)
    assert "Name" in told(page)
    give_up(page)
    assert page.view is None
    page.begin_new()
    assert not page.holds(page.show_list)
    type_text(page.making.title, "Dorfabend")
    page.show_list()
    assert page.holds(page.show_list)
    assert page.making.isVisible()
    assert "neue Workshop" in told(page)


def test_another_card_opened_for_changing_keeps_what_was_begun_and_saves_what_was_changed(
    desk: Desk, view: WorkshopView, workshop: EntityId
) -> None:
    entry = view.notes.entry.line
    type_text(entry, "Eins\n")
    type_text(entry, "Zwei\n")
    one, two = view.session.deck.lines()
    type_text(entry, "Dr")
    view.notes.board.edit_wanted.emit(one)
    type_text(entry, "!")
    view.notes.board.edit_wanted.emit(two)
    assert entry.text() == "Zwei"
    press(entry, Qt.Key.Key_Escape)
    assert entry.text() == "Dr"
    type_text(entry, "ei\n")
    assert sorted(cards(desk, workshop)) == ["Drei", "Eins!", "Zwei"]
    assert entry.text() == ""


def test_a_full_disk_is_told_as_the_reason_and_words_can_be_given_up(
    desk: Desk, page: WorkshopsPage, view: WorkshopView
) -> None:
    view.notes.minutes.edit.setFocus()
    with full_disk(desk.store):
        view.notes.minutes.edit.insertPlainText("Halb neun, alle da. " * 20_000)
        assert page.holds(page.show_list)
        assert told(page) == "Nicht gespeichert: Protokoll."
        assert "kein Platz" in view.notes.minutes.saved_words()
        give_up(page)
    assert page.view is None
