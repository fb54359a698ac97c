"""What a time line shows beside the period of a measure: its milestones and what it depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import func, select

from app.domain.ids import EntityId
from app.models.queries import roster
from app.models.queries.listing import Listed, listed
from app.models.queries.lists import Grouping, MeasureFilter, Order, conditions
from app.models.queries.reader import Reader
from app.models.tables import kind_tables

measure, milestone = kind_tables["measure"], kind_tables["milestone"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step on the way; `due` encoded as in `domain.partial_date`, "" if unknown."""

    title: str
    due: str
    status: str


@dataclass(frozen=True, slots=True)
class Course:
    """Milestones by due date, and (kind of dependency, id of a measure or code of a bundle)."""

    milestones: tuple[Milestone, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def courses(reader: Reader, ids: Sequence[EntityId]) -> dict[EntityId, Course]:
    """The course of each measure of a window; those without milestones and dependencies are missing."""
    m, s = measure.c, milestone.c
    steps: dict[EntityId, list[Milestone]] = {}
    links: dict[EntityId, tuple[tuple[str, str], ...]] = {}
    with reader.snapshot() as connection:
        found = select(s.root_id, s.title, s.due, s.status).where(s.root_id.in_(ids), s.gone == 0)
        for r in connection.execute(found.order_by(func.date_key(s.due), s.row)):
            steps.setdefault(r.root_id, []).append(Milestone(r.title or "", r.due or "", r.status or "open"))
        linked = select(m.root_id, m.dependencies).where(m.root_id.in_(ids), m.dependencies.is_not(None))
        for root_id, stored in connection.execute(linked):
            parts = (element.partition(":") for element in sorted(orjson.loads(stored)))
            links[root_id] = tuple((kind, target) for kind, _, target in parts)
    return {one: Course(tuple(steps.get(one, ())), links.get(one, ())) for one in steps.keys() | links.keys()}


def planned(reader: Reader, f: MeasureFilter, order: Sequence[tuple[Order, bool]], by: Grouping | None) -> Listed:
    """The list behind a time line: the rows, and from when to when their dates go."""
    return replace(listed(reader, f, order, by), years=years_of(reader, f))


def years_of(reader: Reader, f: MeasureFilter) -> tuple[int, int] | None:
    """First and last year named by any start or end; None if no measure of the filter has a date."""
    known = None if f.gone else roster.fresh(reader)
    if known is not None:
        with reader.snapshot() as connection:
            return known.years(known.mask(connection, f))
    m = measure.c
    years = [func.substr(column, 1, 4) for column in (m.start, m.end)]
    with reader.snapshot() as connection:
        query = select(*(edge(year) for year in years for edge in (func.min, func.max))).where(*conditions(f))
        told = [int(year) for year in connection.execute(query).one() if year and year.isdigit()]
    return (min(told), max(told)) if told else None
