"""The first start: who, where, with whom; one question at a time, then the real screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.domain.region import Region
from app.services.connection import Way
from app.ui.settings.first_pages import Secret, Where, Who, WithWhom
from app.ui.settings.sheet import Sheet
from app.ui.sync_worker import Failure
from app.ui.widgets.buttons import Button
from app.ui.widgets.words import Label


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What the first start asked.

    Attributes:
        ags: of the municipality, "" for those who work for none alone.
        url: of the agency, "" for those who begin alone.
        code: of the invitation, "" for those who sign in with an account of the agency's house.
        way: which proxy leads there.
    """

    person: str
    device: str
    ags: str
    code: str = ""
    url: str = ""
    passphrase: str = field(default="", repr=False)
    way: Way = field(default_factory=Way)


@dataclass(frozen=True, slots=True)
class _Step:
    title: str
    note: str
    page: QWidget
    check: Callable[[], bool]
    focus: Callable[[], QWidget]


class FirstStart(Sheet):
    """`finished` carries the answers; answer with `show_failure` where the agency could not be joined.

    `gave_up` says that a person in the browser is not to be waited for any more.
    """

    finished = Signal(object)
    gave_up = Signal()

    def __init__(self, region: Region, needs_passphrase: bool = False) -> None:
        super().__init__(" ")
        self.setObjectName("first_start")
        self.who, self.where, self.with_whom, self.secret = Who(), Where(region), WithWhom(), Secret()
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
        self.with_whom.account_asked.connect(self._on_account)
        self.with_whom.grown.connect(lambda: QTimer.singleShot(0, self, self.fit))  # once it is laid out
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
        step = self._steps[number]
        self._stack.setCurrentIndex(number)
        self.title.setText(step.title)
        self.note.setText(step.note)
        self.note.setVisible(True)
        self._count.setText(self.tr("Frage {0} von {1}").format(number + 1, len(self._steps)))
        self.back.setVisible(number > 0)
        self._name(self.next, self._last_words())
        self._problem.hide()
        step.focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Check the answer; the next question, or the end."""
        if self.next.isEnabled() and self._steps[self.step()].check():
            self._go_past()

    def _on_account(self) -> None:
        if self.next.isEnabled() and self.with_whom.check_account():
            self._go_past()

    def _go_past(self) -> None:
        number = self.step()
        if number < len(self._steps) - 1:
            self._show(number + 1)
            return
        self.set_busy(True)
        self.finished.emit(self.answers())

    def go_back(self) -> None:
        """The question before; while a person signs in in the browser, end that."""
        if self.next.isEnabled():
            self._show(max(0, self.step() - 1))
        else:
            self.back.setEnabled(False)
            self.gave_up.emit()

    def answers(self) -> FirstAnswers:
        """What was answered."""
        chosen = self.with_whom
        return FirstAnswers(
            self.who.person.text().strip(), self.who.device.text().strip(), self.where.ags, chosen.code, chosen.url,
            self.secret.answer, chosen.chosen_way,
        )  # fmt: skip

    def set_busy(self, on: bool) -> None:
        """While the profile is made and the agency asked."""
        self.next.setEnabled(not on)
        self.back.setEnabled(not on)
        self.with_whom.lock(on)
        asking = on and bool(self.with_whom.url)
        self._name(self.next, self.tr("Agentur wird gefragt …") if asking else self._last_words())
        self._name(self.back, self.tr("Zurück"))

    def say_in_browser(self) -> None:
        """The person signs in in the browser; they can also leave it."""
        self._name(self.next, self.tr("Bitte melden Sie sich im Browser an"))
        self._name(self.back, self.tr("Abbrechen"))
        self.back.setEnabled(True)

    def _last_words(self) -> str:
        return self.tr("Beginnen") if self.step() == len(self._steps) - 1 else self.tr("Weiter")

    @staticmethod
    def _name(button: Button, words: str) -> None:
        button.setText(words)
        button.setAccessibleName(words)
        button.updateGeometry()

    def show_error(self, sentence: str) -> None:
        """Say what went wrong; all answers stay."""
        self.set_busy(False)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def show_failure(self, failure: Failure) -> None:
        """The agency was not joined: go to its question and say why beside the field.

        The profile has been made by then, and with it the passphrase is settled: it is not asked again.
        """
        self._steps = [step for step in self._steps if step.page is not self.secret]
        self._show(self._stack.indexOf(self.with_whom))
        self.set_busy(False)
        self.with_whom.complain(failure)
