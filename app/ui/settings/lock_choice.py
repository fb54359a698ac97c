"""When the window is veiled by itself, and the button that does it now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.words import Label

MINUTES = (0, 5, 15, 30, 60)


class LockChoice(QWidget):
    """`chosen` carries minutes, 0 for never; `asked` wants the lock now."""

    chosen = Signal(int)
    asked = Signal()

    def __init__(self, minutes: int, *, asks_passphrase: bool) -> None:
        super().__init__()
        self.after = SegmentedControl(
            [Segment(str(m), self.tr("{0} min").format(m) if m else self.tr("Nie")) for m in MINUTES],
            name="lock_after",
            accessible=self.tr("Sperren nach"),
        )
        self.after.set_value(str(min(MINUTES, key=lambda known: abs(known - minutes))))
        now = Button(self.tr("Jetzt sperren"), name="lock_now", icon="lock")
        holder = QWidget()
        flow = FlowLayout(holder, gap=12)
        flow.setContentsMargins(0, 0, 0, 0)
        flow.addWidget(self.after)
        flow.addWidget(now)
        told = (
            self.tr("So lange ohne Taste und Maus, dann ist das Fenster verdeckt; Ihr Kennwort öffnet es wieder.")
            if asks_passphrase
            else self.tr(
                "So lange ohne Taste und Maus, dann ist das Fenster verdeckt. Ohne eigenes Kennwort öffnet es jeder,"
                " der an Ihrem angemeldeten Rechner sitzt: Sperren Sie auch den Rechner."
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(holder)
        column.addWidget(Label(told, "small", role="muted", wrap=True))
        self.after.chosen.connect(self._on_chosen)
        now.clicked.connect(self.asked)

    def _on_chosen(self, key: str) -> None:
        self.chosen.emit(int(key))
