"""The title of a record, written where it stands: large, wrapping, a box only while one writes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from app.ui import theme
from app.ui.measures.editors import AreaEditor
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.forms import GUTTER
from app.ui.widgets.inputs import (
    LONGEST_LINE,
    TextArea,
    clear_palette,
    paint_field,
    too_long_for_a_line,
    words_of,
)
from app.ui.widgets.words import Label


class TitleArea(TextArea):
    """Up to four lines of the title size; Return leaves, a pasted line break becomes a space."""

    def __init__(self, *, name: str, accessible: str, placeholder: str) -> None:
        super().__init__(name=name, accessible=accessible, placeholder=placeholder, lines=1, most=4)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def restyle(self) -> None:
        """Take font and line from the theme's title."""
        self.setFont(theme.font("title", theme.STRONG))
        clear_palette(self)
        self.setViewportMargins(6, 2, 6, 2)
        self.viewport().setAutoFillBackground(False)
        self._set_line_height()
        self._fit()

    def _set_line_height(self) -> None:
        self.document().setUndoRedoEnabled(False)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        block = QTextBlockFormat()
        block.setLineHeight(theme.line("title"), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.mergeBlockFormat(block)
        self.document().setUndoRedoEnabled(True)

    def _fit(self) -> None:
        content = int(self.document().size().height() + 0.999)
        line = theme.line("title")
        self.setFixedHeight(max(line, min(content, self._most * line)) + 4)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """A title has one line, however it wraps."""
        pasted = " ".join(words_of(source).split())
        if len(pasted) > LONGEST_LINE:
            self.refused.emit(too_long_for_a_line(len(pasted)))
        elif pasted:
            self.insertPlainText(pasted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on to the next field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A box only where one is about to write."""
        if event.type() == QEvent.Type.Paint:
            if self.hasFocus() or self._error or (self.underMouse() and not self.isReadOnly()):
                painter = QPainter(self)
                paint_field(painter, self, focused=self.hasFocus(), error=bool(self._error), read_only=False)
                painter.end()
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)


class TitleLine(Themed, QWidget):
    """The title with what there is to tell about it; the face of a `FieldLine`, without a label."""

    history_clicked = Signal()
    versions_clicked = Signal()

    def __init__(self, name: str, accessible: str, placeholder: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_row")
        self.area = TitleArea(name=name, accessible=accessible, placeholder=placeholder)
        self.binding = AreaEditor(self.area)
        self._pending = ""
        self._history = IconButton(
            "clock-counter-clockwise",
            name=f"{name}_row_history",
            accessible=self.tr("Verlauf von {0}").format(accessible),
            side=24,
        )
        self._versions = IconButton(
            "git-fork",
            name=f"{name}_row_versions",
            accessible=self.tr("Zwei Fassungen von {0}").format(accessible),
            side=24,
            role="version",
        )
        self._note = Label(size="small", role="muted", wrap=True)
        self._note.hide()
        self._versions.hide()
        self._history.clicked.connect(self.history_clicked)
        self._versions.clicked.connect(self.versions_clicked)
        self._refusal = ""
        self.area.refused.connect(self._on_refused)
        self.area.textChanged.connect(self._on_written)
        grid = QGridLayout(self)
        grid.setContentsMargins(GUTTER - 7, 0, GUTTER - 6, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(2)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.area, 0, 0)
        grid.addWidget(self._versions, 0, 1, top)
        grid.addWidget(self._history, 0, 2, top)
        grid.addWidget(self._note, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_pending(self, sentence: str) -> None:
        """Show the dot with its meaning."""
        self._pending = sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def set_versions(self, count: int) -> None:
        """Show the fork while there are two or more versions."""
        self._versions.setVisible(count > 1)

    def set_note(self, words: str, role: str = "muted") -> None:
        """Show a sentence below the title."""
        self._note.setText(words)
        self._note.set_role(role)
        self._note.setVisible(bool(words))

    def _on_refused(self, sentence: str) -> None:
        self._refusal = sentence
        self.set_note(sentence, "danger")

    def _on_written(self) -> None:
        if self._refusal and self._note.text() == self._refusal:
            self.set_note("")
        self._refusal = ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot left of the first line."""
        if self._pending:
            painter = base.crisp(QPainter(self))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("info"))
            radius = min(4.0, theme.px(6) / 2)
            middle = QPointF(GUTTER / 2, self.area.y() + 2 + theme.line("title") / 2)
            painter.drawEllipse(middle, radius, radius)
