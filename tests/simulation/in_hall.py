"""What the oracle knows of a hall without a network: what of the others' words has reached a laptop there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.simulation.ledger import NOTHING, Dots, Violation, name

if TYPE_CHECKING:
    from tests.simulation.laptop import Laptop

_HEARD = "SELECT entity_id, row FROM heard"
_ROOT = "SELECT r.held FROM entity e JOIN entity r ON r.id = e.root_id WHERE e.id = ?"
OUT_OF_REACH = frozenset({"", "|consortium|", "|region|", "|consortium|region|"})
"""Scopes of a workshop that is nobody's here, or shown among many."""


@dataclass(slots=True)
class InHall:
    """Per record what others have said of it in a hall and the agency has not told yet, as the disk proves.

    Attributes:
        coming: what the message being taken in tells: record -> everything its sender had of it.
        rows: of each record what lies on the disk as heard.
    """

    heard: dict[str, Dots] = field(default_factory=dict)
    coming: dict[str, Dots] = field(default_factory=dict)
    rows: dict[str, bytes] = field(default_factory=dict)

    def expect(self, told: Iterable[tuple[str, Dots]]) -> None:
        """A message is about to be taken in."""
        self.coming = dict(told)

    def committed(self, laptop: Laptop, point: str) -> None:
        """What lies there as heard now; what does no more has to be the agency's word by now, or out of reach.

        Raises:
            Violation
        """
        before, self.rows = self.rows, dict(laptop.disk.look(_HEARD))
        if point.endswith("hearing.take"):
            for entity in self.coming.keys() & self.rows.keys():
                if self.rows[entity] != before.get(entity):
                    self.heard[entity] = self.heard.get(entity, NOTHING) | self.coming.pop(entity)
        for entity in sorted(self.heard.keys() - self.rows.keys()):
            left = self.heard.pop(entity) - laptop.hearing.view(entity).dots
            root = laptop.disk.look(_ROOT, entity)
            if left and root and root[0][0] not in OUT_OF_REACH and not point.endswith("reissue.renew"):
                raise Violation(f"{laptop.name}: {entity[-6:]} has let go of {_names(left)}, heard in the hall")

    def taken(self, laptop: Laptop) -> None:
        """The message has been dealt with: what was not kept of it was known, or cannot be taken there.

        Raises:
            Violation
        """
        for entity, dots in self.coming.items():
            missing = dots - laptop.hearing.view(entity).dots
            found = laptop.disk.look("SELECT frozen FROM entity WHERE id = ?", entity)
            if missing and not (found and found[0][0]):
                raise Violation(f"{laptop.name}: {entity[-6:]} was told in the hall, and {_names(missing)} not taken")
        self.coming = {}


def _names(dots: Dots) -> str:
    return ", ".join(map(name, sorted(dots)))
