"""The foot of the pane: whether everything typed is on disk, and how complete the Steckbrief is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from app.ui import theme
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.notices import IconMark
from app.ui.widgets.words import ElidedLabel, Ground


class PaneFoot(Ground):
    """One line that stays in sight. `completeness_asked` leads to what is missing."""

    completeness_asked = Signal()

    def __init__(self) -> None:
        super().__init__("surface")
        self.setObjectName("pane_foot")
        self._mark = IconMark("check-circle", "ok", 16)
        self._words = ElidedLabel("", "small", role="muted", tabular=True)
        self._complete = LinkButton("8 von 10", name="completeness_link")
        self._complete.clicked.connect(self.completeness_asked)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 1, 16, 0)
        line.setSpacing(6)
        line.addWidget(self._mark)
        line.addWidget(self._words, 1)
        line.addWidget(self._complete)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.restyle()
        self.tell("")

    def restyle(self) -> None:
        """As high as the status line."""
        self.setFixedHeight(theme.grow(32, "small"))
        super().restyle()

    def tell(self, words: str, role: str = "ok") -> None:
        """What became of the last thing typed; nothing before the first."""
        self._mark.set_icon("check-circle" if role == "ok" else "warning-octagon", role)
        self._mark.setVisible(bool(words))
        self._words.setText(words)
        self._words.set_role("muted" if role == "ok" else role)

    def words(self) -> str:
        """What is told."""
        return self._words.text()

    def show_completeness(self, done: int, total: int) -> None:
        """How many points of the Steckbrief there are."""
        told = self.tr("{0} von {1} vollständig").format(done, total)
        self._complete.setText(told)
        self._complete.setAccessibleName(told)
        self._complete.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line above."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, theme.color("border"))
