"""Several worker processes behind one listening socket: started, watched, replaced, and stopped together.

A worker keeps nothing that another would miss: whatever a device is told is in the database.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

_log = logging.getLogger(__name__)
_SPAWN = multiprocessing.get_context("spawn")  # a forked child would share our database connections
_STEADY_S = 5.0
"""A worker that lived this long was well; one that dies sooner is replaced more and more slowly."""
_SLOWEST_S = 30.0

Work = Callable[[socket.socket, Any, Callable[[], None], threading.Event], None]
"""What a worker does: answer on the socket with what it was given, say when ready, end when told."""


class WorkerFailed(OSError):
    """A worker ended before it was ready: there is no use in trying on."""


@dataclass(slots=True)
class _Place:
    """One of the workers' places: who holds it, and when to fill it again."""

    process: SpawnProcess | None = None
    ready: Connection | None = None
    began: float = 0.0
    falls: int = 0
    due: float = 0.0


@dataclass
class Workers:
    """The supervisor. It answers no request itself, so that it outlives whatever a request may do.

    Attributes:
        work: a function at the top of a module, called in every worker.
        given: what it needs; travels to the worker, so it must be picklable.
        stop_s: how long a worker may take to finish what it has begun.
        on_end: told the process id of a worker that is no more.
    """

    listening: socket.socket
    work: Work
    given: Any
    count: int
    stop_s: float
    on_end: Callable[[int], None] = lambda _pid: None
    _places: list[_Place] = field(default_factory=list)

    def run(self, on_ready: Callable[[], None]) -> None:
        """Keeps all places filled until SIGTERM or SIGINT; `on_ready` is called when every worker answers.

        Raises:
            WorkerFailed: at the start a worker ended before it was ready.
        """
        told, bell = _SPAWN.Pipe(duplex=False)

        def on_signal(*_: object) -> None:
            bell.send_bytes(b"x")

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)
        self._places = [_Place() for _ in range(self.count)]
        try:
            for place in self._places:
                self._start(place)
            if self._until_ready(told):
                on_ready()
                self._watch(told)
        finally:
            self._stop()

    def _start(self, place: _Place) -> None:
        place.ready, theirs = _SPAWN.Pipe(duplex=False)
        place.process = _SPAWN.Process(
            target=_enter, args=(self.work, self.listening, self.given, theirs), name="worker"
        )
        place.process.start()
        place.began, place.due = time.monotonic(), 0.0
        theirs.close()

    def _until_ready(self, told: Connection) -> bool:
        """Whether all came up before somebody asked to stop."""
        waiting = {place.ready: place for place in self._places if place.ready}
        while waiting:
            for found in wait([told, *waiting]):
                if found is told:
                    return False
                place = waiting.pop(found)  # type: ignore[call-overload]
                if not _said_ready(place):
                    raise WorkerFailed(0, "worker ended before it was ready")
        return True

    def _watch(self, told: Connection) -> None:
        while True:
            now = time.monotonic()
            for place in self._places:
                if place.process is None and place.due <= now:
                    self._start(place)
            dues = [place.due - now for place in self._places if place.process is None]
            alive = {place.process.sentinel: place for place in self._places if place.process}
            for found in wait([told, *alive], min(dues, default=None)):
                if found is told:
                    return
                self._bury(alive[found])  # type: ignore[index]

    def _bury(self, place: _Place) -> None:
        assert place.process is not None
        place.process.join()
        lived = time.monotonic() - place.began
        place.falls = 0 if lived >= _STEADY_S else place.falls + 1
        pause = min(_SLOWEST_S, 2.0 ** (place.falls - 1)) if place.falls > 1 else 0.0
        _log.error("worker %d ended with %s; another follows", place.process.pid, place.process.exitcode)
        place.due = time.monotonic() + pause
        self.on_end(place.process.pid or 0)
        self._clear(place)

    def _clear(self, place: _Place) -> None:
        if place.ready:
            place.ready.close()
        if place.process:
            place.process.close()
        place.process = place.ready = None

    def _stop(self) -> None:
        """Asks all to finish; whoever has not in time is ended."""
        running = [place.process for place in self._places if place.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + self.stop_s
        for process in running:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                _log.error("worker %d did not finish in time", process.pid)
                process.kill()
                process.join()
        for place in self._places:
            self._clear(place)


def _said_ready(place: _Place) -> bool:
    assert place.ready is not None
    try:
        place.ready.recv_bytes()
    except EOFError:
        return False
    return True


def _enter(work: Work, listening: socket.socket, given: Any, ready: Connection) -> None:
    """The first thing in a worker: it ends when told, and when the supervisor is no more."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    supervisor = multiprocessing.parent_process()
    assert supervisor is not None

    def outlive() -> None:
        wait([supervisor.sentinel])
        ending.set()

    threading.Thread(target=outlive, name="supervisor", daemon=True).start()
    work(listening, given, lambda: ready.send_bytes(b"x"), ending)
