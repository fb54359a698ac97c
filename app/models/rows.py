"""States to rows and back: values into the kind's typed table, clocks beside them in `entity`."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Connection, Select, Table, bindparam, select

from app.domain.clock import wall_ms_of
from app.domain.fields import DELETION_SLOT, KINDS, Kind, Merge
from app.domain.ids import EntityId
from app.domain.merge import EntityState, deletion_of
from app.domain.packing import HEAD, PackedRow, columns, pack, unpack
from app.models.asking import Asking
from app.models.engine import among, listed
from app.models.tables import entity, kind_tables


def _plain(field_merge: Merge, value: Any) -> Any:
    if field_merge is Merge.SET:
        return orjson.dumps(value).decode() if value else None
    if isinstance(value, bool):
        return int(value)
    return value


def to_columns(state: EntityState, row: PackedRow, sort_key: str) -> dict[str, Any]:
    """The kind table's columns of a packed state, texts as plain text."""
    kind = KINDS[state.kind]
    cells: dict[str, Any] = {f.name: _plain(f.merge, v) for f, v in zip(kind.fields, row[HEAD:-1], strict=True)}
    for slot_id, text in state.texts.items():
        cells[kind.slot_by_id[slot_id].name] = text.text
    return cells | {"root_id": state.root_id, "sort_key": sort_key}


def to_entity(state: EntityState, row: PackedRow) -> dict[str, Any]:
    """The columns of `entity` that follow from the state alone."""
    at, by = last_touch(state)
    return {
        "id": state.id,
        "kind": state.kind,
        "root_kind": state.root_kind,
        "root_id": state.root_id,
        "clocks": orjson.dumps(row[-1]),
        "gone": int(deletion_of(state).deleted or not state.exists),
        "changed_at": at,
        "changed_by": by,
    }


def last_touch(state: EntityState) -> tuple[int, int]:
    """(milliseconds as the writer's clock claimed, replica) of the latest word in any register."""
    latest = (0, 0)
    for register in state.registers.values():
        for dot, version in register.versions.items():
            latest = max(latest, (version.hlc, dot.replica))
    return wall_ms_of(latest[0]), latest[1]


EntityRow = namedtuple("EntityRow", [c.name for c in entity.columns])  # type: ignore[misc]
"""A row of `entity`."""
Found = tuple[Any, PackedRow]
"""An `EntityRow` with the packed row of its record."""
_BOOKS = len(entity.columns)


def _found(kind: Kind, row: tuple[Any, ...]) -> Found:
    books: Any = EntityRow._make(row[:_BOOKS])
    cells = list(row[_BOOKS:])
    for at, merged in _spelt_otherwise(kind):
        value = cells[at]
        if value is None:
            continue
        if merged is Merge.SET:
            cells[at] = orjson.loads(value) if value else None
        else:
            cells[at] = None if merged is Merge.TEXT else bool(value)
    return books, [books.id, books.root_kind, books.root_id, *cells, orjson.loads(books.clocks)]


@cache
def _spelt_otherwise(kind: Kind) -> tuple[tuple[int, Merge], ...]:
    """Fields whose columns hold something else than a packed row does: sets, texts, and what is true or false."""
    fields = enumerate(kind.fields)
    return tuple((at, f.merge) for at, f in fields if f.merge in (Merge.SET, Merge.TEXT) or f.type.value == "bool")


def _select(kind: Kind) -> Select[Any]:
    table = kind_tables[kind.name]
    cells = (table.c[f.name] for f in kind.fields)
    return select(entity, *cells).join_from(entity, table, entity.c.row == table.c.row)


@cache
def _one(kind: Kind) -> Asking:
    return Asking(_select(kind).where(entity.c.id == bindparam("asked")))


@cache
def _many(kind: Kind) -> Asking:
    return Asking(_select(kind).where(entity.c.id.in_(among("asked"))))


@cache
def _slice(kind: Kind) -> Asking:
    query = _select(kind).where(entity.c.row > bindparam("after"))
    return Asking(query.order_by(entity.c.row).limit(bindparam("most")))


def load(connection: Connection, kind: str, entity_id: EntityId) -> tuple[Any, EntityState] | None:
    """(database row of `entity`, state) of one record, or None."""
    found = _one(KINDS[kind])(connection, asked=entity_id)
    if not found:
        return None
    row, packed = _found(KINDS[kind], found[0])
    return row, unpack(KINDS[kind], columns(KINDS[kind]), packed)


def load_many(connection: Connection, kind: str, ids: Sequence[EntityId]) -> dict[EntityId, tuple[Any, EntityState]]:
    """Like `load` for several records of one kind."""
    ids_of_fields = columns(KINDS[kind])
    return {
        entity_id: (row, unpack(KINDS[kind], ids_of_fields, packed))
        for entity_id, (row, packed) in load_packed(connection, kind, ids).items()
    }


def load_packed(connection: Connection, kind: str, ids: Sequence[EntityId]) -> dict[EntityId, Found]:
    """(database row of `entity`, packed row) of several records of one kind."""
    found = [_found(KINDS[kind], row) for row in _many(KINDS[kind])(connection, asked=listed(ids))]
    return {row.id: (row, packed) for row, packed in found}


def load_slice(connection: Connection, kind: str, after: int, limit: int) -> list[Found]:
    """Rows of one kind, as `load_packed` finds them, in order of their numbers, beginning after one."""
    return [_found(KINDS[kind], row) for row in _slice(KINDS[kind])(connection, after=after, most=limit)]


def encode_base(state: EntityState | None) -> bytes:
    """The agency's state for keeping beside pending changes; empty for a record it does not know."""
    return b"" if state is None else orjson.dumps(pack(state))


def decode_base(kind: str, base: bytes) -> EntityState:
    """Inverse of `encode_base`; an unknown record is an empty state."""
    if not base:
        return EntityState(kind, "")
    return unpack(KINDS[kind], columns(KINDS[kind]), base_row(kind, base))


def base_row(kind: str, base: bytes) -> PackedRow:
    """The agency's state as kept, as a row of today's columns.

    What an earlier version has kept lacks the fields added since. Those have the highest ids, so that its
    values are those of the first columns.
    """
    row: PackedRow = orjson.loads(base)
    row[-1:-1] = [None] * (len(columns(KINDS[kind])) + HEAD + 1 - len(row))
    return row


def open_slots(state: EntityState) -> list[int]:
    """Slots with versions a person has to decide between; 0 for deleted but edited."""
    found = [s for s, r in state.registers.items() if s != DELETION_SLOT and r.is_open]
    if deletion_of(state).edited_meanwhile:
        found.append(DELETION_SLOT)
    return sorted(found)


def table_of(kind: str) -> Table:
    return kind_tables[kind]
