"""Joining an agency beside the window's thread: the network may take its time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.errors import MasswerkError
from app.models.queries.membership import way_out
from app.services.workspace import Workspace
from app.sync.http_agency import HttpAgency
from app.sync.membership import join
from app.ui.sync_worker import Failure

Connect = Callable[[str], HttpAgency]


class Joining(QObject):
    """One attempt at a time; `joined` carries the agency's name, `failed` why nothing was changed."""

    joined = Signal(str)
    failed = Signal(object)

    def __init__(self, workspace: Workspace, connect: Connect | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._connect = workspace, connect or self._reach
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def start(self, url: str, code: str) -> None:
        """Trade the code at this address."""
        self._pool.start(lambda: self._run(url, code))

    def _reach(self, url: str) -> HttpAgency:
        """By the way this device was told to take."""
        return HttpAgency(url, way=way_out(self._workspace.reader))

    def _run(self, url: str, code: str) -> None:
        told: Failure | None = Failure("unexpected", {})
        name = ""
        try:
            agency = self._connect(url)
            try:
                name = join(self._workspace.store, agency, url, code).name
            finally:
                agency.close()
            told = None
        except MasswerkError as error:
            told = Failure(error.code, dict(error.params))
        finally:
            if told is None:
                self.joined.emit(name)
            else:
                self.failed.emit(told)

    def wait(self) -> None:
        """Until a running attempt has ended."""
        self._pool.waitForDone()
