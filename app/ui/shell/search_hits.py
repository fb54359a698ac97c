"""What the search found, in a list that hangs below the search line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.cells import Cell
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.popover import SHADOW, paint_shadow
from app.ui.widgets.words import Label

_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: what to open, its title, where it was found, and its kind as an icon."""

    target: Any
    title: str
    detail: str = ""
    note: str = ""
    icon: str = ""


class _HitModel(QAbstractListModel):
    def __init__(self, hits: Sequence[Hit], parent: QWidget) -> None:
        super().__init__(parent)
        self.hits = tuple(hits)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.hits)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        hit = self.hits[index.row()]
        answers = {
            int(Qt.ItemDataRole.DisplayRole): hit.title,
            int(Cell.DETAIL): hit.detail,
            int(Cell.META): hit.note,
            int(Cell.ICON): hit.icon or None,
            int(Qt.ItemDataRole.AccessibleTextRole): f"{hit.title}, {hit.detail}",
        }
        return answers.get(role)


class SearchHits(Themed, QWidget):
    """Floats below the search line while there is something to show; the cursor stays in the line."""

    chosen = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        base.identify(self, "search_hits", self.tr("Fundstellen"))
        self._list = ListView(RowKind.TWO, name="search_hit_list", accessible=self.tr("Fundstellen"), edge=12)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.clicked.connect(self._on_clicked)
        self._none = Label(role="muted", wrap=True)
        self._none.setContentsMargins(16, 12, 16, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SHADOW + 1, SHADOW + 4, SHADOW + 1, SHADOW + 4)
        layout.addWidget(self._list)
        layout.addWidget(self._none)
        self._model = _HitModel((), self)
        self.hide()

    def show_hits(self, hits: Sequence[Hit], below: QWidget, words: str) -> None:
        """Show what was found below a widget; says so when nothing was."""
        window = self.parentWidget()
        assert window is not None
        self._model = _HitModel(hits, self)
        self._list.setModel(self._model)
        self._list.setVisible(bool(hits))
        self._none.setVisible(not hits)
        self._none.setText(self.tr("Nichts gefunden zu „{0}“.").format(words))
        row = self._list.sizeHintForRow(0) if hits else theme.grow(44)
        height = row * min(_MOST_ROWS, max(1, len(hits))) + 2 * SHADOW + 8
        corner = below.mapTo(window, QPoint(0, below.height()))
        room = window.height() - corner.y() - theme.grow(32, "small")
        wide = max(below.width(), min(theme.px(440), window.width() - corner.x() - 24))
        self.setGeometry(corner.x() - SHADOW, corner.y() - SHADOW + 4, wide + 2 * SHADOW, min(height, room))
        if hits:
            self._list.setCurrentIndex(self._model.index(0))
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        """Walk through the finds while the cursor stays in the search line."""
        if self.isVisible() and self._model.hits:
            row = (self._list.currentIndex().row() + step) % len(self._model.hits)
            self._list.setCurrentIndex(self._model.index(row))

    def choose_current(self) -> bool:
        """Open the current find; says whether there was one."""
        row = self._list.currentIndex().row()
        if not self.isVisible() or not 0 <= row < len(self._model.hits):
            return False
        self.hide()
        self.chosen.emit(self._model.hits[row].target)
        return True

    def _on_clicked(self, index: QModelIndex) -> None:
        self._list.setCurrentIndex(index)
        self.choose_current()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shadow and card."""
        painter = base.crisp(QPainter(self))
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_shadow(painter, card, 8)
        base.box(painter, card, 8, theme.color("surface"), theme.color("outline"))
