"""The left side of the Leitstand: chips, the table of municipalities, and the figures below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import labels, theme
from app.ui.agency.places_table import COLUMNS, PlacesModel, Shown, belongs
from app.ui.agency.standing import Contact, Place
from app.ui.widgets.chip_row import ChipRow
from app.ui.widgets.choice import Choice
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.surfaces import Figure
from app.ui.widgets.table import TableView
from app.ui.widgets.words import ElidedLabel, Ground, Label, Rule

_ALERTS = (7, 14, 21, 30, 60)


_LEAST_FOR_SUMS = 360
"""Pixels (at 100 %) from which on the sums stand below the rows."""


class Overview(Ground):
    """`place_opened` carries a municipality's key, `alert_chosen` the days after which one wants to be told."""

    place_opened = Signal(str)
    alert_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("background")
        self._places: Sequence[Place] = ()
        self._now = datetime.now().astimezone()
        self._days = 0
        self._shown = Shown.ATTENTION
        self._model = PlacesModel(self)
        self.table = TableView(
            COLUMNS, name="places", accessible=self.tr("Kommunen"), ground="background", sortable=True
        )
        self.table.horizontalHeader().setSortIndicator(-1, self._model._sorting[1])
        self.table.setModel(self._model)
        words = {
            Shown.ATTENTION: self.tr("Braucht Aufmerksamkeit"),
            Shown.ALL: self.tr("Alle"),
            Shown.SILENT: self.tr("Still"),
            Shown.QUESTIONS: self.tr("Offene Fragen"),
            Shown.STALE: self.tr("Ruhende Maßnahmen"),
        }
        self.chip_row = ChipRow(words, self._shown, "places")
        self.alert = ChoiceBox(
            [Choice(days, self.tr("nach {0} Tagen").format(days)) for days in _ALERTS],
            name="alert_days", accessible=self.tr("Meldung, wenn eine Kommune still ist"),
        )  # fmt: skip
        self.figures = [Figure("–", "") for _ in range(4)]
        self._build()
        self.chip_row.chosen.connect(self.choose)
        self.table.opened.connect(self._on_opened)
        self.alert.chosen.connect(self._on_alert)

    def _build(self) -> None:
        column = self.column()
        column.addWidget(self.chip_row)
        self._calm = EmptyState("check-circle", self.tr("Keine Kommune braucht gerade Aufmerksamkeit."), name="calm")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._calm)
        column.addWidget(self._stack, 1)
        column.addLayout(self._foot())
        self._sums = QWidget()
        below = QVBoxLayout(self._sums)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(Rule())
        below.addWidget(self._figures())
        column.addWidget(self._sums)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window with large text the rows matter more than what they add up to."""
        super().resizeEvent(event)
        self._sums.setVisible(self.height() >= theme.px(_LEAST_FOR_SUMS))

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 8, 24, 8)
        foot.setSpacing(8)
        self._more = ElidedLabel("", "small", role="muted")
        foot.addWidget(self._more, 1)
        label = Label(self.tr("Als still melden"), "small", role="muted")
        label.setBuddy(self.alert)
        foot.addWidget(label)
        self.alert.setFixedWidth(theme.px(150))
        foot.addWidget(self.alert)
        return foot

    def _figures(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=32)
        flow.setContentsMargins(24, 16, 24, 16)
        for figure in self.figures:
            flow.addWidget(figure)
        return holder

    def restyle(self) -> None:
        """The choice of days grows with its words."""
        if hasattr(self, "alert"):
            self.alert.setFixedWidth(theme.px(150))
        super().restyle()

    def choose(self, shown: Shown) -> None:
        """Show the rows of a chip."""
        self._shown = shown
        self.chip_row.set_on(shown)
        self._refresh()

    def show_places(self, places: Sequence[Place], days: int, now: datetime) -> None:
        """Show how things stand."""
        self._places, self._days, self._now = places, days, now
        self.alert.set_value(days)
        self._refresh()

    def _refresh(self) -> None:
        places = self._places
        for shown, chip in self.chip_row.chips.items():
            chip.set_count(sum(belongs(place, shown) for place in places))
        self._model.show_places(places, self._shown, self._now)
        self._stack.setCurrentWidget(self.table if self._model.rows or not places else self._calm)
        hidden = len(places) - len(self._model.rows)
        told = self.tr("{0} weitere ohne Auffälligkeit").format(hidden) if self._shown is Shown.ATTENTION else ""
        self._more.setText(told if hidden and places else "")
        here = sum(place.contact is Contact.HERE for place in places)
        known = any(place.contact is not Contact.UNKNOWN for place in places)
        measures = sum(place.figures.measures for place in places)
        stale = sum(place.figures.stale for place in places)
        incomplete = sum(place.figures.incomplete for place in places)
        told_figures = (
            (f"{here} von {len(places)}" if known else labels.NONE, self.tr("Kommunen im Kontakt")),
            (labels.number(measures), self.tr("Maßnahmen")),
            (labels.number(stale), self.tr("ruhen seit 180 Tagen")),
            (labels.number(incomplete), self.tr("mit Lücken")),
        )
        for figure, (number, words) in zip(self.figures, told_figures, strict=True):
            figure.set_figure(number, words)

    def _on_opened(self, index: QModelIndex) -> None:
        self.place_opened.emit(self._model.rows[index.row()].ags)

    def _on_alert(self, days: object) -> None:
        if isinstance(days, int) and days != self._days:
            self.alert_chosen.emit(days)
