"""Writing states to disk: the one function through which local edits and the agency's news both go.

For every record: the kind's typed row, clocks, full-text index, versions that were overwritten (the
history), and the questions a person has to decide. Nothing here merges; that has happened before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Connection, Table, Update, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.digest import digest_of
from app.domain.encoding import encode_value
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.models import fresh, merged
from app.models.adding import add
from app.models.fresh import Fresh
from app.models.rows import open_slots, table_of
from app.models.sight import erase, hidden
from app.models.sums import Counted, Sums
from app.models.tables import arrival, change_entity, entity, heard, question, superseded


@dataclass(frozen=True, slots=True)
class Settlement:
    """One record to be written.

    Attributes:
        row: its number in `entity`, None if it is new here.
        old: its state until now, None if it is new here.
        base: the agency's state while own changes are not part of it (`rows.encode_base`), or None.
        held: scopes by which the agency shares it with this device, "|a|b|" or "".
        digest: of the agency's state (`domain.digest`), 0 for a record it does not know.
        before: `held` and `digest` until now.
        frozen: it left this device's scopes but waits for own changes to be dealt with.
        covers_heard: the agency's state holds all now that was heard of it in the hall.
    """

    row: int | None
    old: EntityState | None
    new: EntityState
    base: bytes | None
    held: str
    frozen: bool
    digest: int
    before: Counted
    covers_heard: bool = False


NOWHERE: Counted = ("", 0)
"""What a record counts that was not here until now."""


def settle(connection: Connection, settlements: Sequence[Settlement], now_ms: int, indexed: bool = True) -> None:
    """Writes all of them; the caller's transaction makes it all or nothing.

    Args:
        indexed: whether the full-text index gets new records now or later (`app.models.indexing`).
    """
    new = [s for s in settlements if s.row is None]
    # Own changes come back from the agency as they are here: then only the bookkeeping moves.
    same = [s for s in settlements if s.row is not None and s.old == s.new]
    differing = [s for s in settlements if s.row is not None and s.old != s.new]
    if new:
        _insert(connection, new, indexed)
    if same:
        _keep_books(connection, same)
    if differing:
        _update(connection, differing)
    for s in (*new, *differing):
        if s.old is not None:
            _keep_overwritten(connection, s.old, s.new, hidden(s.new.kind, s.held))
        _ask(connection, s, now_ms)
    sums = Sums()
    for s in settlements:
        _forget_hidden(connection, s)
        sums.move(s.before, (s.held, s.digest))
    sums.write(connection)
    if any(s.new.kind == "measure" for s in (*new, *differing)):
        merged.arrange(connection)


_BOOKS = (
    update(entity)
    .where(entity.c.row == bindparam("the_row"))
    .values({name: bindparam(name) for name in ("base", "held", "frozen", "digest", "ahead")})
)


def _books(s: Settlement) -> dict[str, Any]:
    return {
        "the_row": s.row, "base": s.base, "held": s.held, "frozen": int(s.frozen), "digest": s.digest,
        "ahead": _ahead(s),
    }  # fmt: skip


def _ahead(s: Settlement) -> int:
    return 0 if s.base is None else digest_of(s.new)


def _keep_books(connection: Connection, same: Sequence[Settlement]) -> None:
    connection.execute(_BOOKS, [_books(s) for s in same])


def _insert(connection: Connection, new: Sequence[Settlement], indexed: bool) -> None:
    added = [(fresh.from_state(s.new), s.base, s.held, s.frozen, s.digest, _ahead(s)) for s in new]
    _add(connection, added, indexed)


def add_unedited(connection: Connection, new: Sequence[tuple[Fresh, Counted]], indexed: bool) -> None:
    """Writes records that are new here and that nobody edited since their birth: columns and what they count.

    Nothing of them was overwritten and nothing is to be asked, so this is all there is to do.
    """
    _add(connection, [(columns, None, held, False, digest, 0) for columns, (held, digest) in new], indexed)
    by_scopes: dict[str, list[int]] = {}
    for _, (held, digest) in new:
        by_scopes.setdefault(held, []).append(digest)
    sums = Sums()
    for held, digests in by_scopes.items():
        sums.add(held, len(digests), sum(digests))
    sums.write(connection)
    if any(columns.kind == "measure" for columns, _ in new):
        merged.arrange(connection)


def _add(connection: Connection, new: Sequence[fresh.Added], indexed: bool) -> None:
    if not new:
        return
    first = (connection.execute(_LAST).scalar() or 0) + 1
    fresh.insert(connection, new, first, indexed)


_LAST = select(func.max(entity.c.row))


def _update(connection: Connection, differing: Sequence[Settlement]) -> None:
    entities: list[dict[str, Any]] = []
    by_kind: dict[str, list[dict[str, Any]]] = {}
    index: list[tuple[int | None, str, str]] = []
    for s in differing:
        columns = fresh.from_state(s.new)
        entities.append({**fresh.book_values(columns), **_books(s)})
        by_kind.setdefault(s.new.kind, []).append({**fresh.cell_values(columns), "the_row": s.row})
        if not columns.is_gone:
            index.append((s.row, *fresh.index_terms(columns)))
    _write(connection, entity, entities)
    for kind, rows in by_kind.items():
        _write(connection, table_of(kind), rows)
    connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", [(s.row,) for s in differing])
    if index:
        add(connection, fresh.TERMS_ADDED, index)


def _write(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Updates several rows, each naming the same columns, by one prepared statement."""
    names = tuple(name for name in rows[0] if name != "the_row")
    connection.execute(
        _by_row(table, names), [{"the_row": row["the_row"], **{f"v_{n}": row[n] for n in names}} for row in rows]
    )


