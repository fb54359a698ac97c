"""What stands before the desktop or beside it, as a screen reader and a keyboard meet it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.crash import CrashNotice, StartFailure
from app.ui.gallery_window import GalleryWindow
from app.ui.settings.first_start import FirstStart
from app.ui.settings.unlock import Unlock
from app.ui.shell.shortcuts import ShortcutOverview
from app.ui.widgets.reading_order import reading_order
from tests.ui.accessibility.reading import expected_stops, missing_words, tree
from tests.ui.sync.conftest import region as region


def _step(number: int) -> Callable[[QtBot, pytest.FixtureRequest], QWidget]:
    def make(qtbot: QtBot, request: pytest.FixtureRequest) -> QWidget:
        made = FirstStart(request.getfixturevalue("region"), needs_passphrase=True)
        made.who.person.setText("Katrin Brandt")
        made.who.device.setText("Laptop")
        for _ in range(number):
            made.go_on()
            if number > 1:
                made.where.choice.search.setText("berleb")
        return made

    return make


def _plain(make: Callable[[], QWidget]) -> Callable[[QtBot, pytest.FixtureRequest], QWidget]:
    return lambda *_: make()


WINDOWS = {
    "wer": _step(0),
    "wo": _step(1),
    "mit wem": _step(2),
    "Kennwort": _plain(Unlock),
    "schiefgegangen": _plain(lambda: CrashNotice(None)),
    "nicht zu öffnen": _plain(lambda: StartFailure("Das Profil ist schon offen.", "Schließen Sie das andere Fenster.")),
    "Tastenkürzel": _plain(lambda: ShortcutOverview({"Überall": (("Ctrl+K", "Suchen"),)})),
    "Galerie": _plain(GalleryWindow),
}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_that_stands_alone_says_itself_and_tab_goes_once_around(
    qtbot: QtBot, request: pytest.FixtureRequest, window: str
) -> None:
    made = WINDOWS[window](qtbot, request)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    nodes = tree(made)
    assert nodes[0].name or made.windowTitle()
    assert missing_words(nodes) == []
    assert [node.kind for node in nodes if node.focusable and node.role in ("Client", "NoRole")] == []
    stops = {one.objectName() for one in reading_order(made)}
    assert expected_stops(made) <= stops
    reached: set[str] = set()
    for _ in range(len(stops) + 1):
        inside = QApplication.focusWidget()
        if inside is None:
            made.setFocus(Qt.FocusReason.TabFocusReason)
            inside = QApplication.focusWidget() or made
        reached.add(inside.objectName())
        QTest.keyClick(inside, Qt.Key.Key_Tab)
    assert stops - reached == set()
