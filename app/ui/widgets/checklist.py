"""A list with ticks and a search line, for sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.choice import Choice
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.toggles import paint_check

_KEY = Qt.ItemDataRole.UserRole


class _TickDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(160), theme.grow(32))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        base.crisp(painter)
        rect = QRectF(option.rect)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            base.box(painter, rect.adjusted(4, 1, -4, -1), 4, theme.color("accent_soft"))
        side = theme.px(16)
        state = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        paint_check(painter, base.middle(rect, side, rect.left() + 12), state)
        left = rect.left() + 12 + side + 8
        area = QRectF(left, rect.top(), rect.right() - left - 8, rect.height())
        base.text(painter, area, str(index.data()), theme.color("text"))


class _TickList(QListView):
    """Space ticks; Return closes through the popover's Esc handling of its parent."""

    toggled = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggled.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class CheckList(Themed, QWidget):
    """Entries with ticks; the search line filters by part of the word. `changed` carries the frozenset."""

    changed = Signal(object)

    def __init__(
        self,
        choices: Sequence[Choice],
        keys: Iterable[Any] = (),
        *,
        name: str,
        accessible: str,
        rows: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self._search = LineEdit(
            name=f"{name}_search", accessible=self.tr("Liste durchsuchen"), placeholder=self.tr("Suchen …")
        )
        self._list = _TickList()
        base.identify(self._list, f"{name}_entries", accessible)
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._list.setItemDelegate(_TickDelegate(self._list))
        self._list.setMouseTracking(True)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setFixedHeight(min(rows, max(1, len(choices))) * theme.grow(32) + 2)
        self._model = QStandardItemModel(self)
        chosen = frozenset(keys)
        for choice in choices:
            self._model.appendRow(self._item(choice, choice.key in chosen))
        self._list.setModel(self._model)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self._search)
        layout.addWidget(self._list)
        self._search.setVisible(len(choices) > rows)
        self.setFocusProxy(self._search if len(choices) > rows else self._list)
        self._search.textChanged.connect(self._filter)
        self._search.installEventFilter(self)
        self._list.toggled.connect(self._toggle)
        self._list.clicked.connect(self._toggle)
        if self._model.rowCount():
            self._list.setCurrentIndex(self._model.index(0, 0))

    @staticmethod
    def _item(choice: Choice, on: bool) -> QStandardItem:
        item = QStandardItem(choice.words)
        item.setData(choice.key, _KEY)
        item.setToolTip(choice.detail)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setData(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
        return item

    def value(self) -> frozenset[Any]:
        """The keys that are ticked."""
        items = (self._model.item(row) for row in range(self._model.rowCount()))
        return frozenset(item.data(_KEY) for item in items if item.checkState() is Qt.CheckState.Checked)

    def _toggle(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        item = self._model.itemFromIndex(index)
        on = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
        self.changed.emit(self.value())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow down goes from the search line into the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return False

    def _filter(self, words: str) -> None:
        wanted = words.casefold().strip()
        for row in range(self._model.rowCount()):
            self._list.setRowHidden(row, wanted not in self._model.item(row).text().casefold())
