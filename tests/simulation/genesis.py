"""How a world begins: who is in it and what they all know already; made once per cast, copied for every seed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from app.domain.catalogue import Role
from tests.simulation.deeds import PLACES
from tests.simulation.laptop import Backup, Hearing
from tests.simulation.ledger import Ledger, View
from tests.simulation.memory import Disk
from tests.simulation.office import Archive

if TYPE_CHECKING:
    from tests.simulation.world import World

Person = tuple[Role, str]
Cast = tuple[Person, ...]
_BERLEBURG, _ARNSBERG, _SIEGEN = ((Role.COORDINATOR, ags) for ags in PLACES)
_AGENCY, _FACILITATOR = (Role.AGENCY, ""), (Role.FACILITATOR, "")
_TWO, _THREE = (_BERLEBURG, _BERLEBURG), (_BERLEBURG, _BERLEBURG, _ARNSBERG)

CASTS: tuple[tuple[Cast, int], ...] = (
    (_TWO, 4),
    ((_BERLEBURG, _AGENCY), 2),
    ((_BERLEBURG, _ARNSBERG), 2),
    (_THREE, 4),
    ((_BERLEBURG, _BERLEBURG, _AGENCY), 2),
    ((_BERLEBURG, _ARNSBERG, _SIEGEN), 2),
    ((_BERLEBURG, _BERLEBURG, _FACILITATOR), 2),
    ((*_THREE, _AGENCY), 1),
    ((*_THREE, _SIEGEN, _FACILITATOR), 1),
    ((*_THREE, _SIEGEN, _SIEGEN, _AGENCY, _FACILITATOR, _ARNSBERG), 1),
)
"""Who may meet, and how often."""


@dataclass(frozen=True, slots=True)
class Genesis:
    """A world at rest, to be copied."""

    disks: tuple[Disk, ...]
    hearings: tuple[Hearing, ...]
    agency: Any
    views: dict[str, View]
    ledger: Ledger
    workshops: tuple[str, ...]

    @classmethod
    def of(cls, world: World) -> Genesis:
        return cls(
            tuple(laptop.disk.copy() for laptop in world.laptops),
            tuple(deepcopy(laptop.hearing) for laptop in world.laptops),
            world.office.frame.saved(),
            dict(world.office.views),
            deepcopy(world.ledger),
            tuple(world.workshops),
        )

    def put(self, world: World) -> None:
        """Makes this the beginning of another world."""
        world.ledger = world.office.ledger = deepcopy(self.ledger)
        world.office.frame.load(self.agency)
        world.office.attach()
        world.office.views = dict(self.views)
        world.office.archive = Archive(self.agency, dict(self.views), {}, {})
        world.office.ever = set(self.ledger.said)
        world.workshops = list(self.workshops)
        for (role, ags), disk, hearing in zip(world.plan.cast, self.disks, self.hearings, strict=True):
            laptop = world.place(role, ags, disk.copy())
            laptop.hearing = deepcopy(hearing)
            laptop.backup = Backup(disk, hearing)


@cache
def genesis(cast: Cast, known: bool, make: Callable[[Cast, bool], World]) -> Genesis:
    """The beginning of every world with these people; `known`: they have a measure and a workshop in common."""
    return Genesis.of(make(cast, known))
