"""Order keys sort where they were put, however often and wherever people insert."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.encoding import check_value
from app.domain.fields import KINDS
from app.domain.order import after, between


def test_keys_behind_one_another_stay_in_order_and_short() -> None:
    keys = [""]
    for _ in range(1000):
        keys.append(after(keys[-1]))
    assert keys == sorted(set(keys))
    assert max(map(len, keys)) <= 40


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_between_any_two_there_is_room_for_another(places: list[int]) -> None:
    keys: list[str] = []
    station = KINDS["station"]
    for place in places:
        at = place % (len(keys) + 1)
        key = between(keys[at - 1] if at else "", keys[at] if at < len(keys) else "")
        keys.insert(at, key)
        check_value(station, station.by_name["sort"], key)
        assert not key.endswith("0")
    assert keys == sorted(set(keys))


def test_two_keys_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="B"):
        between("B", "A")
