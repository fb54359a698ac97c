"""Writing the names of participants: they have no change log and no way to the agency, and go for good."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, insert, update

from app.models import journal
from app.models.engine import writing
from app.models.queries.participants import Participant
from app.models.store import Store
from app.models.tables import participant


def add(store: Store, person: Participant) -> None:
    """A new name."""
    with store.gate.edit(), writing(store.engine) as connection:
        connection.execute(insert(participant).values(**_columns(person)))


def change(store: Store, person: Participant) -> None:
    """Other words for a name that is there; one that has gone meanwhile stays gone."""
    with store.gate.edit(), writing(store.engine) as connection:
        connection.execute(update(participant).where(participant.c.id == person.id).values(**_columns(person)))


def remove(store: Store, person: str) -> None:
    """Takes a name away."""
    with store.gate.edit(), writing(store.engine) as connection:
        connection.execute(delete(participant).where(participant.c.id == person))


def erase_due(store: Store, today: date) -> int:
    """Takes all names away whose day has come, also those of workshops that are gone; how many."""
    with store.gate.edit(), writing(store.engine) as connection:
        erased = connection.execute(delete(participant).where(participant.c.delete_after <= today.isoformat())).rowcount
    if erased:
        journal.note(store, "participants.erased", {"count": erased})
    return int(erased)


def _columns(person: Participant) -> dict[str, str | int]:
    return {
        "id": person.id,
        "workshop_id": person.workshop,
        "name": person.name,
        "institution": person.institution,
        "function": person.function,
        "email": person.email,
        "stakeholder_group": person.group,
        "consent_photo": int(person.photo),
        "consent_contact": int(person.contact),
        "delete_after": person.erase_on.isoformat(),
    }
