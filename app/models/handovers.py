"""Own changes that the agency keeps aside (handovers), what is decided on them, and how many of others' wait here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, tuple_, update

from app.domain.draft import Key
from app.models import journal, settings
from app.models.engine import reading, writing
from app.models.letting_go import let_go
from app.models.store import Store
from app.models.tables import change, change_entity, entity

RETURNED, CHANGED = "returned", "changed"
"""Verdicts, and reasons of the changes from then on."""


def take_verdicts(store: Store, told: Sequence[tuple[int, int, str, str]]) -> int:
    """What the agency decided on own changes: (replica, n, verdict, note); how many were news.

    Words that come back stay visible here until a person has put them away. What the agency has written
    otherwise itself comes as an ordinary row, so the own words on top of it go.
    """
    if not told:
        return 0
    news = _undecided(store, told)
    for row, verdict, note in news:
        with store.gate.batch(), writing(store.engine, durable=False) as connection:
            keys = _keys(connection, row.seq)
            values = {"reason": verdict, "note": note}
            if verdict != RETURNED:
                values["state"] = "confirmed"
            connection.execute(update(change).where(change.c.seq == row.seq).values(**values))
            if verdict != RETURNED:
                let_go(connection, [row], store.clock(), merged=False)
        store.tell(frozenset(keys))
        journal.note_records(store, f"change.{verdict}", keys, {"note": note})
    return len(news)


def note_waiting(store: Store, count: int) -> None:
    """How many changes of others wait for a decision of this municipality, as the agency says."""
    with reading(store.engine) as connection:
        known = settings.get(connection, "handovers", "0")
    if known != str(count):
        with store.gate.batch(), writing(store.engine, durable=False) as connection:
            settings.put(connection, handovers=count)


def put_away(store: Store, root_id: str) -> int:
    """A person has seen what came back of one root: it leaves the screen and stays in the log; how many."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        # A rescued profile has written some changes down before their records had come: they name no root.
        below = (
            select(change_entity.c.seq)
            .join(entity, entity.c.id == change_entity.c.entity_id)
            .where(entity.c.root_id == root_id)
        )
        back = (change.c.state == "quarantined", change.c.reason == RETURNED, change.c.seq.in_(below))
        rows = connection.execute(select(change.c.seq, change.c.replica, change.c.n).where(*back)).all()
        if not rows:
            return 0
        seqs = [row.seq for row in rows]
        connection.execute(update(change).where(change.c.seq.in_(seqs)).values(state="confirmed"))
        keys = let_go(connection, rows, store.clock(), merged=False)
    store.tell(frozenset(keys))
    return len(rows)


def _undecided(store: Store, told: Sequence[tuple[int, int, str, str]]) -> list[tuple[Any, str, str]]:
    """Those of our changes that still wait there as far as we know, with verdict and note."""
    said = {(replica, n): (verdict, note) for replica, n, verdict, note in told if verdict in (RETURNED, CHANGED)}
    named: ColumnElement[bool] = tuple_(change.c.replica, change.c.n).in_(list(said))
    waits = (change.c.state == "quarantined", change.c.reason != RETURNED, named)
    with reading(store.engine) as connection:
        rows = connection.execute(select(change.c.seq, change.c.replica, change.c.n).where(*waits)).all()
    return [(row, *said[row.replica, row.n]) for row in rows]


def _keys(connection: Connection, seq: int) -> set[Key]:
    query = select(entity.c.kind, entity.c.id).join_from(
        change_entity, entity, entity.c.id == change_entity.c.entity_id
    )
    return {(kind, found) for kind, found in connection.execute(query.where(change_entity.c.seq == seq))}
