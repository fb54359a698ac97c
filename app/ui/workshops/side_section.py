"""A part of the pane beside a workshop's wall or paper."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets.words import ElidedLabel, Label


class Section(Themed, QWidget):
    """A heading with a note at the right, and what belongs below it."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.note = ElidedLabel("", "small", role="muted", tabular=True, right=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(title, weight=theme.STRONG, wrap=True), 1)
        head.addWidget(self.note)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self.body)
        self._rows: list[QWidget] = []

    def fill(self, rows: Sequence[QWidget], kept: QWidget | None = None) -> None:
        """Show other rows; all but `kept` are made anew each time."""
        for row in self._rows:
            self.body.removeWidget(row)
            row.hide()
            if row is not kept:
                row.deleteLater()
        self._rows = list(rows)
        for row in rows:
            self.body.addWidget(row)
            if row is kept:
                row.show()
