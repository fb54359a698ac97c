"""Writing states to disk: the one function through which local edits and the agency's news both go.

For every record: the kind's typed row, clocks, full-text index, versions that were overwritten (the
history), and the questions a person has to decide. Nothing here merges; that has happened before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.encoding import encode_value
from app.domain.fields import KINDS, Merge, Type
from app.domain.german import normalise_for_index, title_sort_key
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.packing import pack
from app.models.rows import open_slots, table_of, to_columns, to_entity
from app.models.tables import change_entity, entity, question, superseded

SEARCH_LIMIT = 200_000
"""Characters of one record that are indexed; beyond that a record is a file, not a note."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """One record to be written.

    Attributes:
        row: its number in `entity`, None if it is new here.
        old: its state until now, None if it is new here.
        base: the agency's state while own changes are not part of it (`rows.encode_base`), or None.
        held: scopes by which the agency shares it with this device, "|a|b|" or "".
        frozen: it left this device's scopes but waits for own changes to be dealt with.
    """

    row: int | None
    old: EntityState | None
    new: EntityState
    base: bytes | None
    held: str
    frozen: bool = False


def settle(connection: Connection, settlements: Sequence[Settlement], now_ms: int) -> None:
    """Writes all of them; the caller's transaction makes it all or nothing."""
    fresh = [s for s in settlements if s.row is None]
    # Own changes come back from the agency as they are here: then only the bookkeeping moves.
    same = [s for s in settlements if s.row is not None and s.old == s.new]
    differing = [s for s in settlements if s.row is not None and s.old != s.new]
    if fresh:
        _insert(connection, fresh)
    if same:
        _keep_books(connection, same)
    if differing:
        _update(connection, differing)
    for s in (*fresh, *differing):
        if s.old is not None:
            _keep_overwritten(connection, s.old, s.new)
        _ask(connection, s, now_ms)


_BOOKS = (
    update(entity)
    .where(entity.c.row == bindparam("the_row"))
    .values(base=bindparam("base"), held=bindparam("held"), frozen=bindparam("frozen"))
)


def _books(s: Settlement) -> dict[str, Any]:
    return {"the_row": s.row, "base": s.base, "held": s.held, "frozen": int(s.frozen)}


def _keep_books(connection: Connection, same: Sequence[Settlement]) -> None:
    connection.execute(_BOOKS, [_books(s) for s in same])


def _insert(connection: Connection, fresh: Sequence[Settlement]) -> None:
    next_row = (connection.execute(select(func.max(entity.c.row))).scalar() or 0) + 1
    entities: list[dict[str, Any]] = []
    by_kind: dict[str, list[dict[str, Any]]] = {}
    index: list[tuple[int, str, str]] = []
    for number, s in enumerate(fresh, next_row):
        common, typed, title, body = _columns(s)
        entities.append({"row": number, **common, "base": s.base, "held": s.held, "frozen": int(s.frozen)})
        by_kind.setdefault(s.new.kind, []).append({"row": number, **typed})
        if not common["gone"]:
            index.append((number, title, body))
    connection.execute(insert(entity), entities)
    for kind, rows in by_kind.items():
        connection.execute(insert(table_of(kind)), rows)
    if index:
        connection.exec_driver_sql("INSERT INTO search(rowid, title, body) VALUES (?, ?, ?)", index)


def _update(connection: Connection, differing: Sequence[Settlement]) -> None:
    entities: list[dict[str, Any]] = []
    by_kind: dict[str, list[dict[str, Any]]] = {}
    index: list[tuple[int | None, str, str]] = []
    for s in differing:
        common, typed, title, body = _columns(s)
        entities.append({**common, **_books(s)})
        by_kind.setdefault(s.new.kind, []).append({**typed, "the_row": s.row})
        if not common["gone"]:
            index.append((s.row, title, body))
    _write(connection, entity, entities)
    for kind, rows in by_kind.items():
        _write(connection, table_of(kind), rows)
    connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", [(s.row,) for s in differing])
    if index:
        connection.exec_driver_sql("INSERT INTO search(rowid, title, body) VALUES (?, ?, ?)", index)


def _write(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Updates several rows, each naming the same columns, by one prepared statement."""
    names = [name for name in rows[0] if name != "the_row"]
    statement = (
        update(table)
        .where(table.c.row == bindparam("the_row"))
        .values({name: bindparam(f"v_{name}") for name in names})
    )
    connection.execute(statement, [{"the_row": row["the_row"], **{f"v_{n}": row[n] for n in names}} for row in rows])


def _columns(s: Settlement) -> tuple[dict[str, Any], dict[str, Any], str, str]:
    """(entity columns, typed columns, indexed title, indexed body)."""
    kind = KINDS[s.new.kind]
    row = pack(s.new)
    title = ""
    if kind.title is not None:
        title = str(s.new.register(kind.slot_of[kind.title].id).value or "")
    common = to_entity(s.new, row)
    typed = to_columns(s.new, row, title_sort_key(title[:200])) | {
        "gone": common["gone"],
        "changed_at": common["changed_at"],
    }
    body = " ".join(
        str(typed[f.name])
        for f in kind.fields
        if f.type is Type.TEXT and f.name != kind.title and typed[f.name] and f.merge is not Merge.COUNTER
    )
    return common, typed, normalise_for_index(title), normalise_for_index(body[:SEARCH_LIMIT])


def _keep_overwritten(connection: Connection, old: EntityState, new: EntityState) -> None:
    """Every version that no longer stands goes into the history, for ever."""
    gone = [
        {
            "entity_id": new.id,
            "slot": slot,
            "replica": dot.replica,
            "n": dot.n,
            "hlc": version.hlc,
            "value": orjson.dumps(encode_value(version.value)).decode(),
        }
        for slot, register in old.registers.items()
        if register is not new.registers.get(slot)
        for dot, version in register.versions.items()
        if dot not in new.register(slot).versions
    ]
    if gone:
        connection.execute(insert(superseded).on_conflict_do_nothing(), gone)


def _ask(connection: Connection, s: Settlement, now_ms: int) -> None:
    """Opens and closes questions so that they are exactly the slots with several versions."""
    wanted = open_slots(s.new)
    if s.old is None:
        before: list[int] = []
    else:
        before = open_slots(s.old)
    if wanted == before and s.old is not None:
        return
    closed = [slot for slot in before if slot not in wanted]
    if closed:
        connection.execute(delete(question).where(question.c.entity_id == s.new.id, question.c.slot.in_(closed)))
    opened = [slot for slot in wanted if slot not in before]
    if opened:
        connection.execute(
            insert(question).on_conflict_do_nothing(),
            [{"entity_id": s.new.id, "slot": slot, "root_id": s.new.root_id, "since": now_ms} for slot in opened],
        )


def forget(connection: Connection, kind: str, row: int, entity_id: EntityId) -> None:
    """Removes a record that left this device's scopes, with its history and index."""
    table = table_of(kind)
    connection.execute(delete(table).where(table.c.row == row))
    connection.execute(delete(entity).where(entity.c.row == row))
    connection.execute(delete(superseded).where(superseded.c.entity_id == entity_id))
    connection.execute(delete(question).where(question.c.entity_id == entity_id))
    connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", (row,))


def note_touched(connection: Connection, seq: int, keys: Sequence[tuple[EntityId, EntityId]]) -> None:
    """Which records (id, root id) a change touched, for history, pending marks and folding."""
    connection.execute(
        insert(change_entity).on_conflict_do_nothing(),
        [{"seq": seq, "entity_id": e, "root_id": r} for e, r in keys],
    )
