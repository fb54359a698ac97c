"""The thread that backs up and rehearses by itself, so that nobody waits for it."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from app.errors import MasswerkError
from app.services.safekeeping import Safekeeping

log = logging.getLogger(__name__)
FIRST_MS = 60_000
"""Not while the program starts: a minute later nobody notices."""
EVERY_MS = 3_600_000
"""How often it looks whether something is due; a laptop may have slept over the hour."""


class _Worker(QObject):
    """Lives in the thread."""

    done = Signal()
    failed = Signal(object)

    def __init__(self, keeping: Safekeeping) -> None:
        super().__init__()
        self._keeping = keeping
        self._timer: QTimer | None = None

    @Slot()
    def on_started(self) -> None:
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.on_due)
        self._timer.start(FIRST_MS)

    @Slot()
    def on_ended(self) -> None:
        """The timer belongs to this thread and must go before it does."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None

    @Slot()
    def on_due(self) -> None:
        if self._timer is not None:
            self._timer.setInterval(EVERY_MS)
        self._do(self._keeping.tend)

    @Slot()
    def on_asked(self) -> None:
        self._do(self._keeping.back_up)

    def _do(self, what: object) -> None:
        assert callable(what)
        try:
            what()
        except MasswerkError as error:
            log.error("backup: %s", error.code)
            self.failed.emit(error)
        else:
            self.done.emit()


class BackupThread(QObject):
    """The window's handle: `ask` makes one now; `done` and `failed` tell what came of any."""

    asked = Signal()
    done = Signal()
    failed = Signal(object)

    def __init__(self, keeping: Safekeeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.keeping = keeping
        self._thread = QThread()
        self._thread.setObjectName("backup")
        self._worker = _Worker(keeping)
        self._worker.moveToThread(self._thread)
        queued = Qt.ConnectionType.QueuedConnection
        self._thread.started.connect(self._worker.on_started, queued)
        self._thread.finished.connect(self._worker.on_ended, Qt.ConnectionType.DirectConnection)
        self.asked.connect(self._worker.on_asked, queued)
        self._worker.done.connect(self.done, queued)
        self._worker.failed.connect(self.failed, queued)

    def start(self) -> None:
        self._thread.start()

    def ask(self) -> None:
        """Make a backup now."""
        self.asked.emit()

    def close(self) -> None:
        """Waits for a backup under way: half of one helps nobody."""
        self._thread.quit()
        self._thread.wait()
