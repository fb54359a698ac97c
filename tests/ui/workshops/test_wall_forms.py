"""Forms that are opened by a key of the wall: what they say, and where the keyboard is afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import walls
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import Label
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.wall.asking import PromoteForm
from tests.ui.typing import press, type_text
from tests.ui.workshops.conftest import Desk
from tests.ui.workshops.test_wall import TEXTS, open_wall, stand_on
from tests.ui.workshops.test_wall import cards as cards
from tests.ui.workshops.test_wall import page as page


def test_a_cluster_is_begun_by_a_key_and_the_keyboard_is_on_the_wall_again_when_a_form_closes(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    wall = open_wall(qtbot, page, workshop)
    stand_on(wall, cards[2])
    press(wall.canvas, Qt.Key.Key_N, "n")
    title = page.window().findChild(LineEdit, "cluster_title")
    assert title is not None
    assert title.text() == TEXTS[2]
    type_text(title, "Sicher zu Fuß\n")
    made = next(one for one in walls.wall(desk.workspace.reader, workshop).clusters if one.title == "Sicher zu Fuß")
    line = wall.state.card(cards[2])
    assert line is not None
    assert line.cluster == made.id
    assert wall.canvas.hasFocus()
    press(wall.canvas, Qt.Key.Key_Space, " ")
    wall.state.promote([cards[2]], "Gehweg")
    press(wall.canvas, Qt.Key.Key_M, "m")
    form = page.window().findChild(PromoteForm)
    assert form is not None
    said = " ".join(label.text() for label in form.findChildren(Label))
    assert "Daraus wurde schon „Gehweg“." in said
    press(form, Qt.Key.Key_Escape)
    assert wall.canvas.hasFocus()
    assert wall.canvas.selection.cards == [cards[2]]
