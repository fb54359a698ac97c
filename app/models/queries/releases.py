"""The minutes of a workshop as they were released."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import EntityId
from app.models.queries import records
from app.models.queries.reader import Reader


@dataclass(frozen=True, slots=True)
class Release:
    """One release.

    Attributes:
        number: counts from 1; two laptops may have given the same.
        released_at: RFC 3339 UTC, as the device's clock claimed.
        person: who released it, "" if unknown.
        content: the paper, encoded (`app.reports.document`).
    """

    id: EntityId
    number: int
    released_at: str
    person: str
    content: str


def releases(reader: Reader, workshop: EntityId) -> list[Release]:
    """The releases of a workshop's minutes, the newest first."""
    found = [
        Release(
            record.id,
            int(str(record.get("number") or 1)),
            record.text("released_at"),
            record.changed_by,
            record.text("content"),
        )
        for record in records.children(reader, workshop, "released_minutes")
    ]
    return sorted(found, key=lambda one: (-one.number, one.released_at, one.id))
