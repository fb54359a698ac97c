"""What others will read of a measure or a workshop, before it is shown to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.catalogue import Visibility
from app.domain.fields import KINDS
from app.domain.ids import EntityId, derived_id
from app.domain.rules import check_publish
from app.models.queries import records
from app.models.queries.reader import Reader
from app.models.queries.records import FieldValue, Record
from app.models.store import Store

_PARTS = ("milestone", "cost_item", "funding_item", "indicator", "risk", "decision", "task", "attachment")
_PARTS_OF_WORKSHOP = ("agenda_item", "task", "released_minutes")
_CONTENTS = (
    "agenda_item", "station", "group_count", "contribution", "cluster", "vote_round", "task", "attachment",
    "released_minutes",
)  # fmt: skip
"""Kinds of parts of a workshop that are told one by one, in the order of a paper about it."""
_SILENT = frozenset(
    {"sort", "visibility", "sha256", "preview_sha256", "preview_size", "adopted_values", "merged_into", "merged_on",
     "distinct_from"}
)  # fmt: skip
"""Fields that say nothing to a reader."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field that others read."""

    kind: str
    field: str
    value: FieldValue


@dataclass(frozen=True, slots=True)
class Preview:
    """A measure as others get it.

    Attributes:
        shown: what they read, the measure first, then its parts.
        withheld: (kind, field) that is filled in and stays within the municipalities concerned.
        missing: fields that publishing asks for.
    """

    shown: tuple[Shown, ...]
    withheld: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def preview(reader: Reader, measure: EntityId) -> Preview | None:
    """The measure and its parts without internal fields; None if it is not here."""
    record = records.get_record(reader, "measure", measure)
    if record is None:
        return None
    parts = [part for kind in _PARTS for part in records.children(reader, measure, kind)]
    shown: list[Shown] = []
    withheld: dict[tuple[str, str], None] = {}
    for each in (record, *parts):
        for field, value in _filled(each):
            if KINDS[each.kind].by_name[field].internal:
                withheld[each.kind, field] = None
            else:
                shown.append(Shown(each.kind, field, value))
    return Preview(tuple(shown), tuple(withheld), tuple(f.field for f in check_publish(record.values)))


@dataclass(frozen=True, slots=True)
class WorkshopPreview:
    """A workshop as others get it.

    Attributes:
        fields: of the workshop itself.
        parts: living parts by kind, kinds without any left out.
        minutes: the running text of the minutes.
        withheld: (kind, field) that is filled in and stays within the municipality.
    """

    fields: tuple[Shown, ...]
    parts: tuple[tuple[str, tuple[Record, ...]], ...]
    minutes: str
    withheld: tuple[tuple[str, str], ...]


def preview_of_workshop(reader: Reader, workshop: EntityId) -> WorkshopPreview | None:
    """The workshop and its parts without internal fields; None if it is not here."""
    head = records.get_record(reader, "workshop", workshop)
    if head is None:
        return None
    parts = [(kind, tuple(records.children(reader, workshop, kind))) for kind in _CONTENTS]
    withheld = {
        (each.kind, field): None
        for each in (head, *(part for _, found in parts for part in found))
        for field, _ in _filled(each)
        if KINDS[each.kind].by_name[field].internal
    }
    return WorkshopPreview(
        tuple(Shown("workshop", f, v) for f, v in _filled(head) if not KINDS["workshop"].by_name[f].internal),
        tuple((kind, found) for kind, found in parts if found),
        records.text_state(reader, "minutes", derived_id("minutes", workshop), "text").text,
        tuple(withheld),
    )


def kept_of_workshop() -> tuple[tuple[str, str], ...]:
    """(kind, field) of a workshop and its parts that stay within its municipality however far it is shared."""
    kinds = (KINDS[name] for name in ("workshop", *_PARTS_OF_WORKSHOP))
    return tuple((kind.name, field.name) for kind in kinds for field in kind.fields if field.internal)


def publish(store: Store, measure: EntityId, level: Visibility) -> None:
    """Shows a measure to others, as far as this level reaches; one step of undo."""
    with store.change("measure.publish") as draft:
        draft.set("measure", measure, {"visibility": level.value})


def _filled(record: Record) -> Iterator[tuple[str, FieldValue]]:
    for field in KINDS[record.kind].fields:
        value = record.values.get(field.name)
        if field.name not in _SILENT and value not in (None, "", (), False):
            yield field.name, value
