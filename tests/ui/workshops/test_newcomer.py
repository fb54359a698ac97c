"""A newcomer's evening, with every press of a key or button counted: nobody has shown them anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.models.queries import lists, sessions
from app.ui.workshops.page import WorkshopsPage
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import Desk


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> Iterator[WorkshopsPage]:
    made = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, made).resize(1366, 768)
    yield made
    made.flush()
    made.leave()


class Hand:
    """Presses what is in sight and types where the keyboard stands; words typed are not counted, ends of lines are."""

    def __init__(self, qtbot: QtBot, window: QWidget) -> None:
        self._qtbot, self._window = qtbot, window
        self.presses = 0

    def click(self, name: str) -> None:
        self._qtbot.waitUntil(lambda: self._button(name) is not None)
        button = self._button(name)
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.presses += 1

    def _button(self, name: str) -> QAbstractButton | None:
        found = self._window.findChildren(QAbstractButton, name)
        return next((button for button in found if button.isVisible()), None)

    def type(self, words: str) -> None:
        type_text(self._focused(), words)
        self.presses += words.count("\n")

    def key(self, key: Qt.Key, words: str = "") -> None:
        press(self._focused(), key, words)
        self.presses += 1

    def wait_for(self, name: str) -> None:
        """Until the keyboard stands on a field."""
        self._qtbot.waitUntil(lambda: self._focused().objectName() == name)

    @staticmethod
    def _focused() -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    def counted(self) -> int:
        """Presses since the last time."""
        presses, self.presses = self.presses, 0
        return presses


def test_from_nothing_to_minutes_on_disk_in_nine_presses(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, tmp_path: Path
) -> None:
    hand = Hand(qtbot, page.window())
    hand.click("workshops_empty_start")
    hand.type("Bürgerdialog Mobilität\n")
    assert page.view is not None
    qtbot.waitUntil(page.view.notes.entry.line.hasFocus)
    hand.type("Bürgerbus auch abends\n")
    (line,) = lists.workshop_lines(desk.workspace.reader)
    (card,) = sessions.card_lines(desk.workspace.reader, line.id)
    assert hand.counted() == 3, "first card: one button, title and card each ended by Return"

    hand.click("workshop_views_wall")
    qtbot.waitUntil(page.view.wall.canvas.hasFocus)
    hand.key(Qt.Key.Key_M, "m")
    hand.wait_for("promote_title")
    hand.key(Qt.Key.Key_Return, "\r")
    qtbot.waitUntil(lambda: bool(page.view and page.view.wall.state.outcomes))
    assert hand.counted() == 3, "card to measure: the wall, M, Return"
    assert [m.title for m in lists.measure_lines(desk.workspace.reader, list(card_measures(desk, line.id))).values()]

    hand.click("workshop_views_paper")
    hand.click("give_pdf")
    qtbot.waitUntil(lambda: page.window().findChild(QFileDialog, "save_paper") is not None)
    dialog = page.window().findChild(QFileDialog, "save_paper")
    assert dialog is not None
    target = tmp_path / "Bürgerdialog Mobilität, Protokoll.pdf"
    dialog.setDirectory(str(tmp_path))
    dialog.accept()
    hand.presses += 1
    qtbot.waitUntil(target.exists)
    assert hand.counted() == 3, "minutes as PDF: Protokoll, PDF, the name proposed is taken by Return"
    assert card.text == "Bürgerbus auch abends"


def card_measures(desk: Desk, workshop: str) -> tuple[str, ...]:
    (card,) = sessions.card_lines(desk.workspace.reader, workshop)
    return card.measures
