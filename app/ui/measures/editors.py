"""Editors for every type of field, behind one face: a value in, a value out, told when it changes.

`value()` is what would be saved; it raises ValueError with a German sentence while what stands there is not
understood. `show()` never tells anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, QStringListModel, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QSizePolicy, QWidget

from app.ui import theme
from app.ui.measures.bundle_names import bundle_choices
from app.ui.widgets import base
from app.ui.widgets.choices import Choice, ChoiceBox, SetBox
from app.ui.widgets.inputs import LineEdit, TextArea, words_of
from app.ui.widgets.parsed import ParsedEdit
from app.ui.widgets.tags import TagEdit


class Editor(QObject):
    """One editor. `edited`: something changed under the person's hands; `left`: save now."""

    edited = Signal()
    left = Signal()
    overfull = Signal(int)
    """So many characters were to be put in at once, more than the field takes; none of them were."""

    def __init__(self, widget: QWidget, focus: QWidget | None = None) -> None:
        super().__init__(widget)
        self.widget = widget
        self.focus = focus or widget

    def value(self) -> Any:
        """What stands there, None for nothing."""
        raise NotImplementedError

    def show(self, value: Any) -> None:
        """Show a saved value."""
        raise NotImplementedError

    def mark(self, sentence: str) -> None:
        """Mark a mistake; the sentence itself stands under the field."""

    def complain(self, sentence: str) -> str:
        """Mark what is not understood; the sentence, if it is to stand under the field, "" where it stands already."""
        self.mark(sentence)
        return sentence

    def lock(self, on: bool) -> None:
        """Only to be read."""
        self.widget.setEnabled(not on)

    def settle(self) -> None:
        """The value was saved: show it in its proper form, unless the person is still in it."""

    def is_busy(self) -> bool:
        """Whether the person is in it just now."""
        return self.focus.hasFocus()


