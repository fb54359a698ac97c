"""One question as a card: all versions side by side, what differs marked, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.change import SlotValue, Value
from app.domain.fields import KINDS, LINE, Field, Slot, Type
from app.models.queries.versions import Fassung, Question
from app.ui import labels
from app.ui.measures import words as closed_lists
from app.ui.measures.places import Places
from app.ui.sync import compare, options, words
from app.ui.sync.compare import Line
from app.ui.sync.diff_text import DiffText, FoldBar, MissingBox
from app.ui.sync.options import Option
from app.ui.sync.parts import Columns, Foot, Inset, Labelled, TitleLink, Way, Writer
from app.ui.sync.rewrite import Rewrite
from app.ui.widgets.glyphs import Glyph
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import Card
from app.ui.widgets.words import ElidedLabel, Label, Tone

Key = tuple[str, str, int]
Unseen = Callable[[str, str], list[tuple[str, SlotValue]]]


@dataclass(frozen=True, slots=True)
class Context:
    """What cards need to know beyond their question."""

    places: Places
    title: Callable[[str], str]
    unseen: Unseen
    may_decide: Callable[[Question], bool]


def key_of(question: Question) -> Key:
    """What makes two questions the same question."""
    return (question.kind, question.id, question.slot)


class QuestionCard(Card):
    """`chosen` carries the key of an option, `written` a value put anew; `activated` that one works here."""

    chosen = Signal(object, str)
    written = Signal(object, object)
    activated = Signal(object)
    opened = Signal(str, str)
    walked = Signal(int)

    def __init__(self, question: Question, context: Context) -> None:
        about = f"{words.question_title(question)}: {words.slot_words(question)}"
        super().__init__(name=f"question_{question.id}_{question.slot}", accessible=about, padding=0)
        self.question, self._context = question, context
        self.options: list[Option] = options.offered(question) if context.may_decide(question) else []
        self.rewrite: Rewrite | None = None
        self._active = False
        self._folded: list[QWidget] = []
        self.body.setSpacing(0)
        self._build_head(about)
        self.body.addWidget(Inset())
        self._build_versions()
        self._problem = Label("", "small", role="danger", wrap=True)
        self._problem.setContentsMargins(20, 0, 20, 8)
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.body.addWidget(Inset())
        self._build_foot()
        self.clicked.connect(self._on_clicked)

    # Layout

    def _build_head(self, about: str) -> None:
        question = self.question
        gone = not question.slot_name
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(12)
        row.addWidget(IconMark("trash" if gone else "git-fork", "danger" if gone else "version"))
        link = TitleLink(words.question_title(question), name="question_record")
        link.clicked.connect(self._on_opened)
        row.addWidget(link)
        row.addWidget(ElidedLabel(words.slot_words(question), "small", role="muted"), 1)
        row.addWidget(ElidedLabel(self._unit_words(), "small", role="muted", right=True))
        self.body.addLayout(row)

    def _unit_words(self) -> str:
        question = self.question
        if not question.slot_name:
            return self.tr("Löschen gewinnt nie gegen Bearbeiten")
        if options.slot_of(question).is_group:
            return self.tr("eine Einheit: wird zusammen entschieden")
        lines = self._lines()
        if lines:
            differ = sum(not line.is_equal for line in lines)
            return self.tr("{0} von {1} Absätzen verschieden").format(differ, len(lines))
        return ""

    def _build_versions(self) -> None:
        versions = options.ordered(self.question)
        heads = [self._writer(f, versions) for f in versions]
        if not self.question.slot_name:
            rows = self._deletion_rows(versions)
        else:
            lines = self._lines()
            rows = self._paragraph_rows(lines, versions) if lines else self._field_rows(versions)
        self.columns = Columns(heads, rows, self._fold_bar(len(versions)))
        self.body.addWidget(self.columns)

    def _writer(self, fassung: Fassung, among: list[Fassung]) -> Writer:
        gone = not self.question.slot_name
        told = words.deed_heading(fassung) if gone else words.heading(fassung, among)
        when = words.when(fassung.at)
        where = words.where_of(fassung, self._context.places.short, self._context.title)
        return Writer(words.person_of(fassung), told, when, where, self._tone(fassung))

    @staticmethod
    def _tone(fassung: Fassung) -> Tone:
        return "accent" if fassung.writer.mine else "version"

    def _lines(self) -> list[Line]:
        """The paragraphs side by side, if the question is about one text of several paragraphs."""
        slot = options.slot_of(self.question)
        if slot.is_group or slot.fields[0].type is not Type.TEXT:
            return []
        texts = [str(f.value or "") for f in options.ordered(self.question)]
        lines = compare.align(texts)
        return lines if len(lines) > 1 else []

    def _paragraph_rows(self, lines: list[Line], versions: list[Fassung]) -> list[list[QWidget]]:
        rows: list[list[QWidget]] = []
        for line in lines:
            spans = compare.changes_among(line.parts)
            row: list[QWidget] = []
            number = max(line.numbers)
            for part, marks, fassung in zip(line.parts, spans, versions, strict=True):
                if part is None:
                    row.append(MissingBox(self._missing_words(number, len(versions))))
                else:
                    row.append(DiffText(part, () if line.is_equal else marks, tone=self._tone(fassung)))
            if line.is_equal:
                self._folded += row
                for piece in row:
                    piece.hide()
            rows.append(row)
        return rows

    def _missing_words(self, number: int, versions: int) -> str:
        if versions == 2:
            return self.tr("Absatz {0} steht nur in der anderen Fassung").format(number)
        return self.tr("Absatz {0} steht nur in einer anderen Fassung").format(number)

    def _fold_bar(self, versions: int) -> FoldBar | None:
        if not self._folded:
            return None
        numbers = [line.numbers[0] for line in self._lines() if line.is_equal]
        bar = FoldBar(words.fold_words(numbers, versions), name="question_fold")
        bar.toggled.connect(self._on_unfolded)
        return bar

    def _on_unfolded(self, on: bool) -> None:
        for piece in self._folded:
            piece.setVisible(on)

    def _field_rows(self, versions: list[Fassung]) -> list[list[QWidget]]:
        slot = options.slot_of(self.question)
        values = [options.parts_of(slot, f.value) for f in versions]
        rows: list[list[QWidget]] = []
        for i, field in enumerate(slot.fields):
            if slot.is_group and all(parts[i] is None for parts in values):
                continue
            texts = [self._value_words(field, parts[i]) for parts in values]
            equal = len({repr(parts[i]) for parts in values}) == 1
            spans = [[] for _ in texts] if equal else self._marks(field, texts)
            name = labels.short_field_label(self.question.kind, field.name) if self._labelled(slot) else ""
            rows.append(
                [
                    Labelled(name, DiffText(t, s, tone=self._tone(f), glyph=self._glyph(field, parts[i])))
                    for t, s, f, parts in zip(texts, spans, versions, values, strict=True)
                ]
            )
        return rows

    @staticmethod
    def _labelled(slot: Slot) -> bool:
        return slot.is_group or slot.fields[0].type is not Type.TEXT or slot.fields[0].limit <= LINE

    @staticmethod
    def _marks(field: Field, texts: list[str]) -> list[list[compare.Span]]:
        """Words of a text; any other value differs as a whole."""
        if field.type is Type.TEXT and field.values is None:
            return compare.changes_among(texts)
        return [[compare.Span(0, len(text))] for text in texts]

    def _value_words(self, field: Field, value: Value) -> str:
        if field.type is Type.REF and value:
            return self._context.title(str(value)) or self.tr("nicht auf diesem Gerät")
        if field.type is Type.ORDER:
            return self.tr("eine andere Stelle in der Reihenfolge")
        if value is None or value == "":
            return self.tr("leer")
        return labels.value_text(self.question.kind, field.name, value, self._context.places.name)

    @staticmethod
    def _glyph(field: Field, value: Value) -> Glyph | None:
        known = closed_lists.GLYPHS.get(field.values) if field.values is not None else None
        return known.get(str(value)) if known else None

    def _deletion_rows(self, versions: list[Fassung]) -> list[list[QWidget]]:
        edits = self._context.unseen(self.question.kind, self.question.id)
        told = [(labels.slot_label(self.question.kind, slot), self._edit_words(slot, value)) for slot, value in edits]
        rows: list[list[QWidget]] = []
        for label, text in told[:6]:
            rows.append([self._deletion_cell(fassung, label, text) for fassung in versions])
        return rows

    def _deletion_cell(self, fassung: Fassung, label: str, text: str) -> QWidget:
        if fassung.value:
            return QWidget()
        return Labelled(label, DiffText(text, tone=self._tone(fassung)))

    def _edit_words(self, slot_name: str, value: SlotValue) -> str:
        slot = KINDS[self.question.kind].slot_of[slot_name]
        parts = options.parts_of(slot, value)
        told = [self._value_words(f, v) for f, v in zip(slot.fields, parts, strict=True) if v not in (None, "")]
        text = " · ".join(" ".join(one.split()) for one in told) or self.tr("leer")
        return text if len(text) <= 240 else f"{text[:239].rstrip()}…"

    # The ways out

    def _build_foot(self) -> None:
        self.buttons: list[Way] = []
        about = words.question_title(self.question)
        for number, option in enumerate(self.options, 1):
            way = Way(option.key, option.words, number, self.tr("{0}: {1}").format(about, option.words))
            way.clicked.connect(self._on_button)
            way.installEventFilter(self)
            self.buttons.append(way)
        self._foot = Foot(self.buttons, self._foot_words())
        self.body.addWidget(self._foot)

    def _foot_words(self) -> str:
        if not self.options:
            return self.tr("Darüber entscheidet, wer den Eintrag ändern darf; beide Fassungen bleiben bis dahin.")
        if not self.question.slot_name:
            return self.tr("Bis zur Entscheidung bleibt der Eintrag sichtbar")
        if any(option.key == options.BOTH for option in self.options):
            return self.tr("„Beide behalten“ setzt die Texte hintereinander")
        return self.tr("Nichts geht verloren: alle bleiben im Verlauf")

    def set_active(self, on: bool) -> None:
        """The card that the keys 1 to 4 belong to."""
        if on == self._active:
            return
        self._active = on
        self.set_selected(on)
        for way in self.buttons:
            way.show_key(on)

    def is_active(self) -> bool:
        """Whether the keys belong to this card."""
        return self._active

    def press(self, number: int) -> bool:
        """The key 1 to 9; whether there is such an option."""
        if not 1 <= number <= len(self.options) or self.rewrite is not None:
            return False
        self._choose(self.options[number - 1].key)
        return True

    def say(self, sentence: str) -> None:
        """Say why a decision could not be stored."""
        if self.rewrite is not None:
            self.rewrite.say(sentence)
            return
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _on_button(self) -> None:
        sender = self.sender()
        if isinstance(sender, Way):
            self.activated.emit(self)
            self._choose(sender.key)

    def _choose(self, key: str) -> None:
        if key == options.ANEW:
            self.begin_rewrite()
        else:
            self.chosen.emit(self, key)

    def begin_rewrite(self) -> None:
        """Open the editors, filled with both texts where that makes sense, else with the first version."""
        if self.rewrite is not None:
            return
        slot = options.slot_of(self.question)
        both = options.both_of(self.question)
        begin = options.parts_of(slot, both if both is not None else options.ordered(self.question)[0].value)
        self.rewrite = Rewrite(self.question.kind, slot, begin, self._context.places)
        self.rewrite.written.connect(self._on_written)
        self.rewrite.given_up.connect(self.end_rewrite)
        self.body.insertWidget(self.body.indexOf(self._foot), self.rewrite)
        self._foot.hide()
        self.rewrite.focus()

    def end_rewrite(self) -> None:
        """Close the editors without saving."""
        if self.rewrite is not None:
            self.rewrite.hide()
            self.rewrite.deleteLater()
            self.rewrite = None
            self._foot.show()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_written(self, value: object) -> None:
        self.written.emit(self, value)

    def _on_clicked(self) -> None:
        self.activated.emit(self)

    def _on_opened(self) -> None:
        self.opened.emit(self.question.root_kind, self.question.root_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Working on a button makes its card the active one."""
        if event.type() == QEvent.Type.FocusIn and not self._active:
            self.activated.emit(self)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose, up and down walk to the next question; nothing else decides anything."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.walked.emit(step)
            return
        if event.text().isdigit() and self.press(int(event.text())):
            return
        super().keyPressEvent(event)
