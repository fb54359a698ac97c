"""The truth about what the hall has carried: who has own changes, whose letters lie here, what was only heard."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import func, select

from app.domain.clock import covers, unflatten
from app.models.queries.reader import Reader
from app.models.tables import change, entrusted, heard, letter


@dataclass(frozen=True, slots=True)
class Keeper:
    """Another laptop that has own changes which still wait here: so many of them, sealed for the agency."""

    person: str
    device: str
    changes: int


@dataclass(frozen=True, slots=True)
class Carried:
    """A letter of another laptop.

    Attributes:
        state: "held" (it is handed in with the next exchange), "taken" or "refused" (`reason`).
        told_at: when the agency said so, in milliseconds by this device's clock.
    """

    person: str
    device: str
    changes: int
    state: str
    reason: str
    told_at: int


@dataclass(frozen=True, slots=True)
class HallStanding:
    """What people are told.

    Attributes:
        pending: own changes without a receipt.
        keepers: who has some of them, too; none of it is at the agency because of that.
        carried: letters of others, those that wait first.
        heard: records of which this device has heard something that the agency has not told yet.
    """

    pending: int = 0
    keepers: tuple[Keeper, ...] = ()
    carried: tuple[Carried, ...] = ()
    heard: int = 0


def hall_standing(reader: Reader) -> HallStanding:
    """Read in one snapshot."""
    with reader.snapshot() as connection:
        waiting = connection.execute(select(change.c.replica, change.c.n).where(change.c.state == "pending")).all()
        keepers = []
        for row in connection.execute(select(entrusted).order_by(entrusted.c.person, entrusted.c.name)):
            vector = unflatten(orjson.loads(row.vector))
            held = sum(covers(vector, (w.replica, w.n)) for w in waiting)
            if held:
                keepers.append(Keeper(row.person, row.name, held))
        t = letter.c
        brought = select(t.person, t.name, t.changes, t.state, t.reason, t.told_at).where(t.note.is_not(None))
        carried = tuple(
            Carried(r.person, r.name, r.changes, r.state, r.reason, r.told_at)
            for r in connection.execute(brought.order_by(t.state, t.person, t.name))
        )
        count = connection.execute(select(func.count()).select_from(heard)).scalar_one()
        return HallStanding(len(waiting), tuple(keepers), carried, count)
