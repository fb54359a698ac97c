"""The bar for several selected measures: set the same value for all of them, or delete them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain import catalogue as c
from app.domain.rules import LIGHT_NEEDS_REASON, NEEDS_REASON
from app.ui import labels, theme
from app.ui.measures import names, words
from app.ui.measures.deeds import MeasureDeeds
from app.ui.measures.table import MeasureTable
from app.ui.theme import Themed
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import Label

FIELDS = {
    "status": c.MeasureStatus,
    "traffic_light": c.TrafficLight,
    "phase": c.Phase,
    "priority": c.Priority,
}
REASONS = {
    "status": ("status_reason", NEEDS_REASON),
    "traffic_light": ("traffic_light_reason", LIGHT_NEEDS_REASON),
}
"""Where the reason of a field stands, and which of its values need one."""


class ReasonLine(Themed, QWidget):
    """Asks once, below the choices, why all of the selected get this value; Esc leaves them as they are.

    `given` carries what was typed, `left` says that nothing is to be changed.
    """

    given = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.question = Label("", weight=theme.MEDIUM)
        self.field = LineEdit(
            name="bulk_reason", accessible=self.tr("Begründung"), placeholder=self.tr("Grund in einem Satz, für alle")
        )
        self.take = Button(self.tr("Setzen"), name="bulk_reason_take", kind="primary")
        cancel = Button(self.tr("Abbrechen"), name="bulk_reason_cancel", kind="tertiary")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.question)
        line.addWidget(self.field, 1)
        line.addWidget(self.take)
        line.addWidget(cancel)
        self.take.setEnabled(False)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._give)
        self.take.clicked.connect(self._give)
        cancel.clicked.connect(self.left)

    def ask(self, value: str) -> None:
        """Begin anew for a value by its word."""
        self.question.setText(self.tr("Warum „{0}“?").format(value))
        self.field.setAccessibleName(self.question.text())
        self.field.clear()
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_typed(self, words_: str) -> None:
        self.take.setEnabled(bool(words_.strip()))

    def _give(self) -> None:
        if self.field.text().strip():
            self.given.emit(self.field.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc changes nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class BulkBar(Themed, QWidget):
    """`chosen` carries the values by field, `cleared` that one row is enough; `delete_asked` is for the page."""

    chosen = Signal(object)
    delete_asked = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bulk_bar")
        self._count = Label("", weight=theme.MEDIUM, tabular=True)
        self.boxes: dict[str, ChoiceBox] = {}
        self.reason = ReasonLine()
        self._wanted: tuple[str, Any] = ("", None)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 6, 24, 6)
        column.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.reason)
        self.reason.hide()
        self.reason.given.connect(self._on_reason)
        self.reason.left.connect(self._on_left)
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
        table.model().modelReset.connect(self._on_reset)
        self.chosen.connect(lambda values: deeds.edit_many(table.selected_ids(), values))
        self.cleared.connect(table.select_current_alone)

    def show_count(self, count: int) -> None:
        """Say how many; hidden for fewer than two. A reason that is being typed holds for all that are selected."""
        if count < 2:
            self.reason.hide()
        self._count.setText(self.tr("{0} ausgewählt").format(labels.number(count)))
        self.setVisible(count > 1)

    def _on_reset(self) -> None:
        """Other rows, and none of them is selected; no selection tells of that."""
        self.show_count(0)

    def _on_chosen(self, code: Any) -> None:
        box = self.sender()
        field = next((name for name, one in self.boxes.items() if one is box), "")
        if not field:
            return
        self.boxes[field].set_value(None)
        if code in REASONS.get(field, ("", frozenset()))[1]:
            self._wanted = (field, code)
            self.reason.ask(words.full(FIELDS[field], code))
        else:
            self.reason.hide()
            self.chosen.emit({field: code})

    def _on_reason(self, told: str) -> None:
        field, code = self._wanted
        self._on_left()
        self.chosen.emit({field: code, REASONS[field][0]: told})

    def _on_left(self) -> None:
        field, _ = self._wanted
        self.boxes[field].setFocus(Qt.FocusReason.OtherFocusReason)
        self.reason.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground and a line below: this is about the selection."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("accent_soft"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("border"))
