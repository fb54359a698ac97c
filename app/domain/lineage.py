"""Abgucken: what a measure takes from another one, and what the other has made better since.

A measure that was taken over notes a digest of every value of the original that somebody there has looked at:
those it began with, and those about which they have decided since. So three things are known of each field
without keeping the original's words: whether the original says something new, whether the own words are still
those that were taken, and that nothing is asked twice. Two desks that decide at the same time agree, because
the digests are a set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.domain.ids import EntityId, is_id

CARRIED = (
    "title", "short_description", "description", "specifics", "initial_situation", "goals", "target_groups",
    "vision_primary", "vision_secondary", "dna_digital", "dna_sustainable", "dna_authentic", "dna_note",
    "charter_guidelines", "sdgs", "fields_of_action", "tags", "spatial_scope", "dependencies", "licence",
    "repository_url", "knowledge_outputs", "success_factors", "continuation", "accessibility_note",
)  # fmt: skip
"""Fields that go along, in the order they are asked about. All others stay with the original: who, where, status,
light, dates, money, contacts, what is internal, and how far it judges itself to be transferable."""

CARRIED_PARTS: Mapping[str, tuple[str, ...]] = {
    "milestone": ("title",),
    "indicator": ("name", "level", "unit", "method"),
    "risk": ("title", "mitigation"),
}
"""Parts that go along at the beginning, with these fields: the steps without dates, what is measured without
figures, what can go wrong without names."""

Values = Mapping[str, object]
"""By field name; of a set its elements in sorted order. Missing, None, "" and () are the same."""


def carried(values: Values) -> dict[str, object]:
    """What another municipality begins with, by field name; only what says something."""
    found = {name: _carried(name, values.get(name)) for name in CARRIED}
    return {name: value for name, value in found.items() if not _is_empty(value)}


def carried_part(kind: str, values: Values) -> dict[str, object]:
    """What of a part goes along; empty if it stays."""
    found = {name: values.get(name) for name in CARRIED_PARTS.get(kind, ())}
    return {name: value for name, value in found.items() if not _is_empty(value)}


def digest_of(original: EntityId, field: str, value: object) -> str:
    """SHA-256 of what the original says in a field, as `adopted_values` keeps it."""
    told = sorted(value) if isinstance(value, tuple | list | set | frozenset) else value
    return hashlib.sha256(json.dumps([original, field, told], ensure_ascii=False).encode()).hexdigest()


def digests_of(original: EntityId, values: Values) -> frozenset[str]:
    """Digests of all that goes along."""
    return frozenset(digest_of(original, name, value) for name, value in carried(values).items())


@dataclass(frozen=True, slots=True)
class Offer:
    """A field about which the original says something that nobody here has looked at.

    Attributes:
        own: what stands here, `theirs` what stands there.
        adapted: the own words are not those that were taken from there.
        taken: what was last taken from there, where the own history still has it and own words stand instead.
    """

    field: str
    own: object
    theirs: object
    adapted: bool
    taken: object = None


def offers(original: EntityId, own: Values, theirs: Values, seen: Collection[str]) -> list[Offer]:
    """What could be taken over now, in the order of `CARRIED`.

    Args:
        seen: the measure's `adopted_values`. What the original has emptied is no improvement.
    """
    found = []
    for name, value in carried(theirs).items():
        mine = _carried(name, own.get(name))
        if mine == value or digest_of(original, name, value) in seen:
            continue
        adapted = not _is_empty(mine) and digest_of(original, name, mine) not in seen
        found.append(Offer(name, mine, value, adapted))
    return found


def _carried(name: str, value: object) -> object:
    """A value as it goes along: of the dependencies those on bundles, which all towns have in common."""
    if isinstance(value, set | frozenset | list):
        value = tuple(sorted(value))
    if name == "dependencies" and isinstance(value, tuple):
        return tuple(one for one in value if not is_id(str(one).partition(":")[2]))
    return value


def _is_empty(value: object) -> bool:
    return value is None or value in ("", ())
