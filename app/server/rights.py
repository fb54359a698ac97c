"""Whether a change may be merged for somebody: every root it touches has to be theirs to edit.

The agency may edit everything, but that two towns' measures are one it may only propose (ADR 0022).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.access import Grant
from app.domain.catalogue import Role
from app.domain.change import Change, Create, Write
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.server.records import Records


def roots_of(records: Records, change: Change) -> set[tuple[str, EntityId]]:
    """(kind, id) of every root a change touches, as far as records and change tell."""
    roots = {(op.root_kind, op.root_id) for op in change.ops if op.__class__ is Create}
    for kind, entity_id in change.entities:
        before = records.state(kind, entity_id)
        if before.exists:
            roots.add((before.root_kind, before.root_id))
    return roots


def is_allowed(records: Records, grant: Grant, change: Change, merged: Mapping[EntityId, EntityState]) -> bool:
    """Whether somebody may edit every root concerned, judged as it was before the change.

    Only a root that comes into being with the change is judged by what it becomes. A root that nobody
    knows yet cannot be judged: what hangs below it is merged, but shown to nobody until it appears
    (`app.server.orphans`).
    """
    for kind, root_id in roots_of(records, change):
        root = records.state(kind, root_id)
        if not root.exists:
            root = merged.get(root_id, root)
        if root.exists and not grant.may_edit(root):
            return False
    return True


def merges_towns(records: Records, grant: Grant, change: Change) -> bool:
    """Whether the agency lets one town's measure go into another's by itself, as both are led before the change."""
    if grant.role is not Role.AGENCY:
        return False
    pointers = {op.id: into for op in change.ops if isinstance(op, Write) and (into := _pointer(op))}
    if not pointers:
        return False
    records.look_at(pointers.values())
    return any(_lead(records, goes) != _lead(records, stays) for goes, stays in pointers.items())


_MERGING = KINDS["measure"].slot_of["merged_into"]
_POINTER = [f.name for f in _MERGING.fields].index("merged_into")
_LEAD = KINDS["measure"].slot_of["lead_ags"].id


def _pointer(op: Write) -> EntityId:
    """The measure that one goes into by this operation, "" for none."""
    if (op.kind, op.slot) != ("measure", _MERGING.id) or not isinstance(op.value, tuple):
        return ""
    return str(op.value[_POINTER] or "")


def _lead(records: Records, measure: EntityId) -> object:
    return records.state("measure", measure).register(_LEAD).value
