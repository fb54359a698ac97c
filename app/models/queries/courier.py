"""The kept list of courier files."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from operator import or_

from sqlalchemy import select

from app.models import settings
from app.models.queries.reader import Reader
from app.models.tables import courier_file


@dataclass(frozen=True, slots=True)
class CourierFile:
    """One file that was written here.

    Attributes:
        written_at, answered_at: milliseconds UTC by this device's clock; 0: no answer was read yet.
        changes: own changes that travel in it.
        settled: nobody waits for an answer any more: one was read, to this file or to a later one, which
            carried all of this one again.
    """

    id: str
    name: str
    written_at: int
    changes: int
    answered_at: int
    settled: bool


def courier_files(reader: Reader, limit: int = 20) -> list[CourierFile]:
    """The latest files, newest first."""
    with reader.snapshot() as connection:
        query = select(courier_file).order_by(courier_file.c.written_at.desc(), courier_file.c.id).limit(limit)
        rows = connection.execute(query).all()
    settled = accumulate((r.answered_at is not None for r in rows), or_)
    return [
        CourierFile(r.id, r.name, r.written_at, r.changes, r.answered_at or 0, done)
        for r, done in zip(rows, settled, strict=True)
    ]


def can_write(reader: Reader) -> bool:
    """Whether agency and device know each other's keys."""
    with reader.snapshot() as connection:
        return settings.membership(connection).joined and bool(settings.courier(connection).agency)
