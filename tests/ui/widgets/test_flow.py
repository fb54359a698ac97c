"""Rows of chips and boxes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.widgets.flow import FlowLayout


def test_low_chips_stand_with_their_middle_beside_high_boxes_in_every_row(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=8)
    pieces = []
    for height in (24, 32, 32, 24):
        piece = QWidget()
        piece.setFixedSize(100, height)
        flow.addWidget(piece)
        pieces.append(piece)
    holder.resize(220, 80)
    flow.activate()
    middles = [piece.y() + piece.height() // 2 for piece in pieces]
    assert middles == [16, 16, 56, 56]
    assert holder.heightForWidth(220) == 72
