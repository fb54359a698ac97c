"""The numbers on the tabs and in the filter menus: counted beside the window, shown when they are known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from app.models.queries import roster, tallies
from app.models.queries.reader import Reader
from app.models.queries.saved_views import SavedView
from app.models.queries.tallies import Facets, Tallies
from app.ui.measures import views
from app.ui.measures.places import Places
from app.ui.reading import Readings
from app.ui.widgets.tabs import TabBar


class ViewCounts:
    """Counts for the tabs of quick and saved views."""

    def __init__(self, reader: Reader, tabs: TabBar, saved: Mapping[str, SavedView], places: Places, own: str) -> None:
        # A door of its own: no list waits until everything is counted.
        self._readings = Readings(reader, "tallies", tabs)
        self._tabs, self._saved = tabs, saved
        self._places, self._own = places, own
        self.facets = Facets()
        """As counted last."""

    def count(self) -> None:
        """Count anew."""
        wanted = {
            view.key: views.filter_of(view.key, (), "", self._own, self._places)
            for view in views.quick_views(self._own)
        }
        for key, saved in self._saved.items():
            known = views.understood(saved, self._own)
            wanted[key] = views.filter_of(known.base, known.chips, "", self._own, self._places)
        self._readings.ask("tallies", partial(tallies.tallies, views=wanted), self._on_counted)

    def keep_up(self) -> None:
        """Count anew if something was written since, whatever it was: lists are quick only until then."""
        if roster.fresh(self._readings.reader) is None and not self.is_counting:
            self.count()

    @property
    def is_counting(self) -> bool:
        """Whether the numbers are about to change."""
        return self._readings.is_asking("tallies")

    def finish(self) -> None:
        """Wait for what is being counted, so that the profile can be closed."""
        self._readings.close()

    def _on_counted(self, told: Tallies) -> None:
        self.facets = told.facets
        for key, count in told.views.items():
            self._tabs.set_count(key, count)
