"""Asking where Tab leads leaves everything with whom it belongs to."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QHeaderView, QRadioButton, QTableView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from app.ui.widgets.reading_order import group_of, next_stop, reading_order


def holders(*pieces: QObject) -> list[str]:
    """Who keeps each piece alive, as the binding sees it."""
    told = [Shiboken.dump(one).splitlines() for one in pieces]
    return [next((line for line in lines if line.startswith("parent")), "") for lines in told]


def test_whoever_asks_where_tab_leads_takes_nothing_from_its_owner(qtbot: QtBot) -> None:
    """PySide makes what `focusProxy` or `group` answers a child of who was asked: a table then belongs to its own
    inside, and goes with the next garbage while it is still on screen."""
    root, row = QWidget(), QHBoxLayout()
    qtbot.addWidget(root)
    column, table, group = QVBoxLayout(root), QTableView(), QButtonGroup(root)
    table.setModel(QStandardItemModel(3, 3, table))
    table.setHorizontalHeader(QHeaderView(Qt.Orientation.Horizontal, table))
    column.addLayout(row)
    column.addWidget(table)
    near, far = QRadioButton("nah"), QRadioButton("fern")
    for button in (near, far):
        row.addWidget(button)
        group.addButton(button)
    far.setChecked(True)
    root.show()
    pieces = (table, table.viewport(), table.horizontalHeader(), group)
    before = holders(*pieces)
    assert reading_order(root) == [far, table]
    assert next_stop(root, table.viewport(), forward=True) is far
    assert group_of(near) is group
    assert holders(*pieces) == before
