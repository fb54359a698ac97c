"""One record with all its fields, its children, and what is special about it right now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.domain.change import SlotValue, Value
from app.domain.clock import VersionVector
from app.domain.fields import KINDS, Merge
from app.domain.ids import EntityId
from app.domain.merge import EntityState, deletion_of
from app.domain.text import TextState
from app.models import rows, settings
from app.models.queries.reader import Reader
from app.models.tables import author, change, change_entity, entity

FieldValue = Value | tuple[str, ...]
"""A scalar, or for a set its elements in sorted order."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as seen at one moment.

    Attributes:
        values: by field name; missing means never set.
        seen: per slot id the vector of what this snapshot shows; hand it back with an edit, so that
            what came in meanwhile stands beside it instead of being overwritten.
        open_slots: names of slots with several versions ("" for deleted but edited).
        pending_slots: names of slots with own changes not yet transferred.
        refused: own changes to it wait at the agency (quarantine).
        frozen: it left this device's scopes; read only until own changes are settled.
        may_edit: whether this device's role may change it.
        changed_at: milliseconds UTC as the last writer's clock claimed, 0 if unknown.
    """

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    values: Mapping[str, FieldValue]
    seen: Mapping[int, VersionVector]
    open_slots: frozenset[str]
    pending_slots: frozenset[str]
    refused: bool
    gone: bool
    frozen: bool
    may_edit: bool
    changed_at: int
    changed_by: str

    def get(self, name: str) -> FieldValue:
        """A field's value, None if never set, () for an empty set."""
        if KINDS[self.kind].by_name[name].merge is Merge.SET:
            return self.values.get(name) or ()
        return self.values.get(name)

    def text(self, name: str) -> str:
        """A field as text, "" if not set."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def elements(self, name: str) -> tuple[str, ...]:
        """A set's elements."""
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()


def get_record(reader: Reader, kind: str, entity_id: EntityId) -> Record | None:
    """The record, also if it is deleted; None if it is not on this device."""
    with reader.snapshot() as connection:
        found = rows.load(connection, kind, entity_id)
        if found is None:
            return None
        return record_of(connection, *found)


def children(reader: Reader, root_id: EntityId, kind: str, include_gone: bool = False) -> list[Record]:
    """Records of one kind below a root, in their order (order key, then age)."""
    with reader.snapshot() as connection:
        query = select(entity.c.id).where(entity.c.root_id == root_id, entity.c.kind == kind)
        if not include_gone:
            query = query.where(entity.c.gone == 0)
        ids = list(connection.execute(query).scalars())
        found = rows.load_many(connection, kind, ids)
        records = [record_of(connection, row, state) for row, state in found.values()]
    return sorted(records, key=lambda r: (str(r.values.get("sort") or "~"), r.id))


def text_state(reader: Reader, kind: str, entity_id: EntityId, field: str) -> TextState:
    """A long text with its history, for an editor; empty if nothing was written."""
    with reader.snapshot() as connection:
        found = rows.load(connection, kind, entity_id)
        if found is None:
            return TextState()
        return found[1].texts.get(KINDS[kind].slot_of[field].id, TextState())


def person_name(connection: Connection, replica: int) -> str:
    """Who writes under a replica id, "" if unknown."""
    if replica in settings.identity(connection).replicas:
        return settings.person(connection).name
    return connection.execute(select(author.c.person).where(author.c.replica == replica)).scalar() or ""


def record_of(connection: Connection, row: object, state: EntityState) -> Record:
    kind = KINDS[state.kind]
    pending, refused = _unsettled(connection, state)
    opened = frozenset("" if s == 0 else kind.slot_by_id[s].name for s in rows.open_slots(state))
    return Record(
        kind=state.kind,
        id=state.id,
        root_kind=state.root_kind,
        root_id=state.root_id,
        values=_values(state),
        seen={slot: register.context for slot, register in state.registers.items()},
        open_slots=opened,
        pending_slots=pending,
        refused=refused,
        gone=deletion_of(state).deleted,
        frozen=bool(row.frozen),  # type: ignore[attr-defined]
        may_edit=_may_edit(connection, state) and not row.frozen,  # type: ignore[attr-defined]
        changed_at=row.changed_at,  # type: ignore[attr-defined]
        changed_by=person_name(connection, row.changed_by),  # type: ignore[attr-defined]
    )


def _values(state: EntityState) -> dict[str, FieldValue]:
    kind = KINDS[state.kind]
    values: dict[str, FieldValue] = {}
    for slot_id, register in state.registers.items():
        if slot_id not in kind.slot_by_id:
            continue
        slot, value = kind.slot_by_id[slot_id], register.value
        parts: tuple[SlotValue, ...] = value if isinstance(value, tuple) else (value,) * len(slot.fields)
        values.update(zip((f.name for f in slot.fields), parts, strict=True))  # type: ignore[arg-type]
    for slot_id, elements in state.sets.items():
        values[kind.slot_by_id[slot_id].name] = elements.value
    for slot_id, counter in state.counters.items():
        values[kind.slot_by_id[slot_id].name] = counter.value
    for slot_id, text in state.texts.items():
        values[kind.slot_by_id[slot_id].name] = text.text
    return values


def _unsettled(connection: Connection, state: EntityState) -> tuple[frozenset[str], bool]:
    """(slots with pending changes, whether something was refused)."""
    query = (
        select(change.c.replica, change.c.n, change.c.state)
        .join_from(change_entity, change, change_entity.c.seq == change.c.seq)
        .where(change_entity.c.entity_id == state.id, change.c.state != "confirmed")
    )
    unsettled = {(c.replica, c.n): c.state for c in connection.execute(query)}
    if not unsettled:
        return frozenset(), False
    kind = KINDS[state.kind]
    waiting = {dot for dot, told in unsettled.items() if told == "pending"}
    slots = {
        kind.slot_by_id[s].name
        for s, register in state.registers.items()
        if s in kind.slot_by_id and any(tuple(d) in waiting for d in register.versions)
    }
    slots |= {
        kind.slot_by_id[s].name
        for s, elements in state.sets.items()
        if any(tuple(d) in waiting for dots in elements.elements.values() for d in dots)
    }
    if waiting and not slots:
        slots = {""}
    return frozenset(slots), "quarantined" in unsettled.values()


def _may_edit(connection: Connection, state: EntityState) -> bool:
    grant = settings.grant(connection)
    if state.root_id == state.id:
        return grant.may_edit(state)
    root = rows.load(connection, state.root_kind, state.root_id)
    return root is not None and grant.may_edit(root[1])


def child_counts(reader: Reader, root_id: EntityId) -> dict[str, int]:
    """How many records of each kind hang below a root."""
    with reader.snapshot() as connection:
        query = (
            select(entity.c.kind, func.count())
            .where(entity.c.root_id == root_id, entity.c.gone == 0)
            .group_by(entity.c.kind)
        )
        return {k: int(n) for k, n in connection.execute(query)}
