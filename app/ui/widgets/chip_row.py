"""A row of chips of which one is on: what of a list is shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from app.ui.widgets.chips import ChipButton
from app.ui.widgets.flow import FlowLayout

_K = TypeVar("_K", bound=Enum)


class ChipRow(QWidget, Generic[_K]):
    """`chosen` carries the key of the chip that was pressed; each is named after its key behind `name`."""

    chosen = Signal(object)

    def __init__(self, words: Mapping[_K, str], on: _K, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: dict[_K, ChipButton] = {}
        self._group = QButtonGroup(self)
        row = FlowLayout(self)
        row.setContentsMargins(24, 12, 24, 8)
        for key, told in words.items():
            chip = ChipButton(told, name=f"{name}_{key.value}", count=0, checkable=True)
            chip.setChecked(key is on)
            chip.clicked.connect(lambda _=False, one=key: self._on_pressed(one))
            self._group.addButton(chip)
            self.chips[key] = chip
            row.addWidget(chip)

    def _on_pressed(self, key: Any) -> None:
        self.chosen.emit(key)

    def set_on(self, key: _K) -> None:
        """This one is on, the others are not."""
        self.chips[key].setChecked(True)
