"""The bar for several selected measures: set the same value for all of them, or delete them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain import catalogue as c
from app.ui import labels, theme
from app.ui.measures import names, words
from app.ui.measures.deeds import MeasureDeeds
from app.ui.measures.table import MeasureTable
from app.ui.theme import Themed
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.words import Label

FIELDS = {
    "status": c.MeasureStatus,
    "traffic_light": c.TrafficLight,
    "phase": c.Phase,
    "priority": c.Priority,
}


class BulkBar(Themed, QWidget):
    """`chosen` carries field and code, `cleared` that one row is enough; `delete_asked` is for the page."""

    chosen = Signal(str, object)
    delete_asked = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bulk_bar")
        self._count = Label("", weight=theme.MEDIUM, tabular=True)
        self.boxes: dict[str, ChoiceBox] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 6, 24, 6)
        line.setSpacing(8)
        line.addWidget(self._count)
        line.addSpacing(8)
        for field, values in FIELDS.items():
            name = names.spoken("measure", field)
            box = ChoiceBox(
                words.choices(values),
                name=f"bulk_{field}",
                accessible=self.tr("{0} für alle ausgewählten").format(name),
                placeholder=name,
            )
            box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            box.setMaximumWidth(theme.px(170))
            box.chosen.connect(self._on_chosen)
            self.boxes[field] = box
            line.addWidget(box, 1)
        line.addStretch(1)
        self.delete = Button(self.tr("Löschen"), name="bulk_delete", kind="danger")
        self.delete.clicked.connect(self.delete_asked)
        line.addWidget(self.delete)
        close = IconButton("x", name="bulk_close", accessible=self.tr("Auswahl aufheben"))
        close.clicked.connect(self.cleared)
        line.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def serve(self, table: MeasureTable, deeds: MeasureDeeds) -> None:
        """Appear when several rows of a table are selected, and change them together."""
        table.selection_grew.connect(self.show_count)
        self.chosen.connect(lambda field, code: deeds.edit_many(table.selected_ids(), field, code))
        self.cleared.connect(table.select_current_alone)

    def show_count(self, count: int) -> None:
        """Say how many; hidden for fewer than two."""
        self._count.setText(self.tr("{0} ausgewählt").format(labels.number(count)))
        self.setVisible(count > 1)

    def _on_chosen(self, code: Any) -> None:
        box = self.sender()
        field = next((name for name, one in self.boxes.items() if one is box), "")
        if field:
            self.boxes[field].set_value(None)
            self.chosen.emit(field, code)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground and a line below: this is about the selection."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("accent_soft"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("border"))
