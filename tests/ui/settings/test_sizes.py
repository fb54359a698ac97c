"""What stands before the window or beside it can be read whole, in every text size."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.ui.crash import CrashNotice, StartFailure
from app.ui.settings.first_start import FirstStart
from app.ui.settings.unlock import Unlock
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button
from app.ui.widgets.words import Label
from tests.ui.sync.conftest import region as region

WORDS = "Der Schlüssel oder das Kennwort passt nicht zu diesen Daten.", "Bitte geben Sie das Kennwort erneut ein."


def cut(window: QWidget) -> list[str]:
    """Labels lower than their words."""
    labels = [label for label in window.findChildren(Label) if label.isVisible() and label.wordWrap()]
    return [label.text() for label in labels if label.height() < label.heightForWidth(label.width())]


@pytest.mark.parametrize("size", [100, 150, 200])
def test_the_word_that_the_work_is_safe_is_never_cut(qtbot: QtBot, look: Theme, size: int) -> None:
    look.choose("light", size)
    for window in (CrashNotice(None), StartFailure(*WORDS)):
        qtbot.addWidget(window)
        window.show()
        assert cut(window) == []


def test_the_first_question_and_the_passphrase_show_their_button_at_once(qtbot: QtBot, region: Region) -> None:
    for window in (FirstStart(region, needs_passphrase=True), Unlock()):
        qtbot.addWidget(window)
        window.show()
        button = window.next if isinstance(window, FirstStart) else window.button
        assert isinstance(button, Button)
        assert button.visibleRegion().boundingRect() == button.rect()
        assert cut(window) == []
