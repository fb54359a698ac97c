"""An edit is on disk when it returns, as a whole or not at all, whatever happens next."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from app.config import Profile
from app.domain.draft import Key
from app.domain.ids import new_id
from app.errors import DiskFull, FieldError, NotAllowed, NotFound
from app.models import incoming, settings
from app.models.engine import connect, reading
from app.models.opening import open_store
from app.models.store import Store
from app.models.tables import change, change_entity, entity
from tests.children import children
from tests.models.desk import AGS, KEY, count, edit, found_by, live, make_measure, shown
from tests.models.killed import write_for_ever


def numbers(store: Store) -> tuple[int, int]:
    """(last number given out, changes logged)."""
    with reading(store.engine) as connection:
        return settings.identity(connection).n, len(connection.execute(select(change.c.seq)).all())


def test_an_edit_is_visible_to_another_connection_when_it_returns(store: Store, profile: Profile) -> None:
    made = make_measure(store, "Radweg am Möhnesee")
    other = connect(profile.database, KEY)
    try:
        found = other.execute("SELECT title FROM measure JOIN entity USING (row) WHERE id = ?", (made,))
        assert found.fetchone() == ("Radweg am Möhnesee",)
    finally:
        other.close()


def test_nothing_of_the_file_is_readable_without_the_key(store: Store, profile: Profile) -> None:
    make_measure(store, "Geheimplan Ringstraße")
    store.close()
    for file in profile.folder.iterdir():
        if file.is_file():
            content = file.read_bytes()
            assert b"Geheimplan" not in content
            assert b"SQLite format" not in content


def test_a_failing_block_writes_nothing_and_uses_no_number(store: Store) -> None:
    made = make_measure(store)
    before = numbers(store)
    with suppress(ZeroDivisionError), store.change("measure.edit") as draft:
        draft.set("measure", made, {"title": "Halb"})
        draft.create("milestone", new_id(), ("measure", made), {"title": "Nie"})
        raise ZeroDivisionError
    assert numbers(store) == before
    assert shown(store, made, "title") == "Radweg"
    assert count(store, entity) == 1
    edit(store, made, title="Ganz")
    assert numbers(store) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(("field", "value"), [("title", "x" * 5000), ("lead_ags", "Soest"), ("progress_percent", 101)])
def test_a_value_that_does_not_fit_leaves_everything_as_it_was(store: Store, field: str, value: object) -> None:
    made = make_measure(store)
    before = numbers(store)
    with pytest.raises(FieldError), store.change("measure.edit") as draft:
        draft.set("measure", made, {"title": "Neu"} | {field: value})
    assert numbers(store) == before
    assert shown(store, made, "title") == "Radweg"


def test_other_peoples_records_may_not_be_edited(store: Store) -> None:
    made = make_measure(store, lead_ags="05958024")
    edit(store, made, title="Allein darf man alles")
    incoming.take_grant(store, "coordinator", AGS, [], [])
    with pytest.raises(NotAllowed):
        edit(store, made, title="Meins")
    assert shown(store, made, "title") == "Allein darf man alles"


def test_a_record_that_is_not_here_cannot_be_edited(store: Store) -> None:
    with pytest.raises(NotFound):
        edit(store, new_id(), title="Wohin?")


def test_saying_what_is_there_already_is_no_change(store: Store) -> None:
    made = make_measure(store, tags=["rad"])
    before = numbers(store)
    edit(store, made, title="Radweg", tags=["rad"])
    assert numbers(store) == before


def test_a_change_names_each_record_and_its_root_once(store: Store) -> None:
    made, part = make_measure(store), new_id()
    with store.change("measure.plan") as draft:
        draft.create("milestone", part, ("measure", made), {"title": "Baubeginn"})
        draft.set("milestone", part, {"due": "2025-Q3"})
        draft.set("measure", made, {"phase": "implementation"})
    with reading(store.engine) as connection:
        touched = connection.execute(select(change_entity).where(change_entity.c.seq == 2)).all()
    assert {(t.entity_id, t.root_id) for t in touched} == {(part, made), (made, made)}


def test_listeners_hear_the_keys_after_the_commit(store: Store) -> None:
    heard: list[tuple[frozenset[Key], int]] = []
    store.listen(lambda keys: heard.append((keys, numbers(store)[0])))
    made = make_measure(store)
    assert heard == [(frozenset({("measure", made)}), 1)]


def test_a_full_disk_loses_nothing_and_writes_nothing_by_halves(store: Store) -> None:
    made = make_measure(store)
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    before = numbers(store)
    with pytest.raises(DiskFull):
        edit(store, made, title="Neu", description="Wort " * 20_000)
    assert numbers(store) == before
    assert shown(store, made, "title") == "Radweg"
    assert found_by(store, "radweg") == [made]
    with store.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5000}")
    edit(store, made, title="Neu", description="Wort " * 20_000)
    assert shown(store, made, "title") == "Neu"


def test_a_change_within_a_change_is_refused(store: Store) -> None:
    with pytest.raises(RuntimeError), store.change("outer"), store.change("inner"):
        pass
    make_measure(store)  # and the gate is open again


def test_an_edit_passes_before_waiting_batches(store: Store) -> None:
    made = make_measure(store)
    order: list[str] = []
    in_batch = threading.Event()
    gate = store.gate

    def sync() -> None:
        for number in range(5):
            with gate.batch():
                order.append("batch")
                in_batch.set()
                deadline = time.monotonic() + 10
                while number == 0 and not gate._edits_waiting and time.monotonic() < deadline:
                    threading.Event().wait(0.001)

    def type_words() -> None:
        in_batch.wait(10)
        with store.change("measure.edit") as draft:
            order.append("edit")
            draft.set("measure", made, {"title": "Getippt"})

    threads = [threading.Thread(target=sync), threading.Thread(target=type_words)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert order == ["batch", "edit", "batch", "batch", "batch", "batch"]
    assert shown(store, made, "title") == "Getippt"


def test_threads_that_all_write_lose_nothing(store: Store) -> None:
    made = make_measure(store)

    def write(name: str) -> None:
        for number in range(10):
            with store.change("measure.tag") as draft:
                held = draft.state("measure", made).set(20).elements
                draft.set("measure", made, {"tags": {*held, f"{name}{number}"}})

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    state = live(store, made)
    assert state is not None
    assert len(state.set(20).elements) == 30
    assert numbers(store) == (31, 31)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_twenty_kills_right_after_an_acknowledged_edit_lose_none(profile: Profile, tmp_path: Path) -> None:
    told: list[str] = []
    for round_number in range(20):
        pipe = tmp_path / f"told-{round_number}"
        os.mkfifo(pipe)
        child = children().Process(target=write_for_ever, args=(profile, pipe))
        child.start()
        with pipe.open(encoding="utf-8") as lines:
            told += [lines.readline().strip() for _ in range(1 + round_number % 4)]
            child.kill()
            told += [line.strip() for line in lines if line.endswith("\n")]
        child.join(60)
        assert child.exitcode == -signal.SIGKILL
    store = open_store(profile, KEY)  # checks the file, because of the crash
    try:
        with reading(store.engine) as connection:
            here = set(connection.execute(select(entity.c.id)).scalars())
        assert len(told) == len(set(told)) >= 20
        assert set(told) <= here
        n, logged = numbers(store)
        assert n == logged == len(here)
    finally:
        store.close()
