"""Address and invitation code: how a profile joins an agency."""

from __future__ import annotations

import re

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.access import MAX_CODE
from app.ui import labels, theme
from app.ui.sync.stand import plain
from app.ui.sync_worker import Failure
from app.ui.theme import Themed
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import Label

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def address_of(typed: str) -> str:
    """The agency's address as typed: https is added; ValueError with a German sentence where it is none."""
    bare = typed.strip().rstrip("/")
    if not bare or bare.rstrip(":").lower() in ("http", "https"):
        raise ValueError("Bitte geben Sie die Adresse ein, die bei Ihrer Einladung steht.")
    with_scheme = bare if _SCHEME.match(bare) else f"https://{bare}"
    url = QUrl(with_scheme, QUrl.ParsingMode.StrictMode)
    if not _SCHEME.match(bare) and url.host() in _LOCAL:
        with_scheme = f"http://{bare}"
        url = QUrl(with_scheme, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or not url.host():
        raise ValueError("Das ist keine Adresse; sie sieht aus wie abgleich.agentur.de.")
    if url.scheme() != "https" and not (url.scheme() == "http" and url.host() in _LOCAL):
        raise ValueError("Die Adresse muss mit https:// beginnen, damit niemand mitliest.")
    return with_scheme


def code_of(typed: str) -> str:
    """The code as typed, without the spaces people put in; ValueError where it is too short or too long to be one."""
    bare = "".join(typed.split()).upper()
    if len(bare) < 4:
        raise ValueError("Bitte geben Sie den Einladungscode ein, den Sie bekommen haben.")
    if len(bare) > MAX_CODE:
        raise ValueError("Das ist kein Einladungscode; er sieht aus wie K7QF-2M9X.")
    return bare


class JoinFields(Themed, QWidget):
    """The two fields with what is wrong in them."""

    submitted = Signal()

    def __init__(self, address: str = "") -> None:
        super().__init__()
        self.address = LineEdit(
            address, name="join_address", accessible=self.tr("Adresse der Agentur"),
            placeholder=self.tr("z. B. abgleich.suedwestfalen.de"),
        )  # fmt: skip
        self.code = LineEdit(
            name="join_code",
            accessible=self.tr("Einladungscode"),
            placeholder=self.tr("z. B. K7QF-2M9X"),
            tabular=True,
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self._problems: dict[LineEdit, Label] = {}
        for row, (words, line) in enumerate(
            ((self.tr("Einladungscode"), self.code), (self.tr("Adresse"), self.address))
        ):
            label = Label(words, "small", role="muted")
            label.setBuddy(line)
            problem = Label("", "small", role="danger", wrap=True)
            problem.hide()
            grid.addWidget(label, row * 2, 0)
            grid.addWidget(line, row * 2, 1)
            grid.addWidget(problem, row * 2 + 1, 1)
            self._problems[line] = problem
            line.returnPressed.connect(self.submitted)
        grid.setColumnStretch(1, 1)

    def read(self) -> tuple[str, str] | None:
        """Address and code, or None with the mistake marked and the cursor in it."""
        found: list[str] = []
        wrong: LineEdit | None = None
        for line, meaning in ((self.code, code_of), (self.address, address_of)):
            try:
                found.append(meaning(line.text()))
                self.say(line, "")
            except ValueError as error:
                self.say(line, str(error))
                wrong = wrong or line
        if wrong is not None:
            wrong.setFocus()
            return None
        return found[1], found[0]

    def read_address(self) -> str | None:
        """The address alone, or None with the mistake marked: who signs in with an account needs no code."""
        self.say(self.code, "")
        try:
            found = address_of(self.address.text())
        except ValueError as error:
            self.say(self.address, str(error))
            self.address.setFocus()
            return None
        self.say(self.address, "")
        return found

    def say(self, line: LineEdit, sentence: str) -> None:
        """Mark a mistake."""
        line.set_error(sentence)
        self._problems[line].setText(sentence)
        self._problems[line].setVisible(bool(sentence))

    def complain(self, failure: Failure, remedy_here: str = "") -> None:
        """Say beside the right field why the agency was not joined; `remedy_here` where it lies closer than usual."""
        sentence, remedy = labels.error_text(failure.code, plain(failure))
        remedy = remedy_here or remedy
        if failure.code == "agency_unreachable":
            sentence = self.tr("Unter dieser Adresse antwortet niemand.")
            remedy = self.tr("Bitte prüfen Sie Adresse und Netz; Sie können auch später beitreten.")
        line = self.code if failure.code.startswith("invitation") else self.address
        self.say(line, f"{sentence} {remedy}")
        line.setFocus()
        line.selectAll()

    def lock(self, on: bool) -> None:
        """While an attempt is under way."""
        for line in (self.code, self.address):
            line.setReadOnly(on)
            line.update()


class JoinForm(QWidget):
    """The fields and their button; `asked` carries address and code once both can be meant.

    `account_asked` carries the address for somebody who signs in with an account of the agency's house,
    `gave_up` that they do not want to any more.
    """

    asked = Signal(str, str)
    account_asked = Signal(str)
    gave_up = Signal()

    def __init__(self, address: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        self.fields = JoinFields(address)
        self.fields.setMaximumWidth(theme.px(520))
        # In a row of its own: a column would ask how high the fields are at its own width, not at theirs.
        held = QHBoxLayout()
        held.addWidget(self.fields, 1)
        held.addStretch(0)
        self.button = Button(self.tr("Beitreten"), name="join", icon="handshake")
        column.addLayout(held)
        column.addWidget(self.button)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._whose = Label(self.tr("Sie arbeiten in der Agentur?"), "small", role="muted")
        self.account = LinkButton(self.tr("Mit dem Konto der Agentur anmelden"), name="join_account")
        row.addWidget(self._whose)
        row.addWidget(self.account)
        row.addStretch(1)
        column.addLayout(row)
        self._in_browser = False
        self.account.clicked.connect(self._on_account)
        self.button.clicked.connect(self.submit)
        self.fields.submitted.connect(self.submit)

    def submit(self) -> None:
        """Check both fields and ask."""
        read = self.fields.read()
        if read is not None and self.button.isEnabled():
            self.set_busy(True)
            self.asked.emit(*read)

    def _on_account(self) -> None:
        if self._in_browser:
            self.gave_up.emit()
            return
        address = self.fields.read_address()
        if address is not None and self.button.isEnabled():
            self.set_busy(True)
            self._say_in_browser(True)
            self.account_asked.emit(address)

    def _say_in_browser(self, on: bool) -> None:
        """Where the person has to go on, and how to give up."""
        self._in_browser = on
        asks, waits = self.tr("Sie arbeiten in der Agentur?"), self.tr("Bitte melden Sie sich im Browser an.")
        self._whose.setText(waits if on else asks)
        words = self.tr("Abbrechen") if on else self.tr("Mit dem Konto der Agentur anmelden")
        self.account.setText(words)
        self.account.setAccessibleName(words)
        self.account.updateGeometry()

    def set_busy(self, on: bool) -> None:
        """Show that an attempt is under way."""
        self.button.setEnabled(not on)
        self.button.setText(self.tr("Agentur wird gefragt …") if on else self.tr("Beitreten"))
        self.button.updateGeometry()
        self.fields.lock(on)

    def complain(self, failure: Failure) -> None:
        """Say why it did not work; the fields stay as they were typed."""
        self.set_busy(False)
        self._say_in_browser(False)
        if failure.code != "sign_in_cancelled":  # they know
            self.fields.complain(failure)
