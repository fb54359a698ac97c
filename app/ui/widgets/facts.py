"""Names and values below each other, to be read and not to be changed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from app.ui import theme
from app.ui.widgets.words import Label

_NAMES = 128


def facts_grid(facts: Iterable[tuple[str, str]]) -> QGridLayout:
    """Each name muted at the left, its value whole beside it."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        label = Label(name, "small", role="muted", wrap=True)
        label.setFixedWidth(theme.px(_NAMES))
        label.setContentsMargins(0, theme.px(2), 0, 0)  # on one line with the value's larger words
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Label(value, wrap=True), row, 1)
    return grid
