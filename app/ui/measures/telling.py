"""What the screen says about what was done: a toast with its way back, a banner for what was refused."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import MasswerkError
from app.ui.measures import sentences
from app.ui.widgets.notices import Banner, Toast


class Teller(QObject):
    """Speaks for a screen; the banner stands in `place`."""

    def __init__(self, screen: QWidget, undo: Callable[[], object]) -> None:
        super().__init__(screen)
        self._screen, self._undo = screen, undo
        self.place = QVBoxLayout()

    def tell(self, sentence: str, undoable: bool) -> None:
        """Say what has just been stored; the way back is the last step of undo."""
        self.tell_with(sentence, self._undo if undoable else None)

    def tell_with(self, sentence: str, undo: Callable[[], object] | None) -> None:
        """Say what has just happened, with a way back of its own."""
        if not sentence:
            return
        window = self._screen.window()
        for old in window.findChildren(Toast):
            old.close_now()
        toast = Toast(window, sentence, name="toast", undo=self.tr("Rückgängig") if undo is not None else "")
        if undo is not None:  # something was stored: what was refused before is past
            toast.undone.connect(undo)
            self._forget()
        toast.show_above(40)

    def complain(self, error: MasswerkError) -> None:
        """Say what was refused, in the place of what was refused before."""
        self._forget()
        self.place.addWidget(Banner("danger", sentences.refusal(error), name="measures_problem", dismissible=True))

    def _forget(self) -> None:
        for i in reversed(range(self.place.count())):
            item = self.place.takeAt(i)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
