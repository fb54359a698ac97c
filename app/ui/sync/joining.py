"""Joining an agency beside the window's thread: the network may take its time, and a person in the browser too."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.errors import MasswerkError
from app.models.queries.membership import way_out
from app.services.workspace import Workspace
from app.sync.http_office import HttpOffice
from app.sync.membership import join
from app.sync.signing_in import sign_in
from app.sync.wire import EnrolReply
from app.ui.sync_worker import Failure

Connect = Callable[[str], HttpOffice]


class Joining(QObject):
    """One attempt at a time; `joined` carries the agency's name, `failed` why nothing was changed.

    `browser_asked` carries an address for the browser, where a person signs in.
    """

    joined = Signal(str)
    failed = Signal(object)
    browser_asked = Signal(str)

    def __init__(self, workspace: Workspace, connect: Connect | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._connect = workspace, connect or self._reach
        self._stop = threading.Event()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.destroyed.connect(self._stop.set)

    def start(self, url: str, code: str) -> None:
        """Trade the code at this address."""
        self._pool.start(lambda: self._run(url, lambda agency: join(self._workspace.store, agency, url, code)))

    def sign_in(self, url: str) -> None:
        """Let somebody of the agency's staff sign in at this address."""
        self._stop.clear()
        show, stop = self.browser_asked.emit, self._stop
        self._pool.start(lambda: self._run(url, lambda found: sign_in(self._workspace.store, found, url, show, stop)))

    def give_up(self) -> None:
        """Nobody is waited for in the browser any more; `failed` follows."""
        self._stop.set()

    def _reach(self, url: str) -> HttpOffice:
        """By the way this device was told to take."""
        return HttpOffice(url, way=way_out(self._workspace.reader))

    def _run(self, url: str, enter: Callable[[HttpOffice], EnrolReply]) -> None:
        told: Failure | None = Failure("unexpected", {})
        name = ""
        try:
            agency = self._connect(url)
            try:
                name = enter(agency).name
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
        """Until a running attempt has ended; one in the browser is given up."""
        self._stop.set()
        self._pool.waitForDone()
