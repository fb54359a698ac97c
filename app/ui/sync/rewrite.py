"""Neu formulieren: editors for all fields of a question, in its own card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.change import SlotValue, Value
from app.domain.fields import Slot
from app.ui import labels
from app.ui.measures.editors import Editor
from app.ui.measures.making import Makings, make
from app.ui.measures.places import Places
from app.ui.sync.parts import Labelled
from app.ui.widgets.buttons import Button
from app.ui.widgets.words import Label


class Rewrite(QWidget):
    """Begins with what one version says; `written` carries the new value of the slot."""

    written = Signal(object)
    given_up = Signal()

    def __init__(self, kind: str, slot: Slot, begin: Sequence[Value], places: Places) -> None:
        super().__init__()
        self._slot = slot
        self.editors: list[Editor] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 14)
        column.setSpacing(8)
        for field, value in zip(slot.fields, begin, strict=True):
            editor = make(kind, field.name, Makings(places, lambda _: []))
            editor.widget.setAccessibleName(self.tr("Neu: {0}").format(labels.field_label(kind, field.name)))
            editor.show(value)
            self.editors.append(editor)
            column.addWidget(Labelled(labels.short_field_label(kind, field.name), editor.widget))
        self._problem = Label("", "small", role="danger", wrap=True)
        self._problem.hide()
        column.addWidget(self._problem)
        row = QHBoxLayout()
        row.setSpacing(8)
        take = Button(self.tr("Neue Fassung speichern"), name="rewrite_save", hint="Ctrl+Return")
        leave = Button(self.tr("Doch nicht"), name="rewrite_leave", kind="tertiary")
        take.clicked.connect(self.save)
        leave.clicked.connect(self.given_up)
        row.addWidget(take)
        row.addWidget(leave)
        row.addStretch(1)
        column.addLayout(row)

    def focus(self) -> None:
        """Go into the first editor."""
        self.editors[0].focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def value(self) -> SlotValue:
        """What stands there; ValueError with a German sentence while it is not understood."""
        parts = tuple(editor.value() for editor in self.editors)
        return parts if self._slot.is_group else parts[0]

    def say(self, sentence: str) -> None:
        """Say what is wrong; the typed text stays."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def save(self) -> None:
        """Hand the value on."""
        try:
            value = self.value()
        except ValueError as error:
            self.say(str(error))
            return
        self.say("")
        self.written.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Return saves, Esc leaves; digits typed beside a field decide nothing."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.text().isdigit():
            event.accept()
        else:
            super().keyPressEvent(event)
