"""When to try next: never sooner than asked for, never later than bounded, never while paused."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.sync.schedule import AFTER_EDIT, BACKOFF_FIRST, BACKOFF_MOST, EVERY, LONE_EDIT, PROBE, Schedule

NOW = st.floats(0, 1e6)
CHANCE = st.floats(0, 1, exclude_max=True)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("edited")),
        st.tuples(st.just("asked")),
        st.tuples(st.just("succeeded"), st.booleans()),
        st.tuples(st.just("unreachable"), CHANCE, st.sampled_from((0.0, 1.0, 30.0, 3600.0))),
        st.tuples(st.just("refused")),
        st.tuples(st.just("reconnected")),
        st.tuples(st.just("pause")),
        st.tuples(st.just("resume")),
    ),
    max_size=30,
)


def play(deeds: list[tuple[object, ...]], schedule: Schedule | None = None, now: float = 100.0) -> Schedule:
    found = schedule or Schedule()
    for name, *rest in deeds:
        call = getattr(found, str(name))
        found = call(*rest) if name in ("refused", "pause") else call(now, *rest)
        now += 1.0
    return found


@given(DEEDS)
def test_paused_means_that_nothing_is_due(deeds: list[tuple[object, ...]]) -> None:
    found = play(deeds)
    assert not (found.paused and found.due is not None)


@given(DEEDS, NOW, CHANCE, st.floats(0, 3600))
def test_never_sooner_than_the_agency_asked_and_never_much_later(
    deeds: list[tuple[object, ...]], now: float, chance: float, asked: float
) -> None:
    found = play(deeds).unreachable(now, chance, asked)
    if found.paused:
        assert found.due is None
        return
    assert found.due is not None
    assert found.due >= now + asked
    longest = max(asked, BACKOFF_FIRST / 2 + (BACKOFF_MOST if asked else PROBE))
    assert now + BACKOFF_FIRST / 2 <= found.due <= now + longest


@given(NOW, st.integers(0, 3000), CHANCE)
def test_any_number_of_failures_stays_bounded(now: float, failures: int, chance: float) -> None:
    due = Schedule(failures=failures).unreachable(now, chance).due
    assert due is not None
    assert due - now <= BACKOFF_FIRST / 2 + PROBE


def test_edits_travel_together_and_do_not_break_the_backoff() -> None:
    calm = Schedule().succeeded(100.0, waiting=False)
    assert calm.due == 100.0 + EVERY
    assert calm.edited(110.0).due == 110.0 + LONE_EDIT
    assert calm.edited(110.0).edited(110.1).due == 110.0 + LONE_EDIT
    sent = calm.edited(110.0).succeeded(110.3, waiting=False)
    assert sent.edited(110.5).due == 110.5 + AFTER_EDIT
    assert sent.edited(110.5).edited(111.4).due == 110.5 + AFTER_EDIT
    assert sent.edited(110.3 + AFTER_EDIT).due == 110.3 + AFTER_EDIT + LONE_EDIT
    failing = calm.unreachable(200.0, 0.5)
    assert failing.edited(200.1) == failing
    assert calm.succeeded(300.0, waiting=True).due == 300.0 + AFTER_EDIT


def test_who_fetched_something_meanwhile_still_sends_a_lone_edit_at_once() -> None:
    fetched = Schedule().succeeded(100.0, waiting=False).woken(110.0, 0.5).succeeded(110.5, waiting=False)
    assert fetched.edited(110.6).due == 110.6 + LONE_EDIT


def _sent(edits: Sequence[float], exchange: float) -> tuple[int, float]:
    """How many exchanges such edits cost when each takes so long, and the longest an edit waited for its own."""
    schedule, count, longest, free, left = Schedule().succeeded(1000.0, waiting=False), 0, 0.0, 0.0, list(edits)
    while left:
        first = left[0]
        schedule = schedule.edited(max(first, free))  # the worker hears of an edit after the exchange under way
        assert schedule.due is not None
        began = schedule.due
        left = [at for at in left if at > began]
        count, longest, free = count + 1, max(longest, began - first), began + exchange
        schedule = schedule.succeeded(free, waiting=False)
    return count, longest


def _sent_if_all_waited(edits: Sequence[float], exchange: float) -> int:
    """How many it would be if no edit counted as one that comes alone."""
    count, free, left = 0, 0.0, list(edits)
    while left:
        began = max(left[0], free) + AFTER_EDIT
        left = [at for at in left if at > began]
        count, free = count + 1, began + exchange
    return count


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.sampled_from((0.05, 0.2, 0.6)))
def test_lone_edits_cost_no_exchange_more_than_if_each_had_waited_and_a_flow_of_edits_one(
    tenths: list[int], exchange: float
) -> None:
    edits = [1002.0 + passed / 10 for passed in accumulate(tenths)]
    gaps = [then - at for at, then in pairwise(edits)]
    quick, longest = _sent(edits, exchange)
    patient = _sent_if_all_waited(edits, exchange)
    assert longest <= AFTER_EDIT + exchange + 1e-6
    assert quick <= patient + 1 + sum(gap > AFTER_EDIT for gap in gaps)
    if all(gap > AFTER_EDIT + LONE_EDIT + exchange for gap in gaps):
        assert quick == patient == len(edits)
        assert longest <= LONE_EDIT + 1e-6


def test_a_refusal_waits_for_a_person_and_a_person_always_may() -> None:
    refused = Schedule().refused()
    assert refused.due is None
    assert refused.asked(5.0).due == 5.0
    paused = Schedule().pause()
    assert paused.reconnected(9.0) == paused
    assert paused.asked(9.0) == Schedule(9.0, 0, False)
    assert paused.resume(9.0).due == 9.0
    assert Schedule().unreachable(1.0, 0.9).reconnected(2.0) == Schedule(2.0, 0, False)
