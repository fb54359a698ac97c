"""What the table, the board and the time line have in common for the screen that holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.domain.ids import EntityId
from app.models.queries.listing import Listed
from app.models.queries.lists import MeasureFilter
from app.ui.measures.views import Sorting

Shown = Callable[[Listed], object]
"""Called when what was asked for is shown, unless something else was asked for meanwhile."""


def nothing(listed: Listed) -> None:
    """Nothing to do then."""


class Surface(Protocol):
    """One form in which the measures of a filter are shown. It goes on showing the old until the new is known."""

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter or order."""

    def refresh(self, touched: frozenset[EntityId], then: Shown = nothing) -> None:
        """Some measures changed: they may stand elsewhere, or nowhere any more."""

    def show_record(self, measure: EntityId, *, focus: bool = False) -> bool:
        """Make a measure the current one and bring it into sight; False if it is not shown here."""

    def focus_here(self) -> None:
        """Take the keyboard, on the current measure or the first one."""
