"""Zwei Fassungen: a person decides, and the decision is an ordinary change that covers all versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.change import SlotValue
from app.domain.clock import VersionVector
from app.domain.ids import EntityId
from app.models.store import Store


def decide(store: Store, kind: str, entity: EntityId, slot: int, value: SlotValue, context: VersionVector) -> None:
    """Settles a slot on `value` (one of the versions, both, or new words).

    Args:
        context: the vector of the versions that were shown (`Question.context`): what came in since
            then stays a version and asks again.
    """
    with store.change("version.decide") as draft:
        draft.write_slot(kind, entity, slot, value, context)


@dataclass(frozen=True, slots=True)
class Settled:
    """What one question is settled on; `context` as in `decide`."""

    kind: str
    id: EntityId
    slot: int
    value: SlotValue
    context: VersionVector


def decide_many(store: Store, settled: Sequence[Settled]) -> None:
    """Several questions in one change, which one step takes back."""
    with store.change("version.decide") as draft:
        for one in settled:
            draft.write_slot(one.kind, one.id, one.slot, one.value, one.context)


def delete_after_all(store: Store, kind: str, entity: EntityId) -> None:
    """ "Gelöscht lassen": the deletion now has seen the edits too."""
    with store.change("version.delete") as draft:
        draft.delete(kind, entity)


def keep_after_all(store: Store, kind: str, entity: EntityId, along: Sequence[tuple[str, EntityId]] = ()) -> None:
    """ "Wiederherstellen": the edits stand, the deletion is taken back.

    Args:
        along: what comes back with it: the deleted root of a part, the parts that went with a root.
    """
    with store.change("version.keep") as draft:
        draft.keep(kind, entity)
        for other_kind, other in along:
            draft.keep(other_kind, other)


def reopen(store: Store, kind: str, entity: EntityId, slot: int, value: SlotValue) -> None:
    """Takes a decision up again: another of the former versions holds from now on."""
    with store.change("version.reopen") as draft:
        draft.write_slot(kind, entity, slot, value)
