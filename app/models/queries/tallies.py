"""How many measures there are: behind each view, and with each value a filter can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.models.queries.lists import MeasureFilter, count_measures
from app.models.queries.reader import Reader
from app.models.tables import kind_tables

_MEASURE = kind_tables["measure"].c


@dataclass(frozen=True, slots=True)
class Facets:
    """How many living measures have each value, for filter menus."""

    statuses: dict[str, int] = field(default_factory=dict)
    lights: dict[str, int] = field(default_factory=dict)
    lead_ags: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tallies:
    """The measures of each view by its key, and the facets of all."""

    views: dict[str, int]
    facets: Facets


def tallies(reader: Reader, views: Mapping[str, MeasureFilter]) -> Tallies:
    """Many counts over the whole list, for a thread of its own."""
    return Tallies({key: count_measures(reader, wanted) for key, wanted in views.items()}, facets(reader))


def facets(reader: Reader) -> Facets:
    """What the menus say."""
    values = (_MEASURE.status, _MEASURE.traffic_light, _MEASURE.lead_ags)
    told: tuple[dict[str, int], ...] = ({}, {}, {})
    with reader.snapshot() as connection:
        # Once over the list for all of them: there are a few thousand combinations at most.
        for *codes, count in connection.execute(
            select(*values, func.count()).where(_MEASURE.gone == 0).group_by(*values)
        ):
            for tally, code in zip(told, codes, strict=True):
                tally[code or ""] = tally.get(code or "", 0) + count
    return Facets(*told)
