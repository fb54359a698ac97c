"""The gallery is drawn whole: every piece in both modes and sizes, and what takes the focus has a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui import gallery as frames
from app.ui.widgets import gallery

PAGES = gallery.PAGES | frames.PAGES


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_drawn_in_both_modes_and_sizes(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    files = gallery.render(PAGES, tmp_path, name)
    assert len(files) == 4
    grounds = {QImage(str(file)).pixelColor(2, 2).name() for file in files}
    assert len(grounds) == 2


@pytest.mark.parametrize("name", sorted(PAGES))
def test_what_takes_the_focus_has_a_name(qtbot: QtBot, name: str) -> None:
    page = PAGES[name].make()
    qtbot.addWidget(page)
    page.show()
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        if widget.objectName().startswith("qt_"):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        assert spoken is not None
        assert spoken.text(QAccessible.Text.Name), f"{type(widget).__name__} {widget.objectName()}"
        assert widget.objectName(), type(widget).__name__
