"""From which measure a measure was taken over, who took one over, and what the original says anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.domain import lineage
from app.domain.fields import KINDS, Field, Merge, Type
from app.domain.ids import EntityId
from app.domain.lineage import ADOPTED, MERGED, Offer, PartOffer, Parts, Terms
from app.models import rows
from app.models.queries.merged import family, now_at
from app.models.queries.reader import Reader
from app.models.queries.records import Record, record_of
from app.models.tables import entity, kind_tables, superseded

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
        offers: what it says anew, nothing for whoever may not change this measure; so `parts` of what hangs below it.
        now: where the original is now: it may have gone into another measure since.
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
    parts: tuple[PartOffer, ...] = ()
    now: EntityId = ""


def lineage_of(reader: Reader, measure: EntityId) -> Lineage:
    """The lineage of a measure; all empty for one that is not on this device."""
    with reader.snapshot() as connection:
        own = _record(connection, measure)
        adopters = _adopters(connection, measure)
        if own is None or not own.text("adopted_from"):
            return Lineage("", "", "", "", False, "", 0, (), adopters)
        source = _Source.of(connection, own)
        here = source is not None
        asked = source if own.may_edit else None
        return Lineage(
            original=own.text("adopted_from"),
            ags=own.text("adopted_ags"),
            title=own.text("adopted_title"),
            on=own.text("adopted_on"),
            here=here,
            title_now=source.record.text("title") if source is not None else "",
            changed_at=source.record.changed_at if source is not None else 0,
            offers=() if asked is None else _with_taken(connection, own, asked.offers(own)),
            adopters=adopters,
            parts=() if asked is None else asked.parts(connection, own),
            now=source.record.id if source is not None else "",
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What one measure that has gone into another still says differently, or says anew since."""

    offers: tuple[Offer, ...]
    parts: tuple[PartOffer, ...]


def said_by(reader: Reader, measure: EntityId, duplicate: EntityId) -> Said:
    """What a measure that has gone into this one says and nobody has looked at; nothing for whoever may not edit."""
    with reader.snapshot() as connection:
        own, other = _record(connection, measure), _record(connection, duplicate)
        if own is None or other is None or not own.may_edit:
            return Said((), ())
        source = _Source(other.id, other, MERGED)
        return Said(source.offers(own), source.parts(connection, own))


@dataclass(frozen=True, slots=True)
class _Source:
    """A measure that another one learns from, under the id by which that one has noted it."""

    id: EntityId
    record: Record
    terms: Terms

    @classmethod
    def of(cls, connection: Connection, own: Record) -> _Source | None:
        """The original of a measure that was taken over, wherever it has gone; None if it is not here."""
        noted = own.text("adopted_from")
        record = _record(connection, now_at(connection, noted))
        return None if record is None or record.gone or record.id == own.id else cls(noted, record, ADOPTED)

    def offers(self, own: Record) -> tuple[Offer, ...]:
        """Fields of the measure."""
        seen = frozenset(own.elements("adopted_values"))
        return tuple(lineage.offers(self.id, own.values, self.record.values, seen, self.terms))

    def parts(self, connection: Connection, own: Record) -> tuple[PartOffer, ...]:
        """What hangs below it."""
        theirs, _ = _below(connection, self.record.id, self.terms)
        mine, thrown_away = _below(connection, own.id, self.terms)
        seen = frozenset(own.elements("adopted_values"))
        return tuple(lineage.part_offers(self.id, own.id, mine, thrown_away, theirs, seen, self.terms))


def _below(connection: Connection, measure: EntityId, terms: Terms) -> tuple[Parts, frozenset[EntityId]]:
    """Living parts of a measure by kind, and the ids of those that were deleted."""
    found: dict[str, dict[EntityId, Mapping[str, object]]] = {}
    thrown_away: set[EntityId] = set()
    for kind in terms.parts:
        table = kind_tables[kind]
        fields = [KINDS[kind].by_name[name] for name in terms.parts[kind]]
        query = (
            select(entity.c.id, table.c.gone, *(table.c[f.name] for f in fields))
            .join_from(table, entity, entity.c.row == table.c.row)
            .where(table.c.root_id == measure)
            .order_by(entity.c.id)
        )
        for row in connection.execute(query):
            if row.gone:
                thrown_away.add(row.id)
            else:
                told = row._mapping
                found.setdefault(kind, {})[row.id] = {f.name: _value(f, told[f.name]) for f in fields}
    return found, frozenset(thrown_away)


def _value(field: Field, stored: Any) -> object:
    if stored is None:
        return None
    if field.merge is Merge.SET:
        return tuple(orjson.loads(stored))
    return bool(stored) if field.type is Type.BOOL else stored


@dataclass(frozen=True, slots=True)
class Improved:
    """An own measure whose original says something new in so many fields."""

    measure: EntityId
    title: str
    ags: str
    offers: int


def improved(reader: Reader) -> list[Improved]:
    """Measures that may be changed here and whose original says something nobody has looked at, by title."""
    m = _MEASURE.c
    with reader.snapshot() as connection:
        ids = connection.execute(
            select(m.root_id)
            .where(m.adopted_from > "", m.gone + 0 == 0)  # by the index of lineages: the few, not all that live
            .order_by(m.sort_key, m.row)
        ).scalars()
        found = []
        for measure in ids:
            own = _record(connection, measure)
            source = _Source.of(connection, own) if own is not None and own.may_edit else None
            if own is None or source is None:
                continue
            offered = len(source.offers(own)) + len(source.parts(connection, own))
            if offered:
                found.append(Improved(measure, own.text("title"), own.text("adopted_ags"), offered))
        return found


def _adopters(connection: Connection, original: EntityId) -> tuple[Adopter, ...]:
    m = _MEASURE.c
    query = (
        select(m.root_id, m.title, m.lead_ags)
        .where(m.adopted_from.in_(family(connection, original)), m.gone == 0)
        .order_by(m.lead_ags, m.sort_key, m.row)
    )
    return tuple(Adopter(r.root_id, r.title or "", r.lead_ags or "") for r in connection.execute(query))


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
