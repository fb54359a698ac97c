"""One desk of `live.py`: the whole window offscreen in a process of its own, told by its parent what to do."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit

from app.config import Profile
from app.domain.ids import EntityId
from app.models.opening import open_store
from app.services.workspace import Workspace
from app.sync.line import Line
from app.ui.application import make_application
from app.ui.demo import shipped_region
from app.ui.desktop import Desktop
from app.ui.sync_worker import SyncState

FIELD = "procurement_note"
_GLANCE_MS = 10


@dataclass(slots=True)
class Stages:
    """When what happened here: monotonic seconds, which all processes of a computer share, and own CPU seconds."""

    at: dict[str, tuple[float, float]] = field(default_factory=dict)
    exchanges: int = 0

    def note(self, stage: str, *_: object) -> None:
        """The first time since `clear`."""
        self.at.setdefault(stage, (time.monotonic(), time.process_time()))

    def note_state(self, state: SyncState) -> None:
        """Called on the worker's thread."""
        self.exchanges += state is SyncState.SYNCING
        self.note(state.value)

    def clear(self) -> None:
        self.at.clear()
        self.exchanges = 0


def desk(folder: Path, key: bytes, measure: EntityId, pipe: Connection) -> None:
    """Shows the measure's form and does what it is told until it is told `end`."""
    store = open_store(Profile.at(folder), key)
    app, line, stages = make_application(scheme="light"), Line(store), Stages()
    desktop = Desktop(Workspace.of(store), shipped_region(), Profile.at(folder), line.engine)
    desktop.window.resize(1440, 900)
    desktop.start()
    desktop.window.activateWindow()
    desktop.show_record("measure", measure)
    direct = Qt.ConnectionType.DirectConnection
    worker = desktop.sync._worker
    listening = _Ear(stages)
    worker.state_changed.connect(listening.on_state, direct)
    worker.woken.connect(listening.on_woken, direct)
    store.listen(partial(stages.note, "stored"))
    editor = desktop.measures.pane.form.sheet.bound[FIELD].editor.focus
    assert isinstance(editor, QTextEdit)

    hand = _Hand(desktop, editor, stages, pipe)
    beat = QTimer(interval=_GLANCE_MS)
    beat.timeout.connect(hand.on_beat)
    beat.start()
    app.exec()
    beat.stop()
    desktop.close()
    line.close()
    store.close()


class _Hand(QObject):
    """Does what the parent says, and looks whether the words it waits for are there."""

    def __init__(self, desktop: Desktop, editor: QTextEdit, stages: Stages, pipe: Connection) -> None:
        super().__init__()
        self._desktop, self._editor, self._stages, self._pipe = desktop, editor, stages, pipe
        self._expected, self._is_ready = "", False

    def on_beat(self) -> None:
        if not self._is_ready and self._desktop.sync.state is SyncState.CONNECTED:
            self._is_ready = True
            self._pipe.send("ready")
        while self._pipe.poll():
            self._obey(*self._pipe.recv())
        if self._expected and self._expected in self._editor.toPlainText():
            self._stages.note("shown")
            self._pipe.send("shown")
            self._expected = ""

    def _obey(self, order: str, words: str) -> None:
        if order == "end":
            QApplication.quit()
        elif order == "tell":
            self._pipe.send((dict(self._stages.at), self._stages.exchanges))
        else:
            self._stages.clear()
            if order == "look":
                self._expected = words
                return
            self._editor.setFocus()
            self._editor.moveCursor(QTextCursor.MoveOperation.End)
            QTest.keyClicks(self._editor, words)
            self._stages.note("typed")


class _Ear(QObject):
    """Hears the worker on its own thread, before the window does."""

    def __init__(self, stages: Stages) -> None:
        super().__init__()
        self._stages = stages

    def on_state(self, state: SyncState) -> None:
        self._stages.note_state(state)

    def on_woken(self, _: object) -> None:
        self._stages.note("woken")
