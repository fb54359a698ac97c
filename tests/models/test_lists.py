"""The list of measures is answered without deciphering their rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

from app.models.queries import lists
from app.models.queries.lists import MeasureFilter
from app.models.queries.reader import Reader
from app.models.store import Store

FILTERS = (
    MeasureFilter(),
    MeasureFilter(statuses=frozenset({"idea"})),
    MeasureFilter(lights=frozenset({"red"}), fields_of_action=frozenset({"energy"})),
    MeasureFilter(ags=frozenset({"05970004"})),
    MeasureFilter(lead_ags=frozenset({"05970004"}), bundle_code="M01"),
)


def plans_of(engine: Engine, ask: Callable[[], object]) -> list[str]:
    """How SQLite goes about the statements that `ask` runs."""
    asked: list[tuple[str, object]] = []

    def note(conn: object, cursor: object, statement: str, parameters: object, *more: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        return [
            str(row[3])
            for statement, parameters in asked
            if "FROM measure" in statement
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        ]


@pytest.mark.parametrize("wanted", FILTERS)
def test_filtering_sorting_and_grouping_read_the_index_alone(store: Store, wanted: MeasureFilter) -> None:
    reader = Reader(store.engine)
    orders: tuple[lists.Order, ...] = ("title", "lead", "status", "light", "start", "cost", "changed")

    def ask() -> None:
        for order in orders:
            lists.measure_ids(reader, wanted, ((order, False),))
        for by in ("field", "lead", "bundle", "status"):
            lists.ids_by(reader, wanted, (("title", False),), by)

    steps = [step for step in plans_of(store.engine, ask) if "measure" in step]
    assert len(steps) == len(orders) + 4
    assert all("USING COVERING INDEX ix_measure_list" in step for step in steps), steps
