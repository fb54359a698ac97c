"""All cards of one workshop in memory, by column, in the order they came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from app.domain.ids import EntityId
from app.models.queries.sessions import CardLine

Column = EntityId | None
"""A station's id; None gathers what has no station, or one that was deleted."""


class Deck:
    """Cards by column. What arrives later stands below, whatever its clock says."""

    def __init__(self) -> None:
        self._columns: dict[Column, list[CardLine]] = {}
        self._place: dict[EntityId, Column] = {}
        self._stations: frozenset[EntityId] = frozenset()

    def load(self, lines: Iterable[CardLine], stations: Sequence[EntityId]) -> None:
        """Start anew with all cards of a workshop."""
        self._stations = frozenset(stations)
        self._columns = {station: [] for station in stations}
        self._place = {}
        for line in lines:
            column = self._column_of(line)
            self._columns.setdefault(column, []).append(line)
            self._place[line.id] = column

    def _column_of(self, line: CardLine) -> Column:
        return line.station if line.station in self._stations else None

    def apply(self, ids: Iterable[EntityId], lines: Iterable[CardLine]) -> set[Column]:
        """Take over what these cards are now, those without a line are gone; tell which columns changed."""
        found = {line.id: line for line in lines}
        touched: set[Column] = set()
        for entity in ids:
            if entity not in found and entity in self._place:
                touched.add(self._remove(entity))
        for line in found.values():
            touched |= self._put(line)
        return touched

    def _remove(self, entity: EntityId) -> Column:
        column = self._place.pop(entity)
        lines = self._columns[column]
        del lines[_index(lines, entity)]
        return column

    def _put(self, line: CardLine) -> set[Column]:
        column = self._column_of(line)
        before = self._place.get(line.id, ...)
        if before is ...:
            self._columns.setdefault(column, []).append(line)
            self._place[line.id] = column
            return {column}
        if before == column:
            lines = self._columns[column]
            at = _index(lines, line.id)
            if lines[at] == line:
                return set()
            lines[at] = line
            return {column}
        old = self._remove(line.id)
        self._columns.setdefault(column, []).append(line)
        self._place[line.id] = column
        return {old, column}

    def lines(self) -> Iterator[CardLine]:
        """Every card and task, column by column."""
        return chain.from_iterable(self._columns.values())

    def column(self, column: Column) -> Sequence[CardLine]:
        """The cards of one column, oldest first; a view of the deck's own list."""
        return self._columns.get(column, ())

    def find(self, entity: EntityId) -> CardLine | None:
        """One card."""
        if entity not in self._place:
            return None
        lines = self._columns[self._place[entity]]
        return lines[_index(lines, entity)]

    def holds(self, entity: EntityId) -> bool:
        """Whether this card is here."""
        return entity in self._place

    def has_strays(self) -> bool:
        """Whether there are cards without a station."""
        return bool(self._columns.get(None))

    def count(self) -> int:
        """How many cards and tasks there are."""
        return len(self._place)

    def last_sort(self) -> str:
        """The highest order key in use."""
        return max((line.sort for lines in self._columns.values() for line in lines[-200:]), default="")

    def outcome(self) -> list[CardLine]:
        """Decisions and tasks of the evening in their order."""
        found = [
            line
            for lines in self._columns.values()
            for line in lines
            if line.kind == "decision" or (line.record == "task" and line.status != "dropped")
        ]
        return sorted(found, key=lambda line: (line.noted_at, line.id))

    def last_mine(self) -> CardLine | None:
        """The newest card written here."""
        own = [line for lines in self._columns.values() for line in lines[-50:] if line.mine]
        return max(own, key=lambda line: (line.noted_at, line.id), default=None)


def _index(lines: Sequence[CardLine], entity: EntityId) -> int:
    """Where a card stands; what is touched is mostly new, so the search goes up from below."""
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].id == entity:
            return at
    raise KeyError(entity)
