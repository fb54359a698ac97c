"""Two to four municipalities side by side: the same facts in the same rows, the largest number marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.domain import catalogue as c
from app.models.queries.region import PlaceFacts
from app.ui import labels, theme
from app.ui.measures import words as shapes
from app.ui.measures.places import Places
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import ElidedLabel, Ground, Label, Rule

MOST = 4
_ROWS = (
    ("shared", "Veröffentlicht"),
    ("leading", "davon federführend"),
    ("running", "in Umsetzung oder Betrieb"),
    ("done", "abgeschlossen oder im Betrieb"),
    ("incomplete", "unvollständig"),
    ("lent", "von anderen abgeguckt"),
    ("taken", "selbst abgeguckt"),
)


class Comparison(Ground):
    """`cleared` ends the comparison; `entered` leads to the measures of one."""

    cleared = Signal()
    entered = Signal(str)

    def __init__(self, places: Places) -> None:
        super().__init__("surface")
        self.setObjectName("region_comparison")
        self._places = places
        column = self.column()
        head = QHBoxLayout()
        head.setContentsMargins(24, 8, 24, 4)
        self._title = ElidedLabel("", "small", theme.STRONG)
        end = LinkButton(self.tr("Vergleich beenden"), name="region_compare_end")
        end.clicked.connect(self.cleared)
        head.addWidget(self._title, 1)
        head.addWidget(end)
        column.addLayout(head)
        self._pane = ScrollPane(name="region_compare_scroll", accessible=self.tr("Vergleich"), ground="surface")
        self._body = QWidget()
        self._pane.body.addWidget(self._body)
        self._pane.body.addStretch(1)
        column.addWidget(self._pane, 1)

    def show_places(self, facts: Sequence[PlaceFacts]) -> None:
        """Show these, in the order in which they were chosen."""
        self._title.setText(self.tr("{0} Kommunen im Vergleich").format(len(facts)))
        self._body.hide()
        self._pane.body.removeWidget(self._body)
        self._body.deleteLater()
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(24, 0, 24, 12)
        grid.setHorizontalSpacing(16)
        grid.setColumnMinimumWidth(0, theme.px(190))
        grid.setVerticalSpacing(0)
        for column, one in enumerate(facts, 1):
            link = LinkButton(
                self._places.short(one.ags),
                name=f"compare_{one.ags}",
                accessible=self.tr("{0}: Maßnahmen zeigen").format(self._places.name(one.ags)),
                small=False,
            )
            link.setProperty("ags", one.ags)
            link.clicked.connect(self._on_link)
            holder = QHBoxLayout()
            holder.addStretch(1)
            holder.addWidget(link)
            grid.addLayout(holder, 0, column)
            grid.setColumnStretch(column, 1)
        row = 1
        for key, words in _ROWS:
            row = self._numbers(grid, row, words, [getattr(one, key) for one in facts])
        for code in self._fields(facts):
            told = [dict(one.fields_of_action).get(code, 0) for one in facts]
            row = self._numbers(grid, row, shapes.short(c.FieldOfAction, code), told)
        self._pane.body.insertWidget(0, self._body)

    @staticmethod
    def _fields(facts: Sequence[PlaceFacts]) -> list[str]:
        """Every Handlungsfeld that one of them has, the most frequent first."""
        sums: dict[str, int] = {}
        for one in facts:
            for code, amount in one.fields_of_action:
                sums[code] = sums.get(code, 0) + amount
        return sorted(sums, key=lambda code: (-sums[code], code))

    @staticmethod
    def _numbers(grid: QGridLayout, row: int, words: str, numbers: Sequence[int]) -> int:
        """A row with a line above it; the largest number is heavier, if it is the only one so large."""
        grid.addWidget(Rule(), row, 0, 1, len(numbers) + 1)
        name = ElidedLabel(words, "small", role="muted")
        name.setMinimumHeight(theme.grow(28, "small"))
        name.setFixedWidth(theme.px(190))
        grid.addWidget(name, row + 1, 0, Qt.AlignmentFlag.AlignLeft)
        most = max(numbers)
        for column, number in enumerate(numbers, 1):
            heavy = number == most and numbers.count(most) == 1
            weight = theme.STRONG if heavy else theme.REGULAR
            label = Label(labels.number(number), "small", weight, role="text" if number else "muted")
            label.setAccessibleName(f"{words}: {number}")
            grid.addWidget(label, row + 1, column, Qt.AlignmentFlag.AlignRight)
        return row + 2

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.entered.emit(str(sender.property("ags")))
