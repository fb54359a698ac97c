"""What a coordinator does in these tests, in few words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import records, versions
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from tests.ui.measures.conftest import AGS
from tests.ui.typing import type_text

ARNSBERG = "05958004"


def make(store: Store, title: str, **values: Any) -> EntityId:
    """A measure of one's own municipality, unless said otherwise."""
    return measures.create(store, {"title": title, "lead_ags": AGS, **values})


def value(workspace: Workspace, measure: EntityId, field: str, kind: str = "measure") -> Any:
    """What is on disk."""
    record = records.get_record(workspace.reader, kind, measure)
    assert record is not None
    return record.get(field)


def versions_of(workspace: Workspace, measure: EntityId, field: str) -> set[Any]:
    """The values of all versions that stand."""
    told = versions.history(workspace.reader, "measure", measure, field)
    return {fassung.value for fassung in told if fassung.standing}


def titles(page: MeasuresPage) -> list[str]:
    """What the table shows, from top to bottom."""
    page.model.show_window(0, page.model.rowCount())
    return [str(page.model.index(row, 0).data()) for row in range(page.model.rowCount())]


def field(page: MeasuresPage, name: str) -> QWidget:
    """The widget one types into."""
    return page.pane.form.sheet.bound[name].editor.focus


def note(page: MeasuresPage, name: str) -> str:
    """The sentence under a field."""
    return page.pane.form.sheet.bound[name].note[0]


def write(page: MeasuresPage, name: str, words: str) -> None:
    """Put the cursor into a field, replace what is there, and stay in it."""
    editor = field(page, name)
    editor.setFocus(Qt.FocusReason.TabFocusReason)
    editor.selectAll()  # type: ignore[attr-defined]
    type_text(editor, words)


def caught_up(qtbot: QtBot, page: MeasuresPage) -> None:
    """Wait until the table has asked again which rows there are."""
    qtbot.waitUntil(lambda: not page._later.isActive())
