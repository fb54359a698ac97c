"""The first start: who, where, with whom; one question at a time, then the real screen."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.region import Region
from app.ui import theme
from app.ui.settings.passphrase import NewPassphrase
from app.ui.settings.place_choice import PlaceChoice
from app.ui.settings.sheet import Sheet
from app.ui.sync.join_form import JoinFields
from app.ui.sync_worker import Failure
from app.ui.widgets.buttons import Button
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.toggles import RadioButton
from app.ui.widgets.words import Label


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What the first start asked; `code` and `url` are empty for those who begin alone."""

    person: str
    device: str
    ags: str
    code: str = ""
    url: str = ""
    passphrase: str = field(default="", repr=False)


class _Who(QWidget):
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


class _Where(QWidget):
    def __init__(self, region: Region) -> None:
        super().__init__()
        self.choice = PlaceChoice(region)
        self.problem = Label("", "small", role="danger", wrap=True)
        self.problem.hide()
        self.choice.setMinimumHeight(theme.grow(36) * 6 + 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choice, 1)
        column.addWidget(self.problem)

    def check(self) -> bool:
        """One is chosen."""
        missing = not self.choice.ags
        self.problem.setText(self.tr("Bitte wählen Sie eine Kommune aus der Liste.") if missing else "")
        self.problem.setVisible(missing)
        if missing:
            self.choice.search.setFocus()
        return not missing


class _With(QWidget):
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.join)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 0, 0, 0)
        inner.addWidget(self.fields)
        column.addLayout(inner)
        column.addWidget(self.alone)
        column.addStretch(1)
        self.join.setChecked(True)
        self.join.toggled.connect(self.fields.setEnabled)
        self.answers = ("", "")

    def check(self) -> bool:
        """Alone, or both fields can be meant."""
        if self.alone.isChecked():
            self.answers = ("", "")
            return True
        read = self.fields.read()
        if read is not None:
            self.answers = read
        return read is not None


class _Secret(QWidget):
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


@dataclass(frozen=True, slots=True)
class _Step:
    title: str
    note: str
    page: QWidget
    check: Callable[[], bool]
    focus: Callable[[], QWidget]


class FirstStart(Sheet):
    """`finished` carries the answers; answer with `show_failure` where the agency could not be joined."""

    finished = Signal(object)

    def __init__(self, region: Region, needs_passphrase: bool = False) -> None:
        super().__init__(" ")
        self.setObjectName("first_start")
        self.who, self.where, self.with_whom, self.secret = _Who(), _Where(region), _With(), _Secret()
        self._steps = self._all_steps(needs_passphrase)
        self._stack = QStackedWidget()
        for step in self._steps:
            self._stack.addWidget(step.page)
        self.content.addWidget(self._stack, 1)
        self._problem = Label("", "small", role="danger", wrap=True)
        self._problem.hide()
        self.content.addWidget(self._problem)
        self._count = Label("", "small", role="muted", tabular=True)
        self.back = Button(self.tr("Zurück"), name="first_back")
        self.next = Button(self.tr("Weiter"), name="first_next", kind="primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        self.foot.addLayout(row)
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        for line in (self.who.person, self.who.device):
            line.returnPressed.connect(self.go_on)
        self.where.choice.taken.connect(self.go_on)
        self.with_whom.fields.submitted.connect(self.go_on)
        self.secret.choice.submitted.connect(self.go_on)
        self._show(0)

    def _all_steps(self, needs_passphrase: bool) -> list[_Step]:
        who, where, with_whom, secret = self.who, self.where, self.with_whom, self.secret
        steps = [
            _Step(
                self.tr("Wer sind Sie?"),
                self.tr("Willkommen bei Maßwerk. Ein paar Fragen, dann geht es los."),
                who, who.check, lambda: who.person,
            ),
            _Step(
                self.tr("Für welche Kommune arbeiten Sie?"),
                self.tr("Ihre Maßnahmen gehören zuerst zu ihr."),
                where, where.check, lambda: where.choice.search,
            ),
            _Step(
                self.tr("Mit wem gleichen Sie ab?"),
                self.tr("Beides ist richtig; umentscheiden geht immer."),
                with_whom, with_whom.check, lambda: with_whom.fields.code,
            ),
        ]  # fmt: skip
        if needs_passphrase:
            note = self.tr("Dieses Gerät hat keinen Schlüsselbund; ein Kennwort schützt Ihre Daten.")
            steps.append(
                _Step(
                    self.tr("Womit schützen Sie Ihre Daten?"),
                    note,
                    secret,
                    secret.check,
                    lambda: secret.choice.first,
                )
            )
        return steps

    def step(self) -> int:
        """The number of the question, from 0."""
        return self._stack.currentIndex()

    def _show(self, number: int) -> None:
        step, last = self._steps[number], number == len(self._steps) - 1
        self._stack.setCurrentIndex(number)
        self.title.setText(step.title)
        self.note.setText(step.note)
        self.note.setVisible(True)
        self._count.setText(self.tr("Frage {0} von {1}").format(number + 1, len(self._steps)))
        self.back.setVisible(number > 0)
        self.next.setText(self.tr("Beginnen") if last else self.tr("Weiter"))
        self.next.setAccessibleName(self.next.text())
        self.next.updateGeometry()
        self._problem.hide()
        step.focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Check the answer; the next question, or the end."""
        number = self.step()
        if not self.next.isEnabled() or not self._steps[number].check():
            return
        if number < len(self._steps) - 1:
            self._show(number + 1)
            return
        self.set_busy(True)
        self.finished.emit(self.answers())

    def go_back(self) -> None:
        """The question before."""
        self._show(max(0, self.step() - 1))

    def answers(self) -> FirstAnswers:
        """What was answered."""
        url, code = self.with_whom.answers
        return FirstAnswers(
            self.who.person.text().strip(), self.who.device.text().strip(), self.where.choice.ags, code, url,
            self.secret.answer,
        )  # fmt: skip

    def set_busy(self, on: bool) -> None:
        """While the profile is made and the agency asked."""
        self.next.setEnabled(not on)
        self.back.setEnabled(not on)

    def show_error(self, sentence: str) -> None:
        """Say what went wrong; all answers stay."""
        self.set_busy(False)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def show_failure(self, failure: Failure) -> None:
        """The agency was not joined: go to its question and say why beside the field."""
        self.set_busy(False)
        self._show(2)
        self.with_whom.fields.complain(failure)
