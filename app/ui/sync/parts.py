"""Pieces of a card of Zwei Fassungen: who wrote a version, and rows of fields side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.words import Avatar, ElidedLabel, Label, Rule, Tone

LABEL = 96
_NARROW = 300
"""Columns narrower than this (at 100 %) stand below each other."""


class Writer(QWidget):
    """Initials, whose version it is, when and where it was written."""

    def __init__(self, person: str, heading: str, when: str, where: str, tone: Tone) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Avatar(person, tone, 32), 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(8)
        self.heading = ElidedLabel(heading, weight=theme.STRONG)
        first.addWidget(self.heading)
        first.addWidget(Label(when, "small", role="muted", tabular=True))
        first.addStretch(1)
        lines.addLayout(first)
        lines.addWidget(ElidedLabel(where, "small", role="muted"))
        row.addLayout(lines, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


class Way(Button):
    """One way out of a question; its number key is shown only while its card is the active one."""

    def __init__(self, key: str, words: str, number: int, accessible: str) -> None:
        super().__init__(words, name=f"way_{key.replace(':', '_')}", accessible=accessible)
        self.key, self._number = key, number

    def show_key(self, on: bool) -> None:
        """Show or hide the number."""
        self._keys = str(self._number) if on else ""
        self.updateGeometry()
        self.update()


class TitleLink(LinkButton):
    """A record's title that leads to it: a heading first, underlined under the mouse."""

    def __init__(self, words: str, *, name: str) -> None:
        super().__init__(words, name=name, accessible=words, small=False)
        self.setAccessibleName(self.tr("{0} öffnen").format(words))
        self.setToolTip(self.tr("Eintrag öffnen"))

    def sizeHint(self) -> QSize:
        """The title in its weight."""
        return QSize(base.text_width(self.text(), "body", theme.STRONG) + 1, theme.line() + 4)

    def minimumSizeHint(self) -> QSize:
        """May be cut."""
        return QSize(min(self.sizeHint().width(), theme.px(96)), theme.line() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the title."""
        painter = base.crisp(QPainter(self))
        ink = theme.color("text")
        width = base.text(painter, self.rect(), self.text(), ink, "body", theme.STRONG)
        if self.underMouse():
            painter.fillRect(QRectF(0, base.baseline(self.rect()) + 2, width, 1), ink)


class Labelled(Themed, QWidget):
    """A field's name before what one version says; without a name the value has the whole width."""

    def __init__(self, label: str, value: QWidget) -> None:
        super().__init__()
        self.value = value
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._label = Label(label, "small", role="muted", wrap=True) if label else None
        if self._label is not None:
            row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(value, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.restyle()

    def restyle(self) -> None:
        """Keep the label column, and its first line level with the value's."""
        if self._label is not None:
            self._label.setFixedWidth(theme.px(LABEL))
            self._label.setContentsMargins(0, theme.px(3), 0, 0)
        super().restyle()


class Columns(Themed, QWidget):
    """Versions side by side with a line between them, row by row; below each other where it gets narrow."""

    def __init__(self, heads: Sequence[QWidget], rows: Sequence[Sequence[QWidget]], bar: QWidget | None = None) -> None:
        super().__init__()
        self._bar = bar
        self._heads, self._rows = list(heads), [list(row) for row in rows]
        self._abreast = 0
        self._rules: list[Rule] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(20, 0, 20, 0)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._place(len(self._heads))

    def abreast(self) -> int:
        """How many versions stand side by side now."""
        return self._abreast

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many columns as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """The text may have grown."""
        super().restyle()
        self._fit()

    def _fit(self) -> None:
        if self.width() > 0:
            room = max(1, (self.width() - 40) // theme.px(_NARROW))
            self._place(min(len(self._heads), room))

    def minimumSizeHint(self) -> QSize:
        """One column must fit."""
        return QSize(theme.px(200), super().minimumSizeHint().height())

    def _place(self, abreast: int) -> None:
        if abreast == self._abreast:
            return
        self._abreast = abreast
        while self._grid.takeAt(0) is not None:
            pass
        for rule in self._rules:
            rule.hide()
            rule.deleteLater()
        self._rules = []
        for i in range(self._grid.columnCount()):
            self._grid.setColumnStretch(i, 0)
            self._grid.setColumnMinimumWidth(i, 0)
        deep = len(self._rows) + 3
        for number, head in enumerate(self._heads):
            block, column = divmod(number, abreast)
            self._put(number, head, block * deep, column * 2, abreast)
            self._grid.setColumnStretch(column * 2, 1)
        blocks = -(-len(self._heads) // abreast)
        for column in range(1, abreast):
            rule = Rule(vertical=True)
            self._rules.append(rule)
            self._grid.addWidget(rule, 0, column * 2 - 1, blocks * deep, 1)
        if self._bar is not None:
            holder = QVBoxLayout()
            holder.setContentsMargins(0, 8, 0, 4)
            holder.addWidget(self._bar)
            self._grid.addLayout(holder, 1, 0, 1, abreast * 2 - 1)
            self._bar.raise_()

    def _put(self, number: int, head: QWidget, top: int, column: int, abreast: int) -> None:
        inset = 0 if column == 0 else 20
        after = 20 if column // 2 < abreast - 1 else 0
        pieces = [row[number] for row in self._rows]
        self._grid.addLayout(_padded(head, inset, 12, after), top, column)
        self._grid.setRowMinimumHeight(top + 1, 6 if pieces else 0)
        for depth, piece in enumerate(pieces, 2):
            self._grid.addLayout(_padded(piece, inset, 4, after), top + depth, column)
        self._grid.setRowMinimumHeight(top + len(pieces) + 2, 12)


class Inset(QWidget):
    """A line inside a card, clear of the 2-px frame of the active one."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.addWidget(Rule())


class Foot(QWidget):
    """Buttons in rows, and a note behind them while there is room in the first row."""

    def __init__(self, buttons: Sequence[QWidget], note: str) -> None:
        super().__init__()
        self._buttons, self._note = list(buttons), Label(note, "small", role="muted")
        flow = FlowLayout(self, gap=8)
        flow.setContentsMargins(20, 10, 20, 12)
        for button in self._buttons:
            flow.addWidget(button)
        flow.addWidget(self._note)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The note gives way first."""
        super().resizeEvent(event)
        used = sum(button.sizeHint().width() + 8 for button in self._buttons)
        self._note.setMinimumHeight(theme.grow(32))
        self._note.setVisible(not self._buttons or used + self._note.sizeHint().width() + 48 <= self.width())


def _padded(piece: QWidget, left: int, top: int, right: int) -> QVBoxLayout:
    holder = QVBoxLayout()
    holder.setContentsMargins(left, top, right, 0)
    holder.addWidget(piece)
    holder.addStretch(1)
    return holder
