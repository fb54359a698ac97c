"""A field for a person offers who is known here, and takes any other name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.queries.persons import known_persons
from app.models.store import Store
from app.services import measures, workshops
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.persons import PersonEdit
from tests.ui.measures.acting import caught_up, field, make, value
from tests.ui.measures.conftest import AGS
from tests.ui.typing import press, type_text


def test_a_part_of_a_name_finds_who_was_given_a_task_and_taking_the_offer_saves_it(
    page: MeasuresPage, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    other, made = make(store, "Radweg"), make(store, "Rufbus")
    measures.add_part(store, other, "task", {"title": "Anrufen", "responsible": "Martin Hoffmann"})
    caught_up(qtbot, page)
    page.show_record(made)
    page.pane.form.go_to("responsible_contact")
    line = field(page, "responsible_contact")
    assert isinstance(line, PersonEdit)
    line.setFocus(Qt.FocusReason.TabFocusReason)
    type_text(line, "hoff")
    assert line.completer().currentCompletion() == "Martin Hoffmann"
    popup = line.completer().popup()
    assert popup is not None
    popup.setCurrentIndex(line.completer().completionModel().index(0, 0))
    press(popup, Qt.Key.Key_Return)
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    assert value(workspace, made, "responsible_contact") == "Martin Hoffmann"


def test_oneself_comes_first_then_who_is_named_most_and_who_was_deleted_is_not_offered(
    store: Store, workspace: Workspace
) -> None:
    made, gone = make(store, "Radweg", responsible_contact="Zoe Adam"), make(store, "Steg", responsible_contact="Weg")
    measures.add_part(store, made, "risk", {"title": "Frost", "owner": "Anna Groß"})
    workshops.create(store, {"title": "Dialog", "ags": AGS, "moderation": "Zoe Adam"}, ["Halle"])
    measures.delete(store, gone)
    me, *others = known_persons(workspace.reader)
    assert me
    assert others == ["Zoe Adam", "Anna Groß"]
