"""Abgucken: taking over a measure of another municipality, and what that one has made better since; following."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.fields import KINDS
from app.domain.ids import EntityId, new_id
from app.domain.lineage import (
    ADOPTED,
    CARRIED_PARTS,
    MERGED,
    PartOffer,
    Terms,
    Values,
    carried,
    carried_part,
    copy_id,
    digest_of,
    digests_of,
    joined,
    part_digest,
)
from app.domain.rules import check_save
from app.errors import NotAllowed, NotFound
from app.models.queries import followed, records
from app.models.queries.merged import merged_into
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.models.store import Store


def adopt(store: Store, original: EntityId, lead_ags: str) -> EntityId:
    """A new measure of one's own that begins with the ideas of another, as one step of undo.

    Whoever sees a measure may do this. What goes along says `domain.lineage`; the new one is seen by the
    own municipality only, like every new measure.

    Raises:
        NotFound: the original is not on this device, or deleted.
        NotAllowed: it is no longer shared with this device, and still here only until it is cleared away.
        FieldError: without a lead municipality there is no measure; nothing was written.
    """
    reader = Reader(store.engine)
    source = _living(reader, original)
    if source.frozen:
        raise NotAllowed("adopt", "left_scope", kind="measure", id=original)
    parts = {kind: {p.id: p.values for p in records.children(reader, original, kind)} for kind in CARRIED_PARTS}
    values = {
        **carried(source.values),
        "lead_ags": lead_ags,
        "visibility": "municipality",
        "adopted_from": original,
        "adopted_ags": source.values.get("lead_ags"),
        "adopted_title": source.text("title"),
        "adopted_on": datetime.fromtimestamp(store.clock() / 1000, UTC).astimezone().date().isoformat(),
        "adopted_values": digests_of(original, source.values, parts),
    }
    check_save("measure", values)
    with store.change("measure.adopt", origin=original) as draft:
        measure = draft.create("measure", new_id(), None, values)
        for kind, those in parts.items():
            for part, told in those.items():
                if said := carried_part(kind, told):
                    draft.create(kind, copy_id(measure, part), ("measure", measure), said)
        return measure


def take_over(store: Store, measure: EntityId, fields: Sequence[str], source: EntityId = "") -> None:
    """Writes what the original says now into these fields, over the own words; one step of undo.

    Args:
        source: a measure that has gone into this one and speaks instead of the original; then what only makes sense
            together goes along together, and sets are put together.
    """
    own, noted, theirs, terms = _both(store, measure, source)
    told, values = carried(theirs.values, terms), dict[str, object]()
    for name in fields:
        slot = KINDS["measure"].slot_of[name]
        if slot.is_group and terms.joins:
            values |= {f.name: theirs.values.get(f.name) for f in slot.fields}
        elif name in told:
            values[name] = joined(name, own.values.get(name), told[name]) if terms.joins else told[name]
    _note(store, own, "measure.take_over", noted, _digests(noted, told, [*fields, *values]), values)


def keep_own(store: Store, measure: EntityId, fields: Sequence[str], source: EntityId = "") -> None:
    """Keeps the own words: about what the other says now in these fields nobody is asked again."""
    own, noted, theirs, terms = _both(store, measure, source)
    told = carried(theirs.values, terms)
    _note(store, own, "measure.keep_own", noted, _digests(noted, told, fields), {})


def take_part(store: Store, measure: EntityId, offer: PartOffer, source: EntityId = "") -> None:
    """Takes a part as the original has it now: as a new one, or over the own words; one step of undo.

    Raises:
        NotFound: the original has deleted the part meanwhile.
    """
    own, noted, theirs, terms = _both(store, measure, source)
    told = _part(store, theirs, offer, terms)
    seen = {*own.elements("adopted_values"), part_digest(noted, offer.kind, offer.part, told)}
    with store.change("measure.take_part", origin=noted) as draft:
        draft.create(offer.kind, offer.copy, ("measure", measure), told)
        draft.set("measure", measure, {"adopted_values": seen})


def keep_part(store: Store, measure: EntityId, offer: PartOffer, source: EntityId = "") -> None:
    """Leaves the own part as it is, or goes without it; nobody is asked again about what the original says now."""
    own, noted, theirs, terms = _both(store, measure, source)
    told = _part(store, theirs, offer, terms)
    _note(store, own, "measure.keep_own", noted, {part_digest(noted, offer.kind, offer.part, told)}, {})


def _both(store: Store, measure: EntityId, source: EntityId) -> tuple[Record, EntityId, Record, Terms]:
    """The measure, the id under which it notes what the other says, the other one, and on which terms."""
    reader = Reader(store.engine)
    own = _living(reader, measure)
    if source and merged_into(reader, source) == measure:
        return own, source, _living(reader, source), MERGED
    noted = own.text("adopted_from")
    return own, noted, _living(reader, merged_into(reader, noted)), ADOPTED


def _part(store: Store, theirs: Record, offer: PartOffer, terms: Terms) -> Values:
    found = records.get_record(Reader(store.engine), offer.kind, offer.part)
    if found is None or found.gone or found.root_id != theirs.id:
        raise NotFound(kind=offer.kind, id=offer.part)
    return carried_part(offer.kind, found.values, terms)


def _digests(source: EntityId, told: Values, names: Sequence[str]) -> set[str]:
    return {digest_of(source, name, told[name]) for name in names if name in told}


def _note(store: Store, own: Record, action: str, noted: EntityId, seen: set[str], values: Values) -> None:
    with store.change(action, origin=noted) as draft:
        draft.set("measure", own.id, {**values, "adopted_values": {*own.elements("adopted_values"), *seen}})


def follow(store: Store, measure: EntityId) -> None:
    """Watches a measure from this device; nobody else learns of it."""
    _put(store, {*followed.followed(Reader(store.engine)), measure})


def unfollow(store: Store, measure: EntityId) -> None:
    """Watches it no longer."""
    _put(store, followed.followed(Reader(store.engine)) - {measure})


def _put(store: Store, measures: frozenset[EntityId] | set[EntityId]) -> None:
    store.put_settings(**{followed.FOLLOWED: " ".join(sorted(measures))})


def _living(reader: Reader, measure: EntityId) -> Record:
    found = records.get_record(reader, "measure", measure) if measure else None
    if found is None or found.gone:
        raise NotFound(kind="measure", id=measure)
    return found
