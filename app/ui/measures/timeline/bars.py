"""From the words of a plan to days: which days a bar covers for certain, which perhaps, where its milestones stand."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.catalogue import MeasureStatus, MilestoneStatus
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError
from app.models.queries.lists import MeasureLine
from app.models.queries.plans import Course, Milestone

Days = tuple[int, int]
"""First day and the day after the last, as proleptic ordinals of `datetime.date`."""

EXACT = 7
"""Up to a week a date counts as exact: it could not be drawn otherwise."""

_QUIET = frozenset({MeasureStatus.IDEA, MeasureStatus.IN_REVIEW, MeasureStatus.REJECTED, MeasureStatus.PAUSED})
_BEGUN = frozenset(
    {MeasureStatus.IN_PROGRESS, MeasureStatus.PAUSED, MeasureStatus.COMPLETED, MeasureStatus.IN_OPERATION}
)
_ONGOING = frozenset({MeasureStatus.IN_PROGRESS, MeasureStatus.IN_OPERATION})


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone at a day: the middle of what its date can mean."""

    milestone: Milestone
    day: int
    late: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """What is painted for one measure.

    Attributes:
        start: what the beginning can mean, None if unknown; `end` likewise.
        ongoing: begun, and without an end.
        quiet: not decided, paused or rejected: painted without the accent.
        begun: the days up to today count as elapsed.
    """

    start: Days | None
    end: Days | None
    ongoing: bool
    quiet: bool
    begun: bool
    marks: tuple[Mark, ...]
    links: tuple[tuple[str, str], ...]

    def span(self, horizon: int) -> Days | None:
        """All days the bar may cover; `horizon` is where an ongoing one leaves the picture."""
        if self.start is None:
            return self.end
        if self.end is not None:
            return self.start[0], max(self.start[1], self.end[1])
        return (self.start[0], max(horizon, self.start[1])) if self.ongoing else self.start

    def vague(self) -> tuple[Days, ...]:
        """The stretches that a date only may mean."""
        found = [edge for edge in (self.start, self.end) if edge is not None and edge[1] - edge[0] > EXACT]
        if self.start is not None and self.end is None and not self.ongoing:
            return (self.start,)
        return (self.end,) if self.start is None and self.end is not None else tuple(found)


def days_of(encoded: str) -> Days | None:
    """The days that a stored date can mean; None for none and for what is not understood."""
    if not encoded:
        return None
    try:
        date = PartialDate.decode(encoded)
    except ParseError:
        return None
    return date.earliest().toordinal(), date.latest().toordinal() + 1


def bar_of(line: MeasureLine, course: Course, today: int) -> Bar:
    """The bar of a measure on a day (an ordinal)."""
    end = days_of(line.end)
    return Bar(
        start=days_of(line.start),
        end=end,
        ongoing=end is None and line.status in _ONGOING,
        quiet=line.status in _QUIET or not line.status,
        begun=line.status in _BEGUN,
        marks=_marks(course, today),
        links=course.links,
    )


def _marks(course: Course, today: int) -> tuple[Mark, ...]:
    found = []
    for milestone in course.milestones:
        days = days_of(milestone.due)
        if days is not None and milestone.status != MilestoneStatus.DROPPED:
            late = milestone.status == MilestoneStatus.MISSED or (
                milestone.status == MilestoneStatus.OPEN and days[1] <= today
            )
            found.append(Mark(milestone, (days[0] + days[1]) // 2, late))
    return tuple(found)
