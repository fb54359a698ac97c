"""A row that goes in as it came leaves exactly what its state would leave, or it does not go in so."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import orjson
from hypothesis import event, given, target
from hypothesis import strategies as st

from app.domain.change import Add, Change, Create, Write
from app.domain.fields import KINDS
from app.domain.ids import derived_id
from app.domain.merge import EntityState, apply_change
from app.domain.packing import columns, pack, unpack
from app.errors import ContentError
from app.models.fresh import as_it_came, from_state, index_terms
from tests.domain.strategies import spoiled, states


def sent(state: EntityState) -> list[Any]:
    row: list[Any] = orjson.loads(orjson.dumps(pack(state)))
    return row


def _leaves_the_same(row: list[Any], kind_name: str) -> bool:
    kind = KINDS[kind_name]
    came = as_it_came(kind, deepcopy(row))
    if came is None:
        return False
    state = unpack(kind, columns(kind), row)
    assert came.state == state
    assert came.fresh == from_state(state)
    assert index_terms(came.fresh) == index_terms(from_state(state))
    return True


@given(states())
def test_any_state_goes_in_alike_by_both_ways(state: EntityState) -> None:
    as_came = _leaves_the_same(sent(state), state.kind)
    event(f"as it came: {as_came}")
    target(float(as_came))


@given(states().flatmap(lambda s: st.tuples(st.just(s.kind), spoiled(st.just(sent(s))))))
def test_a_spoiled_row_never_goes_in_as_it_came_unless_it_can_be_read(spoilt: tuple[str, Any]) -> None:
    kind, row = spoilt
    if not isinstance(row, list) or len(row) != len(KINDS[kind].fields) + 4 or not isinstance(row[-1], dict):
        return
    try:
        _leaves_the_same(row, kind)
    except ContentError as error:  # pragma: no cover - the failure this test looks for
        raise AssertionError("a row that cannot be read went in") from error


def test_what_somebody_just_created_goes_in_as_it_came() -> None:
    made = derived_id("test", "created")
    slots = KINDS["measure"].slot_of
    change = Change(
        7,
        3,
        1_772_000_000_000 << 16,
        "measure.create",
        (
            Create("measure", made, "measure", made),
            Write("measure", made, slots["title"].id, "Straßenbeleuchtung"),
            Write("measure", made, slots["place"].id, ("Markt", 51.1, 8)),
            Add("measure", made, slots["tags"].id, ("Licht", "Straße")),
        ),
    )
    state = apply_change(EntityState("measure", made), change)
    assert _leaves_the_same(sent(state), "measure")
    edited = apply_change(state, Change(7, 4, 5, "measure.edit", (Write("measure", made, 8, "Ziel", {}),)))
    assert not _leaves_the_same(sent(edited), "measure")
