"""Measures that have gone into another one: where they are now, and what has gone into this one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from app.domain.ids import EntityId
from app.domain.merging import is_ring, survivor
from app.models import merged, settings
from app.models.queries.reader import Reader
from app.models.tables import entity, kind_tables

_MEASURE = kind_tables["measure"].c


@dataclass(frozen=True, slots=True)
class Gone:
    """A measure that has gone into another one.

    Attributes:
        on: the day, an encoded date.
        parts: how many parts it has, by kind.
        both_ways: the two were merged in opposite directions.
    """

    id: EntityId
    title: str
    ags: str
    on: str
    parts: dict[str, int]
    both_ways: bool


def merged_into(reader: Reader, measure: EntityId) -> EntityId:
    """Where a measure's ideas and links are now; itself, if it stands for itself."""
    with reader.snapshot() as connection:
        return now_at(connection, measure)


def now_at(connection: Connection, measure: EntityId) -> EntityId:
    """The same within a snapshot."""
    return survivor(measure, merged.pointers(connection))


def gone_into(reader: Reader, measure: EntityId) -> tuple[Gone, ...]:
    """What has gone into this measure, by title."""
    with reader.snapshot() as connection:
        known = merged.pointers(connection)
        ids = [one for one in known if one != measure and survivor(one, known) == measure]
        if not ids:
            return ()
        m = _MEASURE
        query = select(m.root_id, m.title, m.lead_ags, m.merged_on).where(m.root_id.in_(ids))
        counted = (
            select(entity.c.root_id, entity.c.kind, func.count())
            .where(entity.c.root_id.in_(ids), entity.c.id != entity.c.root_id, entity.c.gone == 0)
            .group_by(entity.c.root_id, entity.c.kind)
        )
        parts: dict[EntityId, dict[str, int]] = {}
        for root, kind, amount in connection.execute(counted):
            parts.setdefault(root, {})[kind] = amount
        return tuple(
            Gone(
                row.root_id, row.title or "", row.lead_ags or "", row.merged_on or "", parts.get(row.root_id, {}),
                is_ring(row.root_id, known),
            )
            for row in connection.execute(query.order_by(m.sort_key, m.row))
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposed:
    """A measure of this municipality that the agency proposes to make one with another, which this device may see."""

    id: EntityId
    title: str
    other_title: str
    other_ags: str


def proposed(reader: Reader) -> list[Proposed]:
    """What waits for this municipality's answer, by title; nothing for the agency, which asks."""
    with reader.snapshot() as connection:
        grant = settings.grant(connection)
        if not grant.ags or not grant.owns((grant.ags,)):
            return []
        m, other = _MEASURE, kind_tables["measure"].alias("other")
        own = m.lead_ags == grant.ags, m.gone == 0, m.merge_with > ""
        # Whose measure goes is asked once the other town has let it in.
        turn = or_(m.merge_stays.is_(True), other.c.participating_ags.like(f'%"{grant.ags}"%'))
        query = (
            select(m.root_id, m.title, other.c.title.label("other_title"), other.c.lead_ags.label("other_ags"))
            .join_from(kind_tables["measure"], other, other.c.root_id == m.merge_with)
            .where(*own, turn, other.c.gone == 0)
        )
        return [
            Proposed(row.root_id, row.title or "", row.other_title or "", row.other_ags or "")
            for row in connection.execute(query.order_by(m.sort_key, m.row))
        ]


def family(connection: Connection, measure: EntityId) -> list[EntityId]:
    """A measure with all that have gone into it: whatever leads to one of them leads to it."""
    known = merged.pointers(connection)
    return [measure, *sorted(one for one in known if one != measure and survivor(one, known) == measure)]
