"""The lock: after a while without a key or the mouse the window is veiled until the person shows who they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget
from shiboken6 import isValid

from app.errors import MasswerkError
from app.ui import labels
from app.ui.settings.unlock import Unlock

_LOOK_MS = 5_000
_SIGNS = frozenset(
    {
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
        QEvent.Type.TouchBegin, QEvent.Type.InputMethod,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """How a person shows who they are.

    Attributes:
        asks: whether a passphrase is needed; without one the system's keyring answers.
        check: raises KeyUnavailable or WrongKey where what was typed does not open the profile.
    """

    asks: bool
    check: Callable[[str | None], None]


class IdleLock(QObject):
    """Veils one window. Nothing is closed: what is being typed stays where it is, behind the veil.

    `locking` comes before the veil, so that what is being typed is saved; `unlocked` when it is gone.
    """

    locking = Signal()
    unlocked = Signal()

    def __init__(
        self,
        window: QMainWindow,
        proof: Proof,
        minutes: int = 0,
        clock: Callable[[], float] = time.time,
        spared: Callable[[QWidget], bool] = lambda _: False,
    ) -> None:
        """After `minutes`, 0 for never.

        Args:
            clock: seconds; goes on while a laptop sleeps.
            spared: windows that stay in sight, such as what a whole hall is shown.
        """
        super().__init__(window)
        self._window, self._proof, self._clock, self._spared = window, proof, clock, spared
        self._minutes = minutes
        self._seen = clock()
        self._veil: Unlock | None = None
        self._deaf = _Deaf(self)
        self._hidden: list[QWidget] = []
        self._before: QWidget | None = None
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        window.installEventFilter(self)
        self.set_minutes(minutes)

    @property
    def is_locked(self) -> bool:
        """Whether the veil is there."""
        return self._veil is not None

    @property
    def veil(self) -> Unlock | None:
        """What is asked while it is locked."""
        return self._veil

    @property
    def minutes(self) -> int:
        """After how many minutes it locks, 0 for never."""
        return self._minutes

    @property
    def asks(self) -> bool:
        """Whether a passphrase is needed to come back."""
        return self._proof.asks

    def set_minutes(self, minutes: int) -> None:
        """Lock after so many minutes without a sign of life, 0 for never."""
        self._minutes = minutes
        self._seen = self._clock()
        if minutes:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Lock if it is time; a clock put back counts as a sign of life."""
        idle = self._clock() - self._seen
        if idle < 0:
            self._seen = self._clock()
        elif self._minutes and idle >= 60 * self._minutes:
            self.lock()

    @Slot()
    def lock(self) -> None:
        """Veil the window now."""
        if self._veil is not None or not self._window.isVisible():
            return
        self.locking.emit()
        QApplication.instance().installEventFilter(self._deaf)  # type: ignore[union-attr]
        self._before = self._window.focusWidget()
        self._hide()
        self._veil = veil = Unlock(
            self.tr("Maßwerk ist gesperrt"),
            self.tr("Nichts ist verloren; hier geht es weiter, wo Sie aufgehört haben."),
        )
        veil.setParent(self._window)
        veil.setObjectName("veil")
        veil.setGeometry(self._window.rect())
        veil.unlocked.connect(self._on_asked)
        veil.show()
        veil.raise_()
        if self._proof.asks:
            veil.line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            veil.ask_nothing(self.tr("Weiterarbeiten"))

    def close(self) -> None:
        """The window goes: nobody is to be kept from anything any more."""
        self._timer.stop()
        QApplication.instance().removeEventFilter(self._deaf)  # type: ignore[union-attr]

    def _hide(self) -> None:
        """Everything out of sight, of the screen reader too; other windows as well, and questions are given up."""
        inside = [one for one in self._window.children() if isinstance(one, QWidget) and not one.isWindow()]
        self._hidden = [one for one in inside if one.isVisible()]
        for other in QApplication.topLevelWidgets():
            if other is self._window or not other.isVisible() or self._spared(other):
                continue
            if isinstance(other, QDialog) and other.isModal():
                other.reject()
            else:
                self._hidden.append(other)
        for one in self._hidden:
            one.hide()

    @Slot(str)
    def _on_asked(self, typed: str) -> None:
        # What was typed is tried once the button shows that it was pressed: that takes half a second.
        QTimer.singleShot(0, self, lambda: self._try(typed))

    def _try(self, typed: str) -> None:
        if self._veil is None:
            return
        try:
            self._proof.check(typed or None)
        except MasswerkError as error:
            self._veil.show_error(" ".join(labels.error_words(error)))
            return
        self._unlock()

    def _unlock(self) -> None:
        assert self._veil is not None
        self._veil.hide()
        self._veil.deleteLater()
        self._veil = None
        self._seen = self._clock()
        QApplication.instance().removeEventFilter(self._deaf)  # type: ignore[union-attr]
        for one in self._hidden:
            if isValid(one):
                one.show()
        self._hidden = []
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.unlocked.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or move that reaches the window is a sign of life."""
        kind = event.type()
        if watched is self._window:
            if kind == QEvent.Type.Show:
                # Whatever is meant for a widget passes here first, and nothing else does: a filter on the
                # whole application would look at thousands of events a second.
                self._window.windowHandle().installEventFilter(self)
            elif kind == QEvent.Type.Resize and self._veil is not None:
                self._veil.setGeometry(self._window.rect())
        elif kind in _SIGNS and self._veil is None:
            self._seen = self._clock()
        return False


class _Deaf(QObject):
    """While it listens to the application no shortcut works: keys go to what has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return event.type() == QEvent.Type.Shortcut
