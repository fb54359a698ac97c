"""What the search found, or the commands that fit, in groups, in a list that hangs below the search line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.cells import Cell
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.popover import SHADOW, paint_shadow
from app.ui.widgets.words import Label

_MOST_ROWS = 11

Marks = tuple[tuple[int, int], ...]
"""(start, length) of the words that were searched for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: what to open, its title, where it was found, its kind as an icon, and the group it stands in."""

    target: Any
    title: str
    detail: str = ""
    note: str = ""
    icon: str = ""
    group: str = ""
    marks: Marks = ()
    detail_marks: Marks = ()


class _HitModel(QAbstractListModel):
    """Headings (texts) and finds, in the order shown."""

    def __init__(self, hits: Sequence[Hit], parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Hit | str] = []
        group = ""
        for hit in hits:
            if hit.group != group:
                group = hit.group
                self.rows.append(group)
            self.rows.append(hit)
        self.places = [row for row, one in enumerate(self.rows) if isinstance(one, Hit)]

    def hit(self, row: int) -> Hit | None:
        """The find in a row; None for a heading and beyond the end."""
        found = self.rows[row] if 0 <= row < len(self.rows) else None
        return found if isinstance(found, Hit) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if self.hit(index.row()) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        hit = self.rows[index.row()]
        if isinstance(hit, str):
            return {int(Qt.ItemDataRole.DisplayRole): hit, int(Cell.GROUP): True}.get(role)
        answers = {
            int(Qt.ItemDataRole.DisplayRole): hit.title,
            int(Cell.DETAIL): hit.detail,
            int(Cell.META): hit.note,
            int(Cell.ICON): hit.icon or None,
            int(Cell.MARKS): hit.marks,
            int(Cell.DETAIL_MARKS): hit.detail_marks,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken(hit),
        }
        return answers.get(role)


def spoken(hit: Hit) -> str:
    """A find in one sentence, for the screen reader."""
    return ", ".join(part for part in (hit.title, hit.detail, hit.note, hit.group) if part)


class SearchHits(Themed, QWidget):
    """Floats below the search line while there is something to show; the cursor stays in the line."""

    chosen = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        base.identify(self, "search_hits", self.tr("Fundstellen"))
        self._list = ListView(RowKind.TWO, name="search_hit_list", accessible=self.tr("Fundstellen"), edge=12)
        self._short = ListView(RowKind.ONE, name="command_list", accessible=self.tr("Befehle"), edge=12)
        self._none = Label(role="muted", wrap=True)
        self._none.setContentsMargins(16, 12, 16, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SHADOW + 1, SHADOW + 4, SHADOW + 1, SHADOW + 4)
        for view in (self._list, self._short):
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            view.clicked.connect(self._on_clicked)
            layout.addWidget(view)
        layout.addWidget(self._none)
        self._model = _HitModel((), self)
        self._view = self._list
        self.hide()

    def show_hits(self, hits: Sequence[Hit], below: QWidget, nothing: str) -> None:
        """Show what was found below a widget; `nothing` says so when it was nothing."""
        window = self.parentWidget()
        assert window is not None
        # Commands have one line each; what is in sight on top of each other then is twice as much.
        self._view = self._short if hits and not any(hit.detail for hit in hits) else self._list
        self._model = _HitModel(hits, self)
        self._view.setModel(self._model)
        self._list.setVisible(bool(hits) and self._view is self._list)
        self._short.setVisible(bool(hits) and self._view is self._short)
        self._none.setVisible(not hits)
        self._none.setText(nothing)
        corner = below.mapTo(window, QPoint(0, below.height()))
        room = window.height() - corner.y() - theme.grow(32, "small")
        wide = max(below.width(), min(theme.px(640), window.width() - corner.x() - 24))
        self.setGeometry(corner.x() - SHADOW, corner.y() - SHADOW + 4, wide + 2 * SHADOW, min(self._wish(), room))
        if hits:
            self._go(self._model.places[0])
        self.show()
        self.raise_()

    def _wish(self) -> int:
        rows = range(min(_MOST_ROWS, self._model.rowCount()))
        height = sum(self._view.sizeHintForIndex(self._model.index(row)).height() for row in rows)
        return (height or theme.grow(44)) + 2 * SHADOW + 8

    def hits(self) -> list[Hit]:
        """What is shown, in order; empty while nothing is."""
        return [row for row in self._model.rows if isinstance(row, Hit)] if self.isVisible() else []

    def current(self) -> Hit | None:
        """The find that Return opens."""
        return self._model.hit(self._view.currentIndex().row()) if self.isVisible() else None

    def move_by(self, step: int) -> None:
        """Walk through the finds while the cursor stays in the search line."""
        places, row = self._model.places, self._view.currentIndex().row()
        if self.isVisible() and places:
            at = places.index(row) if row in places else -step
            self._go(places[(at + step) % len(places)])

    def _go(self, row: int) -> None:
        self._view.setCurrentIndex(self._model.index(row))
        if row and self._model.hit(row - 1) is None:
            self._view.scrollTo(self._model.index(row - 1))
            self._view.scrollTo(self._model.index(row))
        hit = self._model.hit(row)
        if hit is not None and QAccessible.isActive():
            # The focus stays in the line: the screen reader would not hear of what Return opens.
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken(hit)))

    def choose_current(self) -> bool:
        """Open the current find; says whether there was one."""
        hit = self.current()
        if hit is None:
            return False
        self.hide()
        self.chosen.emit(hit.target)
        return True

    def _on_clicked(self, index: QModelIndex) -> None:
        if self._model.hit(index.row()) is not None:
            self._view.setCurrentIndex(index)
            self.choose_current()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shadow and card."""
        painter = base.crisp(QPainter(self))
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_shadow(painter, card, 8)
        base.box(painter, card, 8, theme.color("surface"), theme.color("outline"))
