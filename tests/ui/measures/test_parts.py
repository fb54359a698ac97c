"""Parts of a measure are added, edited and deleted inside the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.domain import rules
from app.models.queries import records
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from app.ui.measures.steckbrief import PART_ROWS
from tests.ui.measures.acting import (
    make,
    value,
)
from tests.ui.typing import press, type_text

Desks = Callable[[str], Store]


# Parts ---------------------------------------------------------------------------------------


def test_a_milestone_is_added_edited_and_deleted_in_place(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    parts = page.pane.form.parts["milestone"]
    parts.start()
    assert parts._line is not None
    type_text(parts._line, "Vergabe\n")
    (record,) = records.children(workspace.reader, made, "milestone")
    row = parts.rows[record.id]
    assert row.is_open()
    assert row.sheet is not None
    due = row.sheet.bound["due"].editor.focus
    assert due.hasFocus(), "the first field that is still empty"
    type_text(due, "Q3/2026")
    page.save()
    assert value(workspace, record.id, "due", "milestone") == "2026-Q3"
    assert row.head.accessibleName().startswith("Meilenstein, Vergabe, Q3/2026")
    row._on_delete()
    assert parts.rows == {}
    assert records.children(workspace.reader, made, "milestone") == []
    store.undo()
    assert len(parts.rows) == 1


def test_costs_and_funding_add_up_to_the_own_share(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Bürgerbus", total_cost_cents=34_000_000)
    page.show_record(made)
    measures.add_part(
        store, made, "funding_item", {"source": "kfw_436", "amount_cents": 30_600_000, "status": "approved"}
    )
    measures.add_part(store, made, "funding_item", {"source": "eu", "amount_cents": 9_000_000, "status": "rejected"})
    sums = page.pane.form._sums
    assert sums is not None
    assert sums.own.text() == "34.000 €"
    measures.add_part(store, made, "cost_item", {"year": 2026, "planned_cents": 24_600_000})
    told = sums.findChildren(QLabel)[-1].text()
    assert "246.000\u00a0€" in told, "no line ends between a number and its currency"


def test_an_indicator_has_values_of_its_own(page: MeasuresPage, store: Store, workspace: Workspace) -> None:
    made = make(store, "Bürgerbus")
    measures.add_part(store, made, "indicator", {"name": "Fahrgäste"})
    page.show_record(made)
    page.pane.form.folds["effect"].set_open(True)
    (row,) = page.pane.form.parts["indicator"].rows.values()
    row.set_open(True)
    assert row.inner is not None
    row.inner.start()
    (reading,) = row.inner.rows.values()
    assert reading.sheet is not None
    number = reading.sheet.bound["number"].editor.focus
    number.setFocus()
    type_text(number, "1.250,5")
    page.save()
    (record,) = records.children(workspace.reader, made, "indicator_value")
    assert (record.get("number"), record.get("indicator_id")) == (1250.5, row.record.id)


def test_a_measure_depends_on_a_bundle_or_another_measure(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    other, made = make(store, "Datenplattform Südwestfalen"), make(store, "Bürgerbus")
    page.show_record(made)
    page.pane.form.folds["effect"].set_open(True)
    links = page.pane.form._links
    assert links is not None
    type_text(links.line, "datenplattform südw")
    press(links.line, Qt.Key.Key_Return)
    links._on_typed("M09")
    links._on_picked("M09 Digitaler Kompetenzaufbau")
    assert value(workspace, made, "dependencies") == tuple(sorted((f"builds_on:{other}", "builds_on:M09")))


@pytest.mark.parametrize("kind", sorted(PART_ROWS))
def test_every_kind_of_part_opens_with_named_editors(page: MeasuresPage, store: Store, kind: str) -> None:
    made = make(store, "Bürgerbus")
    required = rules.REQUIRED.get(kind, ())
    if kind == "indicator_value":
        pytest.skip("opened within its indicator above")
    measures.add_part(store, made, kind, dict.fromkeys(required, "Etwas"))
    page.show_record(made)
    for fold in page.pane.form.folds.values():
        fold.set_open(True)
    (row,) = page.pane.form.parts[kind].rows.values()
    row.set_open(True)
    assert row.sheet is not None
    unnamed = [name for name, one in row.sheet.bound.items() if not one.editor.focus.accessibleName()]
    assert unnamed == []
    assert all(isinstance(one.editor.widget, QWidget) for one in row.sheet.bound.values())
