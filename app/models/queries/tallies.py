"""How many measures there are: behind each view, and with each value a filter can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models.queries import roster
from app.models.queries.lists import MeasureFilter, count_measures
from app.models.queries.reader import Reader


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
    """Many counts over the whole list, for a thread of its own; what it keeps serves the lists asked for next."""
    known, counts = roster.kept(reader), dict[str, int]()
    for key, wanted in views.items():
        if wanted.gone:
            counts[key] = count_measures(reader, wanted)
        else:
            with reader.snapshot() as connection:
                counts[key] = known.count(known.mask(connection, wanted))
    return Tallies(counts, Facets(*(known.tally(name) for name in ("status", "traffic_light", "lead_ags"))))
