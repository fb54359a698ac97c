"""Questions to the database answered beside the window: newest of their kind only, broken off when outdated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.models.queries.reader import Reader, Stopped

PATIENCE_S = 0.016
"""So long, one frame, the window waits for an answer: what comes by then is shown without a step in between."""

_IDLE_S = 10.0
"""A thread that is not asked for so long ends; the next question begins another."""
_A = TypeVar("_A")


@dataclass(slots=True)
class _Task:
    """A question on its way. `answer` and `error` are set before `done` is."""

    topic: str
    question: Callable[[Reader], Any]
    tell: Callable[[Any], object]
    done: threading.Event = field(default_factory=threading.Event)
    answer: Any = None
    error: Exception | None = None


class Readings(QObject):
    """One thread with one door to the database, for the screens of one window.

    Questions of one topic replace each other, also in the middle of an answer; those of different topics wait
    for one another: what takes long and is not looked at needs a door of its own.
    """

    _back = Signal(object)

    def __init__(self, reader: Reader, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reader = reader
        """For what is needed at once, in the window's own thread."""
        self._reader, self._name = reader.stoppable(), name
        self._state = threading.Condition()
        self._waiting: dict[str, _Task] = {}
        self._newest: dict[str, _Task] = {}
        self._running: _Task | None = None
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self._back.connect(self._on_back, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        topic: str,
        question: Callable[[Reader], _A],
        tell: Callable[[_A], object],
        *,
        patience_s: float | None = None,
    ) -> None:
        """Put a question; `tell` gets the answer on this thread, unless the topic is asked about anew before.

        Args:
            patience_s: how long to wait here for the answer (None: one frame). It may have been told
                when this returns, and is otherwise told later.

        Raises:
            Exception: as the question did; later, where the answer would have been told.
        """
        task = _Task(topic, question, tell)
        with self._state:
            if self._is_closed:
                return
            self._waiting.pop(topic, None)
            self._waiting[topic] = self._newest[topic] = task
            running = self._running
            if running is not None and running.topic == topic:
                self._reader.stop()
            self._state.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        if task.done.wait(PATIENCE_S if patience_s is None else patience_s):
            self._tell(task)

    def is_asking(self, topic: str) -> bool:
        """Whether an answer about this is still to come."""
        return topic in self._newest

    def drop(self, topic: str) -> None:
        """The answer is no longer wanted."""
        with self._state:
            self._waiting.pop(topic, None)
            self._newest.pop(topic, None)
            if self._running is not None and self._running.topic == topic:
                self._reader.stop()

    def close(self) -> None:
        """Breaks off and ends; no answer is told any more."""
        with self._state:
            self._is_closed = True
            self._waiting.clear()
            self._newest.clear()
            self._reader.stop()
            self._state.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    # The thread

    def _run(self) -> None:
        while (task := self._next()) is not None:
            try:
                task.answer = task.question(self._reader)
            except Stopped:
                with self._state:
                    self._running = None
                continue
            except Exception as error:  # noqa: BLE001 - raised in the window, where our own mistakes are told too
                task.error = error
            with self._state:
                self._running = None
                if self._is_closed:
                    continue
            task.done.set()
            self._back.emit(task)

    def _next(self) -> _Task | None:
        with self._state:
            self._state.wait_for(lambda: self._waiting or self._is_closed, _IDLE_S)
            if self._is_closed or not self._waiting:
                self._thread = None
                self._reader.close()
                return None
            task = next(iter(self._waiting.values()))
            del self._waiting[task.topic]
            self._running = task
            self._reader.resume()
            return task

    # The window

    @Slot(object)
    def _on_back(self, task: _Task) -> None:
        self._tell(task)

    def _tell(self, task: _Task) -> None:
        if self._newest.get(task.topic) is not task:
            return
        del self._newest[task.topic]
        if task.error is not None:
            raise task.error
        task.tell(task.answer)
