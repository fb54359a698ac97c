"""A change: what one user action did, as data. The unit of saving, sending, undoing and telling."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.clock import Dot, VersionVector
from app.domain.fields import DELETION_SLOT, SCHEMA_VERSION
from app.domain.ids import EntityId

Value = str | int | float | bool | None
SlotValue = Value | tuple[Value, ...]
"""A register's value; for a merge group the values of its fields in slot order."""


@dataclass(frozen=True, slots=True)
class Create:
    """Brings a record into being below its root; a root's `root_id` is its own id."""

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId


@dataclass(frozen=True, slots=True)
class Write:
    """Sets a register or a merge group, replacing every version that `context` covers."""

    kind: str
    id: EntityId
    slot: int
    value: SlotValue
    context: VersionVector = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Delete:
    """Marks a record as deleted by somebody who had seen `seen` of it."""

    kind: str
    id: EntityId
    seen: VersionVector = field(hash=False)
    context: VersionVector = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Keep:
    """Takes back the deletions that `context` covers."""

    kind: str
    id: EntityId
    context: VersionVector = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Add:
    """Puts elements into a set. An addition wins over a removal that had not seen it."""

    kind: str
    id: EntityId
    slot: int
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes elements out of a set, as far as their `dots` were seen."""

    kind: str
    id: EntityId
    slot: int
    dots: Mapping[str, tuple[Dot, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Count:
    """This replica's total of ups and downs so far, so that telling it twice changes nothing."""

    kind: str
    id: EntityId
    slot: int
    ups: int
    downs: int


@dataclass(frozen=True, slots=True)
class TextEdit:
    """An update of the text CRDT."""

    kind: str
    id: EntityId
    slot: int
    update: bytes


Op = Create | Write | Delete | Keep | Add | Remove | Count | TextEdit


@dataclass(frozen=True, slots=True)
class Change:
    """One user action: several operations that happen together or not at all.

    Attributes:
        hlc: hybrid clock of the writing device, for display and the provisional winner only.
        action: code of what was done, e.g. "measure.edit"; told in German by the labels.
        origin: where the words came from: a workshop's id, "file:NAME:LINE", or "".
    """

    replica: int
    n: int
    hlc: int
    action: str
    ops: tuple[Op, ...]
    origin: str = ""
    schema: int = SCHEMA_VERSION

    @property
    def dot(self) -> Dot:
        return Dot(self.replica, self.n)

    @property
    def entities(self) -> tuple[tuple[str, EntityId], ...]:
        """(kind, id) of every record touched, in order, each once."""
        found: dict[tuple[str, EntityId], None] = {}
        last: Op | None = None
        for op in self.ops:
            if last is None or op.id != last.id or op.kind != last.kind:  # most changes speak of one record only
                found[op.kind, op.id] = None
            last = op
        return tuple(found)


def slot_id(op: Op) -> int | None:
    """The slot an operation writes; None for the creation."""
    if isinstance(op, Create):
        return None
    if isinstance(op, Delete | Keep):
        return DELETION_SLOT
    return op.slot


def fingerprint(body: bytes) -> bytes:
    """Hash of a change's encoded body: the same (replica, n) with another one means a forked replica."""
    return hashlib.sha256(body).digest()[:16]
