"""Table and pane side by side: the pane can be dragged wider, take the whole room, or go."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.widgets.surfaces import Splitter

_PANE = 344


class PaneSplitter(Splitter):
    """The table keeps the room that the pane does not need."""

    def __init__(self, left: QWidget, pane: QWidget) -> None:
        super().__init__(name="measures_split")
        self._left, self._pane = left, pane
        left.setMinimumWidth(320)
        self.addWidget(left)
        self.addWidget(pane)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        pane.hide()

    def is_open(self) -> bool:
        """Whether the pane is shown."""
        return not self._pane.isHidden()

    def set_open(self, on: bool) -> None:
        """Show the pane with its usual width, or give the table all the room."""
        if on and self._pane.isHidden():
            self._pane.show()
            width = theme.px(_PANE)
            if self.sizes()[1] < width or self.sizes()[1] > self.width() // 2:
                self.setSizes([max(320, self.width() - width), width])
        elif not on:
            self._pane.hide()

    def set_large(self, on: bool) -> None:
        """Give the pane all the room, or the table its place back."""
        self._left.setVisible(not on)
