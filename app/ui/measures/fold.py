"""A section that folds: its heading is pressed, its rows are made when it is opened first."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.forms import GUTTER
from app.ui.widgets.words import Rule


class FoldHead(Pressable):
    """The heading of a section: title, a muted note at the right, a caret."""

    ring_radius = 4

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title, name, title, None)
        self._note, self._on = "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_state(self, on: bool) -> None:
        """Tell whether the section is open."""
        self._on = on
        self.setAccessibleDescription(self.tr("geöffnet") if on else self.tr("geschlossen"))
        self.update()

    def set_note(self, note: str) -> None:
        """Show another note."""
        self._note = note
        self.update()

    def note(self) -> str:
        """The note shown."""
        return self._note

    def sizeHint(self) -> QSize:
        """A row of 40 px."""
        return QSize(theme.px(160), theme.grow(40, "small"))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(96), theme.grow(40, "small"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow right opens, arrow left closes."""
        if (event.key() == Qt.Key.Key_Right and not self._on) or (event.key() == Qt.Key.Key_Left and self._on):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, note and caret."""
        painter = base.crisp(QPainter(self))
        side = theme.px(12)
        caret = base.middle(self.rect(), side, self.width() - side)
        ink = theme.color("text" if self.underMouse() else "muted")
        icons.paint(painter, "caret-down" if self._on else "caret-right", caret, ink)
        area = QRectF(0, 0, caret.left() - 8, self.height())
        width = base.text(painter, area, self.text(), theme.color("text"), "small", theme.STRONG)
        area.setLeft(width + 12)
        base.text(painter, area, self._note, theme.color("muted"), "small", right=True, tabular=True)


class Fold(Themed, QWidget):
    """A heading that folds the rows below it. `first_opened` comes once: then the rows are to be made."""

    first_opened = Signal(str)

    def __init__(self, key: str, title: str, *, first: bool = False) -> None:
        super().__init__()
        self.key, self._made = key, False
        base.identify(self, f"section_{key}", title)
        self.head = FoldHead(title, f"section_{key}_head")
        self._body = QWidget()
        self.rows = QVBoxLayout(self._body)
        self.rows.setContentsMargins(0, 0, 0, 16)
        self.rows.setSpacing(4)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for piece, shown in ((Rule(), not first), (self.head, True)):
            line = QHBoxLayout()
            line.setContentsMargins(GUTTER, 0, GUTTER, 0)
            line.addWidget(piece)
            outer.addLayout(line)
            # Not before it has its place: shown without one, it is a window for a moment and takes the keyboard away.
            piece.setVisible(shown)
        outer.addWidget(self._body)
        self._body.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.head.set_state(False)
        self.head.clicked.connect(self._on_pressed)

    def is_open(self) -> bool:
        """Whether the rows are shown."""
        return not self._body.isHidden()

    def set_open(self, on: bool) -> None:
        """Show or hide the rows."""
        if on and not self._made:
            self._made = True
            self.first_opened.emit(self.key)
        self._body.setVisible(on)
        self.head.set_state(on)

    def _on_pressed(self) -> None:
        self.set_open(not self.is_open())

    def add(self, row: QWidget, *, indent: bool = False) -> None:
        """Add a row; `indent` gives it the padding of the section."""
        if indent:
            holder = QHBoxLayout()
            holder.setContentsMargins(GUTTER, 4, GUTTER, 0)
            holder.addWidget(row)
            self.rows.addLayout(holder)
        else:
            self.rows.addWidget(row)
