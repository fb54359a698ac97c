"""Tables and lists: keyboard, columns, tooltips, and models that hold."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.shell.search_hits import Hit, SearchHits
from app.ui.widgets.glyphs import Glyph
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.table import Cell, Column, Look, TableView
from tests.ui.typing import press, shown

COLUMNS = (
    Column(Look.TITLE, stretch=True, least=160),
    Column(Look.STATUS, 124),
    Column(Look.LIGHT, 120),
    Column(Look.NUMBER, 96),
    Column(Look.STAMP, 96, dots=True),
)
ROWS = (
    ("Digitale Ortsmitten", "In Umsetzung", "Kritisch", "246.000 €", "14:45"),
    (
        "Umwelt- und Klimasensorik Menden mit sehr langem Titel, der nie umbricht",
        "Geplant",
        "Im Plan",
        "–",
        "06.03.",
    ),
    ("Olpe App", "Im Betrieb", "Im Plan", "–", "02.01."),
)


NOWHERE = QModelIndex()


class Measures(QAbstractTableModel):
    """Rows as a screen would give them: plain data by role."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(ROWS)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        heads = ("Titel", "Status", "Ampel", "Kosten", "Geändert")
        return heads[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return ROWS[index.row()][index.column()]
        if role == Cell.GLYPH and index.column() == 2:
            return Glyph.LIGHT_DANGER if index.row() == 0 else Glyph.LIGHT_OK
        if role == Cell.PENDING and index.column() == 4 and index.row() == 0:
            return "noch nicht übertragen"
        return None


@pytest.fixture
def table(qtbot: QtBot) -> TableView:
    """A table with a model, in a window of 900 x 400."""
    view = TableView(COLUMNS, name="measures", accessible="Maßnahmen")
    model = Measures(view)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, view)
    view.setModel(model)
    window = shown(qtbot, view)
    window.resize(900, 400)
    qtbot.waitUntil(lambda: view.viewport().width() > 700)
    return view


def test_return_and_double_click_open_a_row(qtbot: QtBot, table: TableView) -> None:
    table.select_row(1)
    with qtbot.waitSignal(table.opened) as told:
        press(table, Qt.Key.Key_Return)
    assert told.args[0].row() == 1
    place = QPoint(40, table.rowViewportPosition(2) + 10)
    with qtbot.waitSignal(table.opened) as told:
        # A double click begins with the press of a click.
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args[0].row() == 2


def test_the_keyboard_brings_a_current_row_and_the_ring(table: TableView) -> None:
    assert table.ringed_row() == -1
    table.clearFocus()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.current_row() == 0
    assert table.ringed_row() == 0
    press(table, Qt.Key.Key_Down)
    assert table.ringed_row() == 1


def test_tab_leaves_the_table(table: TableView) -> None:
    assert not table.tabKeyNavigation()


def test_columns_fill_the_width_and_the_title_takes_the_rest(table: TableView) -> None:
    header = table.horizontalHeader()
    assert sum(header.sectionSize(i) for i in range(header.count())) == table.viewport().width()
    assert [header.sectionSize(i) for i in range(1, 5)] == [124, 120, 96, 96]


def test_columns_and_rows_grow_with_the_text(table: TableView, look: theme.Theme) -> None:
    look.choose(text_size=200)
    assert table.horizontalHeader().sectionSize(3) == 192
    assert table.rowHeight(0) == theme.grow(36) == 56
    assert table.horizontalHeader().sectionSize(0) == 320


def test_the_pending_dot_is_painted_in_info_and_nowhere_else(table: TableView) -> None:
    image = table.viewport().grab().toImage()
    info = theme.color("info").name()
    right = range(table.viewport().width() - 30, table.viewport().width())

    def dots(row: int) -> int:
        middle = table.rowViewportPosition(row) + table.rowHeight(row) // 2
        return sum(1 for x in right if QColor(image.pixel(x, middle)).name() == info)

    assert dots(0) >= 4
    assert dots(1) == dots(2) == 0


@pytest.mark.parametrize(("kind", "height"), [(RowKind.ONE, 36), (RowKind.TWO, 48), (RowKind.INBOX, 72)])
def test_list_rows_have_their_heights(qtbot: QtBot, kind: RowKind, height: int) -> None:
    view = ListView(kind, name="list", accessible="Liste")
    model = QStandardItemModel(view)
    model.appendRow(QStandardItem("Digitale Ortsmitten"))
    model.appendRow(QStandardItem("Olpe App"))
    view.setModel(model)
    shown(qtbot, view)
    assert view.sizeHintForRow(0) == height
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.ringed_row() == 0
    with qtbot.waitSignal(view.opened):
        press(view, Qt.Key.Key_Return)


def test_a_list_in_sight_takes_the_ground_of_the_other_mode(qtbot: QtBot, look: theme.Theme) -> None:
    view = ListView(RowKind.TWO, name="rows", accessible="Zeilen", ground="surface")
    qtbot.addWidget(view)
    view.show()
    for scheme in ("dark", "light", "dark"):
        look.choose(scheme)
        QApplication.processEvents()
        ground = view.grab().toImage().pixelColor(view.width() // 2, view.height() // 2)
        assert ground.name() == theme.color("surface").name(), scheme


def test_hits_are_walked_and_opened_while_the_cursor_stays_in_the_search_line(qtbot: QtBot) -> None:
    line = ListView(RowKind.ONE, name="anchor", accessible="Anker")
    window = shown(qtbot, line)
    window.resize(600, 500)
    hits = SearchHits(window)
    hits.show_hits([Hit("a", "Digitale Ortsmitten"), Hit("b", "Olpe App", "Schlagwort")], line, "Nichts gefunden.")
    hits.move_by(1)
    with qtbot.waitSignal(hits.chosen) as told:
        assert hits.choose_current()
    assert told.args == ["b"]
    assert not hits.choose_current()
