"""The table's model: a page cache over SQL windows; `data()` never touches the database."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from app.domain.ids import EntityId
from app.models.queries import lists
from app.models.queries.listing import Listed, listed
from app.models.queries.lists import Grouping, MeasureFilter, MeasureLine, Order
from app.models.queries.reader import Reader
from app.ui import labels
from app.ui.measures.cells import COLUMNS, Cells, MeasureColumn
from app.ui.measures.groups import Grouped, Head, is_head
from app.ui.measures.surface import Shown, nothing
from app.ui.measures.views import Sorting
from app.ui.reading import Readings
from app.ui.widgets.cells import Cell

PAGE = 128
_KEPT = 40 * PAGE
_FEW, _FEW_LOOKS = 64, 8

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class MeasureModel(QAbstractTableModel):
    """Ids of all rows in memory (36 bytes each), lines of the pages that were looked at lately.

    Grouped, headings stand among the ids; `is_head` tells them apart.

    The view says with `show_window` which rows are in sight; they are fetched in one query before they are
    painted. Rows asked for out of sight (by a screen reader) come a moment later, by `dataChanged`.
    """

    def __init__(
        self,
        readings: Readings,
        cells: Cells,
        parent: QObject | None = None,
        columns: Sequence[MeasureColumn] = COLUMNS,
    ) -> None:
        super().__init__(parent)
        self.groups = Grouped(cells.places)
        self._hidden: frozenset[EntityId] = frozenset()
        self._readings, self._reader = readings, readings.reader
        self._cells, self._columns = cells, columns
        self._filter, self._sorting = MeasureFilter(), ((("title"), False),)  # type: tuple[MeasureFilter, Sorting]
        self._ids: list[EntityId] = []
        self._found: dict[str, list[EntityId]] = {}
        self._is_new = False
        self.is_dropping = False
        """Whether rows are just leaving: the view then moves its current row, and nobody has chosen that one."""
        self._rows: dict[EntityId, int] | None = None
        self._looked = 0
        self._lines: OrderedDict[EntityId, MeasureLine] = OrderedDict()
        self._wanted: set[int] = set()
        self._keep: Callable[[], frozenset[EntityId]] = frozenset
        self._fetch = QTimer(self, singleShot=True, interval=0)
        self._fetch.timeout.connect(self._on_fetch)

    # What is shown

    def keep_in_sight(self, kept: Callable[[], frozenset[EntityId]]) -> None:
        """Rows that stay although the filter no longer lets them through: those being worked on."""
        self._keep = kept

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter or order: the whole list anew, as soon as it is known; `then` it is shown."""
        self._filter, self._sorting = wanted, sorting
        self._is_new = True
        self.requery(then)

    def requery(self, then: Shown = nothing) -> None:
        """Ask again which rows there are and in which order, and tell only what differs; `then` it is shown."""

        def take(listed: Listed) -> None:
            self.take(listed)
            then(listed)

        self._readings.ask("list", self.question(), take)

    def question(self) -> Callable[[Reader], Listed]:
        """What to ask for the filter, order and groups in force; whoever shows more asks for it here too."""
        return partial(listed, f=self._filter, order=self._sorting, by=self.groups.by, first=PAGE)

    def take(self, listed: Listed) -> None:
        """Show the answer."""
        self._found = listed.groups
        if not self._is_new:
            self._differ()
            return
        self._is_new = False
        self.beginResetModel()
        self._ids, self._rows, self._looked = self._arranged(), None, 0
        self._lines.clear()
        self._lines.update(listed.lines)
        self._wanted.clear()
        self.endResetModel()

    @property
    def sorting(self) -> Sorting:
        """The order in force."""
        return self._sorting

    def show_window(self, first: int, last: int) -> None:
        """Fetch what is in sight, with half a page around it, in one query."""
        first, last = max(0, first - PAGE // 2), min(len(self._ids) - 1, last + PAGE // 2)
        self._take_rows([row for row in range(first, last + 1) if self._is_missing(row)])

    def refresh(self, roots: Iterable[EntityId]) -> None:
        """Fetch just these again where they are in the cache, and tell just their rows."""
        cached = [i for i in roots if i in self._lines]
        if cached:  # what has left the device keeps its old line until the list is asked again
            self._take_rows(sorted(row for row in map(self.row_of, cached) if row >= 0))

    def _differ(self) -> None:
        before = self.groups.heads
        fresh = self._arranged()
        self._tell_heads(before)
        kept = self._keep() - self._hidden
        fresh = self._with_kept(fresh, kept) if kept else fresh
        if fresh == self._ids:
            return
        gone = set(self._ids) - set(fresh)
        new = set(fresh) - set(self._ids)
        if len(gone) + len(new) > _FEW:
            self.beginResetModel()
            self._ids, self._rows, self._looked = fresh, None, 0
            self.endResetModel()
        else:
            self._drop(gone)
            self._arrange([i for i in fresh if i not in new])
            self._insert(fresh, new)

    def _arranged(self) -> list[EntityId]:
        """All rows: measures, and between them headings where they are grouped."""
        self._hidden, found = frozenset(), self._found
        if self.groups.by is None:
            return list(found[""])
        rows = self.groups.arranged(found)
        if len(rows) < self.count() + len(found):
            self._hidden = frozenset(one for ids in found.values() for one in ids).difference(rows)
        return rows

    def _tell_heads(self, before: Mapping[str, Head]) -> None:
        """Counts in headings that stay where they are."""
        for head, now in self.groups.heads.items():
            row = self.row_of(head)
            if row >= 0 and before.get(head) != now:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def count(self) -> int:
        """How many measures the filter lets through, those in folded groups too."""
        return sum(len(ids) for ids in self._found.values())

    def group_by(self, by: Grouping | None) -> None:
        """Put the rows under other headings, or under none, when they are listed next."""
        self.groups.by = by

    def is_head(self, row: int) -> bool:
        """Whether a row is a heading."""
        return is_head(self._ids[row])

    def fold(self, row: int, on: bool | None = None) -> None:
        """Fold a heading, unfold it, or turn it round if not told which."""
        head = self._ids[row]
        self.groups.fold(head, not self.groups.heads[head].folded if on is None else on)
        self._differ()

    def fold_all(self, on: bool) -> None:
        """Fold or unfold all headings."""
        self.groups.fold_all(on)
        self._differ()

    def _with_kept(self, fresh: list[EntityId], kept: frozenset[EntityId]) -> list[EntityId]:
        there = set(fresh)
        for one in kept - there:
            row = self.row_of(one)
            fresh.insert(min(row, len(fresh)) if row >= 0 else 0, one)
        return fresh

    def _drop(self, gone: set[EntityId]) -> None:
        self.is_dropping = True
        for row in sorted((self.row_of(i) for i in gone), reverse=True):
            self.beginRemoveRows(_NONE, row, row)
            self._lines.pop(self._ids.pop(row), None)
            self._rows = None
            self.endRemoveRows()
        self.is_dropping = False

    def _arrange(self, order: list[EntityId]) -> None:
        if order == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(self._ids[index.row()], index.column()) for index in before]
        self._ids, self._rows, self._looked = order, None, 0
        after = [self.index(self.row_of(i), column) for i, column in held]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert(self, fresh: list[EntityId], new: set[EntityId]) -> None:
        for row, one in enumerate(fresh):
            if one in new:
                if not is_head(one):
                    self._lines.update(self.fetched([one]))
                self.beginInsertRows(_NONE, row, row)
                self._ids.insert(row, one)
                self._rows = None
                self.endInsertRows()

    # Rows

    def id_at(self, row: int) -> EntityId:
        """The record of a row."""
        return self._ids[row]

    def ids_at(self, rows: Sequence[int]) -> list[EntityId]:
        """The records of several rows, without headings."""
        return [self._ids[row] for row in rows if not is_head(self._ids[row])]

    def row_of(self, measure: EntityId) -> int:
        """The row of a record, -1 if it is not in the list."""
        if self._rows is None and self._looked < _FEW_LOOKS:
            # Walking down a long list once or twice is quicker than making a directory of it.
            self._looked += 1
            return self._ids.index(measure) if measure in self._ids else -1
        if self._rows is None:
            self._rows = {one: row for row, one in enumerate(self._ids)}
        return self._rows.get(measure, -1)

    def lines_of(self, ids: Sequence[EntityId]) -> list[MeasureLine]:
        """Lines of records whether or not they are in the cache; for what is done to a selection."""
        missing = [i for i in ids if i not in self._lines]
        found = dict(self._lines)
        for start in range(0, len(missing), 500):
            found |= lists.measure_lines(self._reader, missing[start : start + 500])
        return [found[i] for i in ids if i in found]

    def fetched(self, ids: Sequence[EntityId]) -> dict[EntityId, MeasureLine]:
        """Lines from the database; who shows more than a line fetches the rest here too."""
        return lists.measure_lines(self._reader, ids)

    def _is_missing(self, row: int) -> bool:
        one = self._ids[row]
        return one not in self._lines and not is_head(one)

    def _take_rows(self, rows: Sequence[int]) -> None:
        """Fetch the lines of these rows, in rising order, and tell that they are here."""
        if not rows:
            return
        self._lines.update(self.fetched([self._ids[row] for row in rows]))
        while len(self._lines) > max(_KEPT, len(rows)):
            self._lines.popitem(last=False)
        for first, last in _runs(rows):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def _on_fetch(self) -> None:
        rows, self._wanted = sorted(self._wanted)[:_KEPT], set()
        self._take_rows([row for row in rows if row < len(self._ids) and self._is_missing(row)])

    # What Qt asks

    def rowCount(self, parent: Index = _NONE) -> int:
        """How many rows there are: measures, and headings where they are grouped."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NONE) -> int:
        """The columns of the table."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell; nothing yet where the page is still on its way."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if is_head(self._ids[index.row()]):
            return self._heading(self.groups.heads.get(self._ids[index.row()]), index.column(), role)
        line = self._lines.get(self._ids[index.row()])
        if line is None:
            self._wanted.add(index.row())
            if not self._fetch.isActive():
                self._fetch.start()
            return None
        return self.cell(line, self._columns[index.column()].key, role)

    @staticmethod
    def _heading(head: Head | None, column: int, role: int) -> Any:
        """A heading in any of its cells; only the first one is read aloud."""
        if head is None:
            return None
        if role == Cell.GROUP:
            return True
        if role == Cell.FOLDED:
            return head.folded
        if role == Cell.META:
            return labels.number(head.count)
        if role == Qt.ItemDataRole.DisplayRole:
            return head.title
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            state = "zugeklappt" if head.folded else "aufgeklappt"
            return f"Gruppe {head.title}, {labels.count(head.count, 'Maßnahme', 'Maßnahmen')}, {state}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings can be walked over but not selected."""
        if index.isValid() and index.row() < len(self._ids) and is_head(self._ids[index.row()]):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def cell(self, line: MeasureLine, column: str, role: int) -> Any:
        """One role of one cell of a line that is here."""
        return self._cells.value(line, column, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns; with several sorted columns also which comes second, third."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        column = self._columns[section]
        keys = [name for name, _ in self._sorting]
        if column.order in keys[1:]:
            place = keys.index(column.order)
            return f"{column.title} {'↓' if self._sorting[place][1] else '↑'}{'²³⁴⁵⁶⁷'[place - 1]}"
        return column.title


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows as stretches without a gap, so that one signal tells each of them."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def order_of(column: int) -> Order | None:
    """By what a column sorts, None if it does not."""
    return COLUMNS[column].order
