"""Names of participants: typed one a line, only on this device, each with the day on which it goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.catalogue import StakeholderGroup
from app.errors import MasswerkError
from app.models.queries.participants import Participant, participants
from app.services import participants as acting
from app.services.workspace import Workspace
from app.ui import icons, labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import Label
from app.ui.workshops import moments
from app.ui.workshops.people_form import PersonForm
from app.ui.workshops.session import Session
from app.ui.workshops.wall.asking import open_form

_HOUR_MS = 3_600_000


class Erasing(QObject):
    """The daily run that takes names away on their day: at once, and every hour because laptops sleep."""

    erased = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._timer = QTimer(self, interval=_HOUR_MS)
        self._timer.timeout.connect(self.run)
        self._timer.start()
        QTimer.singleShot(0, self, self.run)

    @Slot()
    def run(self) -> None:
        """Take away what is due; a profile that cannot be written now is asked again in an hour."""
        try:
            if acting.erase_due(self._workspace.store, moments.today()):
                self.erased.emit()
        except MasswerkError:
            return


class PeopleBox(Themed, QWidget):
    """The list, a line to add to it, and a form for the rest."""

    changed = Signal(int)
    """How many there are."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("people_box")
        self._session = session
        self._people: list[Participant] = []
        self._rows: list[_PersonRow] = []
        self.line = LineEdit(
            name="person_line",
            accessible=self.tr("Name hinzufügen"),
            placeholder=self.tr("Name, Institution – Eingabe fügt hinzu"),
        )
        self.line.returnPressed.connect(self._on_line)
        self._error = Label(size="small", role="danger", wrap=True)
        self._error.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        said = self.tr(
            "Namen bleiben auf diesem Gerät: Sie werden nicht übertragen, stehen in keinem Protokoll und werden"
            " an ihrem Tag von selbst gelöscht. In Sicherungen bleiben sie, bis jüngere sie ersetzen."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Label(said, "small", role="muted", wrap=True))
        layout.addLayout(self._list)
        layout.addWidget(self.line)
        layout.addWidget(self._error)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Some may have gone meanwhile."""
        super().showEvent(event)
        self.refresh()

    def count(self) -> int:
        """How many there are."""
        return len(self._people)

    def unsaved(self) -> list[str]:
        """What was typed and not added."""
        return [self.tr("ein Name von Teilnehmenden")] if self.line.text().strip() else []

    def forget(self) -> None:
        """Give up what was typed."""
        self.line.set_words("")
        self._error.hide()

    @Slot()
    def refresh(self) -> None:
        """Read the list anew."""
        found = participants(self._session.workspace.reader, self._session.workshop)
        if found == self._people and self._rows:
            return
        self._people = found
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_PersonRow(number, person) for number, person in enumerate(found)]
        for row in self._rows:
            row.clicked.connect(self._on_row)
            self._list.addWidget(row)
        self.changed.emit(len(found))

    @Slot()
    def _on_line(self) -> None:
        typed = self.line.text()
        if not typed.strip():
            return
        head = self._session.head
        day = acting.usual_day(head.text("starts_at")[:10] if head else "", moments.today())
        store, workshop = self._session.workspace.store, self._session.workshop
        if self._attempt(lambda: acting.add(store, workshop, [typed], day)):
            self.line.set_words("")

    @Slot()
    def _on_row(self) -> None:
        row = self.sender()
        assert isinstance(row, _PersonRow)
        form = PersonForm(row.person)
        popover = open_form(row, form, name="person", title=self.tr("Teilnehmende Person"), width=360)
        store = self._session.workspace.store

        def save(person: object) -> None:
            assert isinstance(person, Participant)
            if self._attempt(lambda: acting.change(store, person)):
                popover.close_now()

        def remove() -> None:
            if self._attempt(lambda: acting.remove(store, row.person)):
                popover.close_now()
                self.line.setFocus(Qt.FocusReason.OtherFocusReason)

        form.wanted.connect(save)
        form.removed.connect(remove)

    def _attempt(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except MasswerkError as error:
            self._error.setText(" ".join(labels.error_words(error)))
            self._error.show()
            return False
        self._error.hide()
        self.refresh()
        return True


class _PersonRow(Pressable):
    """A name over where from and when it goes; pressing opens the form."""

    def __init__(self, number: int, person: Participant) -> None:
        self.person = person
        self._note = _note(person)
        super().__init__(person.name, f"person_{number}", f"{person.name}, {self._note}", None)
        self.setToolTip(self._note)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(theme.px(200), theme.line() + theme.line("small") + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both lines and a pencil under the mouse."""
        painter = base.crisp(QPainter(self))
        rect = self.rect()
        if self.underMouse():
            base.box(painter, rect, 6, theme.color("fill"))
        side = theme.px(16)
        icons.paint(painter, "pencil-simple", base.middle(rect, side, rect.right() - side - 6), theme.color("muted"))
        first = rect.adjusted(0, 6, -side - 14, 0)
        first.setHeight(theme.line())
        base.text(painter, first, self.text(), theme.color("text"), "body", theme.MEDIUM)
        second = first.translated(0, theme.line())
        second.setHeight(theme.line("small"))
        base.text(painter, second, self._note, theme.color("muted"), "small", tabular=True)


def _note(person: Participant) -> str:
    group = labels.label_of(StakeholderGroup, person.group, short=True) if person.group else ""
    agreed = [word for on, word in ((person.photo, "Fotos"), (person.contact, "Kontakt")) if on]
    consent = f"Einwilligung: {', '.join(agreed)}" if agreed else ""
    goes = f"wird am {person.erase_on:%d.%m.%Y} gelöscht"
    return "  ·  ".join(part for part in (goes, person.institution, group, consent) if part)
