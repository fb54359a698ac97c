"""Somebody writes: whoever works beside the window is told, and gives way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow


class Hands(QObject):
    """Calls `note` at every key that comes to a window, whichever field it is for.

    A line is saved only at its end. Without this an exchange would take large steps again while a long one is
    being written, and its Return would wait for such a step.
    """

    def __init__(self, window: QWindow, note: Callable[[], object]) -> None:
        super().__init__(window)
        self._note = note
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a key; it goes on to whom it is for."""
        if event.type() == QEvent.Type.KeyPress:
            self._note()
        return False
