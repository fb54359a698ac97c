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

from app.domain.fields import KINDS, Merge
from app.domain.ids import EntityId, derived_id, is_id

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
Parts = Mapping[str, Mapping[EntityId, Values]]
"""Parts of a measure by kind and id."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What goes along from one measure to another.

    Attributes:
        fields: of the measure, in the order they are asked about.
        parts: kinds of parts with their fields.
        joins: both are one: sets are put together instead of replaced, and every dependency goes along.
    """

    fields: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    joins: bool = False


ADOPTED = Terms(CARRIED, CARRIED_PARTS)
_OWN = frozenset(
    {"title", "lead_ags", "visibility", "adopted_from", "adopted_ags", "adopted_title", "adopted_on", "adopted_values",
     "merged_into", "merged_on", "merge_with", "merge_stays", "distinct_from"}
)  # fmt: skip
MERGED = Terms(
    tuple(f.name for f in KINDS["measure"].fields if f.name not in _OWN),
    {
        kind: tuple(f.name for f in KINDS[kind].fields)
        for kind in ("milestone", "cost_item", "funding_item", "indicator", "risk", "decision", "task", "attachment")
    },
    joins=True,
)
"""Of a measure that has gone into another one: everything but its name, its place and its lineage."""


def carried(values: Values, terms: Terms = ADOPTED) -> dict[str, object]:
    """What another measure begins with, by field name; only what says something."""
    found = {name: _carried(name, values.get(name), terms) for name in terms.fields}
    return {name: value for name, value in found.items() if not is_empty(value)}


def carried_part(kind: str, values: Values, terms: Terms = ADOPTED) -> dict[str, object]:
    """What of a part goes along; empty if it stays."""
    found = {name: values.get(name) for name in terms.parts.get(kind, ())}
    return {name: value for name, value in found.items() if not is_empty(value)}


def copy_id(measure: EntityId, part: EntityId) -> EntityId:
    """The id of a part in the measure that took it over: two desks that take the same make one."""
    return derived_id("adopted", measure, part)


def digest_of(original: EntityId, field: str, value: object) -> str:
    """SHA-256 of what the original says in a field, as `adopted_values` keeps it."""
    told = sorted(value) if isinstance(value, tuple | list | set | frozenset) else value
    return hashlib.sha256(json.dumps([original, field, told], ensure_ascii=False).encode()).hexdigest()


def part_digest(original: EntityId, kind: str, part: EntityId, told: Values) -> str:
    """The same for a part as a whole; `told` as `carried_part` gives it."""
    return digest_of(original, f"{kind}:{part}", [json.dumps([n, v], ensure_ascii=False) for n, v in told.items()])


def digests_of(original: EntityId, values: Values, parts: Parts | None = None) -> frozenset[str]:
    """Digests of all that goes along when a measure is taken over."""
    told = {digest_of(original, name, value) for name, value in carried(values).items()}
    for kind, those in (parts or {}).items():
        told |= {part_digest(original, kind, part, carried_part(kind, said)) for part, said in those.items()}
    return frozenset(told)


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


@dataclass(frozen=True, slots=True)
class PartOffer:
    """A part about which the original says something that nobody here has looked at.

    Attributes:
        part: its id there; `copy` is its id here, or would be.
        own: what stands here, None if there is no such part yet.
        adapted: the own part is not as it was taken from there.
    """

    kind: str
    part: EntityId
    copy: EntityId
    own: Values | None
    theirs: Values
    adapted: bool


def offers(
    original: EntityId, own: Values, theirs: Values, seen: Collection[str], terms: Terms = ADOPTED
) -> list[Offer]:
    """What could be taken over now, in the order of the terms' fields.

    Args:
        seen: the measure's `adopted_values`. What the original has emptied is no improvement.
    """
    found = []
    for name, value in carried(theirs, terms).items():
        mine = _carried(name, own.get(name), terms)
        whole = joined(name, mine, value) if terms.joins else value
        if mine == whole or digest_of(original, name, value) in seen:
            continue
        adapted = not is_empty(mine) and digest_of(original, name, mine) not in seen
        found.append(Offer(name, mine, whole, adapted))
    return found


def part_offers(
    original: EntityId,
    measure: EntityId,
    own: Parts,
    thrown_away: Collection[EntityId],
    theirs: Parts,
    seen: Collection[str],
    terms: Terms = ADOPTED,
) -> list[PartOffer]:
    """Parts that the original has anew or says otherwise, by kind in the order of the terms.

    What was taken over before parts were told apart is recognised by its title.

    Args:
        thrown_away: ids of parts that were deleted here: nobody is asked about them again.
        seen: as for `offers`. What the original has deleted is no improvement.
    """
    found = []
    for kind in terms.parts:
        for part, values in theirs.get(kind, {}).items():
            told = carried_part(kind, values, terms)
            copy = copy_of(measure, kind, part, values, own)
            if not told or copy in thrown_away or part_digest(original, kind, part, told) in seen:
                continue
            mine = own.get(kind, {}).get(copy)
            stands = None if mine is None else carried_part(kind, mine, terms)
            if stands == told:
                continue
            adapted = stands is not None and part_digest(original, kind, part, stands) not in seen
            found.append(PartOffer(kind, part, copy, stands, told, adapted))
    return found


def copy_of(measure: EntityId, kind: str, part: EntityId, values: Values, own: Parts) -> EntityId:
    """Which part of the measure is the original's: its copy, else the one of the same title, else the copy to be."""
    copy, title = copy_id(measure, part), KINDS[kind].title
    here = own.get(kind, {})
    if copy in here or title is None or is_empty(values.get(title)):
        return copy
    return next((known for known, said in here.items() if said.get(title) == values.get(title)), copy)


def joined(name: str, mine: object, theirs: object) -> object:
    """What a field holds once two measures are one, if the other's value is taken: of a set both."""
    if KINDS["measure"].by_name[name].merge is not Merge.SET:
        return theirs
    both = [value for value in (mine, theirs) if isinstance(value, tuple)]
    return tuple(sorted({element for value in both for element in value}))


def is_empty(value: object) -> bool:
    """Whether a value says nothing."""
    return value is None or value in ("", ())


def _carried(name: str, value: object, terms: Terms) -> object:
    """A value as it goes along: of the dependencies those on bundles, which all towns have in common."""
    if isinstance(value, set | frozenset | list):
        value = tuple(sorted(value))
    if name == "dependencies" and isinstance(value, tuple) and not terms.joins:
        return tuple(one for one in value if not is_id(str(one).partition(":")[2]))
    return value
