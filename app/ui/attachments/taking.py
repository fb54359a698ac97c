"""Taking files in beside the window: one after the other, so that a large one never stops anybody from typing."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from app.domain.draft import Key
from app.errors import MasswerkError
from app.services import attachments
from app.services.workspace import Workspace
from app.ui.attachments.previews import make_preview


@dataclass(frozen=True, slots=True)
class Wish:
    """One file to be attached to a record."""

    root: Key
    path: Path
    clean: bool


class Taking(QObject):
    """A queue of files for one place on the screen; signals come in the window's thread.

    `begun` carries the file's name and size, `moved` the bytes read of it, `taken` the record's root id and the
    new attachment's id, `failed` the wish and the error, `done` nothing: the queue is empty.
    """

    begun = Signal(str, int)
    moved = Signal(int)
    taken = Signal(str, str)
    failed = Signal(object, object)
    done = Signal()

    _all: weakref.WeakSet[Taking] = weakref.WeakSet()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._waiting = 0
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._all.add(self)

    def add(self, wish: Wish) -> None:
        """Attach a file as soon as those before it are done."""
        self._stop.clear()
        with self._lock:
            self._waiting += 1
        self._pool.start(_Run(self, wish))

    def is_busy(self) -> bool:
        """Whether a file is on its way in."""
        return self._waiting > 0

    def stop(self) -> None:
        """Give up what is on its way; what is attached already stays."""
        self._stop.set()

    def finish(self) -> None:
        """Give up and wait until nothing runs any more."""
        self.stop()
        self._pool.waitForDone()

    def take(self, wish: Wish) -> None:
        """Attach one file; called beside the window."""
        try:
            if self._stop.is_set():
                return
            chosen = attachments.look_at(wish.path)
            self.begun.emit(chosen.name, chosen.size)
            made = attachments.add(
                self._workspace.store,
                wish.root,
                chosen,
                make_preview(wish.path) if chosen.mime.startswith("image/") else b"",
                wish.clean,
                self.moved.emit,
                self._stop.is_set,
            )
            self.taken.emit(wish.root[1], made)
        except InterruptedError:
            return
        except MasswerkError as error:
            self.failed.emit(wish, error)
        finally:
            with self._lock:
                self._waiting -= 1
                last = not self._waiting
            if last:
                self.done.emit()


class _Run(QRunnable):
    def __init__(self, taking: Taking, wish: Wish) -> None:
        super().__init__()
        self._taking, self._wish = taking, wish

    def run(self) -> None:
        self._taking.take(self._wish)


def finish_all() -> None:
    """Before a profile is closed: nothing may write into it any more."""
    for taking in list(Taking._all):
        taking.finish()
