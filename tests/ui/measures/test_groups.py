"""Rows under headings: counted, folded by mouse and keyboard, in table and time line alike."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.cells import Cell
from tests.ui.measures.acting import ARNSBERG, caught_up, make
from tests.ui.typing import press


def rows(model: QAbstractItemModel) -> list[str]:
    """What is read from top to bottom; headings as "= title count"."""
    told = []
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        heading = index.data(Cell.GROUP)
        told.append(f"= {index.data()} {index.data(Cell.META)}" if heading else str(index.data()))
    return told


@pytest.fixture
def grouped(page: MeasuresPage, store: Store, qtbot: QtBot) -> MeasuresPage:
    make(store, "Radweg", status="planned", fields_of_action=frozenset({"mobility", "education_culture_tourism"}))
    make(store, "LoRaWAN", status="idea", fields_of_action=frozenset({"mobility"}), bundle_code="M02")
    make(store, "Lesecafé", status="idea", lead_ags=ARNSBERG)
    caught_up(qtbot, page)
    return page


def choose(page: MeasuresPage, words: str) -> None:
    """Pick an entry of the menu that the button opens."""
    menu = page.filters.group_menu()
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.deleteLater()


def read(page: MeasuresPage) -> list[str]:
    page.model.show_window(0, page.model.rowCount())
    return rows(page.model)


def test_every_measure_stands_under_one_heading_in_the_order_of_the_list(grouped: MeasuresPage) -> None:
    choose(grouped, "Handlungsfeld")
    told = read(grouped)
    assert sum(not one.startswith("=") for one in told) == 3
    assert [one for one in told if one.startswith("=")][-1] == "= Ohne Handlungsfeld 1"
    choose(grouped, "Status")
    assert read(grouped) == ["= Idee 2", "Lesecafé", "LoRaWAN", "= Geplant 1", "Radweg"]
    choose(grouped, "Kommune")
    assert read(grouped)[:2] == ["= Arnsberg 1", "Lesecafé"]
    choose(grouped, "Bündel")
    assert read(grouped)[:2] == ["= M02 LoRaWAN 1", "LoRaWAN"]
    choose(grouped, "Ohne Gruppen")
    assert read(grouped) == ["Lesecafé", "LoRaWAN", "Radweg"]


def test_headings_are_folded_by_keys_and_by_the_mouse_and_keep_their_count(grouped: MeasuresPage) -> None:
    choose(grouped, "Status")
    table = grouped.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    table.select_row(0)
    press(table, Qt.Key.Key_Return)
    assert read(grouped) == ["= Idee 2", "= Geplant 1", "Radweg"]
    assert grouped.model.count() == 3, "what is folded away still counts"
    assert "zugeklappt" in str(grouped.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    press(table, Qt.Key.Key_Right)
    assert table.current_row() == 0
    assert len(read(grouped)) == 5
    table.clicked.emit(grouped.model.index(0, 0))
    assert read(grouped) == ["= Idee 2", "= Geplant 1", "Radweg"]
    choose(grouped, "Alle aufklappen")
    assert len(read(grouped)) == 5


def test_a_heading_is_neither_selected_nor_opened_nor_deleted(grouped: MeasuresPage) -> None:
    choose(grouped, "Status")
    grouped.table.setFocus(Qt.FocusReason.TabFocusReason)
    grouped.table.selectAll()
    assert len(grouped.table.selected_ids()) == 3
    grouped.table.clearSelection()
    grouped.table.select_row(0)
    assert not grouped.split.is_open()
    press(grouped.table, Qt.Key.Key_Down)
    press(grouped.table, Qt.Key.Key_Return)
    assert grouped.pane.measure == grouped.model.id_at(1)


def test_a_measure_changes_its_heading_when_it_is_edited(
    grouped: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    choose(grouped, "Status")
    measures.edit(store, grouped.model.id_at(2), {"status": "planned"})
    caught_up(qtbot, grouped)
    assert read(grouped) == ["= Idee 1", "Lesecafé", "= Geplant 2", "LoRaWAN", "Radweg"]


def test_the_time_line_has_the_same_headings_and_the_board_none(grouped: MeasuresPage) -> None:
    choose(grouped, "Status")
    grouped.show_mode("timeline")
    model = grouped.timeline.model
    model.show_window(0, model.rowCount())
    assert rows(model)[0] == "= Idee 2"
    press(grouped.timeline.view, Qt.Key.Key_Up)
    assert model.is_head(grouped.timeline.view.current_row())
    press(grouped.timeline.view, Qt.Key.Key_Left)
    assert rows(model)[:2] == ["= Idee 2", "= Geplant 1"]
    grouped.show_mode("board")
    assert grouped.filters.group.isHidden()


def test_the_model_stays_sound_while_groups_fold_and_rows_move(grouped: MeasuresPage, store: Store) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(grouped.model, mode)
    choose(grouped, "Status")
    grouped.model.fold(0, True)
    measures.edit(store, grouped.model.id_at(2), {"status": "idea"})
    grouped.model.requery()
    grouped.model.fold_all(True)
    grouped.model.fold_all(False)
    choose(grouped, "Kommune")
    assert tester.model() is grouped.model


def test_the_menu_says_what_is_in_force(grouped: MeasuresPage) -> None:
    choose(grouped, "Kommune")
    menu = grouped.filters.group_menu()
    ticked = [action.text() for action in menu.findChildren(QAction) if action.isChecked()]
    menu.deleteLater()
    assert ticked == ["Kommune"]
    assert grouped.filters.group.accessibleName() == "Gruppiert nach Kommune"
