"""Abgucken: taking over a measure of another municipality, and what that one has made better since; following."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.ids import EntityId, new_id
from app.domain.lineage import CARRIED_PARTS, carried, carried_part, digest_of, digests_of
from app.domain.rules import check_save
from app.errors import NotAllowed, NotFound
from app.models.queries import followed, records
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
    values = {
        **carried(source.values),
        "lead_ags": lead_ags,
        "visibility": "municipality",
        "adopted_from": original,
        "adopted_ags": source.values.get("lead_ags"),
        "adopted_title": source.text("title"),
        "adopted_on": datetime.fromtimestamp(store.clock() / 1000, UTC).astimezone().date().isoformat(),
        "adopted_values": digests_of(original, source.values),
    }
    check_save("measure", values)
    parts = [(kind, carried_part(kind, p.values)) for kind in CARRIED_PARTS for p in _parts(reader, original, kind)]
    with store.change("measure.adopt", origin=original) as draft:
        measure = draft.create("measure", new_id(), None, values)
        for kind, said in parts:
            if said:
                draft.create(kind, new_id(), ("measure", measure), said)
        return measure


def take_over(store: Store, measure: EntityId, fields: Sequence[str]) -> None:
    """Writes what the original says now into these fields, over the own words; one step of undo."""
    _decide(store, measure, fields, "measure.take_over", write=True)


def keep_own(store: Store, measure: EntityId, fields: Sequence[str]) -> None:
    """Keeps the own words: about what the original says now in these fields nobody is asked again."""
    _decide(store, measure, fields, "measure.keep_own", write=False)


def _decide(store: Store, measure: EntityId, fields: Sequence[str], action: str, *, write: bool) -> None:
    reader = Reader(store.engine)
    own = _living(reader, measure)
    original = own.text("adopted_from")
    theirs = carried(_living(reader, original).values)
    chosen = {name: theirs[name] for name in fields if name in theirs}
    seen = {*own.elements("adopted_values"), *(digest_of(original, n, v) for n, v in chosen.items())}
    with store.change(action, origin=original) as draft:
        draft.set("measure", measure, {**(chosen if write else {}), "adopted_values": seen})


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


def _parts(reader: Reader, measure: EntityId, kind: str) -> list[Record]:
    return records.children(reader, measure, kind)
