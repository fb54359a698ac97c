"""The rows of a list that is read as a whole: all in memory, one column."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex
_R = TypeVar("_R")


class ListRows(QAbstractListModel, Generic[_R]):
    """`rows` by `show_rows`; who inherits says in `data` what stands in a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[_R] = []

    def show_rows(self, rows: list[_R]) -> None:
        """Show these; nothing moves where nothing changed."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)
