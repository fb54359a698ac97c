"""The thread that talks to the agency: decides when by the schedule, exchanges, tells the window."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation

from app.errors import AgencyBusy, AgencyRefused, AgencyUnreachable, MasswerkError
from app.sync.report import Progress
from app.sync.schedule import Schedule
from app.sync.waiter import Waiter

if TYPE_CHECKING:  # what the wire needs is read by the thread that uses it, not before the window stands
    from app.sync.engine import Engine
    from app.sync.wire import WaitReply

log = logging.getLogger(__name__)


class SyncState(Enum):
    """How things stand with the agency, as far as this device knows."""

    ALONE = "alone"
    UNKNOWN = "unknown"
    SYNCING = "syncing"
    CONNECTED = "connected"
    OFFLINE = "offline"
    PAUSED = "paused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an exchange ended early: an error's code and parameters."""

    code: str
    params: dict[str, object]


EngineFactory = Callable[[], "Engine | None"]
"""Makes the engine on the worker's thread; None while the profile belongs to no agency."""


class SyncWorker(QObject):
    """Lives in its own thread. Commands come as signals of `SyncThread`; answers go out as signals."""

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    state_changed = Signal(object)
    woken = Signal(object)

    def __init__(self, factory: EngineFactory, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._factory = factory
        self._clock = clock
        self._schedule = Schedule()
        self._dice = random.SystemRandom()
        self._state = SyncState.UNKNOWN
        self._stop = threading.Event()
        self._closing = False
        self._engine: Engine | None = None
        self._timer: QTimer | None = None
        self._waiter = Waiter(self.woken.emit)
        self.woken.connect(self.on_woken, Qt.ConnectionType.QueuedConnection)

    def stop(self) -> None:
        """Asks a running exchange to end after its request; safe from any thread."""
        self._stop.set()

    def abort(self) -> None:
        """Ends for good, also in the middle of a request that hangs; safe from any thread."""
        self._closing = True
        self._stop.set()
        engine = self._engine
        if engine is not None:
            engine.abort()
        self._waiter.close()

    @Slot()
    def on_ended(self) -> None:
        """The timer belongs to this thread and must go before it does."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None

    @Slot()
    def on_started(self) -> None:
        """Begins to listen for the network and to keep the schedule."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.on_due)
        if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            network = QNetworkInformation.instance()
            if network is not None:
                network.reachabilityChanged.connect(self.on_reachability_changed)
        self._schedule = self._schedule.asked(self._clock())
        self._arm()

    @Slot(object)
    def on_reachability_changed(self, reachability: object) -> None:
        if reachability == QNetworkInformation.Reachability.Online:
            self._schedule = self._schedule.reconnected(self._clock())
            self._arm()

    @Slot()
    def on_edited(self) -> None:
        if self._state is SyncState.REFUSED:
            return  # only a person can change what the agency refuses
        self._schedule = self._schedule.edited(self._clock())
        self._arm()

    @Slot(object)
    def on_woken(self, told: WaitReply | None) -> None:
        """The agency has something for us, unless it speaks of what an exchange has brought meanwhile."""
        if self._state is not SyncState.CONNECTED:
            return
        if told is not None and self._engine is not None and self._engine.has(told):
            self._waiter.allow(self._engine)
            return
        self._schedule = self._schedule.woken(self._clock(), self._dice.random())
        self._arm()

    @Slot()
    def on_asked(self) -> None:
        self._stop.clear()
        self._schedule = self._schedule.asked(self._clock())
        self._arm()

    @Slot()
    def on_paused(self) -> None:
        self._schedule = self._schedule.pause()
        self._arm()
        self._enter(SyncState.PAUSED)

    @Slot()
    def on_resumed(self) -> None:
        self._stop.clear()
        self._schedule = self._schedule.resume(self._clock())
        self._arm()

    @Slot()
    def on_due(self) -> None:
        """One exchange; whatever comes of it is told and never ends the thread."""
        engine = self._engine = self._factory()
        if engine is None:
            self._enter(SyncState.ALONE)
            return
        if self._closing:
            return
        self._enter(SyncState.SYNCING)
        try:
            report = engine.sync(self._on_progress, self._is_stopped)
        except AgencyRefused as error:
            self._schedule = self._schedule.refused()
            self._fail(SyncState.REFUSED, error)
        except AgencyUnreachable as error:
            pause = error.retry_after if isinstance(error, AgencyBusy) else 0.0
            self._schedule = self._schedule.unreachable(self._clock(), self._dice.random(), pause)
            self._fail(SyncState.OFFLINE, error)
        except MasswerkError as error:
            self._schedule = self._schedule.unreachable(self._clock(), self._dice.random())
            self._fail(SyncState.OFFLINE, error)
        except Exception:  # the worker's edge: our own mistake must not end the syncing for ever
            log.exception("sync failed unexpectedly")
            self._schedule = self._schedule.unreachable(self._clock(), self._dice.random())
            self._fail(SyncState.OFFLINE, MasswerkError("unexpected"))
        else:
            self._schedule = self._schedule.succeeded(self._clock(), waiting=report.files.more)
            if report.cancelled:
                self._schedule = self._schedule.pause()
            self._enter(SyncState.PAUSED if self._schedule.paused else SyncState.CONNECTED)
            self.finished.emit(report)
        self._arm()

    def _is_stopped(self) -> bool:
        return self._stop.is_set() or self._closing

    def _on_progress(self, progress: Progress) -> None:
        self.progressed.emit(progress)

    def _fail(self, state: SyncState, error: MasswerkError) -> None:
        log.info("sync ended: %s", error.code)
        # The reason goes first: whoever hears of the new state can say why at once.
        self.failed.emit(Failure(error.code, dict(error.params)))
        self._enter(SyncState.PAUSED if self._schedule.paused else state)

    def _enter(self, state: SyncState) -> None:
        if state is SyncState.CONNECTED and self._engine is not None:
            self._waiter.allow(self._engine)
        elif state is not SyncState.SYNCING:
            self._waiter.forbid()
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _arm(self) -> None:
        if self._timer is None:
            return
        if self._schedule.due is None:
            self._timer.stop()
        else:
            self._timer.start(max(0, round((self._schedule.due - self._clock()) * 1000)))


class SyncThread(QObject):
    """The window's handle on the worker: commands in, signals out, a clean end."""

    edited = Signal()
    asked = Signal()
    paused = Signal()
    resumed = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    state_changed = Signal(object)

    def __init__(self, factory: EngineFactory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = SyncState.UNKNOWN
        self.failure: Failure | None = None
        self.progress: Progress | None = None
        self._thread = QThread()
        self._thread.setObjectName("sync")
        self._worker = SyncWorker(factory)
        self._worker.moveToThread(self._thread)
        queued = Qt.ConnectionType.QueuedConnection
        self._thread.started.connect(self._worker.on_started, queued)
        self._thread.finished.connect(self._worker.on_ended, Qt.ConnectionType.DirectConnection)
        self.edited.connect(self._worker.on_edited, queued)
        self.asked.connect(self._worker.on_asked, queued)
        self.paused.connect(self._worker.on_paused, queued)
        self.resumed.connect(self._worker.on_resumed, queued)
        self._worker.progressed.connect(self._on_progressed, queued)
        self._worker.finished.connect(self._on_finished, queued)
        self._worker.failed.connect(self._on_failed, queued)
        self._worker.state_changed.connect(self._on_state_changed, queued)

    def start(self) -> None:
        self._thread.start()

    def ask(self) -> None:
        """Sync now; ends a pause."""
        self.asked.emit()

    def pause(self) -> None:
        """No exchange until `resume`; a running one ends after its request."""
        self._worker.stop()
        self.paused.emit()

    def resume(self) -> None:
        self.resumed.emit()

    def tell_edited(self) -> None:
        """Something of ours waits to be sent."""
        self.edited.emit()

    def close(self) -> None:
        """Ends at once, in the middle of a request if need be; what was acknowledged until then is stored."""
        self._worker.abort()
        self._thread.quit()
        self._thread.wait()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit(progress)

    @Slot(object)
    def _on_finished(self, report: object) -> None:
        self.failure = None
        self.progress = None
        self.finished.emit(report)

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self.failure = failure
        self.progress = None
        self.failed.emit(failure)

    @Slot(object)
    def _on_state_changed(self, state: SyncState) -> None:
        self.state = state
        if state is SyncState.CONNECTED:
            self.failure = None  # nobody who hears that all is well finds a reason why it is not
        self.state_changed.emit(state)
