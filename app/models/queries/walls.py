"""What the wall of a workshop shows beside its cards: clusters, rounds, results, pairs kept apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.ids import EntityId
from app.models import settings
from app.models.queries import lists, precedents
from app.models.queries.reader import Reader
from app.models.tables import entity, kind_tables


@dataclass(frozen=True, slots=True)
class Cluster:
    """A heading on the wall; `sort` is its order key."""

    id: EntityId
    title: str
    sort: str


@dataclass(frozen=True, slots=True)
class Round:
    """A round of voting.

    Attributes:
        method: `VoteMethod` code.
        budget_cents: what there is to give in a budget vote, 0 if nobody said.
        closed_at: when it was ended (RFC 3339 UTC), "" while it runs.
    """

    id: EntityId
    title: str
    method: str
    points_per_person: int
    budget_cents: int
    closed_at: str


@dataclass(frozen=True, slots=True)
class Wall:
    """Clusters in their order, rounds in theirs, and by (round, target) what was given.

    Attributes:
        points: never less than nothing, whatever laptops took away at once.
        cents: of a budget vote.
    """

    clusters: tuple[Cluster, ...]
    rounds: tuple[Round, ...]
    points: dict[tuple[EntityId, EntityId], int]
    cents: dict[tuple[EntityId, EntityId], int]


def wall(reader: Reader, workshop: EntityId) -> Wall:
    """Everything living on the wall of a workshop but its cards (`sessions.card_lines`)."""
    c, r, v = (kind_tables[kind].c for kind in ("cluster", "vote_round", "vote_result"))
    with reader.snapshot() as connection:
        clusters = connection.execute(
            select(entity.c.id, c.title, c.sort)
            .join_from(kind_tables["cluster"], entity, entity.c.row == c.row)
            .where(c.root_id == workshop, c.gone == 0)
        ).all()
        rounds = connection.execute(
            select(entity.c.id, r.title, r.method, r.points_per_person, r.budget_total_cents, r.closed_at)
            .join_from(kind_tables["vote_round"], entity, entity.c.row == r.row)
            .where(r.root_id == workshop, r.gone == 0)
            .order_by(entity.c.row)
        ).all()
        given = connection.execute(
            select(v.round_id, v.target_id, v.points, v.amount_cents).where(v.root_id == workshop, v.gone == 0)
        ).all()
    return Wall(
        tuple(
            sorted(
                (Cluster(row.id, row.title or "", row.sort or "") for row in clusters),
                key=lambda one: (one.sort or "~", one.id),
            )
        ),
        tuple(
            Round(
                row.id, row.title or "", row.method or "dots", row.points_per_person or 0,
                row.budget_total_cents or 0, row.closed_at or "",
            )
            for row in rounds
        ),
        {(row.round_id, row.target_id): row.points for row in given if (row.points or 0) > 0},
        {(row.round_id, row.target_id): row.amount_cents for row in given if row.amount_cents},
    )  # fmt: skip


def apart_setting(workshop: EntityId) -> str:
    """Where this device notes which cards of a workshop stay apart."""
    return f"apart_{workshop}"


def kept_apart(reader: Reader, workshop: EntityId) -> frozenset[tuple[EntityId, EntityId]]:
    """Pairs of cards (the lesser id first) that somebody here decided not to put together."""
    with reader.snapshot() as connection:
        told = settings.get(connection, apart_setting(workshop))
    pairs = (pair.partition(":") for pair in told.split())
    return frozenset((one, other) for one, _, other in pairs)


def measures_like(
    reader: Reader, words: str, limit: int = 3, without: Collection[EntityId] = ()
) -> list[lists.MeasureLine]:
    """Measures on this device that say nearly the same as a card or a title, the most alike first."""
    found = precedents.suggest(reader, words, limit=limit + len(without))
    best = [one.id for one in found if one.id not in without][:limit]
    lines = lists.measure_lines(reader, best)
    return [lines[one] for one in best if one in lines]
