"""Whether a change may be merged for somebody: every root it touches has to be theirs to edit."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.access import Grant
from app.domain.change import Change, Create
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.server.records import Records


def roots_of(records: Records, change: Change) -> set[tuple[str, EntityId]]:
    """(kind, id) of every root a change touches, as far as records and change tell."""
    roots = {(op.root_kind, op.root_id) for op in change.ops if isinstance(op, Create)}
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
