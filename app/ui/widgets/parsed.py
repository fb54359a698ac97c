"""Fields that understand what is typed: the meaning stands under the field, a mistake too.

What text means is told by the two callables given: `parse` (text to value, raising ValueError with a
sentence) and `show` (value to text), so that these fields know neither money nor dates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import Label


class ParsedEdit(Themed, QWidget):
    """A line whose text has a meaning. `committed` carries the new value (None when emptied)."""

    committed = Signal(object)
    edited = Signal()

    def __init__(
        self,
        parse: Callable[[str], Any],
        show: Callable[[Any], str],
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        right: bool = False,
        explain: Callable[[Any], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parse, self._show, self._explain = parse, show, explain or show
        self._value: Any = None
        self._shown = ""
        self.line = LineEdit(name=name, accessible=accessible, placeholder=placeholder, right=right, tabular=True)
        base.identify(self, f"{name}_field", accessible)
        self._hint = Label(size="small", role="muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self._hint)
        self._hint.hide()
        self.setFocusProxy(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self.commit)
        self.line.installEventFilter(self)

    def value(self) -> Any:
        """The saved value; what is being typed counts only once it is understood and left."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a saved value."""
        self._value = value
        self._shown = "" if value is None else self._show(value)
        self.line.set_words(self._shown)
        self._say("")

    def _touched(self) -> bool:
        return self.line.text() != self._shown

    def has_error(self) -> bool:
        """Whether what stands there is not understood."""
        return bool(self.line.error())

    def error(self) -> str:
        """The sentence under the field, empty without a mistake."""
        return self.line.error()

    def set_error(self, sentence: str) -> None:
        """Show a sentence that came from a rule, such as an end before its start."""
        self._say(sentence, error=bool(sentence))

    def set_read_only(self, on: bool) -> None:
        """Show the value without letting anybody change it."""
        self.line.setReadOnly(on)

    def _say(self, words: str, *, error: bool = False) -> None:
        self._hint.setText(words)
        self._hint.set_role("danger" if error else "muted")
        self._hint.setVisible(bool(words))
        self.line.set_error(words if error else "")

    def _read(self) -> Any:
        words = self.line.text().strip()
        return self._parse(words) if words else None

    def _on_edited(self) -> None:
        self.edited.emit()
        try:
            value = self._read()
        except ValueError:
            # Half a number is no mistake yet; the sentence comes when the person leaves the field.
            self._say("")
            return
        meaning = "" if value is None else self._explain(value)
        self._say("" if meaning == self.line.text().strip() else meaning)

    def commit(self) -> bool:
        """Take what stands there; returns whether it was understood. The typed text is never thrown away."""
        if not self._touched():
            return not self.has_error()
        try:
            value = self._read()
        except ValueError as mistake:
            self._say(str(mistake), error=True)
            return False
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.committed.emit(value)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc brings the saved value back."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.KeyPress and (self._touched() or self.has_error()):
            self.set_value(self._value)
            return True
        return False


class MoneyEdit(ParsedEdit):
    """A `ParsedEdit` for amounts: figures stand at the right."""

    def __init__(
        self,
        parse: Callable[[str], Any],
        show: Callable[[Any], str],
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            parse,
            show,
            name=name,
            accessible=accessible,
            placeholder=placeholder,
            right=True,
            parent=parent,
        )


class DateEdit(ParsedEdit):
    """A `ParsedEdit` for dates with a precision, such as "Q3/2024" or "KW 12"."""

    def restyle(self) -> None:
        """Keep room for "31.12.2026"."""
        self.line.setMinimumWidth(base.text_width("31.12.2026", tabular=True) + 24)
        super().restyle()

    def __init__(
        self,
        parse: Callable[[str], Any],
        show: Callable[[Any], str],
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        explain: Callable[[Any], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            parse,
            show,
            name=name,
            accessible=accessible,
            placeholder=placeholder,
            explain=explain,
            parent=parent,
        )
        self.restyle()
