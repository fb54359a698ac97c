"""Laying a wall out in two goes: at once what is in sight, and the rest while nothing else is to do."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui.workshops.wall.layout import Content, Layout

_SLICE = 0.006
"""Seconds in which cards out of sight are put in their places, before something else has its turn."""


class Laying(QObject):
    """Brings a layout up to date; `done` when every card lies in its place."""

    done = Signal()

    def __init__(self, layout: Layout, parent: QObject) -> None:
        super().__init__(parent)
        self._layout = layout
        self._going: Iterator[None] | None = None
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._on_rest)

    @property
    def goes_on(self) -> bool:
        """Whether cards out of sight are still to be laid."""
        return self._going is not None

    def lay(self, contents: Sequence[Content], width: float, margin: int) -> None:
        """Every card now."""
        self._layout.lay(contents, width, margin)
        self._end()

    def lay_in_sight(self, contents: Sequence[Content], width: float, margin: int, bottom: float) -> None:
        """What lies above `bottom` now, and the rest in slices."""
        self._layout.lay(contents, width, margin, bottom + 2 * self._layout.look.nearly)
        if self._layout.is_whole:
            self._end()
            return
        self._going = self._layout.laying(contents, width, margin)
        self._rest.start()

    def finish(self) -> None:
        """Lay what is left, because somebody asks for it."""
        if self._going is not None:
            for _ in self._going:
                pass
            self._end()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._going = None
        self._rest.stop()

    def _end(self) -> None:
        self.stop()
        self.done.emit()

    @Slot()
    def _on_rest(self) -> None:
        until = time.perf_counter() + _SLICE
        for _ in self._going or ():
            if time.perf_counter() > until:
                return
        self._end()
