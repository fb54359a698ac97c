"""Pictures of the real windows, for the story, the README and reviews."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QSize, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.config import Profile
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.ui import theme
from app.ui.application import make_application
from app.ui.demo import shipped_region
from app.ui.desktop import Desktop
from app.ui.picture_places import go

_BEAT_MS = 50
_MOST_BEATS = 60
"""What reads beside the window has so long to arrive; a picture is taken once two in a row are the same."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is taken; `name` is part of the file's."""

    name: str
    size: tuple[int, int] = (1440, 900)
    dark: bool = False
    text_size: int = 100


PLAIN = Look("")


class Camera:
    """Opens a real desktop for a workspace, goes to a screen and takes its picture."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._app: QApplication = make_application()
        self._app.setCursorFlashTime(0)
        self._region = shipped_region()
        out.mkdir(parents=True, exist_ok=True)

    def shoot(self, name: str, workspace: Workspace, profile: Profile, screen: str) -> Path:
        """Writes `name`.png; returns its path. Screens: see `picture_places`."""
        return self.shoot_all([(name, screen)], workspace, profile, PLAIN)[0]

    def shoot_all(
        self,
        screens: Iterable[tuple[str, str]],
        workspace: Workspace,
        profile: Profile,
        look: Look,
        engine: Callable[[], Engine | None] = lambda: None,
    ) -> list[Path]:
        """One window goes from screen to screen; writes `name`-`look`.png of each and returns the paths."""
        theme.active().choose(scheme="dark" if look.dark else "light", text_size=look.text_size)
        desktop = Desktop(workspace, self._region, profile, engine)
        desktop.window.resize(QSize(*look.size))
        desktop.window.show()
        desktop.window.activateWindow()
        try:
            return [self._picture(name, look, go(desktop, workspace, screen), desktop) for name, screen in screens]
        finally:
            desktop.close()
            desktop.window.deleteLater()
            desktop.deleteLater()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def shoot_window(self, name: str, make: Callable[[], QWidget], look: Look) -> Path:
        """A window that stands alone, such as the first start."""
        theme.active().choose(scheme="dark" if look.dark else "light", text_size=look.text_size)
        window = make()
        window.show()
        file = self._save(name, look, self._calm(window))
        window.close()
        window.deleteLater()
        self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return file

    def _picture(self, name: str, look: Look, shown: QWidget, desktop: Desktop) -> Path:
        file = self._save(name, look, self._calm(shown))
        if shown is not desktop.window:
            shown.close()
            desktop.window.activateWindow()
        desktop.window.top_bar.search.clear()
        desktop.window.setFocus()  # cards that float go when the focus leaves them
        return file

    def _save(self, name: str, look: Look, picture: QPixmap) -> Path:
        file = self._out / f"{name}{'-' if look.name else ''}{look.name}.png"
        picture.save(str(file))
        return file

    def _calm(self, window: QWidget) -> QPixmap:
        """The window once nothing in it changes any more."""
        before = window.grab()
        for _ in range(_MOST_BEATS):
            loop = QEventLoop()
            QTimer.singleShot(_BEAT_MS, loop.quit)
            loop.exec()
            now = window.grab()
            if now.toImage() == before.toImage():
                break
            before = now
        return before
