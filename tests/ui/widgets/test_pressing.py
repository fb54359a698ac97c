"""Buttons, segments, steppers, chips, tabs and cards do with the keyboard what they do with the mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.widgets.base import FocusRing, key_text
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.chips import ChipButton, FilterChip
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import Card
from app.ui.widgets.tabs import TabBar
from app.ui.widgets.toggles import CheckBox, RadioButton, Stepper
from tests.ui.typing import press, shown

VIEWS = (Segment("table", "Tabelle"), Segment("board", "Tafel"), Segment("time", "Zeitplan"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Button("Sichern", name="save"),
        lambda: IconButton("x", name="close", accessible="Schließen"),
        lambda: LinkButton("Alle Aufgaben", name="all"),
        lambda: ChipButton("Filter", name="filter", icon="plus"),
        lambda: FilterChip("Status", "Offen", name="status"),
    ],
)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_return_enter_and_space_press(qtbot: QtBot, make: Callable[[], Button], key: Qt.Key) -> None:
    button = make()
    shown(qtbot, button)
    with qtbot.waitSignal(button.clicked):
        press(button, key)
    assert button.accessibleName()
    assert button.objectName()


def test_a_nameless_button_is_refused() -> None:
    with pytest.raises(ValueError):
        IconButton("x", name="close", accessible="")


def test_shortcuts_are_written_in_german() -> None:
    assert key_text("Ctrl+Shift+Z") == "Strg+Umschalt+Z"
    assert key_text("+") == "+"


def test_a_registered_shortcut_presses_the_button(qtbot: QtBot) -> None:
    button = Button("Neue Maßnahme", name="new", kind="primary", shortcut="Ctrl+N")
    window = shown(qtbot, button, QWidget())
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)


def test_buttons_are_never_cut_at_any_text_size(look: theme.Theme) -> None:
    button = Button("Noch einmal speichern", name="again", icon="plus", shortcut="Ctrl+N")
    for size in (100, 150, 200):
        look.choose(text_size=size)
        assert button.minimumSizeHint() == button.sizeHint()
        assert button.sizeHint().width() > theme.metrics("body").horizontalAdvance(button.text())


def test_tab_shows_a_ring_around_the_focused_piece_and_the_mouse_does_not(qtbot: QtBot) -> None:
    first, second = Button("Eins", name="one"), Button("Zwei", name="two")
    window = shown(qtbot, first, second)
    second.setFocus(Qt.FocusReason.TabFocusReason)
    ring = window.findChild(FocusRing)
    assert ring is not None
    assert ring.isVisible()
    assert ring.geometry().contains(second.geometry())
    first.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring.isVisible()


def test_the_ring_survives_the_end_of_the_widget_it_lay_around(qtbot: QtBot) -> None:
    inner = QWidget()
    row = QHBoxLayout(inner)
    doomed = Button("Weg", name="doomed")
    row.addWidget(doomed)
    other = Button("Bleibt", name="other")
    window = shown(qtbot, inner, other)
    doomed.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(inner.destroyed):
        inner.deleteLater()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    rings = [ring for ring in window.findChildren(FocusRing) if ring.isVisible()]
    assert len(rings) == 1


def test_arrow_keys_walk_through_the_segments(qtbot: QtBot) -> None:
    control = SegmentedControl(VIEWS, name="view", accessible="Ansicht")
    shown(qtbot, control)
    button = control.findChild(QWidget, "view_table")
    assert button is not None
    button.setFocus()
    with qtbot.waitSignal(control.chosen) as told:
        press(button, Qt.Key.Key_Right)
    assert told.args == ["board"]
    assert control.value() == "board"


def test_setting_a_segment_tells_nobody(qtbot: QtBot) -> None:
    control = SegmentedControl(VIEWS, name="view", accessible="Ansicht")
    qtbot.addWidget(control)
    with qtbot.assertNotEmitted(control.chosen):
        control.set_value("time")
    assert control.value() == "time"


def test_the_stepper_counts_within_its_bounds(qtbot: QtBot) -> None:
    stepper = Stepper(name="people", accessible="Bürgerschaft", value=1, maximum=2)
    shown(qtbot, stepper)
    told: list[int] = []
    stepper.changed.connect(told.append)
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Minus, Qt.Key.Key_Minus):
        press(stepper, key)
    assert told == [2, 1, 0]
    assert stepper.value() == 0
    less = stepper.findChild(IconButton, "people_less")
    assert less is not None
    assert not less.isEnabled()
    assert less.accessibleName() == "Bürgerschaft: weniger"


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_removes_a_filter(qtbot: QtBot, key: Qt.Key) -> None:
    chip = FilterChip("Kommune", "Olpe", name="town")
    shown(qtbot, chip)
    with qtbot.assertNotEmitted(chip.clicked), qtbot.waitSignal(chip.removed):
        press(chip, key)


def test_the_cross_of_a_filter_removes_and_the_rest_of_it_changes(qtbot: QtBot) -> None:
    chip = FilterChip("Kommune", "Olpe", name="town")
    shown(qtbot, chip)
    middle = chip.rect().center()
    with qtbot.assertNotEmitted(chip.removed), qtbot.waitSignal(chip.clicked):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=middle)
    edge = chip.rect().center()
    edge.setX(chip.width() - 12)
    with qtbot.assertNotEmitted(chip.clicked), qtbot.waitSignal(chip.removed):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=edge)
    assert chip.accessibleName() == "Kommune: Olpe"


def test_tabs_are_known_by_their_keys_and_say_their_counts(qtbot: QtBot) -> None:
    tabs = TabBar(name="tabs", accessible="Ansichten")
    tabs.add("all", "Alle", 84)
    tabs.add("two", "Zwei Fassungen", 2, "version")
    shown(qtbot, tabs)
    before = tabs.tabSizeHint(1).width()
    tabs.set_count("two", 1234, "version")
    assert tabs.tabSizeHint(1).width() > before
    assert tabs.accessibleTabName(1) == "Zwei Fassungen, 1234"
    tabs.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(tabs.currentChanged):
        press(tabs, Qt.Key.Key_Right)
    assert tabs.key() == "two"


def test_a_selected_card_keeps_its_place_and_says_so(qtbot: QtBot) -> None:
    card = Card(name="card", accessible="Bürgerbus")
    shown(qtbot, card)
    before = card.geometry()
    card.set_selected(True)
    assert card.geometry() == before
    assert card.accessibleDescription() == "ausgewählt"
    with qtbot.waitSignal(card.clicked):
        press(card, Qt.Key.Key_Space)


def test_a_card_without_a_name_is_only_a_sheet(qtbot: QtBot) -> None:
    card = Card()
    shown(qtbot, card)
    assert card.focusPolicy() is Qt.FocusPolicy.NoFocus
    with qtbot.assertNotEmitted(card.clicked):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)


def test_ticks_and_choices_toggle_with_space(qtbot: QtBot) -> None:
    box = CheckBox("Nur eigene", name="own")
    one, two = RadioButton("Mit Einladung", name="one"), RadioButton("Allein", name="two", detail="Später.")
    shown(qtbot, box, one, two)
    press(box, Qt.Key.Key_Space)
    press(two, Qt.Key.Key_Space)
    assert box.isChecked()
    assert two.isChecked()
    assert two.accessibleDescription() == "Später."


def test_a_stepper_can_count_in_steps_and_say_its_unit(qtbot: QtBot) -> None:
    stepper = Stepper(
        name="size",
        accessible="Textgröße",
        value=100,
        minimum=100,
        maximum=200,
        step=25,
        show=lambda percent: f"{percent} %",
    )
    shown(qtbot, stepper)
    press(stepper, Qt.Key.Key_Plus)
    assert stepper.value() == 125
    assert stepper.accessibleDescription() == "125 %"
