"""The list, a new workshop and its head: saved at once, nothing typed lost, everything undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.domain.months import months_later
from app.models.queries import lists, records
from app.models.queries.evenings import evening
from app.reports.document import pieces
from app.services import workshops
from app.services.workshops import Card
from app.ui import theme
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.forms import FieldRow
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.notices import Toast
from app.ui.widgets.table import Cell
from app.ui.workshops.moments import read_day, read_time
from app.ui.workshops.month import weeks_of
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.paper.assembly import assemble
from app.ui.workshops.templates import TEMPLATES, template_of
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import AGS, Desk


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> Iterator[WorkshopsPage]:
    made = WorkshopsPage(desk.workspace, desk.bus)
    window = shown(qtbot, made)
    window.resize(1360, 840)
    yield made
    made.flush()


def field(page: WorkshopsPage, name: str) -> LineEdit:
    found = page.findChild(LineEdit, name)
    assert isinstance(found, LineEdit)
    return found


def row(page: WorkshopsPage, name: str) -> FieldRow:
    found = page.findChild(FieldRow, name)
    assert isinstance(found, FieldRow)
    return found


def value(desk: Desk, workshop: EntityId, name: str) -> object:
    found = records.get_record(desk.workspace.reader, "workshop", workshop)
    assert found is not None
    return found.get(name)


# The list ---------------------------------------------------------------------------------------


def test_an_empty_list_offers_the_one_button_that_starts_it(page: WorkshopsPage) -> None:
    empty = page.findChild(Button, "workshops_empty_start")
    assert isinstance(empty, Button)
    assert empty.isVisible()
    empty.click()
    assert page.making.title.hasFocus()


def test_what_comes_stands_before_what_was(page: WorkshopsPage, desk: Desk, qtbot: QtBot) -> None:
    for title, at in (("Alt", "2020-01-01T19:00"), ("Fern", "2190-05-01T19:00"), ("Nah", "2190-01-01T19:00")):
        workshops.create(desk.store, {"title": title, "starts_at": at, "ags": AGS})
    model = page.listing.model
    qtbot.waitUntil(lambda: model.rowCount() == 5)
    assert [model.index(n, 0).data() for n in range(5)] == ["Kommend", "Nah", "Fern", "Vergangen", "Alt"]
    assert model.index(0, 0).data(Cell.GROUP) is True
    assert model.index(1, 1).data() == "01.01.2190, 19:00"


def test_the_top_bars_words_narrow_the_list(page: WorkshopsPage, desk: Desk, workshop: EntityId) -> None:
    workshops.create(desk.store, {"title": "Steuerkreis", "ags": AGS})
    page.search("mobilitaet")
    assert [page.listing.model.index(n, 0).data() for n in range(2)] == ["Kommend", "Bürgerdialog Mobilität"]
    page.search("gibt es nicht")
    assert page.listing.model.rowCount() == 0
    page.search("")
    assert page.listing.model.rowCount() == 3


def test_words_searched_for_while_a_workshop_is_open_lead_to_the_list(page: WorkshopsPage, desk: Desk) -> None:
    made = workshops.create(desk.store, {"title": "Dorfabend", "ags": AGS})
    workshops.create(desk.store, {"title": "Forum Mobilität", "ags": AGS})
    page.show_record(made)
    page.search("mobilität")
    assert page.listing.isVisible()
    model = page.listing.model
    assert [model.index(n, 0).data() for n in range(model.rowCount())][1:] == ["Forum Mobilität"]
    page.show_record(made)
    page.search("")
    assert not page.listing.isVisible()


def test_people_and_cards_are_counted(page: WorkshopsPage, desk: Desk, workshop: EntityId, qtbot: QtBot) -> None:
    workshops.set_head_count(desk.store, workshop, "citizens", 21)
    workshops.add_card(desk.store, workshop, Card("idea", "Eins"))
    qtbot.waitUntil(lambda: page.listing.model.index(1, 5).data() == "1")
    assert page.listing.model.index(1, 4).data() == "21"


# A new one --------------------------------------------------------------------------------------


def test_a_new_workshop_brings_what_its_format_brings(page: WorkshopsPage, desk: Desk) -> None:
    press(page, Qt.Key.Key_N, modifiers=Qt.KeyboardModifier.ControlModifier)
    page.begin_new()
    type_text(page.making.title, "World Café im Bürgerhaus")
    type_text(page.making.day.line, "26.11.2026")
    type_text(page.making.begin.line, "19")
    page.making.format.set_value("world_cafe")
    page.making.save()
    (line,) = lists.workshop_lines(desk.workspace.reader)
    assert (line.title, line.starts_at, line.ags) == ("World Café im Bürgerhaus", "2026-11-26T19:00", AGS)
    stations = records.children(desk.workspace.reader, line.id, "station")
    assert [s.text("title") for s in stations] == ["Tisch 1", "Tisch 2", "Tisch 3"]
    assert len(records.children(desk.workspace.reader, line.id, "agenda_item")) == 6
    head = records.get_record(desk.workspace.reader, "workshop", line.id)
    assert head is not None
    assert head.text("purpose").startswith("Leitfragen:\n- Was bewegt uns")
    assert page.view is not None
    assert page.view.workshop == line.id


def test_a_mistake_stands_beside_its_field_and_nothing_is_lost(page: WorkshopsPage, desk: Desk) -> None:
    page.begin_new()
    type_text(page.making.begin.line, "19")
    page.making.save()
    assert "Datum" in row(page, "new_row_starts_at")._note.text()
    type_text(page.making.day.line, "26.11.2026")
    type_text(page.making.end.line, "18:00")
    type_text(page.making.title, "   ")
    page.making.save()
    assert "Titel" in row(page, "new_row_title")._note.text()
    page.making.title.setText("Abend")
    page.making.save()
    assert "Ende" in row(page, "new_row_ends_at")._note.text()
    assert lists.workshop_lines(desk.workspace.reader) == []
    assert page.making.begin.line.text() == "19:00"
    page.show_list()
    page.begin_new()
    assert page.making.title.text() == "Abend"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("19", "19:00"),
        ("19:30", "19:30"),
        ("19.30 Uhr", "19:30"),
        ("9h", "09:00"),
        ("1930", "19:30"),
        ("", ""),
    ],
)
def test_times_are_read_as_typed(typed: str, meant: str) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize("typed", ["25:00", "abends", "19:75", "1" * 9])
def test_what_is_no_time_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        read_time(typed)


def test_a_workshop_needs_a_day_not_a_quarter() -> None:
    assert read_day("26.11.2026") == "2026-11-26"
    with pytest.raises(ValueError, match="Tag"):
        read_day("Q3/2026")


def test_every_format_brings_at_least_one_station() -> None:
    assert all(t.stations for t in TEMPLATES.values())
    assert template_of("unknown-code").stations == ("Karten",)


# The head ---------------------------------------------------------------------------------------


def test_fields_save_themselves_when_left(page: WorkshopsPage, desk: Desk, workshop: EntityId) -> None:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    moderation = field(page, "detail_moderation")
    moderation.setFocus()
    type_text(moderation, "Frauke Hellmann")
    field(page, "detail_place_text").setFocus()
    assert value(desk, workshop, "moderation") == "Frauke Hellmann"
    assert "Frauke Hellmann" in page.view._head.note.text()
    assert row(page, "row_moderation").pending()


def test_fields_save_themselves_after_a_pause(
    page: WorkshopsPage, desk: Desk, workshop: EntityId, qtbot: QtBot
) -> None:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    purpose = page.findChild(TextArea, "detail_purpose")
    assert isinstance(purpose, TextArea)
    purpose.setFocus()
    type_text(purpose, "Ohne Auto mobil 🚲")
    qtbot.waitUntil(lambda: value(desk, workshop, "purpose") == "Ohne Auto mobil 🚲", timeout=3000)
    type_text(purpose, ", auch abends")
    page.flush()
    assert value(desk, workshop, "purpose") == "Ohne Auto mobil 🚲, auch abends"


def test_what_came_in_while_one_typed_becomes_a_second_version(
    page: WorkshopsPage, desk: Desk, colleague: Desk, workshop: EntityId
) -> None:
    desk.sync()
    colleague.sync()
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    moderation = field(page, "detail_moderation")
    moderation.setFocus()
    type_text(moderation, "Frauke")
    workshops.edit(colleague.store, workshop, {"moderation": "Jonas Sauer", "place_text": "Schützenhalle"})
    colleague.sync()
    desk.sync()
    assert moderation.text() == "Frauke"
    assert "geändert von Jonas Sauer" in row(page, "row_moderation")._note.text()
    assert field(page, "detail_place_text").text() == "Schützenhalle"
    page.flush()
    found = records.get_record(desk.workspace.reader, "workshop", workshop)
    assert found is not None
    assert found.open_slots == {"moderation"}


def test_dates_and_times_belong_together(page: WorkshopsPage, desk: Desk, workshop: EntityId) -> None:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    for name, words in (("detail_begin", "19"), ("detail_day", "26.11.2026"), ("detail_end", "21 Uhr")):
        field(page, name).setFocus()
        type_text(field(page, name), words)
        press(field(page, name), Qt.Key.Key_Return)
    assert value(desk, workshop, "starts_at") == "2026-11-26T19:00"
    assert value(desk, workshop, "ends_at") == "2026-11-26T21:00"


def test_a_choice_is_saved_when_made(page: WorkshopsPage, desk: Desk, workshop: EntityId) -> None:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    mode = page.findChild(ChoiceBox, "detail_mode")
    assert isinstance(mode, ChoiceBox)
    mode.setFocus()
    press(mode, Qt.Key.Key_Down)
    mode.set_value("hybrid")
    mode.chosen.emit("hybrid")
    assert value(desk, workshop, "mode") == "hybrid"


def test_stations_are_renamed_added_moved_and_removed(page: WorkshopsPage, workshop: EntityId) -> None:
    page.show_record(workshop)
    view = page.view
    assert view is not None
    view.show_view("details")
    first = field(page, "station_1_title")
    first.setFocus()
    first.selectAll()
    type_text(first, "Bus & Bahn\n")

    def titles() -> list[str]:
        assert view is not None
        return [s.text("title") for s in view.session.stations]

    assert titles() == ["Bus & Bahn", "Rad und zu Fuß", "Parken und Laden"]
    press_button(page, "station_1_down")
    assert titles() == ["Rad und zu Fuß", "Bus & Bahn", "Parken und Laden"]
    press_button(page, "station_3_remove")
    press_button(page, "stations_editor_add")
    assert titles() == ["Rad und zu Fuß", "Bus & Bahn", "Neue Station"]
    assert [title for _, title in view.session.columns] == titles()


def press_button(page: WorkshopsPage, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    found.click()


def test_who_speaks_and_what_came_of_it_is_typed_with_the_agenda_and_stands_in_the_minutes(
    page: WorkshopsPage, desk: Desk, workshop: EntityId
) -> None:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    speaker, result = field(page, "agenda_item_1_speaker"), field(page, "agenda_item_1_result")
    assert speaker.accessibleName() == "Tagesordnungspunkt 1, Vortrag"
    speaker.setFocus()
    type_text(speaker, "Ortsvorsteher Afflerbach")
    result.setFocus()
    type_text(result, "Ziel vorgestellt\n")
    item = records.children(desk.workspace.reader, workshop, "agenda_item")[0]
    assert (item.text("speaker"), item.text("result")) == ("Ortsvorsteher Afflerbach", "Ziel vorgestellt")
    read = evening(desk.workspace.reader, workshop)
    assert read is not None
    told = "\n".join(piece.text for piece in pieces(assemble(read)))
    assert "Ortsvorsteher Afflerbach" in told
    assert "Ergebnis: Ziel vorgestellt" in told
    result.setText("")
    result.leave()
    assert records.children(desk.workspace.reader, workshop, "agenda_item")[0].get("result") is None


def test_cards_of_a_removed_station_keep_a_place(page: WorkshopsPage, desk: Desk, workshop: EntityId) -> None:
    stations = records.children(desk.workspace.reader, workshop, "station")
    workshops.add_card(desk.store, workshop, Card("idea", "Bleibt", stations[0].id))
    page.show_record(workshop)
    assert page.view is not None
    workshops.delete_part(desk.store, "station", stations[0].id)
    assert page.view.session.columns[-1][1] == "Ohne Station"
    assert page.view.session.deck.column(None)[0].text == "Bleibt"


def test_a_deleted_workshop_comes_back_with_all_of_it(page: WorkshopsPage, desk: Desk, workshop: EntityId) -> None:
    workshops.add_card(desk.store, workshop, Card("idea", "Bleibt"))
    page.show_record(workshop)
    page.delete_shown()
    assert lists.workshop_lines(desk.workspace.reader) == []
    assert page.view is None
    toast = page.window().findChild(Toast, "workshops_toast")
    assert isinstance(toast, Toast)
    toast.button.click()
    (line,) = lists.workshop_lines(desk.workspace.reader)
    assert line.cards == 1
    assert len(records.children(desk.workspace.reader, workshop, "station")) == 3


def test_a_workshop_deleted_elsewhere_leads_back_to_the_list(
    page: WorkshopsPage, desk: Desk, workshop: EntityId
) -> None:
    page.show_record(workshop)
    workshops.delete(desk.store, workshop)
    assert page.view is None


def test_everything_has_a_name_for_the_screen_reader(
    page: WorkshopsPage, workshop: EntityId, look: theme.Theme
) -> None:
    page.show_record(workshop)
    look.choose("dark", 200)
    for kind in (LineEdit, TextArea, ChoiceBox, Button, IconButton):
        for widget in page.findChildren(kind):
            assert widget.accessibleName(), widget.objectName()


def test_the_calendar_is_walked_by_keys_opens_a_workshop_and_begins_one_on_an_empty_day(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage
) -> None:
    for title, at in (("Morgens", "2026-11-26T09:00"), ("Abends", "2026-11-26T19:00"), ("Tags", "2027-02-28T00:00")):
        workshops.create(desk.store, {"title": title, "ags": AGS, "starts_at": at})
    page.listing.refresh()
    page.listing.show_view("month")
    grid = page.listing.calendar.grid
    qtbot.waitUntil(grid.hasFocus)
    grid.go_to(date(2026, 11, 25))
    press(grid, Qt.Key.Key_Right)
    press(grid, Qt.Key.Key_Down, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert "19:00, Abends" in grid.accessibleDescription()
    assert grid.accessibleName() == "Kalender November 2026"
    press(grid, Qt.Key.Key_Return)
    assert page.view is not None
    assert page.view.title() == "Abends"
    page.show_list()
    assert page.listing.calendar.isVisible()
    grid.go_to(date(2026, 11, 30))
    for _ in range(3):
        press(grid, Qt.Key.Key_PageDown)
    assert grid.day == date(2027, 2, 28)
    press(grid, Qt.Key.Key_Up)
    press(grid, Qt.Key.Key_Return)
    assert page.making.isVisible()
    assert page.making.day.value() == "2027-02-21"


@pytest.mark.parametrize("size", [100, 200])
def test_a_workshop_in_the_calendar_opens_by_a_press(qtbot: QtBot, desk: Desk, page: WorkshopsPage, size: int) -> None:
    theme.active().choose("light", size)
    page.window().resize(1366, 768)
    made = workshops.create(desk.store, {"title": "Abends", "ags": AGS, "starts_at": "2026-11-26T19:00"})
    page.listing.refresh()
    page.listing.show_view("month")
    grid = page.listing.calendar.grid
    grid.go_to(date(2026, 11, 26))
    cell = grid._cell(4, 3)
    entry = grid._entry(cell, 0)
    assert cell.contains(entry), "what a day holds lies within the day"
    opened: list[str] = []
    grid.opened.connect(opened.append)
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=entry.center().toPoint())
    assert opened == [made]


def test_months_have_whole_weeks_and_the_last_day_of_a_long_month_has_a_place_in_a_short_one() -> None:
    assert [len(weeks_of(date(2026, month, 15))) for month in (2, 11, 8)] == [5, 6, 6]
    assert weeks_of(date(2027, 2, 1))[0][0] == date(2027, 2, 1)
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_later(date(2026, 1, 15), -1) == date(2025, 12, 15)
