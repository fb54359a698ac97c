"""Dots, version vectors and the clock that is only shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import (
    EMPTY,
    MAX_HLC,
    MAX_N,
    Dot,
    clamp,
    covers,
    flatten,
    includes,
    join,
    tick,
    unflatten,
    vector_of,
    wall_ms_of,
)
from tests.domain.strategies import garbage

vectors = st.dictionaries(st.integers(1, 6), st.integers(1, 9), max_size=5)
dots = st.builds(Dot, st.integers(1, 6), st.integers(1, 9))
TODAY = 1_700_000_000_000


@given(vectors, vectors, vectors)
def test_joining_vectors_commutes_associates_and_is_idempotent(a: Any, b: Any, c: Any) -> None:
    assert join(a, b) == join(b, a)
    assert join(join(a, b), c) == join(a, join(b, c))
    assert join(a, a) == a == join(a, EMPTY)


@given(vectors, vectors, dots)
def test_the_join_has_seen_what_either_had_seen_and_nothing_else(a: Any, b: Any, dot: Dot) -> None:
    both = join(a, b)
    assert includes(both, a)
    assert includes(both, b)
    assert covers(both, dot) == (covers(a, dot) or covers(b, dot))
    assert includes(a, b) == (join(a, b) == a)


@given(st.lists(dots))
def test_the_vector_of_some_changes_covers_them_and_is_the_least(some: list[Dot]) -> None:
    vector = vector_of(some)
    assert all(covers(vector, d) for d in some)
    assert all(Dot(r, n) in some for r, n in vector.items())


@given(st.dictionaries(st.integers(1, 2**63 - 1), st.integers(1, MAX_N - 1), max_size=5))
def test_vectors_come_back_from_their_flat_form(vector: dict[int, int]) -> None:
    flat = flatten(vector)
    assert unflatten(flat) == vector
    assert flat[::2] == sorted(vector)


@given(garbage)
def test_only_flat_forms_are_read(thing: Any) -> None:
    try:
        vector = unflatten(thing)
    except ValueError:
        return
    assert flatten(vector) == thing


@pytest.mark.parametrize(
    "flat",
    [
        *([1], [1, 0], [0, 1], [1, True], [1, 1.0], ["1", 1]),
        *([2, 1, 1, 1], [1, 1, 1, 2], [2**63, 1], [1, MAX_N], {}, ""),
    ],
)
def test_no_vector(flat: Any) -> None:
    with pytest.raises(ValueError, match="vector"):
        unflatten(flat)


@given(st.integers(0, MAX_HLC - 2), st.integers(0, 2**45))
def test_the_clock_only_goes_forward_whatever_the_wall_says(last: int, wall: int) -> None:
    now = tick(last, wall)
    assert now > last
    assert wall_ms_of(now) >= wall
    assert now == last + 1 or wall_ms_of(now) == wall


def test_a_clock_set_back_two_years_goes_on_counting() -> None:
    before = tick(0, TODAY)
    after = tick(before, TODAY - 63_072_000_000)
    assert after == before + 1
    assert wall_ms_of(after) == TODAY


@given(st.integers(0, 2**46), st.integers(0, 2**45))
def test_a_clock_from_the_future_becomes_the_receivers_and_the_past_stays(wall: int, received: int) -> None:
    hlc = wall << 16 | 7
    seen = clamp(hlc, received)
    if wall > received + 600_000:
        assert wall_ms_of(seen) == received
    else:
        assert seen == hlc
    assert clamp(seen, received) == seen


@given(st.integers(0, 2**46), st.lists(st.integers(0, 2**45), min_size=1, max_size=4))
def test_the_lowest_of_several_clamped_clocks_is_that_of_the_first_receiver(wall: int, received: list[int]) -> None:
    """Hence states that keep the lowest agree, whoever of the receivers they hear from first."""
    hlc = wall << 16
    assert min(clamp(hlc, r) for r in received) == clamp(hlc, min(received))
