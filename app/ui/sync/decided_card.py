"""A decision that was made here: what holds, what else there was, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.fields import KINDS
from app.models.queries.versions import Decided, Fassung
from app.ui import labels, theme
from app.ui.measures.places import Places
from app.ui.sync import compare, options, words
from app.ui.sync.diff_text import DiffText
from app.ui.sync.parts import Inset, Labelled, TitleLink, Writer
from app.ui.widgets.buttons import Button
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import Card
from app.ui.widgets.words import ElidedLabel, Label

_MOST = 8


class DecidedCard(Card):
    """`reopened` carries the version that is to hold again; for a deletion True (gone) or False (kept)."""

    reopened = Signal(object)
    opened = Signal(str, str)

    def __init__(self, decided: Decided, versions: Sequence[Fassung], places: Places, *, gone: bool) -> None:
        super().__init__(padding=0)
        self.decided, self._places = decided, places
        self.body.setSpacing(0)
        self._build_head()
        if decided.slot_name:
            slot = KINDS[decided.kind].slot_of[decided.slot_name]
            for number, fassung in enumerate(options.distinct(slot, versions)[:_MOST]):
                self._add_version(number, fassung, versions)
        else:
            self._add_deletion(gone)

    def _build_head(self) -> None:
        decided = self.decided
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(12)
        row.addWidget(IconMark("check", "ok"))
        link = TitleLink(words.titled(decided.root_kind, decided.title), name="decided_record")
        link.clicked.connect(self._on_opened)
        row.addWidget(link)
        row.addWidget(ElidedLabel(words.decided_words(decided), "small", role="muted"), 1)
        row.addWidget(Label(self.tr("entschieden {0}").format(words.when(decided.at)), "small", role="muted"))
        self.body.addLayout(row)

    def _add_version(self, number: int, fassung: Fassung, among: Sequence[Fassung]) -> None:
        self.body.addWidget(Inset())
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 4)
        told = words.heading(fassung, [fassung])
        where = words.where_of(fassung, self._places.short, lambda _: "")
        tone = "accent" if fassung.writer.mine else "version"
        head.addWidget(Writer(words.person_of(fassung), told, words.when(fassung.at), where, tone), 1)  # type: ignore[arg-type]
        if self._holds(fassung, among):
            head.addWidget(Label(self.tr("gilt jetzt"), "small", theme.MEDIUM, role="ok"))
        else:
            button = Button(
                self.tr("Diese Fassung nehmen"), name=f"reopen_{number}",
                accessible=self.tr("{0} vom {1} nehmen").format(told, words.when(fassung.at)),
            )  # fmt: skip
            button.clicked.connect(lambda: self.reopened.emit(fassung))
            head.addWidget(button)
        self.body.addLayout(head)
        self.body.addWidget(self._values(fassung, among))

    def _holds(self, fassung: Fassung, among: Sequence[Fassung]) -> bool:
        slot = KINDS[self.decided.kind].slot_of[self.decided.slot_name]
        return any(f.shown and options.same(slot, f.value, fassung.value) for f in among)

    def _values(self, fassung: Fassung, among: Sequence[Fassung]) -> QWidget:
        slot = KINDS[self.decided.kind].slot_of[self.decided.slot_name]
        now = next((f for f in among if f.shown), among[0])
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(64, 0, 20, 12)
        column.setSpacing(4)
        for field, value, current in zip(
            slot.fields, options.parts_of(slot, fassung.value), options.parts_of(slot, now.value), strict=True
        ):
            if slot.is_group and value is None and current is None:
                continue
            text = labels.value_text(self.decided.kind, field.name, value, self._places.name)
            other = labels.value_text(self.decided.kind, field.name, current, self._places.name)
            spans = compare.changed_words(text, other)[0] if text != other else []
            name = labels.short_field_label(self.decided.kind, field.name) if slot.is_group else ""
            tone = "accent" if fassung.writer.mine else "version"
            column.addWidget(Labelled(name, DiffText(text, spans, tone=tone)))
        return holder

    def _add_deletion(self, gone: bool) -> None:
        self.body.addWidget(Inset())
        row = QHBoxLayout()
        row.setContentsMargins(20, 12, 20, 12)
        told = self.tr("Der Eintrag ist gelöscht.") if gone else self.tr("Der Eintrag ist da.")
        row.addWidget(Label(told), 1)
        button = Button(self.tr("Wiederherstellen") if gone else self.tr("Wieder löschen"), name="reopen_0")
        button.clicked.connect(lambda: self.reopened.emit(not gone))
        row.addWidget(button)
        self.body.addLayout(row)

    def _on_opened(self) -> None:
        self.opened.emit(self.decided.root_kind, self.decided.root_id)
