"""The rows of the time line: the measures of the table, each with its bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt

from app.domain.bundles import BUNDLES
from app.domain.ids import EntityId
from app.models.queries import lists, plans
from app.models.queries.listing import Listed
from app.models.queries.lists import MeasureLine
from app.models.queries.plans import Course
from app.models.queries.reader import Reader
from app.ui.measures.bundle_names import bundle_words
from app.ui.measures.cells import Cells, MeasureColumn
from app.ui.measures.model import MeasureModel
from app.ui.measures.timeline.bars import Bar, bar_of
from app.ui.measures.timeline.wording import course_words
from app.ui.reading import Readings
from app.ui.widgets.cells import Cell, Look

BAR = Qt.ItemDataRole.UserRole + 70
"""The `Bar` of a row."""

COLUMNS = (
    MeasureColumn("title", "Titel", Look.TITLE, 200, 320, "title"),
    MeasureColumn("light", "Ampel", Look.LIGHT, 110, 116, "light"),
    MeasureColumn("period", "Zeitplan", Look.TEXT, 200, 200, "start"),
)
PERIOD = 2
_KEPT = 8000
_NO_COURSE = Course()


class TimelineModel(MeasureModel):
    """Title and Ampel as in the table; the third column is the bar, told in words to the screen reader."""

    def __init__(
        self,
        readings: Readings,
        cells: Cells,
        parent: QObject,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(readings, cells, parent, COLUMNS)
        self.today = today
        self._years: tuple[int, int] | None = None
        self._bars: dict[EntityId, Bar] = {}
        self._courses: dict[EntityId, Course] = {}
        self._titles: dict[str, str] = {}

    def question(self) -> Callable[[Reader], Listed]:
        """The rows, and from when to when their dates go."""
        return partial(plans.planned, f=self._filter, order=self._sorting, by=self.groups.by)

    def take(self, listed: Listed) -> None:
        """Bars are fetched anew with the rows."""
        self._years = listed.years
        if self._is_new:
            self._bars.clear()
            self._courses.clear()
        super().take(listed)

    def years(self) -> tuple[int, int]:
        """First and last year of the axis: all dates with a year of air before them, and today."""
        now = self.today().year
        told = self._years or (now, now)
        return min(told[0], now) - 1, max(told[1], now + 1)

    def fetched(self, ids: Sequence[EntityId]) -> dict[EntityId, MeasureLine]:
        """Lines with their bars, and the names of what they depend on."""
        lines = super().fetched(ids)
        if len(self._bars) > _KEPT:
            self._bars = {one: self._bars[one] for one in self._lines if one in self._bars}
            self._courses = {one: self._courses[one] for one in self._bars}
        courses = plans.courses(self._reader, ids)
        today = self.today().toordinal()
        for one, line in lines.items():
            course = courses.get(one, _NO_COURSE)
            self._bars[one], self._courses[one] = bar_of(line, course, today), course
        targets = {target for course in courses.values() for _, target in course.links} - self._titles.keys()
        self._titles |= {code: bundle_words(code) for code in targets & BUNDLES.keys()}
        self._titles |= lists.titles(self._reader, [("measure", one) for one in targets - BUNDLES.keys()])
        return lines

    def bar(self, measure: EntityId) -> Bar | None:
        """The bar of a measure that was fetched."""
        return self._bars.get(measure)

    def title_of(self, target: str) -> str:
        """What a dependency leads to, "" if it is not on this device."""
        return self._titles.get(target, "")

    def cell(self, line: MeasureLine, column: str, role: int) -> Any:
        """Like the table; the period is a bar, or the words of one."""
        if column == "period":
            if role == BAR:
                return self._bars.get(line.id)
            if role in (Cell.FULL, Qt.ItemDataRole.AccessibleTextRole):
                told = course_words(self._courses.get(line.id, _NO_COURSE), self._titles)
                return ". ".join(one for one in (super().cell(line, column, Cell.FULL), told) if one)
        return super().cell(line, column, role)
