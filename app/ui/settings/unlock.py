"""The passphrase of an existing profile, before anything else can be shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.ui.settings.passphrase import SecretLine
from app.ui.settings.sheet import Sheet
from app.ui.widgets.buttons import Button
from app.ui.widgets.toggles import CheckBox
from app.ui.widgets.words import Label


class Unlock(Sheet):
    """`unlocked` carries what was typed; answer with `show_error` where it does not open the profile."""

    unlocked = Signal(str)

    def __init__(self, title: str = "", note: str = "") -> None:
        super().__init__(
            title or self.tr("Maßwerk entsperren"),
            note or self.tr("Ihre Daten auf diesem Gerät sind mit einem Kennwort geschützt."),
        )
        self.setObjectName("unlock")
        self.line = SecretLine(name="unlock_passphrase", accessible=self.tr("Kennwort"))
        self._problem = Label("", "small", role="danger", wrap=True)
        self._problem.hide()
        show = CheckBox(self.tr("Kennwort zeigen"), name="unlock_show")
        self.button = Button(self.tr("Entsperren"), name="unlock_go", kind="primary")
        self._named = Label(self.tr("Kennwort"), "small", role="muted")
        self._show = show
        body = QVBoxLayout()
        body.setSpacing(8)
        body.addWidget(self._named)
        body.addWidget(self.line)
        body.addWidget(self._problem)
        body.addWidget(show)
        self.content.addLayout(body)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.button)
        self.foot.addLayout(foot)
        show.toggled.connect(self.line.show_letters)
        self.button.clicked.connect(self._on_go)
        self.line.returnPressed.connect(self._on_go)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_nothing(self, words: str) -> None:
        """The system's keyring answers for the person: only the button stays, with these words."""
        for piece in (self._named, self.line, self._show):
            piece.hide()
        self.button.setText(words)
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_go(self) -> None:
        if not self.line.text() and not self.line.isHidden():
            self.show_error(self.tr("Bitte geben Sie das Kennwort ein."))
        elif self.button.isEnabled():
            self.set_busy(True)
            self.unlocked.emit(self.line.text())

    def set_busy(self, on: bool) -> None:
        """Opening takes half a second: the key is stretched on purpose."""
        self.button.setEnabled(not on)
        self.line.setReadOnly(on)

    def show_error(self, sentence: str) -> None:
        """Say why it did not open; the typed text stays and is selected."""
        self.set_busy(False)
        self.line.set_error(sentence)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self.line.setFocus()
        self.line.selectAll()
