"""Table and pane side by side: the pane can be dragged wider, take the whole room, or go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.widgets import base
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.words import Ground

PANE = 344
TABLE = 460
"""The room the table needs for title, status and the time of the last change."""


class PaneSplitter(Splitter):
    """The table keeps the room the pane does not need; where both do not fit, the pane takes all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name="measures_split", parent=parent)
        # Whatever moves to another parent is dressed again with all that is in it: both are made here and stay.
        self.left = Ground("background", self)
        self._pane: QWidget = self.left
        self._large = False

    def hold(self, pane: QWidget) -> None:
        """Put the pane, made as a child of this, beside `left`."""
        self._pane = pane
        self.addWidget(self.left)
        self.addWidget(pane)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        pane.hide()
        self.restyle()

    def restyle(self) -> None:
        """Another text size needs other widths."""
        self.left.setMinimumWidth(theme.px(320))
        self._pane.setMinimumWidth(theme.px(320))
        self._share()
        super().restyle()

    def is_open(self) -> bool:
        """Whether the pane is shown."""
        return not self._pane.isHidden()

    def set_open(self, on: bool) -> None:
        """Show the pane with its usual width, or give the table all the room."""
        if on and self._pane.isHidden():
            self._pane.show()
            self._share()
            width = theme.px(PANE)
            if self.sizes()[1] < width or self.sizes()[1] > self.width() // 2:
                self.setSizes([self.width() - width, width])
        elif not on:
            self._pane.hide()
            self._share()

    def set_large(self, on: bool) -> None:
        """Give the pane all the room, or the table its place back."""
        self._large = on
        self._share()

    def _share(self) -> None:
        narrow = 0 < self.width() < theme.px(PANE + TABLE)
        alone = self.is_open() and (self._large or narrow)
        if alone and base.holds_focus(self.left):
            # Qt would hand the focus to whatever comes next; it belongs to the text that is now in sight.
            self._pane.setFocus(Qt.FocusReason.OtherFocusReason)
        self.left.setHidden(alone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may hold both again."""
        self._share()
        super().resizeEvent(event)
