"""Mögliche Doppel among all measures that this desk holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from sqlalchemy import select

from app.domain.duplicates import Described, Twins, find_twins, pair_digest
from app.domain.ids import EntityId
from app.models.queries.reader import Reader
from app.models.tables import kind_tables

_MEASURE = kind_tables["measure"].c
_TEXT = 600


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as far as a person needs it to tell them apart.

    Attributes:
        fields: codes of its fields of action.
    """

    id: EntityId
    title: str
    description: str
    ags: str
    status: str
    code: str
    fields: tuple[str, ...]
    changed_at: int


@dataclass(frozen=True, slots=True)
class Suspects:
    """Two measures that may be one, the older first, and why."""

    first: Side
    second: Side
    why: Twins

    @property
    def is_within(self) -> bool:
        """Whether both have the same lead."""
        return self.first.ags == self.second.ags


def suspects(
    reader: Reader, silent: frozenset[str] = frozenset(), given_up: Callable[[], bool] = lambda: False
) -> list[Suspects]:
    """Living measures that may be one, the likeliest first; not those of which somebody said that they are two,
    and not those that have been proposed to two towns.

    Args:
        silent: folded words that say nothing, such as names of towns.
        given_up: asked now and then; then nothing is told.
    """
    m = _MEASURE
    query = select(
        m.root_id, m.title, m.short_description, m.tags, m.lead_ags, m.participating_ags, m.code, m.repository_url,
        m.adopted_from, m.distinct_from, m.merge_with, m.status, m.fields_of_action, m.changed_at,
    ).where(m.gone == 0)  # fmt: skip
    with reader.snapshot() as connection:
        rows = {row.root_id: row for row in connection.execute(query)}
    apart = frozenset(pair_digest(identity, row.merge_with) for identity, row in rows.items() if row.merge_with)
    apart |= frozenset(digest for row in rows.values() for digest in _elements(row.distinct_from))
    known = {
        identity: Described(
            title=row.title or "",
            text=" ".join([(row.short_description or "")[:_TEXT], *_elements(row.tags)]),
            ags=row.lead_ags or "",
            places=frozenset(_elements(row.participating_ags)),
            code=row.code or "",
            address=row.repository_url or "",
            origin=row.adopted_from or "",
        )
        for identity, row in rows.items()
    }
    sides = {
        identity: Side(
            identity, row.title or "", row.short_description or "", row.lead_ags or "", row.status or "",
            row.code or "", _elements(row.fields_of_action), row.changed_at,
        )
        for identity, row in rows.items()
    }  # fmt: skip
    found = find_twins(known, silent, lambda one, other: pair_digest(one, other) in apart, given_up)
    return [Suspects(sides[one.first], sides[one.second], one) for one in found]


def _elements(stored: str | None) -> tuple[str, ...]:
    return tuple(orjson.loads(stored)) if stored else ()
