"""What a rescue brought back and what it did not, for the person who has to know."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, func, select

from app.models import gaps, settings
from app.models.queries.reader import Reader
from app.models.tables import receipt


@dataclass(frozen=True, slots=True)
class Rescued:
    """One rescue, as things stand now.

    Attributes:
        at: when, ms since 1970.
        backup_at: when the backup was made that it began with, ms; 0 without one.
        again: own changes since then that could still be read.
        missing: own changes since then that could not.
        returned: those of them that the agency turned out to have.
        is_counted: whether the damaged file told how far it had come; otherwise more may be missing.
        is_settled: whether the agency has been asked; until then `returned` is not known.
        file: name of the damaged file in the profile's folder `damaged`; "" if there was none.
        is_seen: whether the person has put the notice away.
    """

    at: int
    backup_at: int
    again: int
    missing: int
    returned: int
    is_counted: bool
    is_settled: bool
    file: str
    is_seen: bool

    @property
    def lost(self) -> int:
        """Changes that are nowhere any more, as far as is known."""
        return self.missing - self.returned


def rescued(reader: Reader) -> Rescued | None:
    """The last rescue of this profile, None if there never was one."""
    with reader.snapshot() as connection:
        raw = settings.get(connection, "rescued")
        if not raw:
            return None
        told = orjson.loads(raw)
        alone = not settings.membership(connection).joined
        settled = alone or int(settings.get(connection, "synced_at", "0")) > told["at"]
        returned = 0 if alone or not settled else told["missing"] - _lost(connection, told["ranges"])
        seen = settings.get(connection, "rescue_seen") == "1"
    return Rescued(
        at=told["at"],
        backup_at=told["backup_at"],
        again=told["again"],
        missing=told["missing"],
        returned=returned,
        is_counted=bool(told["counted"]),
        is_settled=settled,
        file=told["file"],
        is_seen=seen,
    )


def _lost(connection: Connection, ranges: list[tuple[int, int, int]]) -> int:
    """Missing numbers that an empty change had to stand for, or that no receipt reaches."""
    counted = select(receipt.c.replica, func.max(receipt.c.n)).group_by(receipt.c.replica)
    reach = {int(replica): int(n) for replica, n in connection.execute(counted)}
    unknown = sum(max(0, to - max(since - 1, reach.get(replica, 0))) for replica, since, to in ranges)
    return unknown + gaps.count(connection)
