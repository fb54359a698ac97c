"""The truth about what the hall has carried: who has own changes, whose letters lie here, what was only heard."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, func, select

from app.domain.clock import VersionVector, covers, unflatten
from app.models import settings
from app.models.queries.reader import Reader
from app.models.tables import change, entrusted, heard, letter, own_letter


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
        pending: own changes that this device's own exchange has not confirmed yet.
        arrived: of them, those of which the agency has said in a receipt, brought back by others, that it has
            them; of these it keeps `aside` for a decision. `arrived_at` is when (RFC 3339 UTC by its clock).
        keepers: who has some of them, too; none of it is at the agency because of that.
        carried: letters of others, those that wait first.
        heard: records of which this device has heard something that the agency has not told yet.
    """

    pending: int = 0
    keepers: tuple[Keeper, ...] = ()
    carried: tuple[Carried, ...] = ()
    heard: int = 0
    arrived: int = 0
    aside: int = 0
    arrived_at: str = ""

    @property
    def waiting(self) -> int:
        """Own changes of which the agency has said nothing."""
        return self.pending - self.arrived


def hall_standing(reader: Reader) -> HallStanding:
    """Read in one snapshot."""
    with reader.snapshot() as connection:
        mine = connection.execute(select(change.c.replica, change.c.n).where(change.c.state == "pending")).all()
        told = receipts_back(connection)
        waiting = [w for w in mine if not any(one.covers(w.replica, w.n) for one in told)]
        arrived = len(mine) - len(waiting)
        aside, at = (told[-1].aside, told[-1].at) if arrived else (0, "")
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
        return HallStanding(len(mine), tuple(keepers), carried, count, arrived, aside, at)


@dataclass(frozen=True, slots=True)
class ReceiptBack:
    """The agency's word on one own letter: up to where it has it, how many of it lie aside, and when it said so."""

    accepted: VersionVector
    aside: int
    at: str

    def covers(self, replica: int, n: int) -> bool:
        """Whether the agency has this own change by that word."""
        return covers(self.accepted, (replica, n))


def receipts_back(connection: Connection) -> list[ReceiptBack]:
    """What others have brought back of the agency's words, the latest last; none of a life of it that has ended."""
    t, epoch = own_letter.c, settings.membership(connection).epoch
    found = select(t.vector, t.accepted, t.aside, t.told_at).where(t.told_at != "", t.epoch == epoch)
    return [
        ReceiptBack(_within(unflatten(orjson.loads(r.vector)), unflatten(orjson.loads(r.accepted))), r.aside, r.told_at)
        for r in connection.execute(found.order_by(t.told_at))
    ]


def _within(sealed: dict[int, int], accepted: dict[int, int]) -> dict[int, int]:
    return {replica: min(n, accepted[replica]) for replica, n in sealed.items() if replica in accepted}
