"""Writing and reading courier files beside the window's thread: a stick may be slow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.errors import MasswerkError
from app.services.workspace import Workspace
from app.sync.courier.read import read_answer
from app.sync.courier.write import write_file
from app.ui.sync_worker import Failure


class Carrying(QObject):
    """One file at a time; `written` carries a `Written`, `read` a `ReadAnswer`, `failed` why nothing was done."""

    written = Signal(object)
    read = Signal(object)
    failed = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def write(self, folder: Path) -> None:
        """Write a new file into this folder."""
        self._start(lambda: self.written.emit(write_file(self._workspace.store, folder)))

    def take(self, file: Path) -> None:
        """Read an answer."""
        self._start(lambda: self.read.emit(read_answer(self._workspace.store, file)))

    def _start(self, deed: Callable[[], None]) -> None:
        self._pool.start(lambda: self._run(deed))

    def _run(self, deed: Callable[[], None]) -> None:
        told: Failure | None = Failure("unexpected", {})
        try:
            deed()
            told = None
        except MasswerkError as error:
            told = Failure(error.code, dict(error.params))
        finally:
            if told is not None:
                self.failed.emit(told)

    def wait(self) -> None:
        """Until a running deed has ended."""
        self._pool.waitForDone()
