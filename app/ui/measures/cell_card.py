"""The small card in which a cell is written: its field or fields, a reason where one is due, what is to be said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.measures.editors import Editor
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.words import Label

PAD = 4


class CellCard(Themed, QWidget):
    """Floats over the cell it belongs to; to a `Sheet` it is the row of all its fields.

    `grown` tells that it needs another height.
    """

    history_clicked = Signal()
    versions_clicked = Signal()
    grown = Signal()

    def __init__(self, parent: QWidget, name: str, accessible: str, editors: Sequence[Editor], reason: Editor | None):
        super().__init__(parent)
        base.identify(self, name, accessible)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._note = Label("", "small", role="muted", wrap=True)
        self._note.setContentsMargins(8, 0, 8, 2)
        self._note.hide()
        self.reason = reason
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, PAD, PAD, PAD)
        column.setSpacing(PAD)
        row = QHBoxLayout()
        row.setSpacing(6)
        for number, editor in enumerate(editors):
            if number:
                dash = Label("–", "small", role="muted")
                dash.setFixedHeight(theme.grow(32))
                row.addWidget(dash, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(editor.widget, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        if reason is not None:
            column.addWidget(reason.widget)
            reason.widget.hide()
        column.addWidget(self._note)
        for piece in self.findChildren(QWidget):
            if isinstance(piece, LineEdit | TextArea):
                piece.refused.connect(self._on_refused)

    def _on_refused(self, sentence: str) -> None:
        self.set_note(sentence, "danger")

    def ask_reason(self) -> None:
        """Show the line for the reason, and go there."""
        assert self.reason is not None
        self.reason.widget.show()
        self.reason.focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grown.emit()

    def is_asking_reason(self) -> bool:
        """Whether the line for the reason is shown."""
        return self.reason is not None and not self.reason.widget.isHidden()

    def set_note(self, words: str, role: str = "muted") -> None:
        """Say something below the fields."""
        self._note.setText(words)
        self._note.set_role(role)
        self._note.setVisible(bool(words))
        self.grown.emit()

    def note(self) -> str:
        """What is said below the fields."""
        return self._note.text()

    def set_pending(self, sentence: str) -> None:
        """The table shows it already."""

    def set_versions(self, count: int) -> None:
        """The table shows it already."""

    def height_for(self, width: int) -> int:
        """How high the card has to be."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()

    def minimumSizeHint(self) -> QSize:
        """May be as narrow as its cell."""
        return QSize(theme.px(120), super().minimumSizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The table scrolls, and the card with its cell."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card that stands out from the rows it covers."""
        base.box(base.crisp(QPainter(self)), self.rect(), 8, theme.color("surface"), theme.color("control_border"))
