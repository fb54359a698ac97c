"""Asking the agency for what others have handed over to this municipality, beside the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.errors import MasswerkError
from app.services.workspace import Workspace
from app.sync.office import Heir, reach_office
from app.sync.office_wire import DecideRequest
from app.ui.sync_worker import Failure

Reach = Callable[[Workspace], Heir | None]
_R = TypeVar("_R")


class Deciding(QObject):
    """One request at a time; `told` carries what waits (lines), `done` a sentence, `failed` why nothing was told."""

    told = Signal(object)
    done = Signal(str)
    failed = Signal(object)

    def __init__(self, workspace: Workspace, reach: Reach | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._reach: Reach = reach or (lambda known: reach_office(known.store))
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def refresh(self) -> None:
        """What waits."""
        self._pool.start(self._look)

    def decide(self, requests: list[DecideRequest], sentence: str) -> None:
        """Decide on all of these; `done` carries the sentence."""
        self._pool.start(lambda: self._decide(requests, sentence))

    def wait(self) -> None:
        """Begins nothing more, until what is under way has ended."""
        self._pool.clear()
        self._pool.waitForDone()

    def _look(self) -> None:
        try:
            found = self._with(lambda heir: heir.handovers().handovers)
        except MasswerkError as error:
            self.failed.emit(Failure(error.code, dict(error.params)))
            return
        self.told.emit(found or [])

    def _decide(self, requests: list[DecideRequest], sentence: str) -> None:
        try:
            self._with(lambda heir: [heir.decide_own(request) for request in requests])
        except MasswerkError as error:
            self.failed.emit(Failure(error.code, dict(error.params)))
        else:
            self.done.emit(sentence)
        self._look()

    def _with(self, what: Callable[[Heir], _R]) -> _R | None:
        heir = self._reach(self._workspace)
        if heir is None:
            return None
        try:
            return what(heir)
        finally:
            closing = getattr(heir, "close", None)
            if closing is not None:
                closing()
