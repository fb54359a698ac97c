"""Work beside the window: when it rests, so that who types need not wait for it."""

from __future__ import annotations

from itertools import pairwise

from app.ui.beside import Breath


def test_long_work_rests_once_after_each_turn_however_often_it_is_asked() -> None:
    clock = 0.0
    rests: list[float] = []

    def rest(seconds: float) -> None:
        nonlocal clock
        clock += seconds
        rests.append(clock)

    breath = Breath(lambda: clock, rest)
    for _ in range(100):
        clock += Breath.TURN_S / 8
        breath.take()
    assert len(rests) == 12, "a hundred eighths of a turn"
    assert all(later - one >= Breath.TURN_S + Breath.REST_S - 1e-9 for one, later in pairwise(rests))
