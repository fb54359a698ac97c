"""Typing as fast as people speak: every line a card, on disk before it says so, never a lost focus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import Reader, records, sessions
from app.models.queries.sessions import CardLine
from app.services import workshops
from app.services.workshops import Card
from app.ui.widgets.notices import Toast
from app.ui.workshops.column import CardColumn
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.workshop import WorkshopView
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import Desk


@pytest.fixture
def view(qtbot: QtBot, desk: Desk, workshop: EntityId) -> Iterator[WorkshopView]:
    """The Mitschrift in an active window, the cursor in the entry line."""
    page = WorkshopsPage(desk.workspace, desk.bus)
    window = shown(qtbot, page)
    window.resize(1360, 840)
    page.show_record(workshop)
    assert page.view is not None
    qtbot.waitUntil(page.view.notes.entry.line.hasFocus)
    yield page.view
    page.flush()


def on_disk(view: WorkshopView) -> list[CardLine]:
    """Read back through a second door."""
    reader = Reader(view.session.workspace.store.engine)
    return sessions.card_lines(reader, view.workshop)


def enter(view: WorkshopView, words: str) -> None:
    type_text(view.notes.entry.line, words + "\n")


def column(view: WorkshopView, number: int) -> CardColumn:
    found = view.findChild(CardColumn, f"station_{number}")
    assert isinstance(found, CardColumn)
    return found


def test_two_hundred_lines_in_a_row_are_two_hundred_cards_on_disk(view: WorkshopView) -> None:
    line = view.notes.entry.line
    for number in range(200):
        enter(view, f"Gedanke {number} über die Brücke")
        assert line.hasFocus()
        assert line.text() == ""
        assert view.session.saved_at is not None
        assert [c.text for c in on_disk(view)][-1] == f"Gedanke {number} über die Brücke"
    assert [c.text for c in on_disk(view)] == [f"Gedanke {n} über die Brücke" for n in range(200)]
    assert len(column(view, 0).lines()) == 200


def test_saved_is_only_said_after_it_is_on_disk(view: WorkshopView) -> None:
    told: list[tuple[bool, int]] = []
    view.session.saved.connect(lambda: told.append((True, len(on_disk(view)))))
    enter(view, "Mehr Licht an der Haltestelle")
    assert told == [(True, 1)]
    assert column(view, 0).saved_words().startswith("gespeichert ")


def test_marks_make_kinds_and_tasks_know_person_and_date(view: WorkshopView) -> None:
    for words in (
        "? Wer zahlt?",
        "! Wir melden an",
        "+ Nette Fahrer",
        "- Zu spät",
        "@Born Angebote bis 15.1.2027",
    ):
        enter(view, words)
    found = on_disk(view)
    assert [c.kind for c in found] == ["question", "decision", "strength", "weakness", "task"]
    assert (found[-1].text, found[-1].responsible, found[-1].due) == ("Angebote", "Born", "2027-01-15")


def test_tab_goes_round_the_stations_and_keeps_the_focus(view: WorkshopView) -> None:
    line, stations = view.notes.entry.line, [s.id for s in view.session.stations]
    for expected in (1, 2, 0):
        press(line, Qt.Key.Key_Tab)
        assert view.notes.board.station() == stations[expected]
    press(line, Qt.Key.Key_Backtab, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert view.notes.board.station() == stations[2]
    enter(view, "Am Schützenhaus")
    assert on_disk(view)[0].station == stations[2]
    assert line.hasFocus()


def test_up_changes_the_last_card_and_esc_gives_it_back(view: WorkshopView) -> None:
    line = view.notes.entry.line
    enter(view, "! Anmelden")
    press(line, Qt.Key.Key_Up)
    assert line.text() == "! Anmelden"
    press(line, Qt.Key.Key_Escape)
    assert line.text() == ""
    press(line, Qt.Key.Key_Up)
    type_text(line, " bis Mai\n")
    assert [(c.kind, c.text) for c in on_disk(view)] == [("decision", "Anmelden bis Mai")]
    enter(view, "Neue Karte")
    assert len(on_disk(view)) == 2


def test_taking_the_mark_away_makes_an_idea_and_an_at_makes_a_task(view: WorkshopView) -> None:
    line = view.notes.entry.line
    enter(view, "! Anmelden")
    press(line, Qt.Key.Key_Up)
    line.setText("Anmelden")
    press(line, Qt.Key.Key_Return)
    assert on_disk(view)[0].kind == "idea"
    press(line, Qt.Key.Key_Up)
    line.setText("@Born Anmelden")
    press(line, Qt.Key.Key_Return)
    (card,) = on_disk(view)
    assert (card.record, card.text, card.responsible) == ("task", "Anmelden", "Born")


def test_a_card_of_a_kind_without_a_mark_keeps_it_when_its_words_change(view: WorkshopView, desk: Desk) -> None:
    station = view.session.stations[0].id
    workshops.add_card(desk.store, view.workshop, Card("need", "Mehr Bänke", station, tags=("Park",)))
    line = view.notes.entry.line
    press(line, Qt.Key.Key_Up)
    assert line.text() == "Mehr Bänke #Park"
    type_text(line, " #Ruhe\n")
    (card,) = on_disk(view)
    assert (card.kind, card.text, card.tags) == ("need", "Mehr Bänke", ("Park", "Ruhe"))


def test_a_pasted_list_is_many_cards_and_one_step_of_undo(view: WorkshopView, desk: Desk) -> None:
    line = view.notes.entry.line
    QGuiApplication.clipboard().setText("• Bank am Weiher\n• Licht 🚲\n\n• Radständer\n")
    press(line, Qt.Key.Key_V, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert [c.text for c in on_disk(view)] == ["Bank am Weiher", "Licht 🚲", "Radständer"]
    assert line.hasFocus()
    assert line.text() == ""
    desk.store.undo()
    assert on_disk(view) == []
    assert len(column(view, 0).lines()) == 0


def test_a_card_that_is_saved_does_not_come_back_into_the_line_by_undo(view: WorkshopView) -> None:
    line = view.notes.entry.line
    enter(view, "Bank am Weiher")
    assert not line.isUndoAvailable(), "the step back belongs to the card, not to the words of the line"
    press(line, Qt.Key.Key_Z, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert line.text() == ""


def test_one_pasted_line_is_text_to_go_on_with(view: WorkshopView) -> None:
    line = view.notes.entry.line
    type_text(line, "+ ")
    QGuiApplication.clipboard().setText("Der Bus ist pünktlich\n")
    press(line, Qt.Key.Key_V, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "+ Der Bus ist pünktlich"
    assert on_disk(view) == []


def test_what_cannot_be_saved_stays_in_the_line_with_a_sentence(view: WorkshopView) -> None:
    line = view.notes.entry.line
    line.setText("@Born " + "sehr lang " * 80)
    press(line, Qt.Key.Key_Return)
    assert line.text().startswith("@Born sehr lang")
    assert "zu lang" in view.notes.entry.error()
    assert on_disk(view) == []
    type_text(line, "\b")
    assert view.notes.entry.error() == ""


def test_only_a_mark_or_nothing_saves_nothing(view: WorkshopView) -> None:
    for words in ("", "   ", "?", "@"):
        view.notes.entry.line.setText(words)
        press(view.notes.entry.line, Qt.Key.Key_Return)
    assert on_disk(view) == []


def test_cards_are_walked_marked_moved_and_deleted_by_keys(view: WorkshopView, qtbot: QtBot) -> None:
    for words in ("Eins", "Zwei", "Drei"):
        enter(view, words)
    line, first = view.notes.entry.line, column(view, 0)
    press(line, Qt.Key.Key_Up, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert first.hasFocus()
    press(first, Qt.Key.Key_Up)
    assert first.current() is not None
    assert first.current().text == "Zwei"  # type: ignore[union-attr]
    assert "Zwei" in first.accessibleDescription()
    press(first, Qt.Key.Key_Exclam, "!")
    assert first.current().kind == "decision"  # type: ignore[union-attr]
    press(first, Qt.Key.Key_Right, modifiers=Qt.KeyboardModifier.ControlModifier)
    second = column(view, 1)
    assert [c.text for c in second.lines()] == ["Zwei"]
    assert second.hasFocus()
    press(second, Qt.Key.Key_Delete)
    assert [c.text for c in on_disk(view)] == ["Eins", "Drei"]
    toast = view.window().findChild(Toast, "workshops_toast")
    assert isinstance(toast, Toast)
    toast.button.click()
    assert [c.text for c in on_disk(view)] == ["Eins", "Zwei", "Drei"]
    press(second, Qt.Key.Key_Escape)
    assert line.hasFocus()


def test_the_menu_of_a_card_offers_what_can_be_done(view: WorkshopView) -> None:
    enter(view, "Eins")
    first = column(view, 0)
    (card,) = first.lines()
    menu = view.notes.board.menu_of(card)
    kinds = next(a for a in menu.actions() if a.text() == "Art ändern").menu()
    assert isinstance(kinds, QMenu)
    next(a for a in kinds.actions() if a.text() == "Aufgabe").trigger()
    assert on_disk(view)[0].record == "task"
    menu = view.notes.board.menu_of(first.lines()[0])
    stations = next(a for a in menu.actions() if a.text() == "Zu Station").menu()
    assert isinstance(stations, QMenu)
    next(a for a in stations.actions() if a.text() == "Parken und Laden").trigger()
    assert column(view, 2).lines()[0].text == "Eins"
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(2, 2), QPoint(2, 2))
    QApplication.sendEvent(column(view, 1), event)  # nothing below the mouse: nothing happens


def test_the_clock_of_an_item_starts_goes_on_and_stops(view: WorkshopView, desk: Desk) -> None:
    button = view.findChild(type(view.notes.agenda._next), "agenda_next")
    assert button is not None
    button.click()
    first, second = view.session.agenda
    assert first.text("started_at")
    assert not first.text("ended_at")
    assert view.notes.entry.line.hasFocus()
    enter(view, "Zum ersten Punkt")
    assert on_disk(view)[0].agenda_item == first.id
    button.click()
    first, second = view.session.agenda
    assert first.text("ended_at")
    assert second.text("started_at")
    assert button.text() == "Tagesordnung beenden"
    button.click()
    assert view.session.running == []


def test_hours_after_the_end_the_clock_is_still_round_and_its_words_are_whole(
    qtbot: QtBot, view: WorkshopView, desk: Desk
) -> None:
    first = view.session.agenda[0]
    workshops.edit_part(desk.store, "agenda_item", first.id, {"started_at": "2020-01-01T18:00:00Z"})
    agenda = view.notes.agenda
    agenda.setFixedWidth(212)
    dial, left = agenda._dial, agenda._left
    qtbot.waitUntil(lambda: agenda.width() == 212 and "darüber" in left.text())
    qtbot.waitUntil(lambda: dial.width() == dial.height() == dial.sizeHint().height())
    qtbot.waitUntil(lambda: left.height() >= left.heightForWidth(left.width()))


def test_heads_are_counted_without_names(view: WorkshopView) -> None:
    stepper = view.findChild(type(view.notes.present._steppers["citizens"]), "present_citizens")
    assert stepper is not None
    for _ in range(3):
        press(stepper, Qt.Key.Key_Plus)
    (count,) = records.children(view.session.workspace.reader, view.workshop, "group_count")
    assert count.get("count") == 3


def test_decisions_and_tasks_stand_below_the_minutes(view: WorkshopView) -> None:
    enter(view, "! Anmelden")
    enter(view, "@Born Angebote bis 15.1.2027")
    enter(view, "Nur eine Idee")
    said = view.notes.minutes.outcome._rows.accessibleName()
    assert said == "Beschluss: Anmelden; Aufgabe: Angebote: Born, bis\u00a015.01.2027"


def test_a_colleagues_card_arrives_while_one_types(
    qtbot: QtBot, desk: Desk, colleague: Desk, workshop: EntityId
) -> None:
    desk.sync()
    colleague.sync()
    page = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, page)
    page.show_record(workshop)
    view = page.view
    assert view is not None
    qtbot.waitUntil(view.notes.entry.line.hasFocus)
    type_text(view.notes.entry.line, "Ich tippe")
    station = view.session.stations[0].id
    workshops.add_card(colleague.store, workshop, Card("idea", "Von nebenan", station))
    colleague.sync()
    desk.sync()
    (card,) = column(view, 0).lines()
    assert (card.text, card.person, card.mine) == ("Von nebenan", "Jonas Sauer", False)
    assert view.notes.entry.line.text() == "Ich tippe"
    assert view.notes.entry.line.hasFocus()


def test_words_changed_on_both_sides_become_two_versions(
    qtbot: QtBot, desk: Desk, colleague: Desk, workshop: EntityId
) -> None:
    page = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, page)
    page.show_record(workshop)
    view = page.view
    assert view is not None
    qtbot.waitUntil(view.notes.entry.line.hasFocus)
    enter(view, "Bank")
    desk.sync()
    colleague.sync()
    press(view.notes.entry.line, Qt.Key.Key_Up)
    (card,) = on_disk(view)
    workshops.edit_part(colleague.store, "contribution", card.id, {"text": "Bank mit Lehne"})
    colleague.sync()
    desk.sync()  # arrives while the words are being changed
    type_text(view.notes.entry.line, " am Weiher\n")
    assert on_disk(view)[0].open_question


def test_who_may_not_edit_reads(
    qtbot: QtBot, desk: Desk, colleague: Desk, workshop: EntityId, view: WorkshopView
) -> None:
    enter(view, "Eins")
    workshops.edit(desk.store, workshop, {"ags": "05958004"})
    assert view.session.head is not None
    assert not view.session.may_edit
    assert not view.notes.entry.isVisible()
    assert view.notes.minutes.edit.isReadOnly()
    assert view.notes.present._steppers["citizens"].isEnabled() is False
