"""A column of the board with its heading, and the question for a reason that may stand in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.catalogue import MeasureStatus
from app.domain.ids import EntityId
from app.ui import labels, theme
from app.ui.measures import words
from app.ui.measures.tiles import TileColumn
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.glyphs import GlyphMark
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import ElidedLabel, Label

_WIDTH = 264


class ReasonPrompt(QWidget):
    """Asks for a reason in the column a card is to move to; `given` carries it, `left` that it stays."""

    given = Signal(str, str)
    left = Signal(str)

    def __init__(self, status: str, measure: EntityId, title: str) -> None:
        super().__init__()
        self._measure = measure
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        question = self.tr("Warum „{0}“?").format(words.full(MeasureStatus, status))
        column.addWidget(Label(question, weight=theme.STRONG, wrap=True))
        column.addWidget(ElidedLabel(title, "small", role="muted"))
        self.field = LineEdit(name="board_reason", accessible=f"{question} {title}")
        self.field.setPlaceholderText(self.tr("Grund in einem Satz"))
        column.addWidget(self.field)
        row = QHBoxLayout()
        self.move_button = Button(self.tr("Verschieben"), name="board_reason_move", kind="primary")
        cancel = Button(self.tr("Abbrechen"), name="board_reason_cancel", kind="tertiary")
        row.addWidget(self.move_button)
        row.addWidget(cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.move_button.setEnabled(False)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._give)
        self.move_button.clicked.connect(self._give)
        cancel.clicked.connect(self._leave)

    def _on_typed(self, text: str) -> None:
        self.move_button.setEnabled(bool(text.strip()))

    def _give(self) -> None:
        if self.field.text().strip():
            self.given.emit(self._measure, self.field.text().strip())

    def _leave(self) -> None:
        self.left.emit(self._measure)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card like those below it."""
        base.box(QPainter(self), self.rect(), 10, theme.color("surface"), theme.color("border"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the card where it was."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)


class Lane(Themed, QWidget):
    """A column: heading with shape, word and count; below it perhaps a question, then the cards."""

    def __init__(self, tiles: TileColumn, title: str) -> None:
        super().__init__()
        self.tiles = tiles
        self.setObjectName(f"lane_{tiles.status or 'none'}")
        self._title, self._count = title, Label("", "small", role="muted", tabular=True)
        self._prompt: ReasonPrompt | None = None
        self._wanted = False
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 2, 2)  # room for the frame
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(10, 12, 10, 0)
        head.setSpacing(6)
        shape = words.glyph(MeasureStatus, tiles.status)
        if shape is not None:
            head.addWidget(GlyphMark(shape, title, 12))
        name = ElidedLabel(words.short(MeasureStatus, tiles.status) or title, "small", theme.STRONG)
        name.setToolTip(title)
        head.addWidget(name, 1)
        head.addWidget(self._count)
        column.addLayout(head)
        self._ask = QVBoxLayout()
        self._ask.setContentsMargins(8, 0, 8, 0)
        column.addLayout(self._ask)
        column.addWidget(tiles, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.restyle()

    def restyle(self) -> None:
        """Wide enough for its words."""
        self.setFixedWidth(theme.px(_WIDTH))
        super().restyle()

    def mark(self, on: bool) -> None:
        """A dragged card would fall into this column."""
        if on != self._wanted:
            self._wanted = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame of the column a card is held over."""
        if self._wanted:
            base.box(QPainter(self), self.rect(), 10, border=theme.color("accent"), width=2)

    def show_count(self) -> None:
        """How many cards, also for the reader."""
        count = self.tiles.tiles.count()
        self._count.setText(labels.number(count))
        self.tiles.setAccessibleName(f"{self._title}, {labels.count(count, 'Maßnahme', 'Maßnahmen')}")

    def ask(self, measure: EntityId, title: str) -> ReasonPrompt:
        """Show the question for a card that is to come here."""
        self.end_asking()
        self._prompt = ReasonPrompt(self.tiles.status, measure, title)
        self._ask.addWidget(self._prompt)
        self._prompt.show()
        self._prompt.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return self._prompt

    def is_asking(self, prompt: object) -> bool:
        """Whether this is the question that stands here."""
        return self._prompt is not None and self._prompt is prompt

    def end_asking(self) -> None:
        """Take the question away."""
        if self._prompt is not None:
            self._ask.removeWidget(self._prompt)
            self._prompt.hide()
            self._prompt.deleteLater()
            self._prompt = None
