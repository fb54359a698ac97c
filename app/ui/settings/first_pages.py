"""The questions of the first start, each with its own check: who, where, with whom, and a passphrase."""

from __future__ import annotations

import platform

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.region import Region
from app.services.connection import Way
from app.ui import theme
from app.ui.settings.passphrase import NewPassphrase
from app.ui.settings.place_choice import PlaceChoice
from app.ui.settings.way_edit import WayEdit
from app.ui.sync.join_form import JoinFields
from app.ui.sync_worker import Failure
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.toggles import CheckBox, RadioButton
from app.ui.widgets.words import Label


class Who(QWidget):
    """Name and device."""

    def __init__(self) -> None:
        super().__init__()
        self.person = LineEdit(
            name="first_person", accessible=self.tr("Ihr Name"), placeholder=self.tr("Vor- und Nachname")
        )
        self.device = LineEdit(
            platform.node()[:60], name="first_device", accessible=self.tr("Name dieses Geräts"),
            placeholder=self.tr("z. B. Laptop Rathaus 2"),
        )  # fmt: skip
        self.problem = Label("", "small", role="danger", wrap=True)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(self.tr("Ihr Name"), "small", role="muted"))
        column.addWidget(self.person)
        column.addSpacing(8)
        column.addWidget(Label(self.tr("Name dieses Geräts"), "small", role="muted"))
        column.addWidget(self.device)
        note = self.tr("Beides steht bei Ihren Änderungen, damit andere wissen, wen sie fragen können.")
        column.addSpacing(4)
        column.addWidget(Label(note, "small", role="muted", wrap=True))
        column.addWidget(self.problem)
        column.addStretch(1)

    def check(self) -> bool:
        """Both are there."""
        for line, sentence in (
            (self.person, self.tr("Bitte geben Sie Ihren Namen ein.")),
            (self.device, self.tr("Bitte geben Sie dem Gerät einen Namen.")),
        ):
            missing = not line.text().strip()
            line.set_error(sentence if missing else "")
            self.problem.setText(sentence if missing else "")
            self.problem.setVisible(missing)
            if missing:
                line.setFocus()
                return False
        return True


class Where(QWidget):
    """One municipality, or none: agency, consortium and schools work for all of them."""

    def __init__(self, region: Region) -> None:
        super().__init__()
        self.choice = PlaceChoice(region)
        self.none = CheckBox(self.tr("Ich arbeite für keine einzelne Kommune"), name="first_no_place")
        self.problem = Label("", "small", role="danger", wrap=True)
        self.problem.hide()
        self.choice.setMinimumHeight(theme.grow(36) * 6 + 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choice, 1)
        column.addWidget(self.none)
        column.addWidget(self.problem)
        self.none.toggled.connect(self._on_none)
        self.choice.chosen.connect(self._on_chosen)

    def _on_none(self, on: bool) -> None:
        if on:
            self.choice.clear()
        self._say(missing=False)

    def _on_chosen(self, ags: str) -> None:
        if ags:
            self.none.setChecked(False)

    @property
    def ags(self) -> str:
        """Of the municipality chosen, "" for none."""
        return self.choice.ags

    def check(self) -> bool:
        """One is chosen, or none on purpose."""
        missing = not self.choice.ags and not self.none.isChecked()
        self._say(missing=missing)
        if missing:
            self.choice.search.setFocus()
        return not missing

    def _say(self, *, missing: bool) -> None:
        self.problem.setText(self.tr("Bitte wählen Sie eine Kommune aus der Liste.") if missing else "")
        self.problem.setVisible(missing)


class WithWhom(QWidget):
    """An agency, with an invitation code or an account of its house, or nobody for now.

    `account_asked` says that somebody of the agency's house wants to sign in, `grown` that there is more to be seen.
    """

    account_asked = Signal()
    grown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.join = RadioButton(
            self.tr("Einer Agentur beitreten"),
            name="first_join",
            detail=self.tr("Sie haben einen Einladungscode bekommen"),
        )
        self.alone = RadioButton(
            self.tr("Allein beginnen"),
            name="first_alone",
            detail=self.tr("Beitreten geht später, Ihre Arbeit kommt mit"),
        )
        self.fields = JoinFields()
        self.account = LinkButton(self.tr("Mit dem Konto der Agentur anmelden"), name="first_account")
        self.proxy = LinkButton(self.tr("Über einen Proxy verbinden"), name="first_proxy")
        self.way = WayEdit(keeps=False)
        self.way.hide()
        self.url, self.code, self.chosen_way = "", "", Way()
        self._build()
        self.join.setChecked(True)
        self.join.toggled.connect(self._inner.setEnabled)
        self.proxy.clicked.connect(self.show_way)
        self.account.clicked.connect(self.account_asked)
        self.way.exits.chosen.connect(self.grown)

    def _build(self) -> None:
        self._inner = QWidget()
        inner = QVBoxLayout(self._inner)
        inner.setContentsMargins(24, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.fields)
        for link in (self.account, self.proxy):
            row = QHBoxLayout()
            row.addWidget(link)
            row.addStretch(1)
            inner.addLayout(row)
        inner.addWidget(self.way)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.join)
        column.addWidget(self._inner)
        column.addWidget(self.alone)
        column.addStretch(1)

    def show_way(self) -> None:
        """Which proxy leads to the agency is asked only of those who need one."""
        self.proxy.hide()
        self.way.show()
        self.grown.emit()
        self.way.exits.setFocus()

    def check(self) -> bool:
        """Alone, or both fields can be meant."""
        self.url, self.code = "", ""
        if self.alone.isChecked():
            return True
        read = self.fields.read()
        if read is None or not self._check_way():
            return False
        self.url, self.code = read
        return True

    def check_account(self) -> bool:
        """Who signs in with an account needs the address alone."""
        self.url, self.code = "", ""
        address = self.fields.read_address()
        if address is None or not self._check_way():
            return False
        self.url = address
        return True

    def _check_way(self) -> bool:
        read = self.way.read()
        self.chosen_way = read or Way()
        return read is not None

    def complain(self, failure: Failure) -> None:
        """Say beside the right field why the agency was not joined."""
        remedy = ""
        if failure.code.startswith("proxy_"):
            self.show_way()
            remedy = self.tr("Bitte prüfen Sie ihn hier darunter; Sie können auch später beitreten.")
        if failure.code != "sign_in_cancelled":  # they know
            self.fields.complain(failure, remedy)

    def lock(self, on: bool) -> None:
        """While an attempt is under way."""
        self.fields.lock(on)
        for piece in (self.join, self.alone, self.account, self.proxy, self.way):
            piece.setEnabled(not on)


class Secret(QWidget):
    """A passphrase, where no keyring keeps the key."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = NewPassphrase()
        self.answer = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choice)
        note = self.tr("Maßwerk fragt bei jedem Start danach. Niemand kann es zurücksetzen: Bitte bewahren Sie es auf.")
        column.addWidget(Label(note, "small", role="muted", wrap=True))
        column.addStretch(1)

    def check(self) -> bool:
        """Long enough, and twice the same."""
        self.answer = self.choice.read() or ""
        return bool(self.answer)
