"""Names of people at a workshop: noted where they are needed, gone on their day by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.ids import EntityId, new_id
from app.domain.months import months_later
from app.errors import FieldError
from app.models import participants as writing
from app.models.queries.participants import Participant
from app.models.store import Store

MONTHS = 6
"""How long a name is kept after the workshop unless somebody sets another day."""
_LONGEST = 200


def usual_day(held_on: str, today: date) -> date:
    """When names of a workshop go: half a year after it, or from today on where it has no day or is past.

    Args:
        held_on: "2026-11-26" or "".
    """
    try:
        held = date.fromisoformat(held_on)
    except ValueError:
        held = today
    return max(months_later(held, MONTHS), months_later(today, 1))


def read_person(line: str) -> tuple[str, str]:
    """ "Erika Muster, SGV Aue" -> name and institution."""
    name, _, institution = line.partition(",")
    return " ".join(name.split())[:_LONGEST], " ".join(institution.split())[:_LONGEST]


def add(store: Store, workshop: EntityId, lines: Sequence[str], erase_on: date) -> int:
    """Notes people, one a line; empty lines are none. Returns how many."""
    people = [read_person(line) for line in lines]
    named = [(name, institution) for name, institution in people if name]
    for name, institution in named:
        person = Participant(new_id(), workshop, name, institution, "", "", "", False, False, erase_on)
        writing.add(store, person)
    return len(named)


def change(store: Store, person: Participant) -> None:
    """Saves other words.

    Raises:
        FieldError: "blank", there is no name; nothing was changed.
    """
    name = " ".join(person.name.split())[:_LONGEST]
    if not name:
        raise FieldError("participant", "name", "blank")
    writing.change(store, replace(person, name=name))


def remove(store: Store, person: Participant) -> None:
    """Takes a name away for good: there is no undo for what nobody may keep."""
    writing.remove(store, person.id)


def erase_due(store: Store, today: date) -> int:
    """The daily run: all names whose day has come go; how many."""
    return writing.erase_due(store, today)
