"""Who sees and who edits what: scopes follow from a root record's own fields, rights from a grant.

Children have no scope of their own; they follow their root, so that a child made on the train and a
root that moved meanwhile still end up together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from app.domain.catalogue import Role, Visibility
from app.domain.fields import KINDS, internal_slots
from app.domain.ids import EntityId
from app.domain.merge import EntityState

Scope = str
AGENCY: Scope = "agency"
CONSORTIUM: Scope = "consortium"
REGION: Scope = "region"
SHARED = frozenset({CONSORTIUM, REGION})
"""Scopes in which others than a record's owners read it, without its internal fields."""
MAX_CODE = 80
"""Longest invitation code, in characters; those that are made have some fourteen."""
CONSORTIUM_AGS = frozenset({"05958004", "05970004", "05962040", "05966024", "05974040"})
_SHARED = {
    Visibility.CONSORTIUM: frozenset({CONSORTIUM}),
    Visibility.SCHOOL: frozenset({CONSORTIUM, REGION}),
    Visibility.PUBLIC: frozenset({CONSORTIUM, REGION}),
}


DECIDING = frozenset({"lead_ags", "ags", "participating_ags", "visibility"})
"""Slots of a root by which `owners`, `visibility` and `scopes_of` judge; the others say nothing to them."""


def municipality_scope(ags: str) -> Scope:
    return f"municipality:{ags}"


def workshop_scope(workshop: EntityId) -> Scope:
    return f"workshop:{workshop}"


def owners(root: EntityState) -> frozenset[str]:
    """AGS of the municipalities that may edit the record and what hangs below it."""
    kind = KINDS[root.kind]
    single = kind.slot_of["lead_ags" if root.kind == "measure" else "ags"]
    found = {str(v.value) for v in root.register(single.id).versions.values() if v.value}
    if root.kind == "measure":
        found.update(root.set(kind.slot_of["participating_ags"].id).elements)
    return frozenset(found)


_NARROWEST = list(Visibility)


def visibility(root: EntityState) -> Visibility:
    """How far a record is shared; without a word, within its municipality.

    While two versions of the visibility are open, the narrower one counts.
    """
    slot = KINDS[root.kind].slot_of["visibility"]
    told = [
        Visibility(str(v.value)) if v.value else Visibility.MUNICIPALITY
        for v in root.register(slot.id).versions.values()
    ]
    return min(told, key=_NARROWEST.index, default=Visibility.MUNICIPALITY)


def scopes_of(root: EntityState) -> frozenset[Scope]:
    """The feeds a root and its children appear in; none while it stays on its own device."""
    level = visibility(root)
    if level is Visibility.PRIVATE or not root.exists:
        return frozenset()
    found = {AGENCY, *(municipality_scope(a) for a in owners(root)), *_SHARED.get(level, ())}
    if root.kind == "workshop":
        found.add(workshop_scope(root.id))
    return frozenset(found)


def shared_view(state: EntityState) -> EntityState:
    """The record as others than its owners may read it: without the internal fields."""
    internal = internal_slots(state.kind)
    if internal.isdisjoint(state.registers):
        return state
    return replace(state, registers={s: r for s, r in state.registers.items() if s not in internal})


@dataclass(frozen=True, slots=True)
class Grant:
    """What a device may do: a role at a place, and the workshops it helps to lead, its own town's or another's.

    Members of the consortium and readers may belong to a municipality or to none; readers never write.
    """

    role: Role
    ags: str = ""
    workshops: frozenset[EntityId] = frozenset()

    @property
    def scopes(self) -> frozenset[Scope]:
        """Feeds the device may read."""
        if self.role is Role.AGENCY:
            return frozenset({AGENCY})
        found = {REGION, *(workshop_scope(w) for w in self.workshops)}
        if self.ags and self.role is not Role.FACILITATOR:
            found.add(municipality_scope(self.ags))
        if self.role is Role.CONSORTIUM or (self.role is Role.COORDINATOR and self.ags in CONSORTIUM_AGS):
            found.add(CONSORTIUM)
        return frozenset(found)

    @property
    def writes(self) -> bool:
        """Whether there can be anything this device may edit."""
        return self.role is not Role.READER and (self.role is not Role.CONSORTIUM or bool(self.ags or self.workshops))

    def leads(self, root_kind: str, root: EntityId) -> bool:
        """Whether this is a workshop that the agency has given this device to lead."""
        return root_kind == "workshop" and root in self.workshops and self.writes

    def owns(self, ags: Collection[str]) -> bool:
        """Whether what belongs to these municipalities may be changed for that reason."""
        if self.role is Role.AGENCY:
            return True
        return self.writes and self.role is not Role.FACILITATOR and bool(self.ags) and self.ags in ags

    def may_edit(self, root: EntityState) -> bool:
        """Whether records below (and including) this root may be changed."""
        return self.leads(root.kind, root.id) or self.owns(owners(root))
