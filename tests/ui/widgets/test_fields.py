"""Fields keep what is typed, tell once, and say what they understood."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.checklist import CheckList
from app.ui.widgets.choices import Choice, ChoiceBox, SetBox
from app.ui.widgets.forms import FieldLine, Section
from app.ui.widgets.glyphs import Glyph
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.parsed import MoneyEdit, ParsedEdit
from app.ui.widgets.popover import Popover
from app.ui.widgets.search import SearchField
from app.ui.widgets.tags import TagEdit
from app.ui.widgets.words import ElidedLabel, Label
from tests.ui.typing import press, shown, type_text

LIGHTS = (
    Choice(None, "Keine Angabe", Glyph.LIGHT_NONE),
    Choice("green", "Im Plan", Glyph.LIGHT_OK),
    Choice("amber", "Abweichung", Glyph.LIGHT_WARNING),
)
TOWNS = tuple(Choice(town, town) for town in ("Arnsberg", "Bad Berleburg", "Menden", "Möhnesee", "Olpe"))


def parse_whole(words: str) -> int:
    """A whole number, or one sentence."""
    try:
        return int(words.replace(".", ""))
    except ValueError:
        raise ValueError("Das ist keine Zahl. Schreiben Sie zum Beispiel 1.200.") from None


def show_whole(value: int) -> str:
    """A number as it is written here."""
    return f"{value:,}".replace(",", ".")


def test_umlauts_and_quotes_arrive_as_typed(qtbot: QtBot) -> None:
    line = LineEdit(name="title", accessible="Titel")
    shown(qtbot, line)
    type_text(line, "Möhnesee – „Straße“ 5 €")
    assert line.text() == "Möhnesee – „Straße“ 5 €"


def test_a_line_tells_a_change_once_when_it_is_left(qtbot: QtBot) -> None:
    line, other = (
        LineEdit("Alt", name="title", accessible="Titel"),
        LineEdit(name="other", accessible="Anderes"),
    )
    shown(qtbot, line, other)
    told: list[str] = []
    line.committed.connect(told.append)
    line.setFocus()
    other.setFocus()
    assert told == []
    line.setFocus()
    type_text(line, "er")
    press(line, Qt.Key.Key_Return)
    other.setFocus()
    assert told == ["Alter"]
    assert not line.dirty()


def test_ctrl_z_goes_to_the_window_once_nothing_typed_is_left(qtbot: QtBot) -> None:
    line = LineEdit("Alt", name="title", accessible="Titel")
    shown(qtbot, line)

    def override() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, int(Qt.Key.Key_Z), Qt.KeyboardModifier.ControlModifier, "z")
        event.ignore()
        QApplication.sendEvent(line, event)
        return event.isAccepted()

    assert not override()
    type_text(line, "x")
    assert override()


def test_an_area_grows_with_its_lines_and_then_scrolls(qtbot: QtBot) -> None:
    area = TextArea(name="reason", accessible="Begründung", lines=2, most=4)
    shown(qtbot, area)
    low = area.height()
    area.setPlainText("eins\nzwei\ndrei")
    qtbot.waitUntil(lambda: area.height() == low + theme.line())
    area.setPlainText("\n".join("viele Zeilen" for _ in range(40)))
    qtbot.waitUntil(lambda: area.height() == low + 2 * theme.line())


def test_an_area_tells_a_change_when_it_is_left_and_tab_leaves_it(qtbot: QtBot) -> None:
    area, line = TextArea("Alt", name="reason", accessible="Begründung"), LineEdit(name="x", accessible="x")
    shown(qtbot, area, line)
    area.setFocus()
    type_text(area, "Lieferung verzögert sich. ")
    with qtbot.waitSignal(area.committed) as told:
        press(area, Qt.Key.Key_Tab, "\t")
    assert told.args == ["Lieferung verzögert sich. Alt"]
    assert line.hasFocus()


@pytest.mark.parametrize("make", [LineEdit, TextArea])
def test_ten_megabytes_are_refused_at_once_and_the_field_stays_as_it_was(
    qtbot: QtBot, make: type[LineEdit] | type[TextArea]
) -> None:
    editor = make("Alt", name="reason", accessible="Begründung")
    row = FieldLine("Begründung", editor, name="row_reason")
    shown(qtbot, row)
    QGuiApplication.clipboard().setText("x" * 10_000_000)
    with qtbot.waitSignal(editor.refused) as told:
        press(editor, Qt.Key.Key_V, "", Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()
    assert "10.000.000 Zeichen" in told.args[0]
    assert not editor.dirty()
    said = [label.text() for label in row.findChildren(Label) if label.isVisible()]
    assert said == told.args
    type_text(editor, "!")
    assert [label.text() for label in row.findChildren(Label) if label.isVisible()] == []


def test_a_long_report_pasted_into_an_area_stays_whole(qtbot: QtBot) -> None:
    area = TextArea(name="reason", accessible="Begründung")
    shown(qtbot, area)
    words = "Förderbescheid " * 20_000
    QGuiApplication.clipboard().setText(words)
    area.paste()
    assert area.words() == words
    QGuiApplication.clipboard().clear()


def test_search_waits_for_a_pause_and_walks_the_list_below(qtbot: QtBot) -> None:
    field = SearchField(name="search", accessible="Suchen", shortcut="Ctrl+K")
    shown(qtbot, field)
    told: list[str] = []
    field.searched.connect(told.append)
    with qtbot.waitSignal(field.searched):
        type_text(field, "Straße")
    assert told == ["Straße"]
    with qtbot.waitSignal(field.moved) as step:
        press(field, Qt.Key.Key_Down)
    assert step.args == [1]
    with qtbot.waitSignal(field.submitted):
        press(field, Qt.Key.Key_Return)
    press(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert told[-1] == ""


def test_a_choice_is_told_when_picked_but_not_when_set(qtbot: QtBot) -> None:
    box = ChoiceBox(LIGHTS, name="light", accessible="Ampel")
    shown(qtbot, box)
    with qtbot.assertNotEmitted(box.chosen):
        box.set_value("amber")
    assert box.value() == "amber"
    assert box.accessibleDescription() == "Abweichung"
    box.setFocus()
    with qtbot.waitSignal(box.chosen) as told:
        press(box, Qt.Key.Key_Up)
    assert told.args == ["green"]


def test_an_unknown_key_shows_the_placeholder_instead_of_a_wrong_word(qtbot: QtBot) -> None:
    box = ChoiceBox(LIGHTS, name="light", accessible="Ampel", placeholder="Unbekannter Wert")
    qtbot.addWidget(box)
    box.set_value("purple")
    assert box.value() is None
    assert box.currentIndex() == -1


def test_the_wheel_never_changes_a_choice(qtbot: QtBot) -> None:
    box = ChoiceBox(LIGHTS, name="light", accessible="Ampel")
    shown(qtbot, box)
    box.set_value("green")
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    assert box.value() == "green"


def test_a_list_of_ticks_is_as_wide_as_its_words(qtbot: QtBot) -> None:
    words = "New Work – Neue Arbeitsorte und Arbeitsformen"
    box = SetBox((*TOWNS, Choice("work", words)), name="fields", accessible="Felder")
    box.setFixedWidth(188)
    window = shown(qtbot, box)
    window.resize(900, 500)
    press(box, Qt.Key.Key_Down)
    entries = window.findChild(QListView, "fields_list_entries")
    assert entries is not None
    tick = 12 + theme.px(16) + 8
    assert entries.viewport().width() >= tick + base.text_width(words) + 8


def test_a_set_is_ticked_with_the_keyboard(qtbot: QtBot) -> None:
    box = SetBox(TOWNS, name="towns", accessible="Kommunen", placeholder="Keine")
    window = shown(qtbot, box)
    window.resize(400, 400)
    box.set_value({"Olpe"})
    box.setFocus()
    press(box, Qt.Key.Key_Down)
    entries = window.findChild(QListView, "towns_list_entries")
    assert entries is not None
    assert entries.hasFocus()
    with qtbot.waitSignal(box.changed) as told:
        press(entries, Qt.Key.Key_Space)
    assert told.args == [frozenset({"Olpe", "Arnsberg"})]
    press(entries, Qt.Key.Key_Escape)
    popover = window.findChild(Popover)
    qtbot.waitUntil(lambda: popover is None or not box.window().findChildren(Popover))
    assert box.hasFocus()
    assert box.accessibleDescription() == "Arnsberg, Olpe"


def test_the_search_of_a_check_list_hides_what_does_not_match(qtbot: QtBot) -> None:
    ticks = CheckList(TOWNS, (), name="towns", accessible="Kommunen", rows=3)
    shown(qtbot, ticks)
    search = ticks.findChild(LineEdit, "towns_search")
    entries = ticks.findChild(QListView, "towns_entries")
    assert search is not None
    assert entries is not None
    type_text(search, "möh")
    assert [entries.isRowHidden(row) for row in range(5)] == [True, True, True, False, True]


def test_tags_are_added_with_return_and_removed_with_backspace(qtbot: QtBot) -> None:
    tags = TagEdit(name="tags", accessible="Schlagworte")
    shown(qtbot, tags)
    line = tags.findChild(QWidget, "tags_line")
    assert line is not None
    added: list[str] = []
    tags.added.connect(added.append)
    type_text(line, "Radverkehr\n")
    type_text(line, "  Möhnesee \n")
    type_text(line, "Radverkehr\n")
    assert added == ["Radverkehr", "Möhnesee"]
    assert tags.value() == {"Radverkehr", "Möhnesee"}
    with qtbot.waitSignal(tags.removed) as told:
        press(line, Qt.Key.Key_Backspace)
    assert told.args == ["Möhnesee"]
    with qtbot.assertNotEmitted(tags.changed):
        tags.set_value(["Sensorik"])
    assert tags.value() == {"Sensorik"}


def test_tags_that_may_only_be_read_offer_no_cross(qtbot: QtBot) -> None:
    tags = TagEdit(name="tags", accessible="Schlagworte")
    shown(qtbot, tags)
    tags.set_value(["Terminal"])
    tag = tags.findChild(Pressable, "tags_tag_1")
    assert tag is not None

    def has_cross() -> bool:
        picture = tag.grab().toImage()
        right, middle = picture.width() - 9, picture.height() // 2
        return len({picture.pixel(x, y) for x in range(right - 8, right) for y in range(middle - 4, middle + 4)}) > 1

    assert has_cross()
    tags.setEnabled(False)
    assert not has_cross()


def test_what_a_field_understood_stands_below_it_while_typing(qtbot: QtBot) -> None:
    field = MoneyEdit(parse_whole, show_whole, name="cost", accessible="Kosten")
    window = shown(qtbot, field)
    field.set_value(100)
    field.line.setFocus()
    field.line.selectAll()
    type_text(field.line, "12500")
    said = [label.text() for label in window.findChildren(Label) if label.isVisible()]
    assert said == ["12.500"]
    with qtbot.waitSignal(field.committed) as told:
        press(field.line, Qt.Key.Key_Return)
    assert told.args == [12500]
    assert field.line.text() == "12.500"
    assert field.value() == 12500


def test_a_mistake_keeps_the_typed_text_and_becomes_one_sentence(qtbot: QtBot) -> None:
    field = ParsedEdit(parse_whole, show_whole, name="count", accessible="Anzahl")
    shown(qtbot, field)
    field.set_value(7)
    field.line.selectAll()
    with qtbot.assertNotEmitted(field.committed):
        type_text(field.line, "viele\n")
    assert field.line.text() == "viele"
    assert field.error().startswith("Das ist keine Zahl.")
    assert field.line.accessibleDescription() == field.error()
    assert field.value() == 7
    assert not field.commit()
    press(field.line, Qt.Key.Key_Escape)
    assert field.line.text() == "7"
    assert not field.has_error()


def test_emptying_a_field_means_no_value(qtbot: QtBot) -> None:
    field = ParsedEdit(parse_whole, show_whole, name="count", accessible="Anzahl")
    shown(qtbot, field)
    field.set_value(7)
    field.line.selectAll()
    press(field.line, Qt.Key.Key_Backspace)
    with qtbot.waitSignal(field.committed) as told:
        press(field.line, Qt.Key.Key_Return)
    assert told.args == [None]


def test_a_row_shows_its_clock_only_with_the_focus_and_opens_the_history(qtbot: QtBot) -> None:
    line = LineEdit(name="title", accessible="Titel")
    row, other = FieldLine("Titel", line, name="row_title"), LineEdit(name="x", accessible="x")
    window = shown(qtbot, row, other)
    clock = window.findChild(QWidget, "row_title_history")
    assert clock is not None
    other.setFocus()
    qtbot.waitUntil(lambda: not clock.isVisible())
    line.setFocus()
    assert clock.isVisible()
    assert clock.accessibleName() == "Verlauf von Titel"
    with qtbot.waitSignal(row.history_clicked):
        press(clock, Qt.Key.Key_Return)


def test_a_row_says_pending_and_two_versions_in_words(qtbot: QtBot) -> None:
    row = FieldLine("Ampel", LineEdit(name="light", accessible="Ampel"), name="row_light")
    window = shown(qtbot, row)
    row.set_pending("noch nicht übertragen")
    row.set_versions(2)
    fork = window.findChild(QWidget, "row_light_versions")
    assert fork is not None
    assert fork.isVisible()
    assert fork.accessibleName() == "Zwei Fassungen von Ampel"
    assert row.accessibleDescription() == "noch nicht übertragen"
    with qtbot.waitSignal(row.versions_clicked):
        press(fork, Qt.Key.Key_Space)
    row.set_versions(1)
    assert not fork.isVisible()


@pytest.mark.parametrize("size", [100, 200])
def test_labels_of_a_form_fit_their_column(qtbot: QtBot, look: theme.Theme, size: int) -> None:
    look.choose(text_size=size)
    section = Section("Basis", name="basis", first=True)
    rows = [
        FieldLine(words, LineEdit(name=words, accessible=words), name=f"row_{words}")
        for words in ("Handlungsfeld", "Gesamtkosten", "Federführung")
    ]
    for row in rows:
        section.add(row)
    section.resize(340 * size // 100, 300)
    shown(qtbot, section, LineEdit(name="x", accessible="x"))
    rows[0].editor.setFocus()
    for row in rows:
        assert [label.text() for label in row.findChildren(ElidedLabel) if label.is_elided()] == []


def test_the_open_list_of_a_choice_shows_every_word_whole(qtbot: QtBot, look: theme.Theme) -> None:
    look.choose(text_size=200)
    box = ChoiceBox(LIGHTS, name="light", accessible="Ampel")
    box.setMaximumWidth(120)
    shown(qtbot, box)
    box.showPopup()
    longest = max(theme.metrics().horizontalAdvance(choice.words) for choice in LIGHTS)
    assert box.view().width() >= longest + theme.px(12) + 20
    box.hidePopup()


def test_words_are_offered_as_they_are_when_one_begins_to_type(qtbot: QtBot) -> None:
    asked: list[int] = []
    known = ["Radweg", "Rathaus"]

    def suggestions() -> list[str]:
        asked.append(len(known))
        return known

    tags = TagEdit(name="tags", accessible="Schlagworte", suggestions=suggestions)
    other = LineEdit(name="other", accessible="Anderes")
    shown(qtbot, tags, other)
    line = tags.findChild(QLineEdit, "tags_line")
    assert line is not None
    line.setFocus(Qt.FocusReason.TabFocusReason)
    assert asked == [], "walking through asks for nothing"
    type_text(line, "rat")
    assert asked == [2], "once, however many keys"
    assert line.completer().currentCompletion() == "Rathaus"
    line.clear()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    known.append("Ratssaal")
    line.setFocus(Qt.FocusReason.TabFocusReason)
    type_text(line, "rats")
    assert line.completer().currentCompletion() == "Ratssaal"
