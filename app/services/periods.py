"""An end before its start, also when only one of the two is changed and the other stands already."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.draft import Draft
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.rules import check_save

_PERIODS = (("start", "end"), ("starts_at", "ends_at"))


def check_period(draft: Draft, kind: str, entity: EntityId, values: Mapping[str, object]) -> None:
    """Whether the period would be in order with what stands already.

    Raises:
        FieldError: code "end_before_start".
    """
    slots = KINDS[kind].slot_of
    for pair in _PERIODS:
        if not any(name in values for name in pair) or not all(name in slots for name in pair):
            continue
        state = draft.state(kind, entity)
        whole: dict[str, object] = {}
        for name in pair:
            slot = slots[name]
            held = state.register(slot.id).value
            position = [f.name for f in slot.fields].index(name)
            standing = held[position] if isinstance(held, tuple) else held
            whole[name] = values.get(name, standing)
        check_save(kind, whole, partial=True)
