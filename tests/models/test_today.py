"""What is due at a desk: whose tasks, in which order, and how little it reads for that."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from app.domain.ids import new_id
from app.models.engine import reading
from app.models.queries import today
from app.models.queries.reader import Reader
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import measures, workshops
from tests.models.desk import AGS, make_measure

DAY = date(2026, 11, 23)
OTHER = "05970004"


@pytest.fixture
def reader(store: Store) -> Reader:
    return Reader(store.engine)


def task(store: Store, root: str, title: str, due: str = "", **values: object) -> str:
    given = {"title": title, **({"due": due} if due else {}), **values}
    return measures.add_part(store, root, "task", given)


def test_own_tasks_come_by_their_deadline_whatever_their_precision(store: Store, reader: Reader) -> None:
    own, foreign = make_measure(store), make_measure(store, lead_ags=OTHER)
    shared = make_measure(store, lead_ags=OTHER, participating_ags=[AGS])
    held = workshops.create(store, {"title": "Bürgerdialog", "ags": AGS}, [])
    for title, due in (("ohne", ""), ("Jahr", "2026"), ("heute", "2026-11-23"), ("überfällig", "2025-Q4")):
        task(store, own, title, due)
    task(store, foreign, "fremd", "2020")
    task(store, own, "erledigt", "2020", status="done")
    task(store, shared, "beteiligt", "2026-11-24")
    with store.change("task.create") as draft:
        draft.create("task", new_id(), ("workshop", held), {"title": "aus dem Workshop", "due": "2026-11-25"})
    found = today.own_tasks(reader, DAY)
    assert [line.title for line in found.lines] == [
        "überfällig", "heute", "beteiligt", "aus dem Workshop", "Jahr", "ohne",
    ]  # fmt: skip
    assert (found.total, found.due) == (6, 2)
    assert [line.root_title for line in found.lines][3] == "Bürgerdialog"


def test_tasks_of_deleted_measures_do_not_wait_for_anybody(store: Store, reader: Reader) -> None:
    made = make_measure(store)
    task(store, made, "Angebote einholen")
    measures.delete(store, made)
    assert today.own_tasks(reader, DAY).total == 0


def test_who_only_reads_cannot_tick(store: Store, reader: Reader) -> None:
    made = make_measure(store)
    task(store, made, "Angebote einholen")
    assert today.own_tasks(reader, DAY).lines[0].may_edit
    store.put_settings(grant=encode_grant("facilitator", AGS, []))
    assert not today.own_tasks(reader, DAY).lines[0].may_edit


def test_the_next_workshops_are_those_ahead_with_the_people_expected(store: Store, reader: Reader) -> None:
    for title, starts in (("gestern", "2026-11-22T19:00"), ("bald", "2026-11-26T19:00"), ("heute", "2026-11-23T09:00")):
        made = workshops.create(store, {"title": title, "ags": AGS, "starts_at": starts}, [])
        workshops.set_head_count(store, made, "citizens", 34)
        workshops.set_head_count(store, made, "politics", 6)
    workshops.create(store, {"title": "anderswo", "ags": OTHER, "starts_at": "2026-11-24T19:00"}, [])
    found = today.next_workshops(reader, date(2026, 11, 23))
    assert [(meeting.title, meeting.expected) for meeting in found] == [("heute", 40), ("bald", 40)]


def test_stale_measures_are_own_open_ones_left_alone_longest_first(store: Store, reader: Reader) -> None:
    old = make_measure(store, "Ausweis-Terminal")
    newer = make_measure(store, "Vereinskalender", status="paused")
    make_measure(store, "Fertig", status="completed")
    make_measure(store, "Fremd", lead_ags=OTHER)
    limit = store.clock() + 1
    fresh = make_measure(store, "Eben angelegt")
    found, total = today.stale_measures(reader, AGS, limit)
    assert [line.id for line in found] == [old, newer]
    assert total == 2
    assert fresh not in {line.id for line in found}


def test_counting_the_stale_reads_an_index_and_no_rows(store: Store) -> None:
    with reading(store.engine) as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT count(*) FROM measure WHERE gone = 0 AND changed_at < 5"
                " AND coalesce(status, '') NOT IN ('completed')"
                " AND (lead_ags = '05958004' OR participating_ags LIKE '%\"05958004\"%')"
            )
        ).all()
    assert "COVERING INDEX" in plan[0].detail
