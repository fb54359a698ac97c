"""The title stays at the left while the other columns are scrolled: for eye, mouse, keyboard and screen reader."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QWidget
from pytestqt.qtbot import QtBot

from app.models.store import Store
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.measures.cells import COLUMNS
from app.ui.measures.page import MeasuresPage
from app.ui.measures.table import MeasureTable
from tests.ui.measures.acting import caught_up, make, value
from tests.ui.typing import press

LAST = len(COLUMNS) - 1
COST = next(i for i, column in enumerate(COLUMNS) if column.key == "cost")


@pytest.fixture
def table(page: MeasuresPage, qtbot: QtBot, store: Store) -> MeasureTable:
    """Three measures in a window too narrow for their columns, the first one current."""
    for title in ("Bürgerbus", "Carsharing", "Dorfladen"):
        make(store, title, status="planned", fields_of_action=["energy"])
    caught_up(qtbot, page)
    page.window().resize(600, 500)
    page.table.setFocus(Qt.FocusReason.OtherFocusReason)
    page.table.select_row(0)
    QApplication.processEvents()
    return page.table


def to_the_last_column(table: MeasureTable) -> None:
    for _ in range(LAST):
        press(table, Qt.Key.Key_Right)
    assert table.is_shifted()


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    kinds, left, none = QEvent.Type, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    steps = ((kinds.MouseButtonPress, start, left, left), (kinds.MouseMove, end, none, left))
    for kind, where, button, buttons in (*steps, (kinds.MouseButtonRelease, end, left, none)):
        away, modifiers = widget.mapToGlobal(where), Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QMouseEvent(kind, QPointF(where), QPointF(away), button, buttons, modifiers))


def title_pixels(table: MeasureTable) -> QImage:
    """The titles below the current row, as they are painted, without their edge at the right."""
    top = table.rowViewportPosition(1)
    area = QRect(0, top, table.frozen_width() - 1, 2 * table.row_height())
    return table.viewport().grab(area).toImage()


@pytest.mark.parametrize(("scheme", "size"), [("light", 100), ("dark", 200)])
def test_the_titles_are_painted_where_they_were(table: MeasureTable, look: theme.Theme, scheme: str, size: int) -> None:
    look.choose(scheme, size)
    QApplication.processEvents()
    before = title_pixels(table)
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    QApplication.processEvents()
    assert table.is_shifted()
    assert title_pixels(table) == before
    assert table.columnWidth(0) < table.viewport().width() / 2


def test_the_keyboard_walks_along_the_row_and_no_cell_stays_below_the_title(table: MeasureTable) -> None:
    seen = []
    for key in [Qt.Key.Key_Right] * LAST + [Qt.Key.Key_Left] * (LAST - 1):
        press(table, key)
        cell = table.visualRect(table.currentIndex())
        assert table.frozen_width() <= cell.left() < table.viewport().width()
        seen.append(table.currentIndex().column())
    assert seen == [*range(1, LAST + 1), *range(LAST - 1, 0, -1)]
    to_the_last_column(table)
    shifted = table.horizontalScrollBar().value()
    press(table, Qt.Key.Key_Home)
    assert table.currentIndex().column() == 0
    table.select_row(2)
    assert table.horizontalScrollBar().value() == shifted, "a title is in sight wherever one has scrolled to"


def test_a_click_on_a_title_means_the_title(table: MeasureTable) -> None:
    to_the_last_column(table)
    where = QPoint(table.frozen_width() - 6, table.rowViewportPosition(2) + 5)
    assert table.indexAt(where).column() == 0
    assert table.visualRect(table.indexAt(where)).contains(where)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (2, 0)
    below = table.viewport().rect().bottom() - 2
    assert not table.indexAt(QPoint(10, below)).isValid(), "no row is there"


def test_the_header_of_the_title_sorts_and_is_dragged_where_it_is_painted(
    page: MeasuresPage, table: MeasureTable, qtbot: QtBot
) -> None:
    to_the_last_column(table)
    header = table.horizontalHeader().viewport()
    QTest.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(40, 8))
    qtbot.waitUntil(lambda: not page.is_asking)
    assert page.model.sorting == (("title", True),)
    before = table.frozen_width()
    edge = QPoint(before - 2, 8)
    drag(header, edge, edge - QPoint(40, 0))
    assert table.frozen_width() == before - 40
    page.window().resize(640, 500)
    QApplication.processEvents()
    assert table.frozen_width() == before - 40, "the width that was chosen stays"


def test_columns_are_made_wider_by_the_keyboard_too(table: MeasureTable) -> None:
    press(table, Qt.Key.Key_Right)
    before = table.columnWidth(1)
    both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    press(table, Qt.Key.Key_Right, modifiers=both)
    press(table, Qt.Key.Key_Right, modifiers=both)
    assert table.columnWidth(1) == before + 32
    press(table, Qt.Key.Key_Left, modifiers=both)
    assert table.columnWidth(1) == before + 16
    assert table.currentIndex().column() == 1


def test_a_cell_that_was_scrolled_to_is_written_beside_the_title(
    page: MeasuresPage, table: MeasureTable, workspace: Workspace
) -> None:
    measure = table.current_id()
    for _ in range(COST):
        press(table, Qt.Key.Key_Right)
    press(table, Qt.Key.Key_F2)
    card = page.cell.card
    assert card is not None
    assert table.frozen_width() < card.geometry().left()
    assert card.geometry().right() < table.viewport().width()
    line = QApplication.focusWidget()
    assert line is not None
    QTest.keyClicks(line, "500")
    press(line, Qt.Key.Key_Return)
    assert value(workspace, measure, "total_cost_cents") == 50_000


def test_a_screen_reader_meets_one_table_with_the_title_in_its_place(table: MeasureTable) -> None:
    to_the_last_column(table)
    assert [view for view in table.findChildren(QAbstractItemView) if not isinstance(view, QHeaderView)] == []
    root = QAccessible.queryAccessibleInterface(table)
    cells = [root.child(place) for place in range(root.childCount())]
    carsharing = [cell for cell in cells if cell.text(QAccessible.Text.Name) == "Carsharing"]
    assert len(carsharing) == 1
    left = table.viewport().mapToGlobal(QPoint(0, 0)).x()
    assert carsharing[0].rect().left() == left


def test_widths_a_person_gave_columns_come_back_at_the_next_start(
    table: MeasureTable, page: MeasuresPage, look: theme.Theme
) -> None:
    table.setCurrentIndex(table.model().index(0, COST))
    table.widen(3)
    wider = table.columnWidth(COST)
    later = MeasureTable(page.model)
    later.resize(table.size())
    assert later.columnWidth(COST) != wider
    assert later.restoreState(table.saveState())
    assert later.columnWidth(COST) == wider
    for other in (b"", b"[]", b"null", b"[3, [0, 80]]", b'[8, [0, "x"]]', b"[8, [9, 80]]"):
        assert not later.restoreState(QByteArray(other)), other
    assert later.columnWidth(COST) == wider
    later.deleteLater()
