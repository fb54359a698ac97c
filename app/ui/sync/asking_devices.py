"""Asking the agency for one's own devices, beside the window's thread: the network may take its time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.errors import MasswerkError
from app.services.workspace import Workspace
from app.sync.own_devices import HttpOwnDevices, reach_own_devices
from app.sync.own_devices_wire import SignOffRequest
from app.ui.sync_worker import Failure

Reach = Callable[[Workspace], HttpOwnDevices | None]
_R = TypeVar("_R")


class AskingDevices(QObject):
    """One request at a time. `told` carries an `OwnDevicesReply`, or None while the profile belongs to no agency."""

    told = Signal(object)
    signed_off = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        workspace: Workspace,
        reach: Reach = lambda workspace: reach_own_devices(workspace.store),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._reach = workspace, reach
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def look(self) -> None:
        """Which devices there are."""
        self._pool.start(self._look)

    def sign_off(self, device: int, name: str) -> None:
        """Sign one off; `signed_off` carries its name, and `told` how things stand then."""
        self._pool.start(lambda: self._sign_off(device, name))

    def close(self) -> None:
        """Waits for what is under way, and begins nothing more."""
        self._pool.clear()
        self._pool.waitForDone()

    def _look(self) -> None:
        self._asking(lambda agency: self.told.emit(agency.own_devices()))

    def _sign_off(self, device: int, name: str) -> None:
        def act(agency: HttpOwnDevices) -> None:
            agency.sign_off(SignOffRequest(device=device))
            self.signed_off.emit(name)
            self.told.emit(agency.own_devices())

        self._asking(act)

    def _asking(self, act: Callable[[HttpOwnDevices], object]) -> None:
        try:
            agency = self._reach(self._workspace)
            if agency is None:
                self.told.emit(None)
                return
            with closing(agency):
                act(agency)
        except MasswerkError as error:
            self.failed.emit(Failure(error.code, dict(error.params)))
