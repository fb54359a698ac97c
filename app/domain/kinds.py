"""What a field, a slot and a kind of record are; which ones there are says `domain.fields`."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property

LINE = 500
"""Characters of a line of text."""


class Merge(Enum):
    """How two people's edits of one slot come together."""

    REGISTER = "register"
    SET = "set"
    COUNTER = "counter"
    TEXT = "text"


class Type(Enum):
    """What a value is: Python type, JSON type and SQL type follow from it."""

    TEXT = "text"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    ENUM = "enum"
    CENTS = "cents"
    PARTIAL_DATE = "partial_date"
    INSTANT = "instant"
    LOCAL_TIME = "local_time"
    AGS = "ags"
    REF = "ref"
    ORDER = "order"
    HASH = "sha256"


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a kind.

    Attributes:
        id: stable number within the kind.
        values: allowed codes of an ENUM (also of a set of enum codes).
        limit: longest text in characters, largest number for INT.
        internal: never leaves the owner municipality when a record is published: notes for oneself, who a person
            is. Which fields are is part of the form of digests (`domain.digest.FORM`).
        searched: whether a text is found by its words; not so what is kept in a form of its own.
        told: whether its change is news to a person; not so what the program notes for itself.
    """

    id: int
    name: str
    type: Type = Type.TEXT
    merge: Merge = Merge.REGISTER
    group: str | None = None
    values: builtins.type[StrEnum] | None = None
    limit: int = LINE
    low: int = 0
    internal: bool = False
    told: bool = True
    searched: bool = True
    since: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """What merges as one unit. `id` is the first field's id; several fields make a merge group."""

    id: int
    name: str
    merge: Merge
    fields: tuple[Field, ...]

    @property
    def is_group(self) -> bool:
        return len(self.fields) > 1


class Kind:
    """One kind of record with its fields in column order.

    Attributes:
        named_by: fields the id is derived from, for what exists once and whoever needs it first brings into
            being; None where a record's id is its own.
    """

    def __init__(
        self,
        name: str,
        title: str | None,
        *fields: Field,
        root: bool = False,
        named_by: tuple[str, ...] | None = None,
    ) -> None:
        self.name = name
        self.title = title
        self.is_root = root
        self.named_by = named_by
        self.fields = fields
        self.by_name = {f.name: f for f in fields}
        if len(self.by_name) != len(fields) or len({f.id for f in fields}) != len(fields):
            raise ValueError(f"field ids and names of {name} must be unique")

    def __repr__(self) -> str:
        return f"Kind({self.name})"

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All slots, in order of their first field."""
        grouped: dict[str, list[Field]] = {}
        for f in self.fields:
            grouped.setdefault(f.group or f".{f.name}", []).append(f)
        return tuple(Slot(fs[0].id, fs[0].group or fs[0].name, fs[0].merge, tuple(fs)) for fs in grouped.values())

    @cached_property
    def slot_by_id(self) -> dict[int, Slot]:
        return {s.id: s for s in self.slots}

    @cached_property
    def slot_of(self) -> dict[str, Slot]:
        """Field name (and group name) -> its slot."""
        found = {f.name: s for s in self.slots for f in s.fields}
        return found | {s.name: s for s in self.slots}
