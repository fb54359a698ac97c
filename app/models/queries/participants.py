"""Names of people who came to a workshop: only on this device, each with the day on which it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.german import person_sort_key
from app.domain.ids import EntityId
from app.models.queries.reader import Reader
from app.models.tables import participant


@dataclass(frozen=True, slots=True)
class Participant:
    """One person at one workshop.

    Attributes:
        group: `StakeholderGroup` code, "" if nobody asked.
        photo: agreed to be seen on photos.
        contact: agreed to be written to.
        erase_on: the first day on which the name is no longer kept.
    """

    id: str
    workshop: EntityId
    name: str
    institution: str
    function: str
    email: str
    group: str
    photo: bool
    contact: bool
    erase_on: date


def participants(reader: Reader, workshop: EntityId) -> list[Participant]:
    """The people of a workshop by their last name, in the order of a list of persons (DIN 5007-2)."""
    c = participant.c
    with reader.snapshot() as connection:
        found = connection.execute(select(participant).where(c.workshop_id == workshop)).all()
    people = [
        Participant(
            row.id, row.workshop_id, row.name, row.institution, row.function, row.email, row.stakeholder_group,
            bool(row.consent_photo), bool(row.consent_contact), date.fromisoformat(row.delete_after),
        )
        for row in found
    ]  # fmt: skip
    return sorted(people, key=lambda one: (_by_last_name(one.name), one.id))


def _by_last_name(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return person_sort_key(f"{last} {first}")
