"""Asking what the next exchange would bring, beside the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.errors import MasswerkError
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.sync.line import Line
from app.sync.preview import Preview
from app.ui.sync_worker import Failure


class Looking(QObject):
    """One question at a time; `seen` carries a `Preview`, `failed` why nobody can say."""

    seen = Signal(object)
    failed = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def start(self) -> None:
        """Ask over a line of its own: an exchange under way is not disturbed."""
        self._pool.start(self._run)

    def _run(self) -> None:
        told: Failure | None = Failure("unexpected", {})
        preview = Preview()
        line = Line(self._workspace.store)
        try:
            engine: Engine | None = line.engine()
            if engine is not None:
                preview = engine.look_ahead()
            told = None
        except MasswerkError as error:
            told = Failure(error.code, dict(error.params))
        finally:
            line.close()
            if told is None:
                self.seen.emit(preview)
            else:
                self.failed.emit(told)

    def wait(self) -> None:
        """Until a running question has been answered."""
        self._pool.waitForDone()
