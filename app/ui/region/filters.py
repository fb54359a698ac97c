"""What is counted and listed: the number on the map, and filters that hold for map, table and list alike."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain import catalogue as c
from app.models.queries.region import RegionFilter
from app.ui import theme
from app.ui.measures import words as shapes
from app.ui.region.values import VALUES
from app.ui.theme import Themed
from app.ui.widgets.chips import ChipButton
from app.ui.widgets.choices import Choice, ChoiceBox, SetBox
from app.ui.widgets.flow import FlowLayout

_SETS: tuple[tuple[str, type[StrEnum], str, str], ...] = (
    ("fields_of_action", c.FieldOfAction, "Handlungsfeld", "Alle Handlungsfelder"),
    ("statuses", c.MeasureStatus, "Status", "Jeder Status"),
    ("maturities", c.Maturity, "Reifegrad", "Jeder Reifegrad"),
    ("transferabilities", c.Transferability, "Übertragbarkeit", "Jede Übertragbarkeit"),
)


class RegionFilters(Themed, QWidget):
    """`value_chosen` carries the key of a number, `changed` nothing: ask `wanted`."""

    value_chosen = Signal(str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("region_filters")
        self.value = ChoiceBox(
            [Choice(value.key, value.title) for value in VALUES],
            name="region_value",
            accessible=self.tr("Zahl auf der Karte"),
        )
        self.value.set_value(VALUES[0].key)
        self.value.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.value.chosen.connect(self._on_value)
        holder = QWidget()
        flow = FlowLayout(holder, gap=8)
        flow.addWidget(self.value)
        self.sets: dict[str, SetBox] = {}
        for key, values, name, every in _SETS:
            box = SetBox(shapes.choices(values), name=f"region_{key}", accessible=name, placeholder=every)
            box.changed.connect(self._on_changed)
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self.sets[key] = box
            flow.addWidget(box)
        self.followed = ChipButton(self.tr("Gefolgt"), name="region_followed", checkable=True)
        self.adopted = ChipButton(self.tr("Schon abgeguckt"), name="region_adopted", checkable=True)
        self.followed.setAccessibleName(self.tr("Nur Maßnahmen, denen Sie folgen"))
        self.adopted.setAccessibleName(self.tr("Nur Maßnahmen, die schon jemand abgeguckt hat"))
        for chip in (self.followed, self.adopted):
            chip.toggled.connect(self._on_changed)
            flow.addWidget(chip)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 10, 24, 10)
        line.addWidget(holder, 1)
        self.restyle()

    def restyle(self) -> None:
        """As wide as their words at the present text size."""
        self.value.setFixedWidth(theme.px(222))
        for key, box in self.sets.items():
            box.setFixedWidth(theme.px({"statuses": 140, "maturities": 150}.get(key, 188)))

    def wanted(self) -> RegionFilter:
        """What counts."""
        told = {key: frozenset(str(one) for one in box.value()) for key, box in self.sets.items()}
        return RegionFilter(**told, followed=self.followed.isChecked(), adopted=self.adopted.isChecked())

    def clear(self) -> None:
        """Everything counts again."""
        for box in self.sets.values():
            box.set_value(())
        for chip in (self.followed, self.adopted):
            chip.blockSignals(True)
            chip.setChecked(False)
            chip.blockSignals(False)
        self.changed.emit()

    def _on_value(self, key: object) -> None:
        self.value_chosen.emit(str(key))

    def _on_changed(self) -> None:
        self.changed.emit()
