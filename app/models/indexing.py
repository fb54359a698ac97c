"""The full-text index of a first reading: built in large parts, and what had to wait is built after the rows.

Whoever writes a record indexes it at once; only rows that a first reading brought while somebody typed are
left for later. Which of them are still missing is seen in the index itself, so that neither a kill nor an
edit meanwhile leaves a record out or puts it in twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from sqlalchemy import Connection, func, select

from app.domain.fields import KINDS
from app.models import settings
from app.models.adding import add
from app.models.engine import reading, writing
from app.models.fresh import INDEX_FROM, TERMS_ADDED, indexed_fields, terms_of
from app.models.store import Store
from app.models.tables import entity, kind_tables

SLICE, UNWATCHED = 60, 120
"""Records read together while a person types, and while nobody does."""
TOGETHER = 1_000
"""So many records share a transaction while nobody types, and become one part of the index."""
_PARTS = 128
"""With fewer parts than these a search takes no longer than with one (ADR 0011); later edits put them together."""
_MERGE_PAGES = 64
"""Work per transaction when the parts are put together: a few milliseconds."""
_BUILDING = {"automerge": 0, "crisismerge": 2000, "hashsize": 4_194_304}
"""Slices stay parts of the index until all are there: putting them together meanwhile costs as much again."""
_AT_REST = {"automerge": 4, "crisismerge": 2 * _PARTS, "hashsize": 1_048_576}

Terms = tuple[int, str, str]
"""Row number, title, body."""


def missing(store: Store) -> int:
    """How many records search does not find yet."""
    with reading(store.engine) as connection:
        start = settings.get(connection, INDEX_FROM)
        if not start:
            return 0
        waiting = select(func.count()).where(entity.c.row >= int(start), entity.c.gone == 0)
        indexed = connection.exec_driver_sql("SELECT count(*) FROM search_docsize WHERE id >= ?", (int(start),))
        return max(0, int(connection.execute(waiting).scalar_one()) - int(indexed.scalar_one()))


def begin(store: Store) -> None:
    """Prepares the index for many records: call `complete` behind them."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        if not settings.get(connection, INDEX_FROM):
            newest = connection.execute(select(func.max(entity.c.row))).scalar() or 0
            settings.put(connection, **{INDEX_FROM: newest + 1})
        _configure(connection, _BUILDING)


def complete(
    store: Store, listener: Callable[[int], None] = lambda _: None, cancelled: Callable[[], bool] = lambda: False
) -> bool:
    """Indexes what is missing; whether nothing is missing any more.

    Args:
        listener: gets the number of records indexed in each slice.
    """
    with reading(store.engine) as connection:
        start = settings.get(connection, INDEX_FROM)
    if not start:
        return True
    with ThreadPoolExecutor(1, "index") as beside:
        # One thread folds words while the other is inside SQLite, which lets Python go on meanwhile.
        slices = _slices(store, int(start))
        coming = beside.submit(next, slices, None)
        while coming.result() is not None:
            if cancelled():
                return False
            with store.gate.batch(), writing(store.engine, durable=False) as connection:
                taken = 0
                while (found := coming.result()) is not None:
                    coming = beside.submit(next, slices, None)
                    taken += _take(connection, *found)
                    if taken >= TOGETHER or store.gate.is_typing:
                        break
            listener(taken)
    if _parts(store) >= _PARTS and not _merged(store, cancelled):
        return False
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        _configure(connection, _AT_REST)
        settings.put(connection, **{INDEX_FROM: ""})
    return True


def _slices(store: Store, start: int) -> Iterator[tuple[int, list[Terms]]]:
    """(last row number, terms) of the next rows that are missing, in order, until there are none."""
    while True:
        size = SLICE if store.gate.is_typing else UNWATCHED
        with reading(store.engine) as connection:
            rows = connection.exec_driver_sql(_MISSING, (start, size)).all()
            if not rows:
                return
            last = rows[-1].row
            terms: list[Terms] = []
            for kind in {r.kind for r in rows}:
                terms += _terms(connection, kind, {r.row for r in rows if r.kind == kind})
        yield last, sorted(terms)
        start = last + 1


_MISSING = (
    "SELECT row, kind FROM entity WHERE row >= ? AND gone = 0"
    " AND NOT EXISTS (SELECT 1 FROM search_docsize WHERE id = entity.row) ORDER BY row LIMIT ?"
)


def _terms(connection: Connection, kind: str, rows: set[int]) -> list[Terms]:
    # Plain tuples of the driver: nearly all that this reads is one text after the other.
    found = connection.exec_driver_sql(_select(kind), (min(rows), max(rows))).cursor.fetchall()
    return [(row, *terms_of(title, body)) for row, title, *body in found if row in rows]


@cache
def _select(kind: str) -> str:
    """Row number, title or NULL, and the body's columns of living rows from one number to another."""
    title, body = indexed_fields(KINDS[kind])
    columns = ", ".join(f'"{name}"' for name in body)
    named = f'"{title}"' if title else "NULL"
    table = kind_tables[kind].name
    wanted = f"{named}{columns and ', '}{columns}"
    return f"SELECT row, {wanted} FROM {table} WHERE row BETWEEN ? AND ? AND gone = 0"  # nosec B608: names of our own


def _take(connection: Connection, last: int, terms: list[Terms]) -> int:
    """Puts a slice into the index, except what has been written or has gone since it was read; how many it were."""
    within = (terms[0][0] if terms else last, last)
    there = connection.exec_driver_sql("SELECT row FROM entity WHERE gone = 0 AND row BETWEEN ? AND ?", within)
    wanted = set(there.scalars())
    known = connection.exec_driver_sql("SELECT id FROM search_docsize WHERE id BETWEEN ? AND ?", within)
    wanted.difference_update(known.scalars())
    new = [t for t in terms if t[0] in wanted]
    add(connection, TERMS_ADDED, new)
    settings.put(connection, **{INDEX_FROM: last + 1})
    return len(new)


def _parts(store: Store) -> int:
    """Of how many parts the index consists."""
    with reading(store.engine) as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM (SELECT DISTINCT segid FROM search_idx)")
        return int(found.scalar_one())


def _merged(store: Store, cancelled: Callable[[], bool]) -> bool:
    """Puts the slices' parts together, a little at a time; whether that is done."""
    first = True
    while not cancelled():
        with store.gate.batch(), writing(store.engine, durable=False) as connection:
            before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
            pages = -_MERGE_PAGES if first else _MERGE_PAGES
            connection.exec_driver_sql("INSERT INTO search(search, rank) VALUES ('merge', ?)", (pages,))
            after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        first = False
        if after - before < 2:  # the statement itself counts as one: nothing was left to do
            return True
    return False


def _configure(connection: Connection, values: dict[str, int]) -> None:
    connection.exec_driver_sql("INSERT INTO search(search, rank) VALUES (?, ?)", list(values.items()))
