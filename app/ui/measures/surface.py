"""What the table, the board and the time line have in common for the screen that holds them."""

from __future__ import annotations

from typing import Protocol

from app.domain.ids import EntityId
from app.models.queries.lists import MeasureFilter
from app.ui.measures.views import Sorting


class Surface(Protocol):
    """One form in which the measures of a filter are shown."""

    def show_all(self, wanted: MeasureFilter, sorting: Sorting) -> int:
        """Another filter or order; how many measures there are."""

    def refresh(self, touched: frozenset[EntityId]) -> int:
        """Some measures changed: they may stand elsewhere, or nowhere any more; how many there are now."""

    def show_record(self, measure: EntityId, *, focus: bool = False) -> bool:
        """Make a measure the current one and bring it into sight; False if it is not shown here."""

    def focus_here(self) -> None:
        """Take the keyboard, on the current measure or the first one."""
