"""What a person can do with a measure and what hangs below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.change import SlotValue
from app.domain.clock import VersionVector
from app.domain.draft import Draft
from app.domain.fields import SHORT
from app.domain.ids import EntityId, new_id
from app.domain.rules import check_save
from app.errors import NotFound
from app.models.queries import records
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.models.store import Store
from app.services.periods import check_period
from app.services.sharing import check_stays_shared

Values = Mapping[str, object]
Seen = Mapping[int, VersionVector]


def create(store: Store, values: Values) -> EntityId:
    """A new measure; needs a title and a lead municipality.

    Raises:
        FieldError: what is missing or wrong; nothing was written.
    """
    check_save("measure", values)
    with store.change("measure.create") as draft:
        return draft.create("measure", new_id(), None, {"visibility": "municipality", **values})


COPIED_PARTS = ("milestone", "cost_item", "funding_item", "indicator", "risk")
"""What of a measure is a plan. Decisions, tasks, readings and files happened to the original alone."""

_OWN = frozenset({"code", "contribution_ids", "visibility"})
"""Fields a copy does not begin with: its number, the cards it came from, who sees it."""

_ENDING = " (Kopie)"


def duplicate(store: Store, original: EntityId) -> EntityId:
    """A measure with the fields and the plan of another one, without its history; one step of undo.

    Raises:
        NotFound: the original is not on this device.
    """
    reader = Reader(store.engine)
    source = records.get_record(reader, "measure", original)
    if source is None:
        raise NotFound(kind="measure", id=original)
    values = {name: value for name, value in _set_values(source).items() if name not in _OWN}
    title = source.text("title")[: SHORT - len(_ENDING)].rstrip() + _ENDING
    parts = [(kind, _set_values(part)) for kind in COPIED_PARTS for part in records.children(reader, original, kind)]
    with store.change("measure.duplicate", origin=original) as draft:
        made = draft.create("measure", new_id(), None, {**values, "visibility": "municipality", "title": title})
        for kind, said in parts:
            draft.create(kind, new_id(), ("measure", made), said)
    return made


def _set_values(record: Record) -> dict[str, object]:
    return {name: value for name, value in record.values.items() if value is not None}


def edit(store: Store, measure: EntityId, values: Values, seen: Seen | None = None) -> None:
    """Changes fields by name; `seen` is `Record.seen` of what the person looked at while typing."""
    check_save("measure", values, partial=True)
    with store.change("measure.edit") as draft:
        check_period(draft, "measure", measure, values)
        check_stays_shared(draft, "measure", measure, values)
        draft.set("measure", measure, values, seen)


def edit_many(store: Store, measures: Sequence[EntityId], values: Values) -> None:
    """The same values for several measures, as one step of undo."""
    check_save("measure", values, partial=True)
    with store.change("measure.edit_many") as draft:
        for measure in measures:
            check_period(draft, "measure", measure, values)
            check_stays_shared(draft, "measure", measure, values)
            draft.set("measure", measure, values)


def add_part(store: Store, measure: EntityId, kind: str, values: Values) -> EntityId:
    """A milestone, cost item, funding item, indicator, indicator value, risk, decision or task of a measure."""
    check_save(kind, values)
    with store.change(f"{kind}.create") as draft:
        return draft.create(kind, new_id(), ("measure", measure), values)


def edit_part(store: Store, kind: str, part: EntityId, values: Values, seen: Seen | None = None) -> None:
    check_save(kind, values, partial=True)
    with store.change(f"{kind}.edit") as draft:
        draft.set(kind, part, values, seen)


def delete_part(store: Store, kind: str, part: EntityId) -> None:
    with store.change(f"{kind}.delete") as draft:
        draft.delete(kind, part)


def delete(store: Store, measure: EntityId, parts: Sequence[tuple[str, EntityId]] = ()) -> None:
    """Deletes a measure with its parts (kind, id); undo and "Wiederherstellen" bring all of it back."""
    with store.change("measure.delete") as draft:
        _delete_all(draft, "measure", measure, parts)


def delete_many(store: Store, measures: Mapping[EntityId, Sequence[tuple[str, EntityId]]]) -> None:
    """Deletes several measures, each with its parts (kind, id), as one step of undo."""
    with store.change("measure.delete" if len(measures) == 1 else "measure.delete_many") as draft:
        for measure, parts in measures.items():
            _delete_all(draft, "measure", measure, parts)


def restore(store: Store, measure: EntityId, parts: Sequence[tuple[str, EntityId]] = ()) -> None:
    """Brings back a deleted measure and the parts that went with it."""
    with store.change("measure.restore") as draft:
        draft.keep("measure", measure)
        for kind, part in parts:
            draft.keep(kind, part)


def restore_value(store: Store, kind: str, entity: EntityId, slot: int, value: SlotValue) -> None:
    """Writes an earlier version of a field again."""
    with store.change(f"{kind}.restore_value") as draft:
        draft.write_slot(kind, entity, slot, value)


def _delete_all(draft: Draft, kind: str, entity: EntityId, parts: Sequence[tuple[str, EntityId]]) -> None:
    for part_kind, part in parts:
        draft.delete(part_kind, part)
    draft.delete(kind, entity)
