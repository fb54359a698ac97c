"""The sheet on which questions are asked before there is a window: mark, title, question, buttons."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets.reading_order import follow_tab
from app.ui.widgets.surfaces import Card, ScrollPane
from app.ui.widgets.words import Ground, Label, Rule

WIDTH = 560
_AROUND = QMargins(40, 40, 40, 40)


class Mark(Themed, QWidget):
    """Our own mark."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Maßwerk")

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(theme.px(40), theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the accent."""
        icons.paint_mark(QPainter(self), QRectF(self.rect()), theme.color("accent"))


class Sheet(Ground):
    """A card in the middle; `content` and `foot` are to be filled."""

    def __init__(self, title: str, note: str = "") -> None:
        super().__init__("background")
        self.setWindowTitle("Maßwerk")
        pane = ScrollPane(name="sheet", accessible=title, ground="background")
        whole = self.column()
        whole.addWidget(pane)
        self._card = Card(padding=0)
        card = self._card.body
        card.setSpacing(0)
        self.title = Label(title, "title", theme.STRONG, wrap=True)
        self.note = Label(note, "body", role="muted", wrap=True)
        self.note.setVisible(bool(note))
        head = QVBoxLayout()
        head.setContentsMargins(32, 28, 32, 16)
        head.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(Mark(), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.note)
        top.addLayout(words, 1)
        head.addLayout(top)
        card.addLayout(head)
        self.content = QVBoxLayout()
        self.content.setContentsMargins(32, 8, 32, 24)
        self.content.setSpacing(12)
        card.addLayout(self.content, 1)
        card.addWidget(Rule())
        self.foot = QVBoxLayout()
        self.foot.setContentsMargins(32, 16, 32, 16)
        card.addLayout(self.foot)
        row = QHBoxLayout()
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addWidget(self._card, 100)
        row.addStretch(1)
        pane.body.addStretch(1)
        pane.body.addLayout(row)
        pane.body.addStretch(2)
        self.restyle()

    def showEvent(self, event: QShowEvent) -> None:
        """As a window it is so large that question and buttons are in sight, as far as the screen has room."""
        super().showEvent(event)
        if not event.spontaneous():
            self.fit()

    def fit(self) -> None:
        """Large enough for what stands on it now; in the middle of another widget it is as large as that."""
        if self.isWindow():
            room = self.screen().availableSize()
            width = min(theme.px(WIDTH), room.shrunkBy(_AROUND).width())
            height = max(self._card.sizeHint().height(), self._card.heightForWidth(width))
            self.resize(QSize(width, height).grownBy(_AROUND).expandedTo(self.size()).boundedTo(room))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as one reads, and to the choice that is made."""
        return follow_tab(self, forward=forward)

    def restyle(self) -> None:
        """Grow with the text."""
        super().restyle()
        if hasattr(self, "_card"):
            self._card.setMaximumWidth(theme.px(WIDTH))
