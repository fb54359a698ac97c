"""Everything about one participant, in a popover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.partial_date import Precision
from app.domain.reading import ParseError
from app.domain.values import parse_partial_date
from app.models.queries.participants import Participant
from app.ui import labels
from app.ui.theme import Themed
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Choice, ChoiceBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.parsed import DateEdit
from app.ui.widgets.toggles import CheckBox
from app.ui.widgets.words import Label
from app.ui.workshops import marks, moments

_NO_DAY = "Bitte einen Tag, zum Beispiel 26.05.2027: ohne ihn wird kein Name behalten."


def read_erase_day(typed: str) -> date:
    """A typed day on which a name goes.

    Raises:
        ValueError: a German sentence.
    """
    found = parse_partial_date(typed, moments.today())
    if isinstance(found, ParseError):
        raise ValueError(" ".join(labels.error_words(found)))
    if found is None or found.precision is not Precision.DAY:
        raise ValueError(_NO_DAY)
    return date.fromisoformat(found.encode())


class PersonForm(Themed, QWidget):
    """Name, where from, what they agreed to, and when the name goes."""

    wanted = Signal(object)
    """The person as they are to be saved."""
    removed = Signal()

    def __init__(self, person: Participant) -> None:
        super().__init__()
        self._person = person
        self.name = LineEdit(person.name, name="person_name", accessible=self.tr("Name"))
        self.institution = LineEdit(person.institution, name="person_institution", accessible=self.tr("Institution"))
        self.function = LineEdit(person.function, name="person_function", accessible=self.tr("Funktion"))
        self.email = LineEdit(person.email, name="person_email", accessible=self.tr("Dienstliche E-Mail"))
        groups = [Choice("", "–"), *(Choice(group.value, labels.label(group)) for group in marks.GROUPS)]
        self.group = ChoiceBox(groups, name="person_group", accessible=self.tr("Gruppe"))
        self.group.set_value(person.group)
        self.photo = CheckBox(self.tr("Darf auf Fotos zu sehen sein"), name="person_photo")
        self.photo.setChecked(person.photo)
        self.contact = CheckBox(self.tr("Darf angeschrieben werden"), name="person_contact")
        self.contact.setChecked(person.contact)
        self.erase_on = DateEdit(
            read_erase_day, lambda day: f"{day:%d.%m.%Y}", name="person_erase_on",
            accessible=self.tr("Name wird gelöscht am"),
        )  # fmt: skip
        self.erase_on.set_value(person.erase_on)
        self.error = Label("", "small", role="danger", wrap=True)
        self.error.hide()
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for words, editor in (
            (self.tr("Name"), self.name), (self.tr("Institution"), self.institution),
            (self.tr("Funktion"), self.function), (self.tr("Dienstliche E-Mail"), self.email),
            (self.tr("Gruppe"), self.group),
        ):  # fmt: skip
            column.addWidget(Label(words, "small", role="muted"))
            column.addWidget(editor)
            if isinstance(editor, LineEdit):
                editor.returnPressed.connect(self._on_save)
        column.addWidget(self.photo)
        column.addWidget(self.contact)
        column.addWidget(Label(self.tr("Name wird gelöscht am"), "small", role="muted"))
        column.addWidget(self.erase_on)
        column.addWidget(self.error)
        remove = Button(self.tr("Name löschen"), name="person_remove", kind="danger", icon="trash")
        save = Button(self.tr("Sichern"), name="person_save", kind="primary")
        remove.clicked.connect(self.removed)
        save.clicked.connect(self._on_save)
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.addWidget(remove)
        row.addStretch(1)
        row.addWidget(save)
        column.addLayout(row)

    @Slot()
    def _on_save(self) -> None:
        if not self.erase_on.commit():
            return
        if self.erase_on.value() is None:
            self.refuse(_NO_DAY)
            self.erase_on.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        name = self.name.text().strip()
        if not name:
            self.refuse(self.tr("Bitte einen Namen, oder löschen Sie den Eintrag."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.wanted.emit(
            replace(
                self._person, name=name, institution=self.institution.text().strip(),
                function=self.function.text().strip(), email=self.email.text().strip(),
                group=str(self.group.value() or ""), photo=self.photo.isChecked(), contact=self.contact.isChecked(),
                erase_on=self.erase_on.value(),
            )
        )  # fmt: skip

    def refuse(self, sentence: str) -> None:
        """Say what is wrong."""
        self.error.setText(sentence)
        self.error.show()
