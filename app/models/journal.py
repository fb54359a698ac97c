"""The kept log of what was sent and received: codes and record ids, told in German on screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from app.domain.draft import Key
from app.models import settings
from app.models.arrivals import Arrived
from app.models.asking import Asking
from app.models.engine import among, listed, reading, writing
from app.models.queries.lists import titles_of
from app.models.queries.orphans import count_orphans
from app.models.store import Store
from app.models.tables import entity, question, sync_log

KEEP = 5_000
"""Lines kept; older ones go."""
NAMED = 20
"""So many records are named one by one per exchange; more are told as a number."""


_ASKED = Asking(select(func.count()).select_from(question))


def open_questions(store: Store) -> int:
    """How many questions wait for a person."""
    with reading(store.engine) as connection:
        return int(_ASKED(connection)[0][0]) + count_orphans(connection)


def note(store: Store, code: str, params: Mapping[str, str | int], root: Key = ("", "")) -> None:
    """One line for the log."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        _write(connection, store.clock(), code, params, root)


def note_records(store: Store, code: str, keys: Iterable[Key], params: Mapping[str, str | int]) -> None:
    """One line per root of the given records."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        _name(connection, store.clock(), [(code, root) for root in _roots(connection, keys)], params)


def note_sent(store: Store, keys: Collection[Key], receipts: Sequence[int]) -> None:
    """What now has a receipt, by record."""
    if not keys:
        return
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        roots = _roots(connection, keys)
        number = max(receipts, default=0)
        _name(connection, store.clock(), [("record.sent", root) for root in roots[:NAMED]], {"receipt": number})
        if len(roots) > NAMED:
            _write(connection, store.clock(), "records.sent", {"count": len(roots) - NAMED, "receipt": number})


def note_received(store: Store, arrived: Arrived) -> None:
    """What came from others, by record; a first sync is told as a number."""
    if not arrived.keys and not arrived.counted:
        return
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        changed = _roots(connection, arrived.changed)
        new = [r for r in _roots(connection, arrived.new) if r not in changed]
        named = [("record.changed", r) for r in changed] + [("record.new", r) for r in new]
        _name(connection, store.clock(), named[:NAMED], {})
        more = max(0, len(named) - NAMED) + arrived.counted
        if more:
            _write(connection, store.clock(), "records.received", {"count": more})
        if arrived.gone:
            _write(connection, store.clock(), "records.gone", {"count": len(arrived.gone)})


def note_done(store: Store, sent: int, received: int, receipts: Sequence[int], told_at: str = "") -> None:
    """The end of an exchange, and its time for the status line; a quiet one leaves no line.

    Args:
        told_at: when the agency answered, by its own clock.
    """
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        settings.put(connection, synced_at=store.clock(), told_at=told_at)
        if sent or received:
            params: dict[str, str | int] = {
                "sent": sent, "received": received, "receipt": max(receipts, default=0),
            }  # fmt: skip
            _write(connection, store.clock(), "sync.done", params)
            newest = connection.execute(select(func.max(sync_log.c.id))).scalar() or 0
            connection.execute(delete(sync_log).where(sync_log.c.id <= newest - KEEP))


def _roots(connection: Connection, keys: Iterable[Key]) -> list[Key]:
    ids = sorted({i for _, i in keys})
    roots: dict[Key, None] = {}
    for kind, root in connection.execute(_ROOTS, {"ids": listed(ids)}):
        if kind:
            roots[(kind, root)] = None
    return list(roots)


_ROOTS = select(entity.c.root_kind, entity.c.root_id).where(entity.c.id.in_(among("ids"))).order_by(entity.c.id)


def _name(connection: Connection, at: int, lines: Sequence[tuple[str, Key]], params: Mapping[str, str | int]) -> None:
    """One line per (code, root), each with its title."""
    called = titles_of(connection, [root for _, root in lines])
    told = [_line(at, code, {"title": called.get(root[1], ""), **params}, root) for code, root in lines]
    if told:
        connection.execute(insert(sync_log), told)


def _write(connection: Connection, at: int, code: str, params: Mapping[str, str | int], root: Key = ("", "")) -> None:
    connection.execute(insert(sync_log), [_line(at, code, params, root)])


def _line(at: int, code: str, params: Mapping[str, str | int], root: Key) -> dict[str, str | int]:
    told = orjson.dumps(dict(params)).decode()
    return {"at": at, "code": code, "params": told, "root_kind": root[0], "root_id": root[1]}
