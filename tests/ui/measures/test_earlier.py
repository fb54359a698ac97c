"""Doubling a measure, and looking back: what a day said, what changed since, taking one field back."""

from __future__ import annotations

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.domain.fields import SHORT
from app.models.queries import records, versions
from app.models.store import Store
from app.services import history, measures
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from tests.ui.measures.acting import caught_up, make, value


def choose(page: MeasuresPage, begins: str) -> None:
    """Pick an entry of the menu of the pane."""
    menu = page.pane.menu()
    next(action for action in menu.findChildren(QAction) if action.text().startswith(begins)).trigger()
    menu.deleteLater()


def test_a_doubled_measure_has_the_fields_and_the_plan_and_no_past(
    page: MeasuresPage, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    made = make(store, "Radweg", status="planned", goals="Sicher zur Schule", tags=frozenset({"Rad"}), code="M7")
    measures.edit(store, made, {"goals": "Sicher zur Schule und zurück", "visibility": "school"})
    measures.add_part(store, made, "milestone", {"title": "Vergabe", "due": "2027-Q1"})
    measures.add_part(store, made, "task", {"title": "Anrufen"})
    caught_up(qtbot, page)
    page.show_record(made)
    choose(page, "Doppeln")
    copy = page.pane.measure
    assert copy != made
    assert page.pane.form.title.area.hasFocus(), "the title is to be overwritten at once"
    assert value(workspace, copy, "title") == "Radweg (Kopie)"
    assert value(workspace, copy, "goals") == "Sicher zur Schule und zurück"
    assert value(workspace, copy, "tags") == ("Rad",)
    assert not value(workspace, copy, "code"), "a number belongs to one measure"
    assert value(workspace, copy, "visibility") == "municipality", "nothing is published by copying"
    assert [p.text("title") for p in records.children(workspace.reader, copy, "milestone")] == ["Vergabe"]
    assert records.children(workspace.reader, copy, "task") == []
    assert len(versions.history(workspace.reader, "measure", copy, "goals")) == 1


def test_doubling_is_one_step_of_undo_and_is_named(store: Store, workspace: Workspace) -> None:
    made = make(store, "Radweg")
    measures.add_part(store, made, "milestone", {"title": "Vergabe"})
    copy = measures.duplicate(store, made)
    assert history.next_undo(store) == "measure.duplicate"
    history.undo(store)
    gone = records.get_record(workspace.reader, "measure", copy)
    assert gone is not None
    assert gone.gone
    assert value(workspace, made, "title") == "Radweg"


def test_the_title_of_a_copy_is_never_too_long(store: Store, workspace: Workspace) -> None:
    made = make(store, "ü" * SHORT)
    title = value(workspace, measures.duplicate(store, made), "title")
    assert title.endswith(" (Kopie)")
    assert len(title) == SHORT
