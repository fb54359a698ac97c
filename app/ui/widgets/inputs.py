"""Fields to type into: one line, several lines that grow."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextBlockFormat,
    QTextCursor,
    QTextDocumentFragment,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QTextEdit, QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base


def paint_field(painter: QPainter, widget: QWidget, *, focused: bool, error: bool, read_only: bool) -> None:
    """Paint the box of a field: a border where one can type, a ring with the focus, none where one cannot."""
    rect = widget.rect()
    if read_only or not widget.isEnabled():
        base.box(painter, rect, 6, theme.color("sunken"), theme.color("focus") if focused else None, 2)
        return
    role = "focus" if focused else "danger" if error else "control_border"
    width = 2 if focused or error else 1
    base.box(painter, rect, 6, theme.color("surface"), theme.color(role), width)


def clear_palette(widget: QWidget) -> None:
    """Leave the ground to our own painting, and set text, placeholder and selection by role."""
    palette = QPalette(widget.palette())
    roles = QPalette.ColorRole
    palette.setColor(roles.Base, Qt.GlobalColor.transparent)
    palette.setColor(roles.Text, theme.color("text"))
    palette.setColor(roles.PlaceholderText, theme.color("muted"))
    palette.setColor(roles.Highlight, theme.color("accent_soft+accent:25"))
    palette.setColor(roles.HighlightedText, theme.color("text"))
    widget.setPalette(palette)


#: More than this at once would stop the window for seconds; what a field may hold is for the domain to say.
LONGEST_LINE, LONGEST_PASTE = 20_000, 400_000


def _counted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def too_long_for_a_line(size: int) -> str:
    """The sentence for what was pasted and is not put in."""
    words = QCoreApplication.translate(
        "LineEdit", "Der Text der Zwischenablage ist zu lang für eine Zeile: {0} Zeichen."
    )
    return words.format(_counted(size))


def words_of(source: QMimeData) -> str:
    """What is pasted as plain text, also where it came as HTML alone; nothing it names is loaded."""
    return source.text() or QTextDocumentFragment.fromHtml(source.html()).toPlainText()


class LineEdit(Themed, QLineEdit):
    """One line of text. `committed` comes after a change, when the person leaves or presses Return.

    `refused` carries a sentence when more was pasted than a line takes; the field then stays as it was.
    """

    committed = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        words: str = "",
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        right: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        base.identify(self, name, accessible)
        self._tabular, self._error, self._before = tabular, "", words
        self.setFrame(False)
        self.setPlaceholderText(placeholder)
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setMaxLength(LONGEST_LINE)
        self.inputRejected.connect(self._on_rejected)
        self.editingFinished.connect(self.leave)
        self.restyle()

    def restyle(self) -> None:
        """Take font, colours and height from the theme."""
        self.setFont(theme.font("body", tabular=self._tabular))
        clear_palette(self)
        # Qt rounds the line box down; two pixels below put the capitals in the middle of the field.
        self.setTextMargins(8, 0, 8, 2)
        self.setFixedHeight(theme.grow(32))

    def set_words(self, words: str) -> None:
        """Show another text as the saved one; the cursor stays where it was as far as possible."""
        self._before = words
        if words != self.text():
            place = self.cursorPosition()
            self.setText(words)
            self.setCursorPosition(min(place, len(words)))

    def dirty(self) -> bool:
        """Whether the text differs from the saved one."""
        return self.text() != self._before

    def set_error(self, sentence: str) -> None:
        """Mark the field with a sentence for the screen reader; the empty string clears it."""
        self._error = sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def error(self) -> str:
        """The sentence set last."""
        return self._error

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z to the window once there is nothing typed to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Refuse to paste what would be cut."""
        if event.matches(QKeySequence.StandardKey.Paste):
            size = len(QGuiApplication.clipboard().text())
            if size > LONGEST_LINE:
                self.refused.emit(too_long_for_a_line(size))
                return
        super().keyPressEvent(event)

    def _on_rejected(self) -> None:
        words = self.tr("Mehr als {0} Zeichen passen nicht in diese Zeile.")
        self.refused.emit(words.format(_counted(LONGEST_LINE)))

    @Slot()
    def leave(self) -> None:
        """What was typed counts now, as when the person leaves the field."""
        if self.dirty():
            self._before = self.text()
            self.committed.emit(self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, then let Qt paint text and cursor."""
        painter = QPainter(self)
        paint_field(
            painter,
            self,
            focused=self.hasFocus(),
            error=bool(self._error),
            read_only=self.isReadOnly(),
        )
        painter.end()
        super().paintEvent(event)


class TextArea(Themed, QTextEdit):
    """Several lines that grow with their text, from `lines` up to `most`, then scroll; plain text only.

    `refused` carries a sentence when more was pasted at once than the window can bear; the field
    then stays as it was.
    """

    committed = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        words: str = "",
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        lines: int = 2,
        most: int = 12,
        tab_leaves: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self._lines, self._most, self._error, self._before = lines, most, "", ""
        self.setAcceptRichText(False)
        self.setTabChangesFocus(tab_leaves)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setPlaceholderText(placeholder)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.restyle()
        self.set_words(words)

    def words(self) -> str:
        """The text."""
        return self.toPlainText()

    def set_words(self, words: str) -> None:
        """Show another text as the saved one."""
        self._before = words
        if words != self.toPlainText():
            place = self.textCursor().position()
            self.setPlainText(words)
            cursor = self.textCursor()
            cursor.setPosition(min(place, len(words)))
            self.setTextCursor(cursor)

    def setPlainText(self, words: str) -> None:
        """Replace the text; Qt forgets the line height with the old text."""
        super().setPlainText(words)
        self._set_line_height()

    def dirty(self) -> bool:
        """Whether the text differs from the saved one."""
        return self.toPlainText() != self._before

    def set_error(self, sentence: str) -> None:
        """Mark the field with a sentence for the screen reader; the empty string clears it."""
        self._error = sentence
        self.setAccessibleDescription(sentence)
        self.update()
        self.viewport().update()

    def restyle(self) -> None:
        """Take font, colours and heights from the theme."""
        self.setFont(theme.font("body"))
        clear_palette(self)
        self.setViewportMargins(10, 5, 10, 7)
        self.viewport().setAutoFillBackground(False)
        self._set_line_height()
        self._fit()

    def _set_line_height(self) -> None:
        undo = self.document().isUndoRedoEnabled()
        modified = self.dirty()
        self.document().setUndoRedoEnabled(False)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        block = QTextBlockFormat()
        block.setLineHeight(theme.line(), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.mergeBlockFormat(block)
        self.document().setUndoRedoEnabled(undo)
        self.document().setModified(modified)

    def _fit(self) -> None:
        content = int(self.document().size().height() + 0.999)
        line = theme.line()
        height = max(self._lines * line, min(content, self._most * line)) + 12
        over = content > self._most * line
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if over else policy.ScrollBarAlwaysOff)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as plain text in the field's own line height, but not a book."""
        pasted = words_of(source)
        if len(pasted) > LONGEST_PASTE:
            words = self.tr("Der eingefügte Text ist zu lang: {0} Zeichen. Bitte fügen Sie weniger auf einmal ein.")
            self.refused.emit(words.format(_counted(len(pasted))))
            return
        if pasted:
            self.insertPlainText(pasted)
            self.ensureCursorVisible()
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Repaint the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit a change when the person leaves the field."""
        super().focusOutEvent(event)
        self.update()
        if self.dirty() and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._before = self.toPlainText()
            self.committed.emit(self._before)

    def event(self, event: QEvent) -> bool:
        """Paint the box on the frame around the viewport; leave Ctrl+Z to the window as `LineEdit` does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            document = self.document()
            undo = event.matches(QKeySequence.StandardKey.Undo) and not document.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not document.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        if event.type() == QEvent.Type.Paint:
            painter = QPainter(self)
            paint_field(
                painter,
                self,
                focused=self.hasFocus(),
                error=bool(self._error),
                read_only=self.isReadOnly(),
            )
            painter.end()
            return True
        return super().event(event)
