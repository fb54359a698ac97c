"""What stands in a workshop and is on no disk: whoever leaves is told of it, and may give it up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.ui.widgets.notices import Banner


@dataclass(frozen=True, slots=True)
class Unsaved:
    """One thing that would be lost.

    Attributes:
        name: what it is called on screen.
        remedy: the sentence that says how it is kept; empty where the reason stands beside it.
        view: where it stands, as `WorkshopView.show_view` knows it; "new" for the form of a new workshop.
    """

    name: str
    remedy: str
    view: str


class UnsavedBanner(Banner):
    """Names what is not saved and goes on once the person has given it up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("danger", "–", name="workshops_unsaved", parent=parent, dismissible=True, remedy="Verwerfen")
        self._then: Callable[[], object] | None = None
        self.remedied.connect(self._on_remedied)
        self.hide()

    def hold(self, left: Sequence[Unsaved], then: Callable[[], object]) -> None:
        """Say what would be lost; `then` is what the person wanted when it turned up."""
        self._then = then
        names = ", ".join(one.name for one in left)
        remedies = " ".join(dict.fromkeys(one.remedy for one in left if one.remedy))
        self.set_sentence(self.tr("Nicht gespeichert: {0}.").format(names), remedies)
        self.show()

    def _on_remedied(self) -> None:
        self.hide()
        then, self._then = self._then, None
        if then is not None:
            then()
