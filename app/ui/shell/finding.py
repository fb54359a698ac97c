"""The search line at work: finds while one types, commands behind ">", and the way back to where one was."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.ui.shell.commands import Command
from app.ui.shell.palette import Palette
from app.ui.shell.search_hits import Hit, SearchHits
from app.ui.widgets.search import SearchField


class Finding(QObject):
    """Joins the line, the list below it and the commands.

    `asked` wants an answer by `show_hits`; `submitted` comes at Return where nothing was chosen; `chosen` carries
    the target of a find; `left` that the line was given up and nobody knows who had the focus before.
    """

    asked = Signal(str)
    submitted = Signal(str)
    chosen = Signal(object)
    left = Signal()

    def __init__(self, window: QWidget, line: SearchField, settings: QSettings | None) -> None:
        super().__init__(window)
        self._line, self._hits = line, SearchHits(window)
        self.palette = Palette(line, self._hits, settings)
        self._before: QWidget | None = None
        line.textEdited.connect(self._on_edited)
        line.searched.connect(self._on_searched)
        line.submitted.connect(self._on_submitted)
        line.moved.connect(self._hits.move_by)
        line.given_up.connect(self._go_back)
        line.editingFinished.connect(self._on_line_left)
        self._hits.chosen.connect(self._on_chosen)

    def begin(self, inside: QWidget | None, words: str = "") -> None:
        """Put the cursor into the line; `inside` has the focus now and gets it back. Words are put in, if any."""
        if inside is not None and inside is not self._line:
            self._before = inside
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if words:
            self._line.setText(words)
            self.palette.show()
        else:
            self._line.selectAll()

    def words(self) -> str:
        """What is searched for; empty while commands are listed."""
        words = self._line.text().strip()
        return "" if Palette.is_meant(words) else words

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show what was found; an empty line hides the list, and commands stay."""
        words = self.words()
        if words:
            self._hits.show_hits(hits, self._line, self.tr("Nichts gefunden zu „{0}“.").format(words))
        elif not self._line.text():
            self._hits.hide()

    def _on_edited(self, words: str) -> None:
        """Commands are listed at once; what has to be looked up waits for a pause."""
        if Palette.is_meant(words):
            self.palette.show()

    def _on_searched(self, words: str) -> None:
        if Palette.is_meant(words):
            return
        if not words.strip():
            self._hits.hide()
        self.asked.emit(words)

    def _on_submitted(self, words: str) -> None:
        if not self._hits.choose_current() and not Palette.is_meant(words):
            self.submitted.emit(words)

    def _on_line_left(self) -> None:
        if not self._line.hasFocus():
            self._hits.hide()

    def _on_chosen(self, target: object) -> None:
        self._line.clear()
        if isinstance(target, Command):
            # A command means what one was working on.
            self._go_back()
            self.palette.run(target)
        else:
            self.chosen.emit(target)

    def _go_back(self) -> None:
        self._hits.hide()
        before = self._before
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()
