"""One word of a catalogue: its name, whether it is offered, what is used instead, where old words still stand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.terms import Term
from app.models.queries.terms import Entry
from app.ui import labels, theme
from app.ui.widgets.buttons import Button
from app.ui.widgets.choice import Choice
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Label, Rule


class TermCard(ScrollPane):
    """`done` carries what is to be done ("add", "rename", "retire", "replace", "write") and with what."""

    done = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(name="term_card", accessible="Ausgewählter Begriff", ground="surface")
        self.entry: Entry | None = None
        self._others: Sequence[Term] = ()
        self._label: LineEdit | None = None
        self.body.setContentsMargins(24, 20, 24, 20)
        self._content = QVBoxLayout()
        self.body.addLayout(self._content)
        self.body.addStretch(1)
        self._holder: QWidget | None = None

    def show_entry(self, entry: Entry | None, others: Sequence[Term]) -> None:
        """Show another word; `others` may be used instead of it. Where nothing changed, what is being written stays."""
        if self._holder is not None and (entry, list(others)) == (self.entry, list(self._others)):
            return
        self.entry, self._others, self._label = entry, others, None
        if self._holder is not None:
            self._content.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        if entry is None:
            column.addWidget(EmptyState("tag", self.tr("Hier steht noch kein Begriff."), name="term_none"))
        else:
            self._fill(column, entry, others)
        self._content.addWidget(self._holder)

    def is_writing(self) -> bool:
        """Whether another name stands in the line that nobody has taken over yet."""
        return self._label is not None and self._label.dirty()

    def _fill(self, column: QVBoxLayout, entry: Entry, others: Sequence[Term]) -> None:
        column.addWidget(Label(entry.word, "title", theme.STRONG, wrap=True))
        amount = labels.count(entry.uses, "Maßnahme nennt", "Maßnahmen nennen")
        said = (
            self.tr("{0} diesen Begriff.").format(amount) if entry.uses else self.tr("Noch keine Maßnahme nennt ihn.")
        )
        column.addWidget(Label(said, "small", role="muted", wrap=True))
        for word, late in entry.late:
            column.addLayout(self._late(word, late, entry.now))
        column.addWidget(Rule())
        if entry.term is None:
            told = self.tr("Dieser Begriff ist im Gebrauch, steht aber in keinem Katalog.")
            column.addWidget(Label(told, "small", wrap=True))
            take = Button(self.tr("In den Katalog aufnehmen"), name="term_take", icon="plus")
            take.clicked.connect(lambda: self.done.emit("add", ""))
            column.addWidget(take, 0, Qt.AlignmentFlag.AlignLeft)
            return
        self._name(column, entry)
        self._successor(column, entry.term, others)
        self._offer(column, entry.term)

    def _late(self, word: str, amount: int, now: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        told = self.tr("„{0}“ steht noch in {1}.").format(word, labels.count(amount, "Maßnahme", "Maßnahmen"))
        line.addWidget(Label(told, "small", wrap=True), 1)
        write = Button(
            self.tr("Überall ersetzen"), name="term_write",
            accessible=self.tr("„{0}“ überall durch „{1}“ ersetzen").format(word, now),
        )  # fmt: skip
        write.clicked.connect(lambda: self.done.emit("write", word))
        line.addWidget(write, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _name(self, column: QVBoxLayout, entry: Entry) -> None:
        label = Label(self.tr("Bezeichnung"), "small", role="muted")
        line = LineEdit(entry.word, name="term_label", accessible=self.tr("Bezeichnung"))
        label.setBuddy(line)
        self._label = line
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(line, 1)
        button = Button(self.tr("Umbenennen"), name="term_rename")
        button.clicked.connect(lambda: self.done.emit("rename", line.text()))
        line.returnPressed.connect(lambda: self.done.emit("rename", line.text()))
        row.addWidget(button)
        pair = QVBoxLayout()
        pair.setSpacing(4)
        pair.addWidget(label)
        pair.addLayout(row)
        column.addLayout(pair)
        if entry.term is not None and entry.term.former:
            told = ", ".join(f"„{word}“" for word in sorted(entry.term.former))
            column.addWidget(Label(self.tr("Früher: {0}").format(told), "small", role="muted", wrap=True))

    def _successor(self, column: QVBoxLayout, term: Term, others: Sequence[Term]) -> None:
        label = Label(self.tr("Stattdessen verwenden"), "small", role="muted")
        choices = [Choice("", self.tr("Keinen anderen")), *(Choice(one.id, one.label) for one in others)]
        box = ChoiceBox(choices, name="term_successor", accessible=self.tr("Stattdessen verwenden"))
        box.set_value(term.replaced_by)
        label.setBuddy(box)
        box.chosen.connect(lambda by: self.done.emit("replace", str(by or "")))
        pair = QVBoxLayout()
        pair.setSpacing(4)
        pair.addWidget(label)
        pair.addWidget(box)
        column.addLayout(pair)

    def _offer(self, column: QVBoxLayout, term: Term) -> None:
        column.addWidget(Rule())
        button = Button(
            self.tr("Wieder anbieten") if term.retired else self.tr("Nicht mehr anbieten"), name="term_retire",
            icon="arrow-u-up-left" if term.retired else "archive",
        )  # fmt: skip
        button.clicked.connect(lambda: self.done.emit("retire", ""))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        if not term.retired:
            told = self.tr("Wo er steht, bleibt er stehen; beim Eingeben wird er nicht mehr vorgeschlagen.")
            column.addWidget(Label(told, "small", role="muted", wrap=True))
