"""Tags: chips inside a field, added with Return, removed with Backspace, completed while typing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import LinkButton, Pressable
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.inputs import LONGEST_LINE, clear_palette, paint_field, too_long_for_a_line

_BETWEEN = re.compile(r"[,;\t\r\n]+")
"""What parts the words of a pasted list: what people write between them, and the cells of a table."""
_AT_ONCE = 150
"""A field with thousands of tags is no field any more: so many are shown, and as many more at a press."""


class _Tag(Pressable):
    """One tag; pressing it takes it away."""

    def __init__(self, words: str, name: str, parent: QWidget) -> None:
        super().__init__(words, name, words, parent)
        self.setAccessibleDescription(self.tr("Eingabe oder Entf entfernt das Schlagwort."))
        self.setToolTip(self.tr("„{0}“ entfernen").format(words))
        self.ring_radius = 12
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(base.text_width(self.text(), "small") + theme.px(10) + 24, theme.grow(24, "small") - 2)

    def minimumSizeHint(self) -> QSize:
        """A long word gives way to the width of the field."""
        return QSize(theme.px(48), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = base.crisp(QPainter(self))
        base.box(painter, self.rect(), self.height() / 2, theme.color(self.wash("fill")))
        cross = base.middle(self.rect(), theme.px(10), self.width() - theme.px(10) - 8)
        base.text(
            painter,
            self.rect().adjusted(9, 0, -theme.px(10) - 10, 0),
            self.text(),
            theme.color("text"),
            "small",
        )
        if self.isEnabled():  # what may only be read offers nothing to take away
            icons.paint(painter, "x", cross, theme.color("muted"))


class TagEdit(Themed, QWidget):
    """A set of short words. `changed` carries the new frozenset; `added` and `removed` carry the one word.

    `refused` carries a sentence when one word was pasted that is longer than a line.

    `suggestions` is asked at the first key after the field was entered: what others have written meanwhile is
    offered too, and a form with many such fields opens without asking for any of them.
    """

    changed = Signal(object)
    added = Signal(str)
    removed = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        suggestions: Callable[[], Sequence[str]] = tuple,
        normalise: Callable[[str], str] = str.strip,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self._normalise, self._placeholder, self._error = normalise, placeholder, ""
        self._tags: dict[str, _Tag | None] = {}
        self._more = LinkButton("–", name=f"{name}_more")
        self._more.hide()
        self._more.clicked.connect(self._on_more)
        self.line = QLineEdit(self)
        base.identify(self.line, f"{name}_line", accessible)
        self.line.setFrame(False)
        self.line.installEventFilter(self)
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._suggestions, self._stale = suggestions, True
        self._words = QStringListModel(self)
        self.line.textEdited.connect(self._on_edited)
        self.line.setCompleter(self._completer())
        self._flow = FlowLayout(self, gap=4, margin=5)
        self._flow.addWidget(self._more)
        self._flow.addWidget(self.line)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusProxy(self.line)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.restyle()

    def _completer(self) -> QCompleter:
        completer = QCompleter(self._words, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._on_completed)
        return completer

    def value(self) -> frozenset[str]:
        """The tags."""
        return frozenset(self._tags)

    def set_value(self, tags: Iterable[str]) -> None:
        """Show these tags without telling anybody, sorted as given; of very many the first, and a way to the others."""
        wanted = list(dict.fromkeys(tags))
        if wanted == list(self._tags):
            return
        for words in list(self._tags):
            self._drop(words)
        self._tags = dict.fromkeys(wanted)
        self._show(_AT_ONCE)

    def _show(self, most: int) -> None:
        """Give the next tags that have none their piece of the screen."""
        hidden = [words for words, tag in self._tags.items() if tag is None]
        for words in hidden[:most]:
            self._place(words)
        self._describe()

    def _on_more(self) -> None:
        self._show(_AT_ONCE)

    def _on_edited(self) -> None:
        if self._stale:
            self._stale = False
            self._words.setStringList(list(self._suggestions()))

    def set_error(self, sentence: str) -> None:
        """Mark the field with a sentence for the screen reader; the empty string clears it."""
        self._error = sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def restyle(self) -> None:
        """Take font and colours from the theme."""
        self.line.setFont(theme.font("body"))
        clear_palette(self.line)
        self.line.setFixedHeight(theme.grow(22))
        self.line.setTextMargins(3, 0, 0, 0)
        self.line.setMinimumWidth(theme.px(72))
        self.updateGeometry()
        self.update()

    def _place(self, words: str) -> None:
        tag = _Tag(words, f"{self.objectName()}_tag_{len(self._tags)}", self)
        tag.clicked.connect(self._on_tag_clicked)
        self._tags[words] = tag
        self._flow.insert(self._flow.count() - 2, tag)
        tag.show()

    def _drop(self, words: str) -> None:
        tag = self._tags.pop(words)
        if tag is not None:
            self._flow.removeWidget(tag)
            tag.hide()
            tag.deleteLater()

    def _describe(self) -> None:
        self.line.setPlaceholderText("" if self._tags else self._placeholder)
        shown = [words for words, tag in self._tags.items() if tag is not None]
        left = len(self._tags) - len(shown)
        told = self.tr("{0} weitere").format(f"{left:,}".replace(",", "."))
        self._more.setText(told)
        self._more.setAccessibleName(self.tr("{0} Schlagworte zeigen").format(told))
        self._more.setVisible(left > 0)
        self.line.setAccessibleDescription(", ".join([*shown, told] if left else shown))
        self.updateGeometry()

    def _add_typed(self) -> None:
        words = self._normalise(self.line.text())
        self.line.clear()
        if words and words not in self._tags:
            self._tags[words] = None
            self._place(words)
            self._describe()
            self.added.emit(words)
            self.changed.emit(self.value())

    def _paste(self, text: str) -> bool:
        """A list becomes as many tags; a line would take it for one, and cut it. False leaves it to the line."""
        pieces = [piece for piece in map(self._normalise, _BETWEEN.split(text)) if piece]
        if any(len(piece) > LONGEST_LINE for piece in pieces):
            self.refused.emit(too_long_for_a_line(max(map(len, pieces))))
            return True
        if len(pieces) < 2:
            return False
        fresh = [piece for piece in dict.fromkeys(pieces) if piece not in self._tags]
        shown = len([tag for tag in self._tags.values() if tag is not None])
        self._tags |= dict.fromkeys(fresh)
        self._show(max(0, _AT_ONCE - shown))
        for piece in fresh:
            self.added.emit(piece)
        if fresh:
            self.changed.emit(self.value())
        return True

    def _remove(self, words: str) -> None:
        self._drop(words)
        self._describe()
        self.line.setFocus()
        self.removed.emit(words)
        self.changed.emit(self.value())

    def _remove_last(self) -> None:
        """The last of those in sight."""
        last = next((words for words, tag in reversed(self._tags.items()) if tag is not None), None)
        if last is not None:
            self._remove(last)

    def _on_tag_clicked(self) -> None:
        tag = self.sender()
        words = next((key for key, value in self._tags.items() if value is tag), None)
        if words is not None:
            self._remove(words)

    def _on_completed(self, words: str) -> None:
        self.line.setText(words)
        self._add_typed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return and comma add, Backspace in an empty line removes the last tag."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
            self._stale = True
            if event.type() == QEvent.Type.FocusOut and not self._popup_open():
                self._add_typed()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if event.matches(QKeySequence.StandardKey.Paste) and not self.line.text():
                return self._paste(QGuiApplication.clipboard().text())
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma) and self.line.text().strip():
                self._add_typed()
                return True
            if key == Qt.Key.Key_Backspace and not self.line.text() and self._tags:
                self._remove_last()
                return True
        return False

    def _popup_open(self) -> bool:
        popup = self.line.completer().popup()
        return popup is not None and popup.isVisible()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the tags goes into the line."""
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)

    def hasHeightForWidth(self) -> bool:
        """More tags mean more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows."""
        return max(theme.grow(32), self._flow.heightForWidth(width))

    def sizeHint(self) -> QSize:
        """A field of one row at least, as high as its rows at the present width."""
        width = self.width() if self.width() > 100 else theme.px(220)
        return QSize(theme.px(220), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(theme.px(96), self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Another width may mean more rows."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box of the field."""
        painter = QPainter(self)
        paint_field(
            painter,
            self,
            focused=self.line.hasFocus(),
            error=bool(self._error),
            read_only=not self.isEnabled(),
        )
