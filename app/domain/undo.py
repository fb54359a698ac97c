"""Taking a change back: the inverse of its operations, as far as nobody else has been there since.

What closed a question opens it again: the versions that stood then stand beside each other once more. A change
says one thing of each slot, so each version beyond the first comes by a change of its own (`put_beside`), all of
them blind to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import cast

from app.domain.change import (
    Add,
    Change,
    Count,
    Create,
    Delete,
    Keep,
    Op,
    Remove,
    SlotValue,
    TextEdit,
    Write,
    slot_id,
)
from app.domain.clock import Dot, unflatten
from app.domain.draft import STOOD, Draft
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.merge import EntityState
from app.errors import NotAllowed


def reverse(draft: Draft, done: Change, inverses: list[object], restored: AbstractSet[Dot] = frozenset()) -> list[Op]:
    """Puts the inverse of `done` into `draft`; returns what others have changed since and stays as it is.

    Undo never overwrites somebody else's newer word: an operation is only taken back while its own
    version still stands, or an equal one that an own undo or redo has put there again.

    Args:
        inverses: what the draft that made `done` noted for each of its operations.
        restored: own undos and redos since `done`.
    """
    born = [op for op in done.ops if isinstance(op, Create)]
    roots = {op.id for op in born if op.id == op.root_id}
    # A tally exists once, and others may be counting on it already: it stays, only what was said in it goes.
    shared = {(op.kind, op.id) for op in born if KINDS[op.kind].named_by is not None and op.root_id not in roots}
    created = {(op.kind, op.id) for op in born} - shared
    own = restored | {done.dot}
    overtaken: list[Op] = []
    for op, before in reversed(list(zip(done.ops, inverses, strict=True))):
        # A record that came into being with this change goes as a whole: its words need no undoing.
        if (op.kind, op.id) in created and not isinstance(op, Create):
            continue
        if (op.kind, op.id) in shared and (isinstance(op, Create) or _names(op)):
            continue
        try:
            taken_back = _reverse_one(draft, own, op, before)
        except NotAllowed:  # the record left, or the right to edit it: nobody's earlier undo hangs on that
            taken_back = False
        if not taken_back:
            overtaken.append(op)
    return overtaken


def changes_beside(inverses: Sequence[object]) -> int:
    """How many changes beside the first it takes to put back all versions of the questions that were closed."""
    return max((len(stood) - 1 for stood in map(_versions_in, inverses) if stood), default=0)


def put_beside(draft: Draft, done: Change, inverses: Sequence[object], first: Change, place: int) -> None:
    """Puts the versions at `place` beside those by which `first` has taken `done` back."""
    again = {(op.kind, op.id, slot_id(op)): op for op in first.ops if isinstance(op, Write | Delete | Keep)}
    for op, before in zip(done.ops, inverses, strict=True):
        stood, slot = _versions_in(before), slot_id(op)
        written = again.get((op.kind, op.id, slot))
        if stood is not None and slot is not None and place < len(stood) and written is not None:
            draft.put_version(op.kind, op.id, slot, stood[place], written.context)


def _versions_in(before: object) -> list[SlotValue] | None:
    """The versions that stood, the shown one last; None if no question was closed."""
    if not isinstance(before, dict):
        return None
    return [tuple(value) if isinstance(value, list) else value for value in before[STOOD]]


def _names(op: Op) -> bool:
    """Whether this word is part of what a record is, not of what it says."""
    kind = KINDS[op.kind]
    return isinstance(op, Write) and kind.slot_by_id[op.slot].name in (kind.named_by or ())


def _reverse_one(draft: Draft, own: AbstractSet[Dot], op: Op, before: object) -> bool:
    state = draft.find(op.kind, op.id)
    if state is None:
        return False
    match op:
        case Write():
            return _put_back(draft, state, own, op, before)
        case Add(slot=slot, elements=elements):
            held = state.set(slot).elements
            mine = [e for e in elements if held.get(e, frozenset()) <= own]
            _change_set(draft, state, slot, gone=mine)
            return len(mine) == len(elements)
        case Remove(slot=slot, dots=dots):
            _change_set(draft, state, slot, new=list(dots))
        case Count(slot=slot):
            assert isinstance(before, int)
            draft.count(op.kind, op.id, KINDS[op.kind].slot_by_id[slot].name, -before)
        case Delete() | Keep() if isinstance(before, dict):
            return _put_back(draft, state, own, op, before)
        case Delete():
            if not set(state.register(DELETION_SLOT).versions) <= own:
                return False
            draft.keep(op.kind, op.id)
        case Create() | Keep():
            return _delete_again(draft, state, own, before)
        case TextEdit():
            return False
    return True


def _delete_again(draft: Draft, state: EntityState, own: AbstractSet[Dot], before: object) -> bool:
    """Unless others have said something since the record was made, or was brought back (`before`)."""
    known = unflatten(before) if isinstance(before, list | tuple) else {}
    mine = {dot.replica for dot in own}
    if any(replica not in mine and n > known.get(replica, 0) for replica, n in state.seen.items()):
        return False
    draft.delete(state.kind, state.id)
    return True


def _put_back(
    draft: Draft, state: EntityState, own: AbstractSet[Dot], op: Write | Delete | Keep, before: object
) -> bool:
    number = DELETION_SLOT if isinstance(op, Delete | Keep) else op.slot
    versions = state.register(number).versions
    if not versions or not versions.keys() <= own:
        return False
    if isinstance(op, Write) and all(version.value != op.value for version in versions.values()):
        return False
    stood = _versions_in(before)
    if stood is not None:
        for value in stood[:1]:
            draft.put_version(op.kind, op.id, number, value)
        return True
    old = cast(SlotValue, tuple(before) if isinstance(before, list | tuple) else before)
    slot = KINDS[op.kind].slot_by_id[number]
    if old is None and slot.is_group:
        old = (None,) * len(slot.fields)
    draft.write_slot(op.kind, op.id, number, old)
    return True


def _change_set(
    draft: Draft, state: EntityState, slot: int, new: list[str] | None = None, gone: list[str] | None = None
) -> None:
    name = KINDS[state.kind].slot_by_id[slot].name
    held = set(state.set(slot).elements)
    draft.set(state.kind, state.id, {name: (held | set(new or [])) - set(gone or [])})
