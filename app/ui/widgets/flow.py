"""A layout that fills rows from left to right, for chips and tags."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class FlowLayout(QLayout):
    """Puts its items side by side, middle beside middle, and starts a new row where the width ends."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8, margin: int = 0) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)
        self.setContentsMargins(margin, margin, margin, margin)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end (called by Qt)."""
        self._items.append(item)

    def insert(self, index: int, widget: QWidget) -> None:
        """Put a widget at a place."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place (called by Qt)."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away (called by Qt)."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows at this width."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items (called by Qt)."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        margins = self.contentsMargins()
        shown = [item for item in self._items if not item.isEmpty()]
        width = sum(item.sizeHint().width() for item in shown) + self.spacing() * max(0, len(shown) - 1)
        height = max((item.sizeHint().height() for item in shown), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def minimumSize(self) -> QSize:
        """The widest of the narrowest items."""
        margins = self.contentsMargins()
        width = max((item.minimumSize().width() for item in self._items), default=0)
        height = max((item.minimumSize().height() for item in self._items), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        area = rect.marginsRemoved(margins)
        x, y, row = area.left(), area.top(), 0
        beside: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(max(area.width(), item.minimumSize().width()), 16777215))
            widget = item.widget()
            grows = widget is not None and (widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Expanding)
            if grows:
                size.setWidth(item.minimumSize().width())
            if row and x + size.width() > area.left() + area.width():
                _place(beside, row, move=move)
                x, y, row, beside = area.left(), y + row + self.spacing(), 0, []
            if grows:
                size.setWidth(max(size.width(), area.left() + area.width() - x))
            beside.append((item, QRect(QPoint(x, y), size)))
            x += size.width() + self.spacing()
            row = max(row, size.height())
        _place(beside, row, move=move)
        return y + row - rect.top() + margins.bottom()


def _place(beside: list[tuple[QLayoutItem, QRect]], height: int, *, move: bool) -> None:
    """What stands in one row has its middle on one line: low chips beside high boxes."""
    for item, rect in beside if move else ():
        item.setGeometry(rect.translated(0, (height - rect.height()) // 2))
