"""Where a measure came from, and what became of the cards of a workshop: the two ends of one link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, func, select

from app.domain.ids import EntityId
from app.models.queries.reader import Reader
from app.models.tables import entity, kind_tables

_CARD, _MEASURE, _WORKSHOP, _RESULT = (
    kind_tables[kind] for kind in ("contribution", "measure", "workshop", "vote_result")
)


@dataclass(frozen=True, slots=True)
class OriginCard:
    """A card a measure came from, in its own words; `points` are those of all rounds together."""

    id: EntityId
    text: str
    points: int
    gone: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """A workshop with the cards a measure came from; one that is not on this device has no title."""

    workshop: EntityId
    title: str
    starts_at: str
    gone: bool
    cards: tuple[OriginCard, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """Where a measure came from; `elsewhere` cards are linked but not on this device."""

    workshops: tuple[Origin, ...]
    elsewhere: int


def origins_of(reader: Reader, cards: Sequence[EntityId]) -> Origins:
    """The cards of a measure's `contribution_ids` with their workshops, deleted ones too."""
    c, w = _CARD.c, _WORKSHOP.c
    with reader.snapshot() as connection:
        found = connection.execute(
            select(entity.c.id, c.root_id, c.text, c.gone)
            .join_from(_CARD, entity, entity.c.row == c.row)
            .where(entity.c.id.in_(cards))
            .order_by(c.sort, entity.c.id)
        ).all()
        points = _points(connection, [row.id for row in found])
        roots = list(dict.fromkeys(row.root_id for row in found))
        heads = {
            row.root_id: row
            for row in connection.execute(select(w.root_id, w.title, w.starts_at, w.gone).where(w.root_id.in_(roots)))
        }
    told = []
    for root in roots:
        head = heads.get(root)
        own = tuple(
            OriginCard(row.id, row.text or "", points.get(row.id, 0), bool(row.gone))
            for row in found
            if row.root_id == root
        )
        told.append(
            Origin(
                root,
                (head.title or "") if head else "",
                (head.starts_at or "") if head else "",
                head is None or bool(head.gone),
                own,
            )
        )
    return Origins(tuple(told), len(set(cards)) - len(found))


def _points(connection: Connection, cards: Sequence[EntityId]) -> dict[EntityId, int]:
    r = _RESULT.c
    query = (
        select(r.target_id, func.sum(func.max(0, func.coalesce(r.points, 0))).label("points"))
        .where(r.target_id.in_(cards), r.gone == 0)
        .group_by(r.target_id)
    )
    return {row.target_id: row.points or 0 for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measure that came out of a workshop.

    Attributes:
        title: "" if the measure is not on this device.
        here: it is on this device, perhaps deleted (`gone`).
        cards: the living cards it came from.
    """

    measure: EntityId
    title: str
    status: str
    here: bool
    gone: bool
    cards: tuple[EntityId, ...]


def outcomes(reader: Reader, workshop: EntityId) -> list[Outcome]:
    """ "Was daraus wurde": the measures of a workshop's living cards, those with the most cards first."""
    c, m = _CARD.c, _MEASURE.c
    with reader.snapshot() as connection:
        cards = connection.execute(
            select(entity.c.id, c.measure_ids)
            .join_from(_CARD, entity, entity.c.row == c.row)
            .where(c.root_id == workshop, c.gone == 0, c.measure_ids.is_not(None), c.measure_ids != "[]")
            .order_by(c.sort, entity.c.id)
        ).all()
        found: dict[EntityId, list[EntityId]] = {}
        for row in cards:
            for measure in orjson.loads(row.measure_ids):
                found.setdefault(measure, []).append(row.id)
        heads = {
            row.root_id: row
            for row in connection.execute(
                select(m.root_id, m.title, m.status, m.gone).where(m.root_id.in_(list(found)))
            )
        }
    told = [_outcome(measure, heads.get(measure), tuple(ids)) for measure, ids in found.items()]
    return sorted(told, key=lambda one: (not one.here, one.gone, -len(one.cards), one.title, one.measure))


def _outcome(measure: EntityId, head: object, cards: tuple[EntityId, ...]) -> Outcome:
    if head is None:
        return Outcome(measure, "", "", False, False, cards)
    return Outcome(measure, head.title or "", head.status or "", True, head.gone == 1, cards)  # type: ignore[attr-defined]
