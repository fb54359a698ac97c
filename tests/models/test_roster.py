"""The list of measures out of memory is the list that the database gives, and is asked anew after every write."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.ids import new_id
from app.models.queries import lists, roster
from app.models.queries.listing import listed
from app.models.queries.lists import Grouping, MeasureFilter, Order
from app.models.queries.plans import planned
from app.models.queries.reader import Reader
from app.models.queries.roster import Roster
from app.models.queries.tallies import tallies
from app.models.store import Store
from app.services import measures

OWN, OTHER = "05970004", "05958004"
TITLES = ("Öffentlicher Bus", "Ofen", "Bürgerbus", "Bürgerbus", "Zebrastreifen", "M10", "M2", "Ärztehaus", "bürgerbus")
FILTERS = (
    MeasureFilter(),
    MeasureFilter(statuses=frozenset({"idea", ""})),
    MeasureFilter(not_statuses=frozenset({"paused", "rejected"})),
    MeasureFilter(lights=frozenset({"grey", "red"})),
    MeasureFilter(fields_of_action=frozenset({"energy"})),
    MeasureFilter(ags=frozenset({OTHER})),
    MeasureFilter(lead_ags=frozenset({OTHER}), lights=frozenset({"grey"})),
    MeasureFilter(bundle_code="M01"),
    MeasureFilter(untouched_since_ms=2**50),
    MeasureFilter(untouched_since_ms=0),
    MeasureFilter(open_questions=True),
    MeasureFilter(pending=True),
    MeasureFilter(text="bürger"),
    MeasureFilter(text="bus kommt", statuses=frozenset({"planned"})),
    MeasureFilter(gone=True),
)
COLUMNS: tuple[Order, ...] = ("title", "lead", "status", "light", "start", "cost", "changed")
ORDERS: tuple[tuple[tuple[Order, bool], ...], ...] = (
    *(((name, down),) for name in COLUMNS for down in (False, True)),
    (("status", False), ("title", True), ("cost", False)),
    (("title", True), ("cost", True)),
    (("lead", True), ("light", False)),
)
GROUPINGS: tuple[Grouping, ...] = ("field", "lead", "bundle", "status")


def filled(store: Store) -> None:
    """Titles that sort alike, every field now with this, now with that, now with nothing, and one deleted."""
    made = ""
    with store.change("measure.create") as draft:
        for n in range(27):
            fields: dict[str, object] = {
                "visibility": "municipality",
                "title": TITLES[n % len(TITLES)],
                "status": (None, "idea", "planned", "paused", "completed")[n % 5],
                "traffic_light": (None, "red", "green", "grey")[n % 4],
                "lead_ags": (OWN, OTHER)[n % 2],
                "participating_ags": ([], [OTHER], [OWN, OTHER])[n % 3],
                "fields_of_action": ([], ["energy"], ["mobility", "energy"], ["mobility"])[n % 4],
                "bundle_code": (None, "M01")[n % 2],
                "start": (None, "2024-Q3", "2021", "2026~3")[n % 4],
                "end": (None, "2027", "2026-05")[n % 3],
                "total_cost_cents": (None, 0, 500, 70_000)[n % 4],
                "goals": (None, "Der Bus kommt.")[n % 2],
            }
            made = draft.create(
                "measure", new_id(), None, {name: value for name, value in fields.items() if value is not None}
            )
    measures.delete(store, made)


@pytest.fixture
def reader(store: Store) -> Reader:
    return Reader(store.engine)


def test_every_filter_order_and_group_gives_what_the_database_gives(reader: Reader, store: Store) -> None:
    filled(store)
    asked: list[tuple[MeasureFilter, roster.Sorted, Grouping | None]] = [
        *((wanted, ORDERS[n], None) for n, wanted in enumerate(FILTERS)),
        *((FILTERS[0], order, None) for order in ORDERS),
        *((wanted, ORDERS[5], by) for wanted, by in product((FILTERS[0], FILTERS[3]), GROUPINGS)),
    ]
    by_database = [listed(reader, *one, first=5) for one in asked]
    years = [planned(reader, wanted, ORDERS[0], None).years for wanted in FILTERS]
    assert roster.fresh(reader) is None
    counted = tallies(reader, {str(n): wanted for n, wanted in enumerate(FILTERS)})
    assert roster.fresh(reader) is not None
    for one, told in zip(asked, by_database, strict=True):
        assert listed(reader, *one, first=5) == told, one
    assert [planned(reader, wanted, ORDERS[0], None).years for wanted in FILTERS] == years
    assert list(counted.views.values()) == [lists.count_measures(reader, wanted) for wanted in FILTERS]
    assert sum(counted.facets.statuses.values()) == 26
    assert counted.facets.lights == {"": 7, "red": 7, "green": 6, "grey": 6}


def test_what_is_written_is_in_the_next_list(reader: Reader, store: Store) -> None:
    roster.kept(reader)
    store.put_settings(looked_at=1)
    assert roster.fresh(reader) is not None, "no record was written"
    made = measures.create(store, {"title": "Aalweg", "lead_ags": OWN})
    assert roster.fresh(reader) is None
    assert listed(reader, MeasureFilter(), ORDERS[0], None).groups[""][0] == made
    roster.kept(reader)
    assert listed(reader, MeasureFilter(), ORDERS[0], None).groups[""][0] == made


def test_what_is_written_while_a_roster_is_read_outdates_it(reader: Reader, store: Store) -> None:
    def read(connection: object) -> str:
        measures.create(store, {"title": "Aalweg", "lead_ags": OWN})
        return "read before"

    assert reader.remember("anything", read) == "read before"
    assert reader.recall("anything") is None


def test_a_roster_is_read_once_for_all_readers_of_a_database(reader: Reader, store: Store) -> None:
    read = roster.kept(reader)
    assert isinstance(read, Roster)
    assert roster.kept(reader.stoppable()) is read