class LineEditor(Editor):
    """One line of text; `suggestions` are read when somebody types."""

    def __init__(self, line: LineEdit, suggestions: Callable[[], list[str]] | None = None) -> None:
        super().__init__(line)
        self._line, self._suggestions = line, suggestions
        self._offered = QStringListModel(line)
        line.textEdited.connect(self._on_edited)
        line.editingFinished.connect(self.left)
        if suggestions is not None:
            completer = QCompleter(self._offered, line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.activated.connect(self._on_picked)
            line.setCompleter(completer)

    def _on_picked(self, _words: str) -> None:
        self.edited.emit()
        self.left.emit()

    def _on_edited(self, words: str) -> None:
        if self._suggestions is not None and (len(words) == 1 or not self._offered.rowCount()):
            self._offered.setStringList(self._suggestions())
        self.edited.emit()

    def value(self) -> str | None:
        return self._line.text() or None

    def show(self, value: Any) -> None:
        self._line.set_words(str(value or ""))

    def mark(self, sentence: str) -> None:
        self._line.set_error(sentence)

    def lock(self, on: bool) -> None:
        self._line.setReadOnly(on)
        self._line.update()


class LongText(TextArea):
    """A `TextArea` that stays quick with whatever is pasted into it.

    One long word makes Qt's wrapping at words quadratic (100,000 letters: 4.5 s); wrapping anywhere is not
    (0.2 s). More than the field takes is not put in at all: it still lies in the clipboard.
    """

    overfull = Signal(int)
    MANY = 20_000

    def __init__(self, limit: int, *, name: str, accessible: str, placeholder: str, most: int) -> None:
        self._limit = limit
        super().__init__(name=name, accessible=accessible, placeholder=placeholder, lines=1, most=most)

    def restyle(self) -> None:
        """Leave the placeholder to our own painting: Qt sets it on another line height than the text."""
        super().restyle()
        palette = self.palette()
        palette.setColor(palette.ColorRole.PlaceholderText, Qt.GlobalColor.transparent)
        self.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, or the placeholder on the same line."""
        super().paintEvent(event)
        if self.document().isEmpty():
            painter = base.crisp(QPainter(self.viewport()))
            line = QRectF(0, 0, self.viewport().width(), theme.line())
            base.text(painter, line, self.placeholderText(), theme.color("muted"))

    def setPlainText(self, words: str) -> None:
        """Wrap by the size of the text."""
        self._wrap_for(len(words))
        super().setPlainText(words)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take a paste that fits."""
        size = len(words_of(source)) + self.document().characterCount()
        if size > self._limit:
            self.overfull.emit(size)
            return
        self._wrap_for(size)
        super().insertFromMimeData(source)

    def _wrap_for(self, size: int) -> None:
        modes = QTextOption.WrapMode
        self.setWordWrapMode(modes.WrapAnywhere if size > self.MANY else modes.WrapAtWordBoundaryOrAnywhere)


class AreaEditor(Editor):
    """Several lines of text."""

    def __init__(self, area: TextArea) -> None:
        super().__init__(area)
        self._area, self._quiet = area, False
        area.textChanged.connect(self._on_changed)
        area.installEventFilter(self)
        if isinstance(area, LongText):
            area.overfull.connect(self.overfull)

    def _on_changed(self) -> None:
        if not self._quiet:
            self.edited.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving saves."""
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False

    def value(self) -> str | None:
        return self._area.words() or None

    def show(self, value: Any) -> None:
        self._quiet = True
        self._area.set_words(str(value or ""))
        self._quiet = False

    def mark(self, sentence: str) -> None:
        self._area.set_error(sentence)

    def lock(self, on: bool) -> None:
        self._area.setReadOnly(on)
        self._area.update()


class TypedLine(ParsedEdit):
    """A `ParsedEdit` that can tell what is being typed before it is left."""

    def typed(self) -> Any:
        """The value of what stands there, saved or not; ValueError while it is not understood."""
        return self.value() if self.line.text() == self._shown else self._read()

    def tidy(self) -> None:
        """Show the value in its proper form."""
        if not self.line.hasFocus():
            self.set_value(self.typed())


class ParsedEditor(Editor):
    """Words with a meaning: dates, money, numbers. A half-typed amount is left as it stands."""

    def __init__(self, field: TypedLine) -> None:
        super().__init__(field, field.line)
        self._field = field
        field.edited.connect(self.edited)
        field.line.editingFinished.connect(self.left)

    def value(self) -> Any:
        return self._field.typed()

    def show(self, value: Any) -> None:
        self._field.set_value(value)

    def mark(self, sentence: str) -> None:
        self._field.line.set_error(sentence)

    def complain(self, sentence: str) -> str:
        self._field.commit()
        return ""

    def lock(self, on: bool) -> None:
        self._field.set_read_only(on)

    def settle(self) -> None:
        self._field.tidy()


class ChoiceEditor(Editor):
    """One of a list; a code of a newer version is offered as it is, so that it is not lost."""

    def __init__(self, box: ChoiceBox, choices: list[Choice]) -> None:
        super().__init__(box)
        self._box, self._choices = box, choices
        box.set_choices(choices)
        box.chosen.connect(self._on_chosen)

    def _on_chosen(self, key: object) -> None:
        self.edited.emit()
        self.left.emit()

    def value(self) -> Any:
        return self._box.value()

    def show(self, value: Any) -> None:
        if value is not None and value not in [choice.key for choice in self._choices]:
            self._choices = [*self._choices, Choice(value, str(value))]
            self._box.set_choices(self._choices)
        self._box.set_value(value)

    def mark(self, sentence: str) -> None:
        self._box.set_error(sentence)

    def lock(self, on: bool) -> None:
        self._box.set_read_only(on)


class BundleEditor(ChoiceEditor):
    """One of the bundles, called as they are now."""

    def __init__(self, box: ChoiceBox) -> None:
        super().__init__(box, bundle_choices())

    def show(self, value: Any) -> None:
        self._choices = bundle_choices()
        self._box.set_choices(self._choices)
        super().show(value)


class SetEditor(Editor):
    """Several of a list."""

    def __init__(self, box: SetBox) -> None:
        super().__init__(box)
        self._box = box
        box.changed.connect(self._on_changed)

    def _on_changed(self, keys: object) -> None:
        self.edited.emit()
        self.left.emit()

    def value(self) -> frozenset[str]:
        return self._box.value()

    def show(self, value: Any) -> None:
        self._box.set_value(value or ())

    def mark(self, sentence: str) -> None:
        self._box.set_error(sentence)


class TagEditor(Editor):
    """A set of free words."""

    def __init__(self, tags: TagEdit) -> None:
        super().__init__(tags, tags.line)
        self._tags = tags
        tags.changed.connect(self._on_changed)

    def _on_changed(self, keys: object) -> None:
        self.edited.emit()
        self.left.emit()

    def value(self) -> frozenset[str]:
        return self._tags.value()

    def show(self, value: Any) -> None:
        wanted: Iterable[str] = value or ()
        if self._tags.value() != frozenset(wanted):
            self._tags.set_value(wanted)

    def mark(self, sentence: str) -> None:
        self._tags.set_error(sentence)


class Pair(QWidget):
    """Two editors side by side in one row, with a dash between them: "Q3/2024 – Ende 2026"."""

    def __init__(self, first: QWidget, between: QWidget, second: QWidget) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(first, 1)
        layout.addWidget(between)
        layout.addWidget(second, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)


Read = Callable[[str], Any]
Show = Callable[[Any], str]
