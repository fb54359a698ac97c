"""Headed groups of rows, and the card of an open question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.queries.versions import Question
from app.ui import labels, theme
from app.ui.sync import words as sync_words
from app.ui.theme import Themed
from app.ui.today import words
from app.ui.widgets import base
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.glyphs import Glyph, GlyphMark
from app.ui.widgets.surfaces import Card, PressCard
from app.ui.widgets.words import ElidedLabel, Label


class Section(Themed, QWidget):
    """A heading with its number and links, and below it rows or one sentence what belongs there."""

    def __init__(self, title: str, empty: str, *, name: str, boxed: bool = True) -> None:
        super().__init__()
        base.identify(self, name, title)
        self._heading, self._count = Label(title, weight=theme.STRONG), Label("", role="muted", tabular=True)
        self._links = QHBoxLayout()
        self._links.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._heading)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addLayout(self._links)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        self._empty = Label(empty, "small", role="muted", wrap=True)
        self._sheet = Card(padding=0) if boxed else None
        self._rows = self._sheet.body if self._sheet is not None else QVBoxLayout()
        self._rows.setSpacing(0)
        if self._sheet is not None:
            self._empty.setContentsMargins(16, 10, 16, 10)
            self._rows.addWidget(self._empty)
            column.addWidget(self._sheet)
        else:
            column.addWidget(self._empty)
            column.addLayout(self._rows)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.rows: list[QWidget] = []

    def set_spacing(self, pixels: int) -> None:
        """Air between the rows, for cards."""
        self._rows.setSpacing(pixels)

    def add_link(self, link: LinkButton) -> LinkButton:
        """Put a way to all of it at the right end of the heading."""
        self._links.addWidget(link)
        return link

    def set_title(self, title: str, empty: str) -> None:
        """Another heading, another sentence for nothing."""
        self._heading.setText(title)
        self.setAccessibleName(title)
        self._empty.setText(empty)

    def show_rows(self, rows: Sequence[QWidget], total: int) -> None:
        """Take the place of the rows before."""
        for old in self.rows:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = list(rows)
        for row in rows:
            self._rows.addWidget(row)
        self._count.setText(labels.number(total) if total else "")
        self._empty.setVisible(not rows)


class QuestionCard(PressCard):
    """Two versions of one field, side by side and looking equal; pressing leads to where one decides."""

    def __init__(self, question: Question, place: words.Place) -> None:
        title = sync_words.question_title(question)
        about, values = words.versions_told(question, place)
        heads = [words.version_head(f, question) for f in question.versions]
        spoken = "; ".join(f"{head}: {value}" for head, value in zip(heads, values, strict=True))
        name = f"question_{question.id}_{question.slot}"
        super().__init__(name=name, accessible=f"Zwei Fassungen, {title}, {about}. {spoken}")
        self.question = question
        over = QHBoxLayout()
        over.setSpacing(6)
        over.addWidget(GlyphMark(Glyph.VERSIONS, self.tr("Zwei Fassungen"), 14))
        over.addWidget(Label(self.tr("Zwei Fassungen"), "small", theme.STRONG, "version"))
        over.addStretch(1)
        self.body.addLayout(over)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(ElidedLabel(title, "body", theme.MEDIUM), 1)
        head.addWidget(ElidedLabel(about, "small", role="muted", right=True))
        self.body.addLayout(head)
        sides = QHBoxLayout()
        sides.setSpacing(8)
        for told, value in list(zip(heads, values, strict=True))[:2]:
            sides.addWidget(_Side(told, value), 1)
        self.body.addLayout(sides)


class _Side(Card):
    def __init__(self, head: str, value: str) -> None:
        super().__init__(padding=10, ground="background")
        self.body.setSpacing(2)
        self.body.addWidget(ElidedLabel(head, "small", role="muted"))
        self.body.addWidget(ElidedLabel(" ".join(value.split()), "body", theme.STRONG))


class Note(Themed, QWidget):
    """A calm sentence with a shape before it."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(GlyphMark(Glyph.RING_CHECKED, sentence, 14))
        line.addWidget(Label(sentence, "small", role="muted", wrap=True), 1)
