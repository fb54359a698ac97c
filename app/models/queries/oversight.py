"""The region as the agency's desk holds it: per municipality what lies still, what is incomplete, what is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from app.domain.rules import PUBLISH
from app.models import settings
from app.models.queries.lists import CLOSED
from app.models.queries.reader import Reader
from app.models.tables import kind_tables, question

_MEASURE, _WORKSHOP = kind_tables["measure"].c, kind_tables["workshop"].c
STALE_MS = 180 * 86_400_000
TREND_MS = 30 * 86_400_000
ALERT_DAYS = 14
"""After so many days of silence a municipality is told of, unless the desk says otherwise."""
_ALERT = "alert_days"


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """One municipality's measures, as lead.

    Attributes:
        stale: not closed, and untouched for 180 days.
        incomplete: lacking something that publishing asks for.
        questions: open ones about its measures and workshops.
        recent, before: measures changed last in the past 30 days, and in the 30 days before those.
    """

    ags: str
    measures: int = 0
    stale: int = 0
    incomplete: int = 0
    questions: int = 0
    recent: int = 0
    before: int = 0


def place_figures(reader: Reader, now_ms: int) -> dict[str, PlaceFigures]:
    """Figures by municipality; those without a measure or question are missing."""
    with reader.snapshot() as connection:
        asked: dict[str, int] = {}
        for query in _questions():
            for row in connection.execute(query):
                asked[row.ags or ""] = asked.get(row.ags or "", 0) + row.asked
        found = {
            row.ags: PlaceFigures(
                row.ags, row.measures, row.stale, row.incomplete, asked.get(row.ags, 0), row.recent, row.before
            )
            for row in connection.execute(_figures(now_ms))
            if row.ags
        }
    for ags in asked.keys() - found.keys() - {""}:
        found[ags] = PlaceFigures(ags, questions=asked[ags])
    return found


def alert_days(reader: Reader) -> int:
    """After how many days without contact this desk wants to be told."""
    with reader.snapshot() as connection:
        return int(settings.get(connection, _ALERT, str(ALERT_DAYS)))


def alert_setting(days: int) -> dict[str, int]:
    """What to store so that `alert_days` answers with this."""
    return {_ALERT: days}


def _figures(now_ms: int) -> Any:
    m = _MEASURE
    open_ones = or_(m.status.is_(None), m.status.not_in(CLOSED))
    return (
        select(
            m.lead_ags.label("ags"),
            func.count().label("measures"),
            _many([open_ones, m.changed_at < now_ms - STALE_MS]).label("stale"),
            _many([or_(*(_lacks(name) for name in PUBLISH))]).label("incomplete"),
            _many([m.changed_at >= now_ms - TREND_MS]).label("recent"),
            _many([m.changed_at < now_ms - TREND_MS, m.changed_at >= now_ms - 2 * TREND_MS]).label("before"),
        )
        .where(m.gone == 0)
        .group_by(m.lead_ags)
    )


def _lacks(name: str) -> ColumnElement[bool]:
    column = _MEASURE[name]
    return or_(column.is_(None), column.in_(("", "[]")))


def _many(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[int]:
    """How many rows fulfil all of these."""
    return func.sum(case((_all(conditions), 1), else_=0))


def _all(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *others = conditions
    for other in others:
        first = first & other
    return first


def _questions() -> list[Any]:
    """Open questions by the municipality of their root, for measures and for workshops."""
    owners = ((kind_tables["measure"], _MEASURE.lead_ags), (kind_tables["workshop"], _WORKSHOP.ags))
    return [
        select(owner.label("ags"), func.count().label("asked"))
        .select_from(question)
        .join(table, table.c.root_id == question.c.root_id)
        .where(table.c.gone == 0)
        .group_by(owner)
        for table, owner in owners
    ]
