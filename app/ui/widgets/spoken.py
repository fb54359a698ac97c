"""What stands on a painted surface, one by one for a screen reader: a list that nobody sees, laid over the paint.

Qt makes accessible pieces of widgets and of the rows of its own views, and of nothing else that Python can add. So a
painted surface gets a list as its child: it paints nothing, takes neither mouse nor keyboard, and has a row per card
with its words, its place on the screen, whether it is marked and whether the keyboard stands on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from app.ui.widgets import base

Index = QModelIndex | QPersistentModelIndex
Hint = QAbstractItemView.ScrollHint
_NONE = QModelIndex()


class Painted(Protocol):
    """A surface that paints its cards itself and can say what it has painted where."""

    def spoken_keys(self) -> Sequence[str]:
        """Every card in reading order."""
        ...

    def spoken_words(self, key: str) -> str:
        """All that is to be said of one card."""
        ...

    def spoken_rect(self, key: str) -> QRect:
        """Where it lies in the surface's viewport; outside of it for one that is scrolled away, empty if it is gone."""
        ...

    def spoken_current(self) -> str:
        """The card the keyboard stands on, "" for none."""
        ...

    def spoken_marked(self) -> Sequence[str]:
        """The cards that are marked."""
        ...


class _Cards(QAbstractListModel):
    """The keys of the surface, held so that rows mean the same until they are renewed."""

    def __init__(self, surface: Painted, parent: QObject) -> None:
        super().__init__(parent)
        self._surface = surface
        self.keys: list[str] = []

    def renew(self) -> None:
        """Take the cards as they are now."""
        keys = list(self._surface.spoken_keys())
        if keys != self.keys:
            self.beginResetModel()
            self.keys = keys
            self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        """A row per card."""
        return 0 if parent.isValid() else len(self.keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._surface.spoken_words(self.keys[index.row()])
        return None


class SpokenCards(QListView):
    """The cards of a painted surface as rows; `renew` is to be called whenever what is said of them changes.

    `marked` tells which cards a screen reader has marked: selecting is all it can do to a row.
    """

    marked = Signal(object)

    def __init__(self, surface: Painted, holder: QWidget, *, name: str, accessible: str) -> None:
        """`holder` is the widget the surface paints on: itself, or its viewport."""
        super().__init__(holder)
        self._surface, self._holder = surface, holder
        self._renewing = False
        base.identify(self, name, accessible)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for ground in (self, self.viewport()):
            ground.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
            ground.setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.cards = _Cards(surface, self)
        self.setModel(self.cards)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        holder.installEventFilter(self)
        self.setGeometry(holder.rect())

    def renew(self, *, has_focus: bool) -> None:
        """Cards, marks or the keyboard's place are others; nothing is done while no screen reader runs.

        Args:
            has_focus: whether the surface has the keyboard: then the reader is led to the card it stands on.
        """
        if not QAccessible.isActive():
            return
        self._renewing = True
        self.cards.renew()
        rows = {key: row for row, key in enumerate(self.cards.keys)}
        chosen = self.selectionModel()
        chosen.clearSelection()
        for key in self._surface.spoken_marked():
            if key in rows:
                chosen.select(self.cards.index(rows[key]), QItemSelectionModel.SelectionFlag.Select)
        row = rows.get(self._surface.spoken_current(), -1)
        chosen.setCurrentIndex(self.cards.index(row), QItemSelectionModel.SelectionFlag.NoUpdate)
        self._renewing = False
        if row >= 0 and has_focus:
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(row)
            QAccessible.updateAccessibility(event)

    def _on_selection(self) -> None:
        if not self._renewing:
            self.marked.emit([self.cards.keys[index.row()] for index in self.selectedIndexes()])

    # -- a view without a look -------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        """Nothing is laid out: the surface knows where its cards lie."""

    def visualRect(self, index: Index) -> QRect:
        """Where the surface has painted it."""
        row = index.row()
        return self._surface.spoken_rect(self.cards.keys[row]) if 0 <= row < len(self.cards.keys) else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The card under a point."""
        keys = self.cards.keys
        return self.cards.index(
            next((n for n, key in enumerate(keys) if self._surface.spoken_rect(key).contains(point)), -1)
        )

    def scrollTo(self, index: Index, hint: Hint = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        """The surface scrolls, not this list."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint nothing."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the surface."""
        if event.type() == QEvent.Type.Resize and watched is self._holder:
            self.setGeometry(self._holder.rect())
        return super().eventFilter(watched, event)
