"""The forms in which measures are shown, one of them at a time, and what stands there when there are none."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.widgets.notices import EmptyState


class Stage(QStackedWidget):
    """`first_asked` is the button of an empty profile, `clear_asked` that of filters nothing passes."""

    first_asked = Signal()
    clear_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surfaces: Mapping[str, QWidget] = {}
        self.empty: EmptyState | None = None

    def hold(self, surfaces: Mapping[str, QWidget]) -> None:
        """Take the surfaces, made as children of this, by their names."""
        self._surfaces = surfaces
        for surface in surfaces.values():
            self.addWidget(surface)

    def show_surface(self, mode: str) -> None:
        """There is something to show."""
        self.setCurrentWidget(self._surfaces[mode])

    def show_nothing(self, view: str, *, filtered: bool, clearable: bool, total: int) -> None:
        """No measure passes: by filters or search, in this view, or because there is none yet."""
        if self.empty is not None:
            self.removeWidget(self.empty)
            self.empty.deleteLater()
        if filtered:
            self.empty = self._nothing(clearable)
        elif view == "all" and not total:
            self.empty = self._beginning()
        else:
            words = self.tr("Nichts gelöscht.") if view == "gone" else self.tr("In dieser Ansicht steht nichts.")
            self.empty = EmptyState("list-bullets", words, name="measures_none")
        self.addWidget(self.empty)
        self.setCurrentWidget(self.empty)

    def _nothing(self, clearable: bool) -> EmptyState:
        empty = EmptyState(
            "funnel", self.tr("Keine Maßnahme passt zu diesen Filtern."), name="measures_nothing",
            button=self.tr("Filter entfernen") if clearable else "", primary=False,
        )  # fmt: skip
        empty.started.connect(self.clear_asked)
        return empty

    def _beginning(self) -> EmptyState:
        empty = EmptyState(
            "list-bullets", self.tr("Hier stehen die Maßnahmen Ihrer Kommune."), name="measures_empty",
            button=self.tr("Erste Maßnahme anlegen"), button_icon="plus", primary=False,
            detail=self.tr("Ein Titel genügt; alles andere kommt, wenn es bekannt ist."),
        )  # fmt: skip
        empty.started.connect(self.first_asked)
        return empty
