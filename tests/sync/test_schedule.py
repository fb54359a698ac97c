"""When to try next: never sooner than asked for, never later than bounded, never while paused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sync.schedule import AFTER_EDIT, BACKOFF_FIRST, BACKOFF_MOST, EVERY, PROBE, Schedule

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
    assert calm.edited(110.0).due == 110.0 + AFTER_EDIT
    assert calm.edited(110.0).edited(111.0).due == 110.0 + AFTER_EDIT
    failing = calm.unreachable(200.0, 0.5)
    assert failing.edited(200.1) == failing
    assert calm.succeeded(300.0, waiting=True).due == 300.0 + AFTER_EDIT


def test_a_refusal_waits_for_a_person_and_a_person_always_may() -> None:
    refused = Schedule().refused()
    assert refused.due is None
    assert refused.asked(5.0).due == 5.0
    paused = Schedule().pause()
    assert paused.reconnected(9.0) == paused
    assert paused.asked(9.0) == Schedule(9.0, 0, False)
    assert paused.resume(9.0).due == 9.0
    assert Schedule().unreachable(1.0, 0.9).reconnected(2.0) == Schedule(2.0, 0, False)
