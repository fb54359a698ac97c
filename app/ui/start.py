"""From the first process second to the window: unlock, or the three questions, then the desktop."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from app.config import Profile
from app.domain.region import Region
from app.errors import KeyUnavailable, MasswerkError, WrongKey
from app.services.connection import choose_way
from app.services.introduction import introduce
from app.services.safekeeping import Safekeeping
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.application import make_application
from app.ui.crash import CrashNotice, StartFailure
from app.ui.desktop import Desktop
from app.ui.idle_lock import Proof
from app.ui.settings.first_start import FirstAnswers, FirstStart
from app.ui.settings.look import restore_look
from app.ui.settings.unlock import Unlock
from app.ui.sync_worker import Failure

if TYPE_CHECKING:
    from app.sync.engine import Engine
    from app.ui.sync.joining import Joining

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """How a profile is opened or made; the bootstrap knows how.

    Attributes:
        exists: whether there is a profile in the folder.
        needs_passphrase: whether a passphrase has to be asked for, because no keyring holds the key.
        open: with a passphrase or None; raises StoreError.
        create: a profile from the answers of the first start, belonging to no agency yet; raises MasswerkError.
        engine: makes the engine of an opened workspace, None while it belongs to no agency.
        close: ends the use of an opened workspace.
        keep: its backups.
        proof: how the person shows later that it is still they; None: the window is never locked.
    """

    profile: Profile
    exists: bool
    needs_passphrase: bool
    open: Callable[[str | None], Workspace]
    create: Callable[[FirstAnswers], Workspace]
    engine: Callable[[Workspace], Callable[[], Engine | None]]
    close: Callable[[Workspace], None]
    keep: Callable[[Workspace], Safekeeping | None] = lambda _: None
    proof: Callable[[], Proof | None] = lambda: None


class Start(QObject):
    """Leads to the desktop and keeps it."""

    def __init__(self, door: Door, region: Region) -> None:
        super().__init__()
        self._door = door
        self._region = region
        self._asking: QWidget | None = None
        self._workspace: Workspace | None = None
        self._joining: Joining | None = None
        self.desktop: Desktop | None = None

    def begin(self) -> None:
        """Opens what can be opened without asking; otherwise asks."""
        if not self._door.exists:
            first = FirstStart(self._region, self._door.needs_passphrase)
            first.finished.connect(self._on_answered)
            self._ask(first)
            return
        try:
            self._enter(self._door.open(None))
        except (KeyUnavailable, WrongKey) as error:
            if not self._door.needs_passphrase:
                self._fail(error)
                return
            unlock = Unlock()
            unlock.unlocked.connect(self._on_unlocked)
            self._ask(unlock)
        except MasswerkError as error:
            self._fail(error)

    def end(self) -> None:
        """Closes the desktop and lets go of the profile."""
        if self.desktop is not None:
            self.desktop.close()
        if self._joining is not None:
            self._joining.wait()
        if self._workspace is not None:
            self._door.close(self._workspace)

    @Slot(object)
    def _on_answered(self, answers: FirstAnswers) -> None:
        """Makes the profile; who joins is asked about beside the window's thread, and stands there until it is done."""
        try:
            workspace = self._made(answers)
        except MasswerkError as error:
            self._first.show_error(" ".join(labels.error_words(error)))
            return
        if not answers.url:
            self._enter(workspace)
            return
        joining = self._joining or self._begin_joining(workspace)
        if answers.code:
            joining.start(answers.url, answers.code)
        else:
            joining.sign_in(answers.url)

    @property
    def _first(self) -> FirstStart:
        assert isinstance(self._asking, FirstStart)
        return self._asking

    def _made(self, answers: FirstAnswers) -> Workspace:
        if self._workspace is None:
            self._workspace = self._door.create(answers)
        else:  # the agency was not joined, and perhaps more than its address is corrected
            introduce(self._workspace.store, answers.person, answers.device, answers.ags)
        choose_way(self._workspace.store, answers.way)
        return self._workspace

    def _begin_joining(self, workspace: Workspace) -> Joining:
        from app.ui.sync.joining import Joining  # what talks over the network is read by those who need it

        self._joining = Joining(workspace, parent=self)
        self._joining.joined.connect(self._on_joined)
        self._joining.failed.connect(self._on_not_joined)
        self._joining.browser_asked.connect(self._on_browser)
        self._first.gave_up.connect(self._joining.give_up)
        return self._joining

    @Slot(str)
    def _on_joined(self, name: str) -> None:
        if self._workspace is not None:
            self._enter(self._workspace)

    @Slot(object)
    def _on_not_joined(self, failure: Failure) -> None:
        self._first.show_failure(failure)

    @Slot(str)
    def _on_browser(self, address: str) -> None:
        self._first.say_in_browser()
        QDesktopServices.openUrl(QUrl(address))

    @Slot(str)
    def _on_unlocked(self, passphrase: str) -> None:
        try:
            self._enter(self._door.open(passphrase))
        except (KeyUnavailable, WrongKey) as error:
            assert isinstance(self._asking, Unlock)
            self._asking.show_error(" ".join(labels.error_words(error)))
        except MasswerkError as error:
            self._fail(error)

    def _ask(self, widget: QWidget) -> None:
        self._asking = widget
        widget.show()

    def _enter(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.desktop = Desktop(
            workspace,
            self._region,
            self._door.profile,
            self._door.engine(workspace),
            self._door.keep(workspace),
            self._door.proof(),
        )
        self.desktop.start()
        QTimer.singleShot(0, self._on_shown)
        if self._asking is not None:
            self._asking.close()
            self._asking = None

    @Slot()
    def _on_shown(self) -> None:
        """Notes the moment from which the window can be used; `benchmarks/start.py` reads it."""
        if self.desktop is not None:
            self.desktop.window.repaint()
            log.info("window painted")

    def _fail(self, error: MasswerkError) -> None:
        """What hinders the start is told in a window of its own: one sentence, one remedy."""
        log.error("start failed: %s", error.code)
        self._ask(StartFailure(*labels.error_words(error)))


def run(door: Door, region: Region) -> int:
    """Shows the program until its last window is closed; returns the exit code."""
    app = dressed_as_last(door.profile)
    watch_for_mistakes(app)
    start = Start(door, region)
    start.begin()
    code = app.exec()
    start.end()
    return code


def dressed_as_last(profile: Profile) -> QApplication:
    """The application in the mode and text size that were chosen last in this profile, from the first window on."""
    scheme, size = restore_look(QSettings(str(profile.folder / "window.ini"), QSettings.Format.IniFormat))
    return make_application(scheme=scheme, text_size=size)


def watch_for_mistakes(app: QApplication) -> None:
    """Our own mistakes are logged and told: what was shown as saved is on disk."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            app.quit()
            return
        log.critical("unexpected", exc_info=(kind, error, trace))
        CrashNotice.show_once(app.activeWindow())

    sys.excepthook = hook
