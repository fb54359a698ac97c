"""Inviting a device: role, municipality, how long the code counts; then the code itself, to be read out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.catalogue import Role
from app.domain.region import Region
from app.sync.office_wire import InviteRequest
from app.ui import labels, theme
from app.ui.sync.stand import plain
from app.ui.sync_worker import Failure
from app.ui.widgets.buttons import Button
from app.ui.widgets.choice import Choice
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.words import Label

_DAYS = (3, 7, 14, 30)
_NO_PLACE = (Role.AGENCY,)
_NEEDS_PLACE = (Role.COORDINATOR,)
_OFFERED = (Role.COORDINATOR, Role.READER, Role.CONSORTIUM, Role.AGENCY)
"""Facilitators are invited from their workshop, whose id nobody types."""


class InviteForm(QWidget):
    """The choices; `asked` carries the request once it can be meant."""

    asked = Signal(object)

    def __init__(self, region: Region) -> None:
        super().__init__()
        self._region = region
        roles = [Choice(role, labels.label(role)) for role in _OFFERED]
        places = [Choice(m.ags, m.name, detail=m.district.name) for m in region]
        self.role = ChoiceBox(roles, name="invite_role", accessible=self.tr("Rolle"))
        self.place = ChoiceBox(
            places, name="invite_place", accessible=self.tr("Kommune"), placeholder=self.tr("Kommune wählen")
        )
        days = [Choice(n, labels.count(n, "Tag", "Tage")) for n in _DAYS]
        self.days = ChoiceBox(days, name="invite_days", accessible=self.tr("Gültigkeit"))
        self.role.set_value(Role.COORDINATOR)
        self.days.set_value(14)
        self._problem = Label("", "small", role="danger", wrap=True)
        self._problem.hide()
        self.button = Button(self.tr("Code erzeugen"), name="invite_make", kind="primary", icon="user-plus")
        self.code = Label("", "title", theme.STRONG)
        self.code.setObjectName("invite_code")
        self.copy = Button(self.tr("Kopieren"), name="invite_copy", icon="copy")
        self._told = Label("", "small", role="muted", wrap=True)
        self._build()
        self.role.chosen.connect(self._on_role)
        self.button.clicked.connect(self._submit)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.code.text()))

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (told, editor) in enumerate(
            ((self.tr("Rolle"), self.role), (self.tr("Kommune"), self.place), (self.tr("Gilt"), self.days))
        ):
            label = Label(told, "small", role="muted")
            label.setBuddy(editor)
            grid.addWidget(label, row, 0)
            grid.addWidget(editor, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addWidget(self._problem)
        column.addWidget(self.button)
        for piece in (self.code, self._told, self.copy):
            column.addWidget(piece)
            piece.hide()

    def _on_role(self, role: object) -> None:
        self.place.setEnabled(role not in _NO_PLACE)
        if role in _NO_PLACE:
            self.place.set_value(None)

    def _submit(self) -> None:
        role, place = Role(self.role.value()), str(self.place.value() or "")
        if role in _NEEDS_PLACE and not place:
            self._say(self.tr("Bitte wählen Sie die Kommune."))
            self.place.setFocus()
            return
        self._say("")
        self.button.setEnabled(False)
        name = self._region.short_name(place) if place else ""
        self.asked.emit(InviteRequest(role=role.value, ags=place, days=int(self.days.value()), label=name[:40]))

    def show_code(self, code: str) -> None:
        """The code, told only once."""
        self.button.setEnabled(True)
        self.code.setText(code)
        self._told.setText(
            self.tr("Er gilt einmal und wird nur jetzt gezeigt. Bitte geben Sie ihn auf sicherem Weg weiter.")
        )
        for piece in (self.code, self._told, self.copy):
            piece.show()
        self.copy.setFocus()

    def complain(self, failure: Failure) -> None:
        """Why there is no code."""
        self.button.setEnabled(True)
        self._say(" ".join(labels.error_text(failure.code, plain(failure))))

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
