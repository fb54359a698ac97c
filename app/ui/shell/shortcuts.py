"""The overview of keys (F1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import KeyCap, Label, Rule

Keys = Sequence[tuple[str, str]]
"""Pairs of a key sequence ("Ctrl+K") and what it does."""


class ShortcutOverview(QDialog):
    """All keys by area, in one sheet that scrolls; not modal, so that one can try them."""

    def __init__(self, areas: Mapping[str, Keys], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "shortcut_overview", self.tr("Tastenkürzel"))
        self.setWindowTitle(self.tr("Tastenkürzel"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pane = ScrollPane(name="shortcut_list", accessible=self.tr("Liste der Tastenkürzel"), margin=24, gap=16)
        pane.body.addWidget(Label(self.tr("Tastenkürzel"), "title", theme.STRONG))
        for title, keys in areas.items():
            pane.body.addLayout(self._area(title, keys))
        pane.body.addStretch(1)
        close = Button(self.tr("Schließen"), name="shortcut_close")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 12)
        foot.addStretch(1)
        foot.addWidget(close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(pane, 1)
        outer.addWidget(Rule())
        outer.addLayout(foot)
        self.resize(theme.px(520), min(theme.px(560), 720))

    @staticmethod
    def _area(title: str, keys: Keys) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Label(title, "small", theme.STRONG, "muted"), 0, 0)
        for row, (sequence, words) in enumerate(keys, start=1):
            grid.addWidget(Label(words, wrap=True), row, 0)
            grid.addWidget(KeyCap(base.key_text(sequence)), row, 1, Qt.AlignmentFlag.AlignRight)
        return grid
