"""Which of two measures that are one stays: the duplicate points to the survivor, everybody follows alike.

A pointer is an ordinary register of the duplicate (`merged_into`), so that merging is an ordinary change. It counts
only where both sides agree, and only where the survivor is here: otherwise the duplicate stands for itself as before.
What counts is worked out from the pointers alone, on every device and in any order the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.ids import EntityId


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides where a measure belongs.

    Attributes:
        into: the measure it has gone into, "" for none.
        lead: its lead municipality, `owners` all that may edit it.
        gone: it is deleted.
    """

    into: EntityId = ""
    lead: str = ""
    owners: frozenset[str] = frozenset()
    gone: bool = False


def counts(measure: EntityId, known: Mapping[EntityId, Standing]) -> bool:
    """Whether a measure's pointer leads anywhere: to another living one whose owners have let its lead in."""
    own = known.get(measure)
    if own is None or own.gone or not own.into or own.into == measure:
        return False
    target = known.get(own.into)
    return target is not None and not target.gone and (own.lead in target.owners or own.lead == target.lead)


def survivor(measure: EntityId, known: Mapping[EntityId, Standing]) -> EntityId:
    """The measure that stands for this one, often itself.

    Two people may have merged in opposite directions while apart. Then the lowest id of the ring stays, and all others
    have gone into it.
    """
    path = [measure]
    while counts(path[-1], known):
        following = known[path[-1]].into
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]


def is_ring(measure: EntityId, known: Mapping[EntityId, Standing]) -> bool:
    """Whether a measure and others have been merged in opposite directions."""
    seen = {measure}
    at = measure
    while counts(at, known):
        at = known[at].into
        if at == measure:
            return True
        if at in seen:
            return False
        seen.add(at)
    return False
