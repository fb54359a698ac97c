"""Workshops in a calendar: the month by name, the ways to the next and the last, and its grid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.months import months_later
from app.models.queries.lists import WorkshopLine
from app.ui import labels, theme
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.words import Ground, Label
from app.ui.workshops import moments
from app.ui.workshops.month import MonthGrid, month_words


class Calendar(Ground):
    """One month at a time."""

    opened = Signal(str)
    new_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self.grid = MonthGrid()
        self._title = Label("", weight=theme.STRONG)
        self._note = Label("", "small", role="muted", tabular=True)
        back = IconButton("caret-left", name="month_back", accessible=self.tr("Voriger Monat"))
        on = IconButton("caret-right", name="month_on", accessible=self.tr("Nächster Monat"))
        today = Button(self.tr("Heute"), name="month_today")
        back.clicked.connect(self._on_back)
        on.clicked.connect(self._on_next)
        today.clicked.connect(self._on_today)
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 24, 8)
        head.setSpacing(8)
        head.addWidget(back)
        head.addWidget(on)
        head.addWidget(self._title)
        head.addSpacing(8)
        head.addWidget(self._note, 1)
        head.addWidget(today)
        body = QHBoxLayout()
        body.setContentsMargins(8, 0, 24, 16)
        body.addWidget(self.grid)
        layout = self.column()
        layout.addLayout(head)
        layout.addLayout(body, 1)
        self._lines: Sequence[WorkshopLine] = ()
        self.grid.moved.connect(self._show_month)
        self.grid.opened.connect(self.opened)
        self.grid.new_wanted.connect(self.new_wanted)
        self._show_month()

    def show_lines(self, lines: Sequence[WorkshopLine]) -> None:
        """Show these workshops."""
        self._lines = lines
        self.grid.show_lines(lines)
        self._show_month()

    def focus_grid(self) -> None:
        """Stand on the calendar."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_month(self) -> None:
        day = self.grid.day
        month = f"{day:%Y-%m}"
        words = month_words(day)
        self._title.setText(words)
        here = sum(line.starts_at.startswith(month) for line in self._lines)
        undated = sum(not line.starts_at for line in self._lines)
        parts = [labels.count(here, self.tr("Workshop"), self.tr("Workshops"))]
        parts += [self.tr("{0} ohne Termin, in der Liste").format(undated)] if undated else []
        self._note.setText("  ·  ".join(parts))
        self.grid.setAccessibleName(self.tr("Kalender {0}").format(words))

    @Slot()
    def _on_back(self) -> None:
        self.grid.go_to(months_later(self.grid.day, -1))

    @Slot()
    def _on_next(self) -> None:
        self.grid.go_to(months_later(self.grid.day, 1))

    @Slot()
    def _on_today(self) -> None:
        self.grid.go_to(moments.today())
        self.focus_grid()
