"""The running text of the minutes, bound to a text that others write at the same time.

Qt's own undo is off: it would take others' words back too. What the document looks like in UTF-16 is
kept beside it (`_shadow`), so that Qt's sometimes generous reports of a change become exact ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QMenu, QTextEdit, QWidget

from app.domain.text import Patch, TextDoc, TextState
from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.inputs import clear_palette
from app.ui.workshops.headings import Headings
from app.ui.workshops.trail import Step, Trail

LINE = 24
_FLAG_MS = 6000
_SEPARATORS = {0x2028: "\n", 0x2029: "\n", 0xFDD0: "\n", 0xFDD1: "\n"}
_SHOWN = {0x0D: " ", 0x00: " ", 0x2028: "\n", 0x2029: "\n", 0xFDD0: "\n", 0xFDD1: "\n", 0xFFFC: " "}
"""What a document cannot hold as it is, by something of the same length."""


class MinutesEdit(Themed, QTextEdit):
    """Plain text, 14 on 24. `edited` after every own change; the text itself is in `text`."""

    edited = Signal()
    left = Signal()
    """The focus went away: save."""
    save_wanted = Signal()
    entry_wanted = Signal()
    """Esc: back to the entry line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "minutes", self.tr("Protokolltext"))
        self._doc = TextDoc(TextState(), 1)
        self._shadow = bytearray()
        self._playing = False
        self._trail = Trail()
        self._flag: tuple[int, str] | None = None
        self._flag_timer = QTimer(self)
        self._flag_timer.setSingleShot(True)
        self._flag_timer.setInterval(_FLAG_MS)
        self._flag_timer.timeout.connect(self._on_flag_over)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self._headings = Headings(self.document())
        self.document().contentsChange.connect(self._on_contents)
        self.restyle()

    # -- the text --------------------------------------------------------------------------------

    def open(self, doc: TextDoc) -> None:
        """Show another text and write into it from now on."""
        self._doc, self._trail = doc, Trail()
        self._show_all(doc.text)

    def _show_all(self, words: str) -> None:
        self._playing = True
        self.setPlainText(words.translate(_SHOWN))
        self._playing = False
        self._shadow = bytearray(words.translate(_SHOWN).encode("utf-16-le"))
        self._set_pitch()

    @property
    def text(self) -> TextDoc:
        """The shared text."""
        return self._doc

    def restyle(self) -> None:
        """Take font, colours and line pitch from the theme."""
        self.setFont(theme.font("body"))
        clear_palette(self)
        self.viewport().setAutoFillBackground(False)
        self._headings.restyle()
        self._set_pitch()

    def _set_pitch(self) -> None:
        """14 on 24: the pitch of every paragraph; new ones inherit it."""
        self._playing = True
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        pitch = QTextBlockFormat()
        pitch.setLineHeight(theme.px(LINE), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.mergeBlockFormat(pitch)
        self._playing = False

    def _on_contents(self, position: int, removed: int, added: int) -> None:
        """Qt reports a change: make it exact and write it into the shared text."""
        if self._playing:
            return
        change = self._exact(position, removed, added)
        if change is None:
            return
        at, gone, came = change
        try:
            self._doc.splice_utf16(at, len(gone) // 2, came)
        except (IndexError, UnicodeEncodeError):
            self._recover()
            return
        self._shadow[2 * at : 2 * at + len(gone)] = came.encode("utf-16-le")
        self._note(at, gone.decode("utf-16-le"), came)
        self.edited.emit()

    def _exact(self, position: int, removed: int, added: int) -> tuple[int, bytes, str] | None:
        """(position, bytes gone, text come) without what stayed the same at either end; None for nothing."""
        old = len(self._shadow) // 2
        new = self.document().characterCount() - 1
        added = max(0, min(added, new - position))
        removed = old - (new - added)
        if position < 0 or removed < 0 or position + removed > old:
            position, removed, added = 0, old, new
        gone = bytes(self._shadow[2 * position : 2 * (position + removed)])
        came = self._slice(position, added).encode("utf-16-le", "surrogatepass")
        head = _same(gone, came)
        tail = _same_end(gone[head:], came[head:])
        gone, came = gone[head : len(gone) - tail], came[head : len(came) - tail]
        if not gone and not came:
            return None
        return position + head // 2, gone, came.decode("utf-16-le", "surrogatepass")

    def _slice(self, position: int, length: int) -> str:
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().translate(_SEPARATORS)

    def _recover(self) -> None:
        """A change that cannot be written down (half a character): take the document as it is, without it."""
        words = self.toPlainText().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        place = self.textCursor().position()
        self._doc.replace_all(words)
        self._trail = Trail()
        self._show_all(words)
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.edited.emit()

    # -- others ----------------------------------------------------------------------------------

    def receive(self, state: TextState, person: str = "") -> None:
        """Take in what others wrote; cursor, selection and place stay with the words they were at."""
        patches = self._doc.receive(state)
        if not patches:
            return
        self._playing = True
        last = 0
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for patch in patches:
            last = self._play(cursor, patch)
        cursor.endEditBlock()
        self._playing = False
        self._flag = (last, person) if person else None
        self._flag_timer.start()
        self.viewport().update()

    def _play(self, cursor: QTextCursor, patch: Patch) -> int:
        """One patch into the document; returns where it ends."""
        at = self._units(patch.position)
        gone = self._units_from(at, patch.deleted)
        shown = patch.inserted.translate(_SHOWN)
        came = shown.encode("utf-16-le")
        own = self.textCursor()
        stays = not own.hasSelection() and own.position() == at and not gone
        cursor.setPosition(at)
        cursor.setPosition(at + gone, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(shown)
        if stays:
            # Qt pushes a cursor that stands at the place of insertion; the person goes on where they were.
            own.setPosition(at)
            self.setTextCursor(own)
        self._shadow[2 * at : 2 * (at + gone)] = came
        self._trail.came(at, gone, len(came) // 2)
        return at + len(came) // 2

    def _units(self, code_points: int) -> int:
        """Code points from the start -> UTF-16 units."""
        return self._units_from(0, code_points)

    def _units_from(self, start: int, code_points: int) -> int:
        """How many units so many code points take from a place on."""
        if not code_points:
            return 0
        guess = bytes(self._shadow[2 * start : 2 * (start + 2 * code_points)])
        return len(guess.decode("utf-16-le", "ignore")[:code_points].encode("utf-16-le")) // 2

    # -- undo ------------------------------------------------------------------------------------

    def _note(self, position: int, gone: str, came: str) -> None:
        if self._turning:
            self._trail.turned(position, gone, came)
        else:
            self._trail.wrote(position, gone, came)

    _turning = False

    def undo(self) -> None:
        """Take back the last own words."""
        if self._trail.can_undo() and not self.isReadOnly():
            self._turn(self._trail.undo())

    def redo(self) -> None:
        """Do again what was taken back."""
        if self._trail.can_redo() and not self.isReadOnly():
            self._turn(self._trail.redo())

    def _turn(self, steps: Sequence[Step]) -> None:
        self._turning = True
        cursor = self.textCursor()
        for step in steps:
            cursor.setPosition(step.position)
            end = step.position + step.length
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(step.text)
        self._turning = False
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def can_undo(self) -> bool:
        """Whether there are own words to take back."""
        return self._trail.can_undo()

    # -- keys and mouse --------------------------------------------------------------------------

    def event(self, event: object) -> bool:
        """Ctrl+Z is ours while there are own words to take back, and the window's after that."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.ShortcutOverride:
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                can = self._trail.can_undo() if event.matches(keys.Undo) else self._trail.can_redo()
                event.setAccepted(can)
                return can
        return super().event(event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo, redo, save, back to the entry line; a line break is a paragraph."""
        keys = QKeySequence.StandardKey
        if event.matches(keys.Undo):
            self.undo()
        elif event.matches(keys.Redo):
            self.redo()
        elif event.matches(keys.Save):
            self.save_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.entry_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isReadOnly():
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text, whole characters only."""
        words = source.text().replace("\r\n", "\n").replace("\r", "\n").translate(_SHOWN)
        whole = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        self._trail.close()
        self.textCursor().insertText(whole)
        self.ensureCursorVisible()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's own menu offers its own undo; ours offers ours."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        writable, chosen = not self.isReadOnly(), self.textCursor().hasSelection()
        for words, keys, slot, on in (
            (self.tr("Rückgängig"), "Ctrl+Z", self.undo, writable and self._trail.can_undo()),
            (self.tr("Wiederholen"), "Ctrl+Y", self.redo, writable and self._trail.can_redo()),
            (self.tr("Ausschneiden"), "Ctrl+X", self.cut, writable and chosen),
            (self.tr("Kopieren"), "Ctrl+C", self.copy, chosen),
            (self.tr("Einfügen"), "Ctrl+V", self.paste, writable and self.canPaste()),
            (self.tr("Alles auswählen"), "Ctrl+A", self.selectAll, True),
        ):
            action = menu.addAction(f"{words}\t{base.key_text(keys)}")
            action.triggered.connect(slot)
            action.setEnabled(on)
        menu.popup(event.globalPos())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the text saves it."""
        super().focusOutEvent(event)
        self._trail.close()
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    # -- the other writer's flag -----------------------------------------------------------------

    def _on_flag_over(self) -> None:
        self._flag = None
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, and where somebody else has just written."""
        super().paintEvent(event)
        if self._flag is None:
            return
        place, person = self._flag
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        caret = QRectF(self.cursorRect(cursor))
        painter = base.crisp(QPainter(self.viewport()))
        tone = theme.color("info")
        painter.fillRect(QRectF(caret.left(), caret.top(), 2, caret.height()), tone)
        width = base.text_width(person, "small", theme.STRONG) + 14
        left = min(max(0.0, caret.left() - 6), max(0.0, self.viewport().width() - width - 1.0))
        flag = QRectF(
            QPointF(left, caret.bottom() + 2),
            QPointF(left + width, caret.bottom() + 2 + theme.grow(20, "small")),
        )
        base.box(painter, flag, 4, tone)
        base.text(painter, flag, person, theme.color("accent_text"), "small", theme.STRONG, center=True)


def _same(one: bytes, other: bytes) -> int:
    """Length in bytes of the common beginning, in whole characters."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    at -= at % 2
    if at >= 2 and 0xD8 <= one[at - 1] <= 0xDB:
        at -= 2
    return at


def _same_end(one: bytes, other: bytes) -> int:
    """Length in bytes of the common end, in whole characters."""
    at = _same_units(one, other)
    if at >= 2 and 0xDC <= one[len(one) - at + 1] <= 0xDF:
        at -= 2
    return at


def _same_units(one: bytes, other: bytes) -> int:
    most = min(len(one), len(other))
    at = 0
    while at + 2 <= most and one[len(one) - at - 2 : len(one) - at] == other[len(other) - at - 2 : len(other) - at]:
        at += 2
    return at
