"""When something went wrong that should not: a calm word that the work is safe, and what to do."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.buttons import Button
from app.ui.widgets.notices import IconMark
from app.ui.widgets.words import Ground, Label

_WIDTH, _LEAST_HEIGHT = 480, 220


class _Notice(Ground):
    """An icon, a heading, a sentence, one button."""

    def __init__(self, name: str, heading: str, sentence: str, icon: str, role: str) -> None:
        super().__init__("surface")
        self.setObjectName(name)
        self.setAccessibleName(heading)
        self.setWindowTitle("Maßwerk")
        column = self.column(24, 16)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(IconMark(icon, role, 24), 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(Label(heading, "title", 600, wrap=True), 1)
        column.addLayout(top)
        column.addWidget(Label(sentence, "body", wrap=True))
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        self._button = Button(self.tr("Schließen"), name=f"{name}_close", kind="primary")
        self._button.clicked.connect(self.close)
        row.addWidget(self._button)
        column.addLayout(row)
        self.resize(self._whole(column))

    def _whole(self, column: QVBoxLayout) -> QSize:
        """So high that every word can be read in the chosen text size, within the screen."""
        room = self.screen().availableSize()
        width = min(theme.px(_WIDTH), room.width())
        return QSize(width, min(max(theme.px(_LEAST_HEIGHT), column.totalHeightForWidth(width)), room.height()))


class StartFailure(_Notice):
    """Why the profile could not be opened, and the one remedy."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__("start_failure", sentence, remedy, "warning-circle", "warning")


class CrashNotice(_Notice):
    """One at a time: a mistake that repeats itself does not bury the window."""

    _shown: ClassVar[CrashNotice | None] = None

    def __init__(self, window: QWidget | None) -> None:
        super().__init__(
            "crash_notice",
            "Etwas ist schiefgegangen",
            "Was als gespeichert angezeigt wurde, liegt sicher auf diesem Gerät. Bitte starten Sie Maßwerk neu; "
            "die Einzelheiten stehen im Protokollordner des Profils.",
            "warning-circle",
            "warning",
        )
        if window is not None:
            self.move(window.geometry().center() - self.rect().center())

    @classmethod
    def show_once(cls, window: QWidget | None) -> None:
        """Shows the notice unless it stands there already."""
        if cls._shown is None or not cls._shown.isVisible():
            cls._shown = cls(window)
            cls._shown.show()
