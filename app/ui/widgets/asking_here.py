"""A question beside the button that asks it: what would happen in a sentence or two, and the deed once more."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.buttons import Button
from app.ui.widgets.popover import Popover
from app.ui.widgets.words import Label


def ask_here(anchor: QWidget, *, name: str, deed: str, told: str, act: Callable[[], object]) -> None:
    """Ask above a widget; Esc and a click elsewhere leave everything as it is."""
    popover = Popover(anchor.window(), name=name, accessible=deed, title=deed, padding=16)
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    column.addWidget(Label(told, wrap=True))
    yes = Button(deed, name=f"{name}_yes", kind="danger")
    column.addWidget(yes)
    popover.set_body(body)
    yes.clicked.connect(act)
    yes.clicked.connect(popover.close_now)
    popover.open_at(anchor, "above", width=theme.px(360))
