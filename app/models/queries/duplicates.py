"""Mögliche Doppel among all measures that this desk holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

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


class Answer(Enum):
    """What two towns have said so far to a proposal that their measures are one."""

    OPEN = "open"
    AGREED = "agreed"
    """The one whose measure stays has let the other in; the other one is to let its own go."""
    DECLINED = "declined"
    """One of them has said that they are two; the other is still asked."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed: the measure that is to stay, and what was answered."""

    stays: EntityId
    answer: Answer = Answer.OPEN


@dataclass(frozen=True, slots=True)
class Suspects:
    """Two measures that may be one, the older first, and why; perhaps their towns have been asked already."""

    first: Side
    second: Side
    why: Twins
    proposal: Proposal | None = None

    @property
    def is_within(self) -> bool:
        """Whether both have the same lead."""
        return self.first.ags == self.second.ags


def suspects(
    reader: Reader, silent: frozenset[str] = frozenset(), given_up: Callable[[], bool] = lambda: False
) -> list[Suspects]:
    """Living measures that may be one, the likeliest first; not those of which somebody said that they are two.

    Those that have been proposed to two towns come last, with what was answered.

    Args:
        silent: folded words that say nothing, such as names of towns.
        given_up: asked now and then; then nothing is told.
    """
    m = _MEASURE
    query = select(
        m.root_id, m.title, m.short_description, m.tags, m.lead_ags, m.participating_ags, m.code, m.repository_url,
        m.adopted_from, m.distinct_from, m.merge_with, m.merge_stays, m.status, m.fields_of_action, m.changed_at,
    ).where(m.gone == 0)  # fmt: skip
    with reader.snapshot() as connection:
        rows = {row.root_id: row for row in connection.execute(query)}
    proposed = {pair: told for pair in _asked(rows) if (told := _proposal(rows, *pair)) is not None}
    apart = frozenset(digest for row in rows.values() for digest in _elements(row.distinct_from))
    apart |= frozenset(pair_digest(*pair) for pair in proposed)
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
    return [
        *(Suspects(sides[one.first], sides[one.second], one) for one in found),
        *(Suspects(sides[a], sides[b], Twins(a, b, 0.0, ()), told) for (a, b), told in sorted(proposed.items())),
    ]


def _asked(rows: Mapping[EntityId, Any]) -> set[tuple[EntityId, EntityId]]:
    """Pairs of which at least one is to be one with the other, the lower identity first."""
    asked = ((identity, row.merge_with) for identity, row in rows.items() if row.merge_with in rows)
    return {(min(pair), max(pair)) for pair in asked}


def _proposal(rows: Mapping[EntityId, Any], one: EntityId, other: EntityId) -> Proposal | None:
    """What stands of a proposal; None if nobody is asked any more."""
    for at, beside in ((one, other), (other, one)):
        row, far = rows[at], rows[beside]
        if row.merge_with != beside:
            continue
        stays = at if row.merge_stays else beside
        if far.merge_with == at:
            return Proposal(stays)
        digest = pair_digest(one, other)
        declined = digest in _elements(row.distinct_from) or digest in _elements(far.distinct_from)
        if stays == beside and not declined and row.lead_ags in _elements(far.participating_ags):
            return Proposal(stays, Answer.AGREED)
        return Proposal(stays, Answer.DECLINED if declined else Answer.OPEN)
    return None


def _elements(stored: str | None) -> tuple[str, ...]:
    return tuple(orjson.loads(stored)) if stored else ()
