"""The entry line: one line is one card; what was understood stands before it, the station behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.domain.capture import Captured
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.chips import chip_height, chip_width, paint_chip
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.inputs import clear_palette
from app.ui.widgets.words import Label, Tone
from app.ui.workshops import marks

_CHIP_TONES: dict[str, Tone] = {
    "strength": "ok", "weakness": "warning", "criticism": "warning", "question": "info",
    "decision": "accent", "task": "accent",
}  # fmt: skip


class EntryLine(Themed, QLineEdit):
    """A 48-px line with chips painted into it. It never gives the focus away by itself."""

    entered = Signal(str)
    listed = Signal(str)
    """Several lines were pasted or dropped."""
    stepped = Signal(int)
    """Tab: to the next station, or the one before."""
    recalled = Signal()
    """Up in an empty line: edit the last card."""
    dropped_edit = Signal()
    """Esc: back to nothing."""
    cards_wanted = Signal()
    """Ctrl+Up: walk the cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "entry", self.tr("Neue Karte"))
        self._kind, self._station, self._told = "idea", "", ""
        self._changing, self._error = False, False
        self.setFrame(False)
        self.setMaxLength(1_000_000)
        self.setPlaceholderText(self.tr("Eine Zeile, eine Karte …"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Take font and height, and leave room for the chips."""
        self.setFont(theme.font("body"))
        clear_palette(self)
        self.setFixedHeight(theme.grow(48))
        self._make_room()

    # -- what it shows ---------------------------------------------------------------------------

    def show_understood(self, found: Captured, station: str, *, changing: bool) -> None:
        """Show kind, person and date, and where the card goes."""
        self._kind, self._changing = found.kind, changing
        due = str(found.due) if found.due else ""
        who = found.responsible or ""
        told = "  ·  ".join(part for part in (who, due) if part)
        if not found.is_task and found.tags:
            told = "  ".join(f"#{tag}" for tag in found.tags)
        self._told, self._station = told, station
        kind = labels.card_label(found.kind)
        verb = self.tr("Karte ändern") if changing else self.tr("Neue Karte")
        self.setAccessibleName(self.tr("{0}, Station {1}").format(verb, station))
        self.setAccessibleDescription(", ".join(part for part in (kind, told) if part))
        self._make_room()
        self.update()

    def set_error(self, on: bool) -> None:
        """Mark the line: it was not saved."""
        self._error = on
        self.update()

    def _kind_words(self) -> str:
        word = labels.card_label(self._kind)
        return self.tr("{0} ändern").format(word) if self._changing else word

    def _right_chips(self) -> list[tuple[str, Tone]]:
        """Station at the edge, before it what was understood; the station gives way to a long line."""
        chips: list[tuple[str, Tone]] = []
        told, station = chip_width(self._told), chip_width(self._station)
        most = self.width() * 0.4
        with_told = bool(self._told) and told <= most
        left = 12 + chip_width(self._kind_words(), True) + 10
        free = self.width() - left - base.text_width(self.text()) - 40 - (told + 6 if with_told else 0)
        if self._station and station <= (most if not with_told else free):
            chips.append((self._station, "muted"))
        if with_told:
            chips.append((self._told, "accent"))
        return chips

    def _tone(self) -> Tone:
        return _CHIP_TONES.get(self._kind, "neutral")

    def _make_room(self) -> None:
        left = 12 + chip_width(self._kind_words(), True) + 10
        right = 12 + sum(chip_width(words) + 6 for words, _ in self._right_chips()) + 4
        self.setTextMargins(left, 0, right, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room anew."""
        super().resizeEvent(event)
        self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, the text, then the chips."""
        painter = base.crisp(QPainter(self))
        focused = self.hasFocus()
        role = "danger" if self._error else "focus" if focused else "control_border"
        width = 2.5 if focused else 1
        if self.isReadOnly():
            base.box(painter, self.rect(), 8, theme.color("sunken"))
        else:
            base.box(painter, self.rect(), 8, theme.color("surface"), theme.color(role), width)
        painter.end()
        super().paintEvent(event)
        painter = base.crisp(QPainter(self))
        height = chip_height()
        top = round((self.height() - height) / 2)
        words = self._kind_words()
        left = QRectF(12, top, chip_width(words, True), height)
        paint_chip(painter, left, words, icon=marks.icon_of(self._kind), tone=self._tone())
        right = self.width() - 12.0
        for told, tone in self._right_chips():
            rect = QRectF(right - chip_width(told), top, chip_width(told), height)
            paint_chip(painter, rect, told, tone=tone)
            right = rect.left() - 6
        painter.end()

    # -- keys ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Tab changes the station instead of leaving; Ctrl+Z goes to the window when nothing is typed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if plain and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self.stepped.emit(1 if event.key() == Qt.Key.Key_Tab else -1)
                return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return saves, Up recalls, Esc clears, a pasted list becomes cards."""
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(self.text())
        elif key == Qt.Key.Key_Up and control:
            self.cards_wanted.emit()
        elif key == Qt.Key.Key_Up and not self.text():
            self.recalled.emit()
        elif key == Qt.Key.Key_Escape:
            self.dropped_edit.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._take(QGuiApplication.clipboard().mimeData())
        else:
            super().keyPressEvent(event)

    def _take(self, source: QMimeData) -> None:
        """Paste one line as text, several as cards; what was typed already begins the first."""
        words = source.text() if source.hasText() else ""
        lines = [line for line in words.splitlines() if line.strip()]
        if self.isReadOnly() or not lines:
            return
        if len(lines) == 1:
            self.insert(lines[0])
            return
        typed = self.text()
        at = self.selectionStart() if self.hasSelectedText() else self.cursorPosition()
        end = at + len(self.selectedText())
        self.listed.emit(typed[:at] + "\n".join(lines) + typed[end:])

    def dropEvent(self, event: QDropEvent) -> None:
        """A dropped list becomes cards too."""
        self._take(event.mimeData())
        event.acceptProposedAction()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's menu, but its "paste" understands lists."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(self._on_paste)
        menu.popup(event.globalPos())

    def _on_paste(self) -> None:
        self._take(QGuiApplication.clipboard().mimeData())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Never select all: the person goes on where they were."""
        place, had = self.cursorPosition(), self.text()
        super().focusInEvent(event)
        if had:
            self.deselect()
            self.setCursorPosition(place)


class KeyHint(Themed, QWidget):
    """A key and what it makes; the one in use is in accent."""

    def __init__(self, keys: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys, self._words, self._on = keys, words, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{keys}: {words}")

    def set_on(self, on: bool) -> None:
        """Show it as the one in use."""
        if on != self._on:
            self._on = on
            self.update()

    def _cap(self) -> int:
        height = theme.grow(20, "small")
        return max(height, base.text_width(self._keys, "small", theme.MEDIUM) + 10)

    def sizeHint(self) -> QSize:
        """The key cap and its word."""
        word = base.text_width(self._words, "small", theme.STRONG) + 6
        return QSize(self._cap() + word, theme.grow(20, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint cap and word."""
        painter = base.crisp(QPainter(self))
        cap = QRectF(0, 0, self._cap(), self.height())
        base.box(painter, cap, 4, theme.color("surface"), theme.color("border+control_border:30"))
        ink = theme.color("accent" if self._on else "muted")
        weight = theme.STRONG if self._on else theme.REGULAR
        base.text(painter, cap, self._keys, ink, "small", theme.MEDIUM, center=True)
        area = QRectF(cap.right() + 6, 0, self.width() - cap.width() - 6, self.height())
        base.text(painter, area, self._words, ink, "small", weight)


class EntryPane(Themed, QWidget):
    """The entry line, a sentence where something was not saved, and the keys below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = EntryLine()
        self._error = Label(size="small", role="danger", wrap=True)
        self._error.hide()
        self._hints: dict[str, KeyHint] = {}
        self.legend = QWidget()
        flow = FlowLayout(self.legend, gap=7)
        for mark, kind in marks.KEYS:
            word = self.tr("Frage") if kind == "question" else labels.card_label(kind)
            self._hints[kind] = KeyHint("–" if mark == "-" else mark, word)
            flow.addWidget(self._hints[kind])
        self._hints["#"] = KeyHint("#", self.tr("Stichwort"))
        flow.addWidget(self._hints["#"])
        flow.addWidget(KeyHint("Tab", self.tr("Station")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(10)
        layout.addWidget(self.line)
        layout.addWidget(self._error)
        layout.addWidget(self.legend)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_understood(self, found: Captured, station: str, *, changing: bool) -> None:
        """Show what the line means, and which key made it so."""
        self.line.show_understood(found, station, changing=changing)
        for kind, hint in self._hints.items():
            hint.set_on(kind == found.kind and found.marked)
        self._hints["#"].set_on(bool(found.tags))

    def set_error(self, sentence: str) -> None:
        """Tell why nothing was saved; the line keeps its text."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.line.set_error(bool(sentence))
        if sentence:
            self.line.setAccessibleDescription(sentence)

    def error(self) -> str:
        """The sentence shown."""
        return self._error.text() if not self._error.isHidden() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line above."""
        QPainter(self).fillRect(0, 0, self.width(), 1, theme.color("border"))
