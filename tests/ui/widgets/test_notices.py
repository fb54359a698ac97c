"""What the program says by itself, and what floats."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.widgets.buttons import Button
from app.ui.widgets.notices import Banner, EmptyState, Toast
from app.ui.widgets.popover import SHADOW, Popover
from app.ui.widgets.surfaces import PageHead, ProgressBar
from app.ui.widgets.words import Avatar, CountBadge, ElidedLabel, Label
from tests.ui.typing import press, shown


def test_a_banner_has_one_sentence_and_one_remedy(qtbot: QtBot) -> None:
    banner = Banner("danger", "Der Speicher ist voll.", name="full", remedy="Noch einmal", dismissible=True)
    window = shown(qtbot, banner)
    assert banner.accessibleName() == "Der Speicher ist voll."
    with qtbot.waitSignal(banner.remedied):
        press(banner.button, Qt.Key.Key_Return)
    close = window.findChild(QWidget, "full_close")
    assert close is not None
    with qtbot.waitSignal(banner.dismissed):
        press(close, Qt.Key.Key_Space)
    assert not banner.isVisible()


def test_a_banner_that_is_being_made_is_never_a_window_that_takes_the_keyboard(qtbot: QtBot) -> None:
    window = shown(qtbot, QWidget())
    qtbot.waitUntil(window.isActiveWindow)

    class Windows(QObject):
        shown: list[str] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.shown.append(type(watched).__name__)
            return False

    windows, app = Windows(), QApplication.instance()
    assert app is not None
    app.installEventFilter(windows)
    banner = Banner("info", "Nur zu lesen.", name="readonly", detail="Ändern können andere.", parent=window)
    app.removeEventFilter(windows)
    assert windows.shown == []
    assert window.isActiveWindow()
    banner.show()
    assert [label.text() for label in banner.findChildren(Label) if label.isVisible()] == [
        "Nur zu lesen.",
        "Ändern können andere.",
    ]


def test_an_empty_place_offers_its_one_button(qtbot: QtBot) -> None:
    empty = EmptyState("users-three", "Noch kein Workshop.", name="empty", button="Workshop anlegen")
    shown(qtbot, empty)
    with qtbot.waitSignal(empty.started):
        press(empty.button, Qt.Key.Key_Return)


@pytest.mark.parametrize("size", [100, 200])
def test_no_line_of_an_empty_place_is_cut(qtbot: QtBot, look: theme.Theme, size: int) -> None:
    look.choose(text_size=size)
    sentence = "Noch kein Workshop. Ein Workshop bringt Stationen, Tagesordnung und Fragen mit."
    window = shown(qtbot, EmptyState("users-three", sentence, name="empty", button="Anlegen"))
    window.resize(900, 700)
    label = window.findChild(Label)
    assert label is not None
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))


def test_a_toast_offers_the_way_back_and_goes_with_escape(qtbot: QtBot) -> None:
    window = shown(qtbot, QWidget())
    toast = Toast(window, "Maßnahme gelöscht.", name="toast", undo="Rückgängig")
    toast.show_above(32)
    assert toast.geometry().bottom() <= window.height()
    with qtbot.waitSignal(toast.undone):
        press(toast.button, Qt.Key.Key_Return)
    again = Toast(window, "Maßnahme gelöscht.", name="toast")
    again.show_above(32)
    press(again, Qt.Key.Key_Escape)
    assert not again.isVisible()


@pytest.mark.parametrize("corner", [(4, 4), (420, 4), (4, 330), (420, 330)])
@pytest.mark.parametrize("side", ["below", "above", "left", "right"])
def test_a_popover_stays_inside_the_window_wherever_its_anchor_is(
    qtbot: QtBot, corner: tuple[int, int], side: str
) -> None:
    window = shown(qtbot)
    window.resize(560, 400)
    anchor = Button("Verlauf", name="anchor", parent=window)
    anchor.move(*corner)
    anchor.show()
    popover = Popover(window, name="history", accessible="Verlauf", title="Verlauf", padding=16)
    popover.set_body(Label("Abweichung\nIm Plan"))
    popover.open_at(anchor, side, width=240)  # type: ignore[arg-type]
    card = popover.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
    assert QRect(0, 0, 560, 400).contains(card)


def test_escape_and_a_press_beside_it_close_a_popover_and_give_the_focus_back(qtbot: QtBot) -> None:
    anchor = Button("Verlauf", name="anchor")
    window = shown(qtbot, anchor)
    window.resize(600, 500)

    def opened() -> Popover:
        popover = Popover(window, name="history", accessible="Verlauf", title="Verlauf")
        popover.set_body(Button("Wiederherstellen", name="restore"))
        popover.open_at(anchor)
        return popover

    first = opened()
    assert not anchor.hasFocus()
    with qtbot.waitSignal(first.closed):
        press(first, Qt.Key.Key_Escape)
    assert anchor.hasFocus()
    second = opened()
    with qtbot.waitSignal(second.closed):
        QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=window.rect().bottomRight())


def test_a_popover_goes_with_its_page_but_not_with_a_button_that_is_only_replaced(
    qtbot: QtBot,
) -> None:
    page, pages = QWidget(), QStackedWidget()
    anchor = Button("Neue Abstimmung", name="anchor", parent=page)
    pages.addWidget(page)
    pages.addWidget(QWidget())
    window = shown(qtbot, pages)
    window.resize(600, 500)
    popover = Popover(window, name="new_round", accessible="Neue Abstimmung", title="Neue Abstimmung")
    popover.set_body(Label("Was zuerst?"))
    popover.open_at(anchor)
    anchor.hide()
    assert popover.isVisible(), "a colleague began the round: what is typed here is not thrown away"
    anchor.show()
    pages.setCurrentIndex(1)
    assert not popover.isVisible()


def test_elided_text_is_whole_in_the_tooltip_and_logged_in_debug_runs(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    label = ElidedLabel("Nachrodt-Wiblingwerde")
    window = shown(qtbot, label)
    window.resize(120, 60)
    qtbot.waitUntil(label.is_elided)
    assert label.toolTip() == "Nachrodt-Wiblingwerde"
    assert label.accessibleName() == "Nachrodt-Wiblingwerde"
    with caplog.at_level(logging.DEBUG, logger="app.ui.elided"):
        label.grab()
    assert "Nachrodt-Wiblingwerde" in caplog.text
    window.resize(500, 60)
    qtbot.waitUntil(lambda: not label.is_elided())
    assert label.toolTip() == ""


def test_paragraphs_stand_on_the_line_height_of_their_size(look: theme.Theme) -> None:
    label = Label("Eins zwei drei vier fünf sechs sieben acht neun zehn", wrap=True)
    assert label.heightForWidth(10_000) == 20
    assert label.heightForWidth(120) % 20 == 0
    assert label.heightForWidth(120) > 40
    look.choose(text_size=200)
    assert label.heightForWidth(10_000) == 40


def test_initials_come_from_the_first_and_the_last_word() -> None:
    assert Avatar("Katrin Brandt").initials == "KB"
    assert Avatar("Eva-Maria van der Straße").initials == "ES"
    assert Avatar("Özlem").initials == "Ö"
    assert Avatar("").initials == ""


def test_a_count_of_zero_is_not_shown_and_large_ones_are_short() -> None:
    badge = CountBadge(0)
    assert badge.isHidden()
    badge.set_count(12)
    assert not badge.isHidden()
    assert badge.accessibleName() == "12"
    assert CountBadge.words_for(1000) == "999+"


def test_progress_is_told_in_numbers() -> None:
    bar = ProgressBar(accessible="Abgleich", done=7, total=11)
    assert bar.accessibleDescription() == "7 / 11"
    bar.set_progress(0, 0)
    assert bar.accessibleDescription() == ""


def test_a_page_head_grows_with_its_text(look: theme.Theme) -> None:
    head = PageHead("Maßnahmen", "19 von 84")
    assert head.height() == 64
    look.choose(text_size=200)
    assert head.height() == 64 + 28 + 16
