"""The shared minutes: exact in UTF-16, saved without asking, others' words live, own words undone alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.domain.text import TextDoc, TextState
from app.models.queries import Reader, records
from app.services import workshops
from app.ui.workshops.minutes_edit import MinutesEdit
from app.ui.workshops.minutes_pane import MinutesPane
from app.ui.workshops.page import WorkshopsPage
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import Desk

CTRL = Qt.KeyboardModifier.ControlModifier


def stored(desk: Desk, workshop: EntityId) -> str:
    """Read back through a second door."""
    reader = Reader(desk.store.engine)
    return records.text_state(reader, "minutes", workshops.minutes_id(workshop), "text").text


def same(edit: MinutesEdit) -> bool:
    """Document, shared text and the kept UTF-16 agree."""
    words = edit.toPlainText()
    return words == edit.text.text == bytes(edit._shadow).decode("utf-16-le")


@pytest.fixture
def pane(qtbot: QtBot, desk: Desk, workshop: EntityId) -> Iterator[MinutesPane]:
    page = WorkshopsPage(desk.workspace, desk.bus)
    window = shown(qtbot, page)
    window.resize(1360, 840)
    page.show_record(workshop)
    assert page.view is not None
    qtbot.waitUntil(page.view.notes.entry.line.hasFocus)
    page.view.notes.focus_minutes()
    assert page.view.notes.minutes.edit.hasFocus()
    yield page.view.notes.minutes
    page.flush()


def test_writing_is_saved_after_a_pause(qtbot: QtBot, pane: MinutesPane, desk: Desk, workshop: EntityId) -> None:
    type_text(pane.edit, "TOP 1  Begrüßung\nStraßen.NRW 🚲")
    assert pane.saved_words() == "wird geschrieben …"
    assert pane.has_unsaved()
    qtbot.waitUntil(lambda: not pane.has_unsaved(), timeout=3000)
    assert stored(desk, workshop) == "TOP 1  Begrüßung\nStraßen.NRW 🚲"
    assert pane.saved_words().startswith("gespeichert ")


def test_leaving_the_text_saves_it_at_once(pane: MinutesPane, desk: Desk, workshop: EntityId) -> None:
    type_text(pane.edit, "Noch nicht gespeichert")
    press(pane.edit, Qt.Key.Key_Escape)
    assert not pane.edit.hasFocus()
    assert stored(desk, workshop) == "Noch nicht gespeichert"


def test_ctrl_s_saves_at_once(pane: MinutesPane, desk: Desk, workshop: EntityId) -> None:
    type_text(pane.edit, "Sofort")
    press(pane.edit, Qt.Key.Key_S, modifiers=CTRL)
    assert stored(desk, workshop) == "Sofort"


def test_leaving_the_workshop_saves_it(pane: MinutesPane, desk: Desk, workshop: EntityId) -> None:
    type_text(pane.edit, "Vor dem Schließen")
    page = pane.window().findChild(WorkshopsPage, "workshops_page")
    assert isinstance(page, WorkshopsPage)
    page.show_list()
    assert stored(desk, workshop) == "Vor dem Schließen"
    page.show_record(workshop)
    assert page.view is not None
    assert page.view.notes.minutes.edit.toPlainText() == "Vor dem Schließen"


def test_a_refused_save_keeps_the_words_and_says_so(
    colleague: Desk, pane: MinutesPane, desk: Desk, workshop: EntityId
) -> None:
    workshops.edit(desk.store, workshop, {"ags": "05958004"})  # the right to write is gone meanwhile
    pane.edit.setReadOnly(False)
    type_text(pane.edit, "Geht nicht verloren")
    assert not pane.flush()
    assert pane.has_unsaved()
    assert "Rolle" in pane.saved_words()
    assert pane.edit.toPlainText() == "Geht nicht verloren"


def test_whole_characters_whatever_is_pasted(pane: MinutesPane) -> None:
    for words in ("🚲\r\n🚌", "a\u2028b\u2029c\x00", "\ud83d halb", "é\u0301", "\ufffc", "x\u00a0y"):
        source = QMimeData()
        source.setText(words)
        pane.edit.insertFromMimeData(source)
        pane.edit.text.text.encode()
        assert pane.edit.text.length == len(pane.edit.text.text)
    assert pane.edit.text.text.replace("\u00a0", " ") == pane.edit.toPlainText().replace("\u00a0", " ")


def test_ctrl_z_takes_back_own_words_and_leaves_the_rest(pane: MinutesPane) -> None:
    type_text(pane.edit, "Der Bus")
    other = TextDoc(pane.edit.text.state(), 99)
    other.insert(0, "Kopf\n")
    pane.edit.receive(other.state(), "Jonas Sauer")
    assert pane.edit.toPlainText() == "Kopf\nDer Bus"
    press(pane.edit, Qt.Key.Key_Z, modifiers=CTRL)
    press(pane.edit, Qt.Key.Key_Z, modifiers=CTRL)
    assert pane.edit.toPlainText() == "Kopf\n"
    assert not pane.edit.can_undo()
    press(pane.edit, Qt.Key.Key_Y, modifiers=CTRL)
    assert pane.edit.toPlainText() == "Kopf\nDer "
    assert same(pane.edit)


def test_others_words_leave_the_cursor_where_it_was(pane: MinutesPane) -> None:
    type_text(pane.edit, "Anfang Ende")
    cursor = pane.edit.textCursor()
    cursor.setPosition(7)
    pane.edit.setTextCursor(cursor)
    other = TextDoc(pane.edit.text.state(), 99)
    other.insert(7, "🚲 Mitte ")
    other.insert(0, "Kopf\n")
    pane.edit.receive(other.state(), "Jonas Sauer")
    assert pane.edit.textCursor().position() == len("Kopf\nAnfang ")
    type_text(pane.edit, "X")
    assert pane.edit.toPlainText() == "Kopf\nAnfang X🚲 Mitte Ende"
    assert same(pane.edit)


def test_a_colleagues_words_arrive_live_with_a_name(
    qtbot: QtBot, desk: Desk, colleague: Desk, workshop: EntityId, pane: MinutesPane
) -> None:
    type_text(pane.edit, "Katrin schreibt.\n")
    desk.sync()
    pane.flush()
    desk.sync()
    colleague.sync()
    page = WorkshopsPage(colleague.workspace, colleague.bus)
    qtbot.addWidget(page)
    page.show_record(workshop)
    assert page.view is not None
    theirs = page.view.notes.minutes
    assert theirs.edit.toPlainText() == "Katrin schreibt.\n"
    theirs.edit.moveCursor(QTextCursor.MoveOperation.End)
    type_text(theirs.edit, "Jonas auch 🚲.")
    theirs.flush()
    colleague.sync()
    type_text(pane.edit, "Und weiter")  # not saved yet when Jonas' words come in
    desk.sync()
    assert "Jonas auch 🚲." in pane.edit.toPlainText()
    assert "Und weiter" in stored(desk, workshop)
    assert pane._writer.text().startswith("Jonas Sauer")
    assert same(pane.edit)
    desk.sync()
    colleague.sync()
    assert theirs.edit.toPlainText() == pane.edit.toPlainText() == stored(colleague, workshop)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["type", "cut", "other", "undo", "redo", "save"]),
        st.integers(0, 60),
        st.integers(0, 6),
        st.sampled_from(["a", "ß", "🚲", "👩‍👧", "\n", "e\u0301", "wort ", "𝄞x"]),
    ),
    max_size=25,
)


@given(ACTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_two_writers_always_see_what_the_shared_text_says(
    qapp: QApplication, acts: list[tuple[str, int, int, str]]
) -> None:
    edit = MinutesEdit()
    edit.open(TextDoc(TextState(), 1))
    other = TextDoc(TextState(), 2)
    for verb, place, length, words in acts:
        cursor = edit.textCursor()
        end = edit.document().characterCount() - 1
        cursor.setPosition(min(place, end))
        if verb == "type":
            cursor.insertText(words)
        elif verb == "cut":
            cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, length)
            cursor.removeSelectedText()
        elif verb == "other":
            other.receive(edit.text.state())
            at = min(place, other.length)
            other.delete(at, min(length, other.length - at))
            other.insert(at, words)
            edit.receive(other.state(), "Jonas")
        elif verb == "undo":
            edit.undo()
        elif verb == "redo":
            edit.redo()
        else:
            edit.text.take_update()
        assert same(edit)
    edit.deleteLater()
