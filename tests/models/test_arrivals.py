"""What others changed is told from what stood here to what stands here: no clock decides what is new."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.domain.ids import new_id
from app.models import arrivals
from app.models.engine import reading
from app.models.queries.news import NewsLine, news
from app.models.queries.reader import Reader
from app.models.store import Store
from app.models.tables import arrival
from app.services import today
from tests.models.desk import Clock, edit, make_measure
from tests.models.tiny_agency import TinyAgency, exchange

Desks = Callable[[str], Store]


def told(store: Store) -> list[NewsLine]:
    return list(news(Reader(store.engine), 50).lines)


def said(store: Store) -> list[tuple[str, str, object, object]]:
    return [(line.deed, line.field, line.before, line.after) for line in told(store)]


@pytest.fixture
def pair(desks: Desks) -> tuple[Store, Store, TinyAgency, str]:
    """Two desks with one measure on both, after their first complete exchange."""
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here, status="planned", status_reason="")
    for store in (here, there, here):
        exchange(store, agency)
        store.put_settings(synced_at=1)
    return here, there, agency, made


def test_a_first_reading_and_own_words_are_no_news(pair: tuple[Store, Store, TinyAgency, str]) -> None:
    here, there, agency, made = pair
    assert said(there) == []
    edit(here, made, title="Radweg an der Eder")
    exchange(here, agency)
    exchange(here, agency)
    assert said(here) == []


def test_a_change_is_told_from_the_value_that_stood_here_to_the_one_that_stands_now(
    pair: tuple[Store, Store, TinyAgency, str],
) -> None:
    here, there, agency, made = pair
    for status in ("approved", "procurement", "in_progress"):
        edit(there, made, status=status)
        exchange(there, agency)
        exchange(here, agency)
    assert said(here) == [("changed", "status", "planned", "in_progress")]
    edit(there, made, status="planned")
    exchange(there, agency)
    exchange(here, agency)
    assert said(here) == [], "it is again as the person knows it"


def test_sets_parts_new_records_and_deletions_are_told(pair: tuple[Store, Store, TinyAgency, str]) -> None:
    here, there, agency, made = pair
    edit(there, made, tags=["LoRaWAN"])
    milestone, other = new_id(), new_id()
    with there.change("milestone.create") as draft:
        draft.create("milestone", milestone, ("measure", made), {"title": "Vergabe"})
    with there.change("measure.create") as draft:
        draft.create("measure", other, None, {"title": "Bachpegel", "lead_ags": "05958004"})
        draft.create("milestone", new_id(), ("measure", other), {"title": "Steht schon im Neuen"})
    exchange(there, agency)
    exchange(here, agency)
    lines = told(here)
    assert {(line.deed, line.title, line.field) for line in lines} == {
        ("changed", "Radweg", "tags"), ("new", "Vergabe", ""), ("new", "Bachpegel", ""),
    }  # fmt: skip
    with there.change("measure.delete") as draft:
        draft.delete("measure", other)
    exchange(there, agency)
    exchange(here, agency)
    assert "Bachpegel" not in {line.title for line in told(here)}, "it came and went"
    with there.change("measure.delete") as draft:
        draft.delete("measure", made)
    exchange(there, agency)
    exchange(here, agency)
    assert ("gone", "Radweg") in {(line.deed, line.title) for line in told(here)}


def test_what_was_seen_is_kept_by_the_order_of_arrival_though_clocks_lie(
    pair: tuple[Store, Store, TinyAgency, str], clock: Clock
) -> None:
    here, there, agency, made = pair
    edit(there, made, goals="Erstens")
    exchange(there, agency)
    exchange(here, agency)
    seen = news(Reader(here.engine))
    edit(there, made, specifics="Kam an, während die Seite offen war")
    exchange(there, agency)
    exchange(here, agency)
    clock.now_ms -= 700 * 86_400_000
    today.look(here, seen.upto)
    assert [line.field for line in told(here)] == ["specifics"]
    edit(there, made, maturity="mvp")
    exchange(there, agency)
    exchange(here, agency)
    assert [line.field for line in told(here)] == ["maturity", "specifics"]


def test_a_long_text_is_kept_short_and_old_arrivals_go(
    pair: tuple[Store, Store, TinyAgency, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, agency, made = pair
    monkeypatch.setattr(arrivals, "KEEP", 3)
    for n in range(4):
        edit(there, made, description=f"{n}" * 5_000)
        exchange(there, agency)
        exchange(here, agency)
    with reading(here.engine) as connection:
        kept = connection.execute(select(func.count(), func.max(func.length(arrival.c.before)))).one()
    assert kept[0] == 3
    assert kept[1] < 400
