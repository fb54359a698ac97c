"""What was added to sets by changes that lie aside: later additions of the same device must not speak for it.

A set's context says of which changes the additions are in it or have been removed. An addition that waits in
quarantine is neither. Were the context to pass it with the device's next addition, it would count as removed, and
be lost when somebody accepts it after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection, select

from app.domain.change import Add, Change
from app.domain.encoding import decode_change
from app.domain.ids import EntityId
from app.errors import ContentError, FieldError
from app.server.tables import quarantine


@dataclass(slots=True)
class Aside:
    """Numbers of undecided changes by (replica, record, slot) that they add to."""

    numbers: dict[tuple[int, EntityId, int], set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, changes: Iterable[Change]) -> Aside:
        """What waits from the replicas of those changes that add to a set; for others nobody need look."""
        found = cls()
        replicas = {change.replica for change in changes if any(isinstance(op, Add) for op in change.ops)}
        if not replicas:
            return found
        waiting = quarantine.c
        bodies = connection.execute(
            select(waiting.body).where(
                waiting.replica.in_(sorted(replicas)), waiting.released_at.is_(None), waiting.verdict == ""
            )
        ).scalars()
        for body in bodies:
            try:
                found.put(decode_change(orjson.loads(body)))
            except (ContentError, FieldError, orjson.JSONDecodeError):
                continue  # nobody can accept what cannot be read
        return found

    def put(self, change: Change) -> None:
        """This one lies aside from now on."""
        for op in change.ops:
            if isinstance(op, Add):
                self.numbers.setdefault((change.replica, op.id, op.slot), set()).add(change.n)

    def before(self, change: Change, entity_id: EntityId) -> Mapping[int, int]:
        """Of each slot of a record that such a change adds to before this one: the first of their numbers."""
        return {
            slot: min(earlier)
            for (replica, at, slot), numbers in self.numbers.items()
            if replica == change.replica and at == entity_id and (earlier := {n for n in numbers if n < change.n})
        }
