"""What is due at this desk: own tasks, the next workshops, measures nobody has touched for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, func, literal_column, or_, select, union_all

from app.domain.access import Grant
from app.domain.catalogue import TaskStatus
from app.domain.ids import EntityId
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError
from app.models import settings
from app.models.queries.lists import MeasureFilter, count_measures, measure_ids, measure_lines
from app.models.queries.reader import Reader
from app.models.tables import entity, kind_tables

_MEASURE, _WORKSHOP, _TASK = kind_tables["measure"], kind_tables["workshop"], kind_tables["task"]
_HEADS = kind_tables["group_count"]
_OPEN = (TaskStatus.OPEN.value, TaskStatus.IN_PROGRESS.value)
_NEVER = date.max


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task that is not done.

    Attributes:
        due: encoded partial date, "" without one; `deadline` is its last day, None without one.
        may_edit: whether it can be ticked at this desk.
    """

    id: EntityId
    title: str
    root_kind: str
    root_id: EntityId
    root_title: str
    responsible: str
    due: str
    deadline: date | None
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Tasks:
    """The most urgent tasks, how many are open in all, how many of them overdue or due today."""

    lines: tuple[TaskLine, ...]
    total: int
    due: int


def own_tasks(reader: Reader, today: date, limit: int = 200) -> Tasks:
    """Open tasks of the own municipality's measures and workshops, the earliest deadline first.

    A desk without a municipality sees those of everybody it works for.
    """
    with reader.snapshot() as connection:
        grant, own = settings.grant(connection), settings.person(connection).ags
        found = [(r, deadline_of(r.due)) for r in connection.execute(_open_tasks(grant, own))]
        # Those without a date wait at the end, in the order of their names.
        found.sort(key=lambda pair: (pair[1] or _NEVER, pair[0].sort_key))
        due = sum(1 for _, deadline in found if deadline is not None and deadline <= today)
        told = _told(connection, [r.row for r, _ in found[:limit]])
        lines = tuple(_task(told[r.row], deadline, grant) for r, deadline in found[:limit])
    return Tasks(lines, len(found), due)


def _open_tasks(grant: Grant, own: str) -> Any:
    """Row, due date and sort key of every open task: what it takes to put them in order."""
    t, m, w = _TASK.c, _MEASURE.c, _WORKSHOP.c
    # The plus keeps SQLite from the index of what is not deleted, which is all of it.
    undone = (literal_column("+task.gone") == 0, or_(t.status.in_(_OPEN), t.status.is_(None)))
    query = select(t.row, t.due, t.sort_key).where(*undone)
    if grant.workshops or own:
        return query.where(t.root_id.in_(_own_roots(grant, own)))
    joined = query.select_from(_TASK).outerjoin(_MEASURE, m.root_id == t.root_id)
    return joined.outerjoin(_WORKSHOP, w.root_id == t.root_id).where(or_(m.gone == 0, w.gone == 0))


def _own_roots(grant: Grant, own: str) -> Any:
    """Ids of the own measures and workshops. Whose a measure is, an index tells without its row."""
    m, w, inner = _MEASURE.c, _WORKSHOP.c, _MEASURE.alias("inner_measure").c
    mine = select(inner.row).where(
        inner.gone == 0, inner.changed_at >= 0, or_(inner.lead_ags == own, inner.participating_ags.contains(f'"{own}"'))
    )
    workshops: list[ColumnElement[bool]] = []
    if grant.workshops:
        workshops.append(w.root_id.in_(sorted(grant.workshops)))
    if own:
        workshops.append(w.ags == own)
    held = select(w.root_id).where(w.gone == 0, or_(*workshops))
    return union_all(select(m.root_id).where(m.row.in_(mine)), held) if own else held


def _told(connection: Connection, rows: Sequence[int]) -> dict[int, Any]:
    """What a line says, by row number."""
    t, m, w = _TASK.c, _MEASURE.c, _WORKSHOP.c
    query = (
        select(
            t.row, entity.c.id, entity.c.frozen, entity.c.root_kind, t.root_id, t.title, t.responsible, t.due,
            func.coalesce(m.title, w.title, "").label("root_title"), m.lead_ags, m.participating_ags, w.ags,
        )
        .select_from(_TASK)
        .join(entity, entity.c.row == t.row)
        .outerjoin(_MEASURE, m.root_id == t.root_id)
        .outerjoin(_WORKSHOP, w.root_id == t.root_id)
        .where(t.row.in_(rows))
    )  # fmt: skip
    return {r.row: r for r in connection.execute(query)}


def _task(r: Any, deadline: date | None, grant: Grant) -> TaskLine:
    owners = {r.lead_ags, r.ags, *(orjson.loads(r.participating_ags) if r.participating_ags else ())}
    may = grant.leads(r.root_kind, r.root_id) or grant.owns(owners)
    return TaskLine(
        r.id, r.title or "", r.root_kind, r.root_id, r.root_title, r.responsible or "", r.due or "", deadline,
        may and not r.frozen,
    )  # fmt: skip


def deadline_of(due: str | None) -> date | None:
    """The last day of an encoded date; None without one or where it is none of ours."""
    try:
        return PartialDate.decode(due).latest() if due else None
    except ParseError:
        return None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A workshop ahead; `expected` adds up the counts per group, 0 if nobody has entered any."""

    id: EntityId
    title: str
    starts_at: str
    ends_at: str
    place: str
    expected: int


def next_workshops(reader: Reader, today: date, limit: int = 4) -> list[Meeting]:
    """Workshops of the own municipality, and those led from this desk, from today on."""
    w = _WORKSHOP.c
    heads = select(func.coalesce(func.sum(_HEADS.c.count), 0)).where(_HEADS.c.root_id == w.root_id, _HEADS.c.gone == 0)
    with reader.snapshot() as connection:
        grant, own = settings.grant(connection), settings.person(connection).ags
        query = (
            select(w.root_id, w.title, w.starts_at, w.ends_at, w.place_text, heads.scalar_subquery().label("expected"))
            .where(w.gone == 0, w.starts_at >= today.isoformat())
            .order_by(w.starts_at, w.sort_key)
            .limit(limit)
        )
        led = [w.root_id.in_(sorted(grant.workshops))] if grant.workshops else []
        if own or led:
            query = query.where(or_(w.ags == own, *led))
        return [
            Meeting(r.root_id, r.title or "", r.starts_at, r.ends_at or "", r.place_text or "", int(r.expected))
            for r in connection.execute(query)
        ]


@dataclass(frozen=True, slots=True)
class Stale:
    """A measure nobody has touched for long; `changed_at` in milliseconds UTC."""

    id: EntityId
    title: str
    status: str
    changed_at: int


def stale_filter(own: str, before_ms: int) -> MeasureFilter:
    """Measures of a municipality (of all, without one) whose last change is older than this."""
    return MeasureFilter(ags=frozenset({own}) if own else frozenset(), untouched_since_ms=before_ms)


def stale_measures(reader: Reader, own: str, before_ms: int, limit: int = 5) -> tuple[Sequence[Stale], int]:
    """Those left alone for longest, and how many there are."""
    wanted = stale_filter(own, before_ms)
    total = count_measures(reader, wanted)
    ids = measure_ids(reader, wanted, (("changed", False),), limit) if total else []
    lines = measure_lines(reader, ids)
    return [Stale(i, lines[i].title, lines[i].status, lines[i].changed_at) for i in ids if i in lines], total
