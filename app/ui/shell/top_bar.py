"""The top bar: search across everything, undo and redo, whose device this is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.search import SearchField
from app.ui.widgets.words import Avatar, ElidedLabel, Ground

MARGIN = 24


class TopBar(Ground):
    """56 px high; `undo_clicked` and `redo_clicked` are named by what they would undo."""

    undo_clicked = Signal()
    redo_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self.search = SearchField(
            name="search",
            accessible=self.tr("Überall suchen"),
            placeholder=self.tr("Suchen, oder „>“ für Befehle"),
            shortcut="Ctrl+K",
            delay_ms=0,  # who answers breaks off what the next key makes outdated
        )
        self.search.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._undo = IconButton("arrow-u-up-left", name="undo", accessible=self.tr("Rückgängig"))
        self._redo = IconButton("arrow-u-up-right", name="redo", accessible=self.tr("Wiederholen"))
        self._person = ElidedLabel("", "small", theme.MEDIUM, right=True)
        self._place = ElidedLabel("", "small", role="muted")
        self._avatar = Avatar("")
        self._undo.clicked.connect(self.undo_clicked)
        self._redo.clicked.connect(self.redo_clicked)
        self._build()
        self.set_undo(None)
        self.set_redo(None)

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, 0, MARGIN, 1)
        layout.setSpacing(0)
        layout.addWidget(self.search, 3)
        layout.addSpacing(16)
        layout.addStretch(2)
        layout.addWidget(self._undo)
        layout.addSpacing(2)
        layout.addWidget(self._redo)
        layout.addSpacing(16)
        layout.addWidget(self._person)
        layout.addSpacing(8)
        layout.addWidget(self._place)
        layout.addSpacing(8)
        layout.addWidget(self._avatar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Grow with the text."""
        self.setFixedHeight(theme.grow(56))
        self.search.setMaximumWidth(theme.px(440))
        super().restyle()

    def set_person(self, person: str, place: str) -> None:
        """Show who works here, and for which municipality or agency."""
        self._person.setText(person)
        self._place.setText(place)
        self._avatar.set_person(person)
        self._avatar.setVisible(bool(person))

    def set_undo(self, what: str | None) -> None:
        """Name the step that would be undone, such as "Ampel geändert"; None means there is none."""
        self._name(self._undo, self.tr("Rückgängig"), what, "Ctrl+Z")

    def set_redo(self, what: str | None) -> None:
        """Name the step that would be done again; None means there is none."""
        self._name(self._redo, self.tr("Wiederholen"), what, "Ctrl+Shift+Z")

    @staticmethod
    def _name(button: IconButton, verb: str, what: str | None, keys: str) -> None:
        button.setEnabled(what is not None)
        words = f"{verb}: {what}" if what else verb
        button.set_meaning(words)
        button.setToolTip(f"{words}  ({base.key_text(keys)})")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.color("border"))
