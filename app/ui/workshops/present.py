"""Who is here: a count per stakeholder group, never a name."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import MasswerkError
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets.toggles import Stepper
from app.ui.widgets.words import ElidedLabel, Label
from app.ui.workshops import marks
from app.ui.workshops.session import Session


class PresentPane(Themed, QWidget):
    """One stepper per group and the sum above them."""

    failed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sum = Label(weight=theme.STRONG, tabular=True)
        self._steppers: dict[str, Stepper] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("Anwesend"), "small", theme.STRONG, "muted"), 1)
        head.addWidget(self._sum)
        layout.addLayout(head)
        for group in marks.GROUPS:
            layout.addLayout(self._row(group.value, labels.short_label(group), labels.label(group)))
        layout.addSpacing(4)
        layout.addWidget(Label(self.tr("Nur Zahlen, keine Namen."), "small", role="muted", wrap=True))
        session.counts_changed.connect(self._show)
        session.head_changed.connect(self._show)
        self._show()

    def _row(self, code: str, short: str, full: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        name = ElidedLabel(short)
        name.setToolTip(full)
        stepper = Stepper(name=f"present_{code}", accessible=full, maximum=9999)
        stepper.setProperty("group", code)
        stepper.changed.connect(self._on_changed)
        self._steppers[code] = stepper
        row.addWidget(name, 1)
        row.addWidget(stepper)
        return row

    @Slot()
    def _show(self) -> None:
        counts = self._session.counts
        for code, stepper in self._steppers.items():
            stepper.set_value(counts.get(code, 0))
            stepper.setEnabled(self._session.may_edit)
        total = sum(counts.values())
        self._sum.setText(str(total) if total else "–")
        self._sum.setAccessibleName(self.tr("{0} Anwesende").format(total))

    @Slot(int)
    def _on_changed(self, count: int) -> None:
        sender = self.sender()
        assert isinstance(sender, Stepper)
        try:
            self._session.count_heads(str(sender.property("group")), count)
        except MasswerkError as error:
            self._show()
            self.failed.emit(" ".join(labels.error_words(error)))
