"""From which measure a measure was taken over, who took one over, and what the original says anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import orjson
from sqlalchemy import Connection, and_, exists, select

from app.domain import lineage
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.lineage import Offer
from app.models import rows
from app.models.queries.reader import Reader
from app.models.queries.records import Record, record_of
from app.models.tables import kind_tables, superseded

_MEASURE = kind_tables["measure"]


@dataclass(frozen=True, slots=True)
class Adopter:
    """A measure that was taken over from another one, and whose it is."""

    measure: EntityId
    title: str
    ags: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """Both ends of Abgucken as far as this device sees them.

    Attributes:
        original: id of the measure this one was taken from, "" if it is nobody's child.
        ags, title: whose the original was and what it was called on the day it was taken.
        on: that day, an encoded date.
        here: the original is on this device and not deleted; `title_now` is what it is called.
        offers: what it says anew, nothing for whoever may not change this measure.
        adopters: living measures that were taken from this one, by title.
    """

    original: EntityId
    ags: str
    title: str
    on: str
    here: bool
    title_now: str
    changed_at: int
    offers: tuple[Offer, ...]
    adopters: tuple[Adopter, ...]


def lineage_of(reader: Reader, measure: EntityId) -> Lineage:
    """The lineage of a measure; all empty for one that is not on this device."""
    with reader.snapshot() as connection:
        own = _record(connection, measure)
        adopters = _adopters(connection, measure)
        if own is None or not own.text("adopted_from"):
            return Lineage("", "", "", "", False, "", 0, (), adopters)
        original = _record(connection, own.text("adopted_from"))
        here = original is not None and not original.gone
        asked = original if here and own.may_edit else None
        return Lineage(
            original=own.text("adopted_from"),
            ags=own.text("adopted_ags"),
            title=own.text("adopted_title"),
            on=own.text("adopted_on"),
            here=here,
            title_now=original.text("title") if original is not None and here else "",
            changed_at=original.changed_at if original is not None and here else 0,
            offers=() if asked is None else _with_taken(connection, own, _offers(own, asked)),
            adopters=adopters,
        )


@dataclass(frozen=True, slots=True)
class Improved:
    """An own measure whose original says something new in so many fields."""

    measure: EntityId
    title: str
    ags: str
    offers: int


def improved(reader: Reader) -> list[Improved]:
    """Measures that may be changed here and whose original says something nobody has looked at, by title."""
    m, source = _MEASURE.c, _MEASURE.alias("source")
    with reader.snapshot() as connection:
        ids = connection.execute(
            select(m.root_id)
            .where(m.adopted_from > "", m.gone + 0 == 0)  # by the index of lineages: the few, not all that live
            .where(exists(select(1).where(and_(source.c.root_id == m.adopted_from, source.c.gone == 0))))
            .order_by(m.sort_key, m.row)
        ).scalars()
        found = []
        for measure in ids:
            own = _record(connection, measure)
            original = _record(connection, own.text("adopted_from")) if own is not None and own.may_edit else None
            if own is None or original is None:
                continue
            offered = len(_offers(own, original))
            if offered:
                found.append(Improved(measure, own.text("title"), own.text("adopted_ags"), offered))
        return found


def _adopters(connection: Connection, original: EntityId) -> tuple[Adopter, ...]:
    m = _MEASURE.c
    query = (
        select(m.root_id, m.title, m.lead_ags)
        .where(m.adopted_from == original, m.gone == 0)
        .order_by(m.lead_ags, m.sort_key, m.row)
    )
    return tuple(Adopter(r.root_id, r.title or "", r.lead_ags or "") for r in connection.execute(query))


def _offers(own: Record, original: Record) -> tuple[Offer, ...]:
    seen = frozenset(own.elements("adopted_values"))
    return tuple(lineage.offers(original.id, own.values, original.values, seen))


def _with_taken(connection: Connection, own: Record, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Beside each adapted field what was taken then, as far as this device has the field's history."""
    original, seen = own.text("adopted_from"), frozenset(own.elements("adopted_values"))
    found = []
    for offer in offers:
        slot = KINDS["measure"].slot_of[offer.field]
        query = (
            select(superseded.c.value)
            .where(superseded.c.entity_id == own.id, superseded.c.slot == slot.id)
            .order_by(superseded.c.hlc.desc())
        )
        older = (orjson.loads(value) for value in connection.execute(query).scalars()) if offer.adapted else ()
        taken = next((value for value in older if lineage.digest_of(original, offer.field, value) in seen), None)
        found.append(replace(offer, taken=taken))
    return tuple(found)


def _record(connection: Connection, measure: EntityId) -> Record | None:
    found = rows.load(connection, "measure", measure)
    return None if found is None else record_of(connection, *found)
