"""The screen as a whole: creating, deleting, many at once, everything by keyboard, everything with a name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.models.queries import lists, records
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.measures.deeds import NEW_TITLE
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.notices import Toast
from app.ui.widgets.question import Question
from tests.ui.measures.acting import ARNSBERG, caught_up, field, make, titles, value
from tests.ui.measures.conftest import AGS
from tests.ui.typing import press, type_text


def answer(page: MeasuresPage, name: str) -> None:
    """Press a button of the question that is open."""
    box = page.window().findChild(Question, "confirm_delete")
    assert isinstance(box, Question)
    button = box.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    button.click()


def toast(page: MeasuresPage) -> str:
    told = [one for one in page.window().findChildren(Toast) if not one.isHidden()]
    return told[-1].accessibleName() if told else ""


# Creating ------------------------------------------------------------------------------------


def test_n_makes_a_row_at_once_and_the_title_waits_to_be_written(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    make(store, "Bürgerbus")
    caught_up(qtbot, page)
    page.table.setFocus()
    press(page.table, Qt.Key.Key_N, "n")
    assert titles(page) == ["Bürgerbus", NEW_TITLE]
    assert page.pane.form.title.area.hasFocus()
    type_text(page.pane.form.title.area, "Carsharing")
    page.save()
    made = page.pane.measure
    assert value(workspace, made, "title") == "Carsharing"
    assert value(workspace, made, "lead_ags") == AGS
    assert page.table.selected_ids() == [made]


def test_a_new_measure_stands_in_the_table_whatever_the_filter(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    make(store, "Bürgerbus", status="idea")
    caught_up(qtbot, page)
    page.search("Bürgerbus")
    page.new_measure()
    assert set(titles(page)) == {"Bürgerbus", NEW_TITLE}


def test_an_empty_profile_offers_the_first_measure(page: MeasuresPage) -> None:
    assert page.stage.empty is not None
    assert not page.stage.empty.isHidden()
    page.stage.empty.button.click()
    assert page.split.is_open()
    assert page.pane.form.title.area.hasFocus()
    assert page.stage.currentWidget() is page.table


# Deleting ------------------------------------------------------------------------------------


def test_deleting_asks_says_how_to_undo_and_takes_the_parts_along(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    measures.add_part(store, made, "milestone", {"title": "Start"})
    caught_up(qtbot, page)
    page.show_record(made)
    page.table.setFocus()
    press(page.table, Qt.Key.Key_Delete)
    answer(page, "confirm_no")
    assert titles(page) == ["Bürgerbus"]
    press(page.table, Qt.Key.Key_Delete)
    answer(page, "confirm_yes")
    assert page.model.rowCount() == 0
    assert not page.split.is_open()
    assert toast(page) == "Maßnahme gelöscht"
    assert records.children(workspace.reader, made, "milestone") == []
    store.undo()
    caught_up(qtbot, page)
    assert titles(page) == ["Bürgerbus"]
    assert len(records.children(workspace.reader, made, "milestone")) == 1


def test_deleting_names_the_measures_that_build_on_this_one(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    made = make(store, "Datenplattform")
    make(store, "Bürgerbus", dependencies=[f"builds_on:{made}"])
    caught_up(qtbot, page)
    page.table.show_record(made)
    page.delete_selected()
    box = page.window().findChild(Question, "confirm_delete")
    assert isinstance(box, Question)
    assert "Darauf verweisen: „Bürgerbus“." in box.detail
    assert box.no.isDefault(), "Return keeps it"
    press(box, Qt.Key.Key_Escape)
    assert not box.isVisible()
    assert lists.measure_ids(page._workspace.reader, lists.MeasureFilter()).count(made) == 1


def test_several_are_deleted_in_one_step(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    for title in ("A", "B", "C"):
        make(store, title)
    caught_up(qtbot, page)
    page.table.selectAll()
    page.delete_selected()
    answer(page, "confirm_yes")
    assert page.model.rowCount() == 0
    store.undo()
    caught_up(qtbot, page)
    assert titles(page) == ["A", "B", "C"]


def test_measures_of_others_are_not_deleted(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    make(store, "Fremd", lead_ags=ARNSBERG)
    caught_up(qtbot, page)
    page.table.selectAll()
    page.delete_selected()
    assert page.window().findChild(Question, "confirm_delete") is None
    assert "dürfen Sie nicht löschen" in toast(page)


# Many at once --------------------------------------------------------------------------------


def test_one_value_for_all_selected_is_one_step_and_spares_what_is_not_ours(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    own = [make(store, title) for title in ("A", "B")]
    other = make(store, "C", lead_ags=ARNSBERG)
    caught_up(qtbot, page)
    page.table.setFocus()
    QTest.keySequence(page.table, "Ctrl+A")
    assert not page.bulk.isHidden()
    page.bulk.boxes["status"].chosen.emit("planned")
    assert [value(workspace, one, "status") for one in (*own, other)] == ["planned", "planned", None]
    assert toast(page) == "Status „Geplant“ für 2 Maßnahmen gesetzt; 1 Maßnahme nur zum Lesen"
    store.undo()
    assert [value(workspace, one, "status") for one in own] == [None, None]
    page.bulk.cleared.emit()
    assert page.bulk.isHidden()


def test_a_value_that_needs_a_reason_is_set_for_all_with_one_reason_and_esc_sets_nothing(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made = [make(store, title, status_reason="Aus dem Vorjahr.") for title in ("A", "B")]
    caught_up(qtbot, page)
    page.table.setFocus()
    QTest.keySequence(page.table, "Ctrl+A")
    page.bulk.boxes["status"].chosen.emit("paused")
    reason = page.bulk.reason
    assert reason.question.text() == "Warum „Pausiert“?"
    assert reason.field.hasFocus()
    QTest.keyClick(reason.field, Qt.Key.Key_Return)
    QTest.keyClick(reason.field, Qt.Key.Key_Escape)
    assert reason.isHidden()
    assert page.bulk.boxes["status"].hasFocus()
    assert [value(workspace, one, "status") for one in made] == [None, None]
    page.bulk.boxes["traffic_light"].chosen.emit("red")
    type_text(reason.field, "Der Bescheid fehlt.\n")
    told = [(value(workspace, one, "traffic_light"), value(workspace, one, "traffic_light_reason")) for one in made]
    assert told == [("red", "Der Bescheid fehlt.")] * 2
    store.undo()
    assert [value(workspace, one, "traffic_light_reason") for one in made] == [None, None]


def test_another_order_selects_nothing_and_the_bar_for_several_goes(
    page: MeasuresPage, qtbot: QtBot, store: Store
) -> None:
    for title in ("A", "B"):
        make(store, title)
    caught_up(qtbot, page)
    page.table.selectAll()
    assert not page.bulk.isHidden()
    page._on_sort(0)
    qtbot.waitUntil(lambda: titles(page) == ["B", "A"])
    assert page.table.selected_ids() == []
    assert page.bulk.isHidden()


# By keyboard ---------------------------------------------------------------------------------


def test_arrows_walk_return_enters_the_form_and_esc_comes_back(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    made = [make(store, title) for title in ("A", "B", "C")]
    caught_up(qtbot, page)
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    press(page.table, Qt.Key.Key_Down)
    press(page.table, Qt.Key.Key_Return)
    assert page.split.is_open()
    assert page.pane.measure == made[1]
    assert page.pane.form.title.area.hasFocus()
    press(page.pane.form.title.area, Qt.Key.Key_Escape)
    assert page.table.hasFocus()
    assert not page.split.is_open()
    press(page.table, Qt.Key.Key_Return)
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    press(page.table, Qt.Key.Key_Down)
    assert page.pane.measure == made[2], "with the form open, the arrows turn its pages"


def test_tab_reaches_everything_and_is_caught_nowhere(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    made = make(store, "Bürgerbus")
    measures.add_part(store, made, "milestone", {"title": "Start"})
    caught_up(qtbot, page)
    page.show_record(made)
    for fold in page.pane.form.folds.values():
        fold.set_open(True)
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget] = []
    for _ in range(400):
        inside = QApplication.focusWidget()
        assert inside is not None
        QTest.keyClick(inside, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now is page.table:
            break
        reached.append(now)
    assert QApplication.focusWidget() is page.table, "once around"
    bound = page.pane.form.sheet.bound
    only_shown = {"contribution_ids", "adopted_from"}
    wanted = [one.editor.focus for name, one in bound.items() if name not in only_shown]
    assert [w.objectName() for w in wanted if w not in reached] == []
    named = {widget.objectName() for widget in reached}
    assert {
        "new_measure",
        "add_filter",
        "sort_by",
        "measure_views",
        "section_basis_head",
        "add_milestone",
    } <= named


def test_everything_one_can_press_or_type_into_has_a_name(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    made = make(store, "Bürgerbus", tags=["Rad"], dependencies=["builds_on:M09"])
    measures.add_part(store, made, "indicator", {"name": "Fahrgäste"})
    caught_up(qtbot, page)
    page.show_record(made)
    for fold in page.pane.form.folds.values():
        fold.set_open(True)
    for parts in page.pane.form.parts.values():
        for row in parts.rows.values():
            row.set_open(True)
    controls = (QAbstractButton, QComboBox, QLineEdit, QTextEdit)
    nameless = [
        widget.objectName() or repr(widget)
        for widget in page.findChildren(QWidget)
        if isinstance(widget, controls)
        and widget.focusPolicy()
        and (not widget.accessibleName() or not widget.objectName())
    ]
    assert nameless == []


def test_every_section_says_whether_it_is_open(page: MeasuresPage, store: Store) -> None:
    page.show_record(make(store, "Bürgerbus"))
    head = page.pane.form.folds["who"].head
    assert head.accessibleDescription() == "geschlossen"
    head.click()
    assert head.accessibleDescription() == "geöffnet"


# Room ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [100, 200])
@pytest.mark.parametrize("width", [880, 1278, 1800])
def test_nothing_overlaps_at_any_width_and_text_size(
    page: MeasuresPage, qtbot: QtBot, look: theme.Theme, store: Store, width: int, size: int
) -> None:
    made = make(store, "Nachbarschaftshilfe und digitale Dorfgemeinschaft", lead_ags="05962044")
    caught_up(qtbot, page)
    look.choose("light", size)
    page.window().resize(width, 760)
    page.show_record(made)
    QApplication.processEvents()
    assert page.pane.isVisible()
    assert page.pane.geometry().right() < page.split.width()
    if not page.split.left.isHidden():
        assert page.split.left.geometry().right() < page.pane.geometry().left()
        over = page.table.horizontalHeader().length() - page.table.viewport().width()
        assert page.table.horizontalScrollBar().maximum() == max(0, over)
        assert over <= 0 or page.table.columnWidth(0) < page.table.viewport().width() / 2
    page.pane.close_pane()
    assert not page.split.left.isHidden()


def test_the_pane_can_take_the_whole_room_and_give_it_back(page: MeasuresPage, store: Store) -> None:
    page.show_record(make(store, "Bürgerbus"))
    page.pane.set_large(True)
    assert page.split.left.isHidden()
    page.pane.set_large(False)
    assert not page.split.left.isHidden()


def test_a_measure_outside_the_present_view_can_be_opened(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    made = make(store, "Bürgerbus")
    caught_up(qtbot, page)
    page.search("etwas anderes")
    told: list[str] = []
    page.record_shown.connect(told.append)
    assert page.show_record(made)
    assert told == [made]
    assert field(page, "status").isEnabled()
    assert not page.show_record("01a20278-0000-7000-8000-000000000000")
    assert lists.count_measures(page._workspace.reader) == 1
