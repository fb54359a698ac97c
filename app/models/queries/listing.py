"""The list behind a screen: from the roster where that is true, from the database where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.ids import EntityId
from app.models.queries import lists, roster
from app.models.queries.lists import Grouping, MeasureFilter, MeasureLine, Order
from app.models.queries.reader import Reader


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it stands.

    Attributes:
        groups: ids in order by the code they are grouped under; all under "" if they are not.
        total: how many measures there are, whatever the filter.
        lines: the first rows.
        years: first and last year of the dates in it, where they were asked for; None if there are none.
    """

    groups: dict[str, list[EntityId]]
    total: int
    lines: dict[EntityId, MeasureLine]
    years: tuple[int, int] | None = None


def listed(
    reader: Reader, f: MeasureFilter, order: Sequence[tuple[Order, bool]], by: Grouping | None, first: int = 0
) -> Listed:
    """The list behind a screen, with the lines of the `first` rows; for a thread of its own."""
    known = None if f.gone else roster.fresh(reader)
    if known is not None:
        with reader.snapshot() as connection:
            mask = known.mask(connection, f)
        groups = {"": known.listed(mask, order)} if by is None else known.grouped(mask, order, by)
        total = len(known.ids)
    else:
        groups = {"": lists.measure_ids(reader, f, order)} if by is None else lists.ids_by(reader, f, order, by)
        total = lists.count_measures(reader)
    lines = lists.measure_lines(reader, groups[""][:first]) if by is None and first else {}
    return Listed(groups, total, lines)
