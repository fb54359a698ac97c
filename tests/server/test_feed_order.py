"""Numbers of a feed become visible in order: the counter does it, a number taken too early does not.

The naive variant is here to show that what the readers check can fail at all.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from app.domain.ids import EntityId, new_id
from app.server import feed
from app.server.database import Database
from app.server.feed import Step
from app.server.tables import entity
from app.server.tables import feed as feeds
from tests.server.postgres import fresh_database

WRITERS, READERS = 8, 3
SCOPE = "region"
Writes = Callable[[Database, list[EntityId]], None]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "postgres":
        with fresh_database() as url:
            opened = Database(url)
            opened.upgrade()
            yield opened
            opened.close()
        return
    opened = Database(f"sqlite:///{tmp_path}/agency.db")
    opened.upgrade()
    yield opened
    opened.close()


def _record(connection: Connection, made: EntityId) -> None:
    plain = {"kind": "measure", "root_kind": "measure", "root_id": made, "schema": 1, "authors": "[]"}
    connection.execute(insert(entity).values(id=made, scopes=f'["{SCOPE}"]', **plain))


def _as_the_agency_does(database: Database, made: list[EntityId]) -> None:
    with database.write() as connection:
        for each in made:
            _record(connection, each)
        feed.publish(connection, [Step(each, 1, frozenset({SCOPE}), frozenset()) for each in made])


def _naively(database: Database) -> Writes:
    """The number first, from a sequence that nobody waits for; the commit some time later."""
    numbers = itertools.count(1)
    lock = threading.Lock()
    if not database.is_sqlite:
        with database.write() as connection:
            connection.exec_driver_sql("CREATE SEQUENCE naive")

    def take(connection: Connection | None) -> int:
        if connection is not None:
            return int(connection.exec_driver_sql("SELECT nextval('naive')").scalar_one())
        with lock:
            return next(numbers)

    def work(opened: Database, made: list[EntityId]) -> None:
        early = [take(None) for _ in made] if opened.is_sqlite else []
        with opened.write() as connection:
            taken = early or [take(connection) for _ in made]
            for each, number in zip(made, taken, strict=True):
                _record(connection, each)
                row = {"scope": SCOPE, "entity_id": each, "seq": number, "held": 1}
                connection.execute(insert(feeds).values(row))

    return work


def _skipped(database: Database, write: Writes, rounds: int) -> int:
    """Committed steps that a reader who goes by its cursor never saw, over all readers."""
    written: list[EntityId] = []
    done = threading.Event()

    def work() -> None:
        for _ in range(rounds):
            made = [new_id(), new_id()]
            write(database, made)
            written.extend(made)

    def read(seen: set[EntityId], cursor: int) -> int:
        with database.read() as connection:
            found = connection.execute(
                select(feeds.c.seq, feeds.c.entity_id)
                .where(feeds.c.scope == SCOPE, feeds.c.seq > cursor)
                .order_by(feeds.c.seq)
            ).all()
        seen.update(row.entity_id for row in found)
        return int(found[-1].seq) if found else cursor

    def follow() -> set[EntityId]:
        seen: set[EntityId] = set()
        cursor = 0
        while not done.is_set():
            cursor = read(seen, cursor)
        read(seen, cursor)
        return seen

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        following = [pool.submit(follow) for _ in range(READERS)]
        try:
            for writing in [pool.submit(work) for _ in range(WRITERS)]:
                writing.result()
        finally:
            done.set()
        return sum(len(set(written) - one.result()) for one in following)


@pytest.mark.slow
def test_with_the_counter_no_reader_ever_skips_a_committed_step(database: Database) -> None:
    assert _skipped(database, _as_the_agency_does, 12) == 0


def test_with_a_number_taken_before_the_commit_readers_do_skip(database: Database) -> None:
    write = _naively(database)
    skipped, rounds = 0, 0
    while not skipped and rounds < 40:
        skipped += _skipped(database, write, 5)
        rounds += 1
    assert skipped > 0, "the readers of this test would notice nothing"
