"""What was stored reaches a room only while it is looked at; for one behind others it is kept until it is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QWidget

from app.ui.bus import Bus

Keys = frozenset[tuple[str, str]]


class WhenSeen(QObject):
    """Tells a room the keys of `Bus.applied`, all that were missed at once when it is shown again.

    Work for a room that nobody sees would take the interpreter from whoever writes in the one in front.
    """

    def __init__(self, bus: Bus, room: QWidget, tell: Callable[[Keys], object]) -> None:
        super().__init__(room)
        self._room, self._tell = room, tell
        self._missed: Keys = frozenset()
        bus.applied.connect(self._on_applied)
        room.installEventFilter(self)

    @Slot(object)
    def _on_applied(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        if self._room.isVisible():
            self._tell(keys)
        else:
            self._missed |= keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The room is shown: it hears of what happened meanwhile before it is painted."""
        if event.type() == QEvent.Type.Show and self._missed:
            missed, self._missed = self._missed, frozenset()
            self._tell(missed)
        return False
