"""A line for one person: any name may be written, those known here are offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCompleter, QWidget

from app.ui.widgets.inputs import LineEdit


class PersonEdit(LineEdit):
    """`known` is asked at the first key after the line was entered; a part of a name is enough to find it."""

    def __init__(
        self,
        known: Callable[[], Sequence[str]],
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name=name, accessible=accessible, placeholder=placeholder, parent=parent)
        self._known, self._stale = known, True
        self._names = QStringListModel(self)
        self._offer = QCompleter(self._names, self)
        self._offer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._offer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._offer.activated.connect(self._on_taken)
        self.setCompleter(self._offer)
        self.textEdited.connect(self._on_typed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who was named since is known at the next key."""
        super().focusInEvent(event)
        self._stale = True

    @Slot()
    def _on_typed(self) -> None:
        if self._stale:
            self._stale = False
            self._names.setStringList(list(self._known()))

    @Slot(str)
    def _on_taken(self, name: str) -> None:
        # Qt puts the name in without telling that somebody edited.
        if self.text() != name:
            self.setText(name)
        self.textEdited.emit(name)
