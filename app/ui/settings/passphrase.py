"""Fields for a passphrase: hidden while it is typed, shown on request."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.toggles import CheckBox
from app.ui.widgets.words import Label

LEAST = 12
"""Characters of a new passphrase: the file can be carried away and tried on faster computers."""


class SecretLine(LineEdit):
    """A line whose letters are dots."""

    def __init__(self, *, name: str, accessible: str) -> None:
        super().__init__(name=name, accessible=accessible)
        self.show_letters(False)

    def show_letters(self, on: bool) -> None:
        """Show or hide what is typed."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)


class NewPassphrase(QWidget):
    """Twice, because nobody can give it back."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first = SecretLine(name="passphrase", accessible=self.tr("Kennwort"))
        self.second = SecretLine(name="passphrase_again", accessible=self.tr("Kennwort wiederholen"))
        self._show = CheckBox(self.tr("Kennwort zeigen"), name="passphrase_show")
        self._problem = Label("", "small", role="danger", wrap=True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for words, line in ((self.tr("Kennwort"), self.first), (self.tr("Noch einmal"), self.second)):
            column.addWidget(Label(words, "small", role="muted"))
            column.addWidget(line)
            column.addSpacing(4)
            line.returnPressed.connect(self.submitted)
        column.addWidget(self._problem)
        column.addWidget(self._show)
        self._show.toggled.connect(self._on_show)

    def _on_show(self, on: bool) -> None:
        self.first.show_letters(on)
        self.second.show_letters(on)

    def read(self) -> str | None:
        """The passphrase, or None with what is wrong."""
        if len(self.first.text()) < LEAST:
            self._wrong(
                self.first,
                self.tr("Bitte nehmen Sie mindestens {0} Zeichen, zum Beispiel vier Wörter.").format(LEAST),
            )
            return None
        if self.first.text() != self.second.text():
            self._wrong(self.second, self.tr("Beide Eingaben sind verschieden. Bitte noch einmal."))
            return None
        self._say(self.first, "")
        self._say(self.second, "")
        return self.first.text()

    def _wrong(self, line: SecretLine, sentence: str) -> None:
        self._say(line, sentence)
        line.setFocus()

    def _say(self, line: SecretLine, sentence: str) -> None:
        line.set_error(sentence)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