@cache
def _by_row(table: Table, names: tuple[str, ...]) -> Update:
    """Built once: it names every column, and building it takes longer than running it."""
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
    return update(table).where(table.c.row == bindparam("the_row")).values(values)


def _forget_hidden(connection: Connection, s: Settlement) -> None:
    """What stood in fields that this device sees no longer goes from the history, too."""
    unseen = hidden(s.new.kind, s.held)
    if unseen and s.old is not None and (s.held != s.before[0] or not unseen.isdisjoint(s.old.registers)):
        erase(connection, s.new.id, unseen)


def _keep_overwritten(connection: Connection, old: EntityState, new: EntityState, unseen: frozenset[int]) -> None:
    """Every version that no longer stands goes into the history, for ever, except of slots hidden from this device."""
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
        if register is not new.registers.get(slot) and slot not in unseen
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


_NEVER_SHOWN = select(entity.c.kind, entity.c.row, entity.c.id).where(
    entity.c.root_id == bindparam("root"),
    entity.c.id != bindparam("root"),
    entity.c.held == "",
    entity.c.base.is_(None),
    entity.c.frozen == 0,
)


def forget(connection: Connection, kind: str, row: int, entity_id: EntityId) -> None:
    """Removes a record that left this device's scopes, with its history and index.

    With a root go those of its parts that no scope has ever shown here and nothing own waits upon: no feed will
    say of them that they have left.
    """
    for part in connection.execute(_NEVER_SHOWN, {"root": entity_id}).all():
        forget(connection, part.kind, part.row, part.id)
    table = table_of(kind)
    connection.execute(delete(table).where(table.c.row == row))
    connection.execute(delete(entity).where(entity.c.row == row))
    connection.execute(delete(superseded).where(superseded.c.entity_id == entity_id))
    connection.execute(delete(question).where(question.c.entity_id == entity_id))
    connection.execute(delete(arrival).where(arrival.c.entity_id == entity_id))
    connection.execute(delete(heard).where(heard.c.entity_id == entity_id))
    connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", (row,))
    if kind == "measure":
        merged.arrange(connection)


def note_touched(connection: Connection, seq: int, keys: Sequence[tuple[EntityId, EntityId]]) -> None:
    """Which records (id, root id) a change touched, for history, pending marks and folding."""
    connection.execute(
        insert(change_entity).on_conflict_do_nothing(),
        [{"seq": seq, "entity_id": e, "root_id": r} for e, r in keys],
    )
