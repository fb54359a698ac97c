"""What takes long is worked out beside the window, and only the last answer is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from app.errors import MasswerkError


class Beside(QObject):
    """Runs one kind of question at a time; only the answer to the last one asked is told."""

    answered = Signal(object)
    _back = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._number = 0
        self._back.connect(self._on_back)

    def ask(self, work: Callable[[], Any]) -> None:
        """Work something out; what is waiting and not begun is given up."""
        self._number += 1
        self._pool.clear()
        self._pool.start(_Run(self._number, work, self._back.emit))

    def wait(self) -> None:
        """Wait for the answer to the last question, for whoever needs it at once."""
        self._pool.waitForDone()

    def finish(self) -> None:
        """Wait for what runs, so that nothing reads from a profile that is being closed."""
        self._number += 1
        self._pool.clear()
        self._pool.waitForDone()

    @Slot(int, object)
    def _on_back(self, number: int, answer: object) -> None:
        if number == self._number:
            self.answered.emit(answer)


class Breath:
    """Called now and then by long work in Python beside the window: after each turn it rests.

    Only one thread runs Python at a time, and whoever waits gets its turn late from one that never stops: with a
    region's measures being compared, a round of the window took 64 ms instead of 24 on a
    busy machine, with rests 28.

    Args:
        now, rest: seconds so far, and how to wait for some.
    """

    TURN_S = REST_S = 0.002

    def __init__(
        self, now: Callable[[], float] = time.perf_counter, rest: Callable[[float], None] = time.sleep
    ) -> None:
        self._now, self._rest = now, rest
        self._began = now()

    def take(self) -> None:
        """Rest if the turn is over."""
        if self._now() - self._began >= self.TURN_S:
            self._rest(self.REST_S)
            self._began = self._now()


class _Run(QRunnable):
    def __init__(self, number: int, work: Callable[[], Any], tell: Callable[[int, object], None]) -> None:
        super().__init__()
        self._number, self._work, self._tell = number, work, tell

    def run(self) -> None:
        try:
            answer = self._work()
        except MasswerkError:
            return  # what cannot be read is not answered; the question stays as it was
        self._tell(self._number, answer)
