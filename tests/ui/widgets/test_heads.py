"""The head of a room, whose title is read first, and its pane, which shows what it is asked for."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.widgets.base import text_width
from app.ui.widgets.buttons import Button
from app.ui.widgets.surfaces import PageHead, ScrollPane
from tests.ui.typing import shown


@pytest.mark.parametrize(("size", "width"), [(100, 1200), (200, 1200), (200, 800)])
def test_the_title_is_whole_and_buttons_leave_out_shortcuts_then_words(
    qtbot: QtBot, look: theme.Theme, size: int, width: int
) -> None:
    head = PageHead("Workshops", "2 kommend")
    hall = Button("Im Saal verbinden", name="hall", icon="broadcast")
    new = Button("Neuer Workshop", name="new", kind="primary", icon="plus", hint="Ctrl+N")
    for button in (hall, new):
        head.add_action(button)
    qtbot.addWidget(head)
    look.choose("light", size)
    head.resize(width, head.height())
    head.show()
    QApplication.processEvents()
    assert head._title.width() >= text_width("Workshops", "title", theme.STRONG)
    assert new.width() >= text_width("Neuer Workshop", "body", theme.STRONG), "the main deed keeps its words"
    is_icon = hall.width() < text_width("Im Saal verbinden", "body", theme.MEDIUM)
    assert is_icon == (width == 800)
    assert hall.toolTip() == ("Im Saal verbinden" if is_icon else ""), "what an icon stands for is told"
    assert hall.accessibleName() == "Im Saal verbinden"


def test_what_moves_down_while_a_section_opens_is_brought_into_sight_all_the_same(qtbot: QtBot) -> None:
    pane = ScrollPane(name="pane", accessible="Steckbrief")
    section, field = QWidget(), Button("Ziele", name="goals")
    section.setFixedHeight(3_000)
    section.hide()
    for piece in (section, field):
        pane.body.addWidget(piece)
    shown(qtbot, pane).resize(300, 200)
    QApplication.processEvents()
    section.show()
    pane.reveal(field)
    qtbot.waitUntil(lambda: section.height() == 3_000 and field.y() >= 3_000)
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())
