"""A bar and a milestone in words, for the screen reader and for whoever rests the mouse on them."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain import catalogue as c
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError
from app.models.queries.plans import Course, Milestone
from app.ui import labels
from app.ui.measures import words


def spoken_date(encoded: str) -> str:
    """A stored date as it is said; as it stands where it is not understood."""
    try:
        return PartialDate.decode(encoded).spoken()
    except ParseError:
        return encoded


def milestone_words(milestone: Milestone) -> str:
    """ "Vergabe: 1. Quartal 2027, offen"."""
    when = spoken_date(milestone.due) if milestone.due else "ohne Datum"
    return f"{milestone.title}: {when}, {words.full(c.MilestoneStatus, milestone.status).lower()}"


def course_words(course: Course, titles: Mapping[str, str]) -> str:
    """Milestones and dependencies as one sentence each; targets without a title by their number."""
    told = []
    if course.milestones:
        many = labels.count(len(course.milestones), "Meilenstein", "Meilensteine")
        told.append(f"{many}: " + "; ".join(milestone_words(one) for one in course.milestones))
    told += [f"{words.full(c.DependencyKind, kind)}: {titles.get(target, target)}" for kind, target in course.links]
    return ". ".join(told)
