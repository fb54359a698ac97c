"""A test of the oracle: every mistake built in on purpose is noticed, within a few worlds of the named one."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.runs import judge
from tests.simulation.world import plan

WITHIN = 8
"""Worlds played at most, beginning with the one named below; the first at all is in docs/adr/0010."""
CAUGHT_FROM: dict[str, int] = {}


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mistake_is_noticed(mutant: str) -> None:
    first = CAUGHT_FROM[mutant]
    assert any(judge(plan(seed), mutant).fault for seed in range(first, first + WITHIN))


@pytest.mark.slow
def test_without_a_mistake_the_same_worlds_end_well() -> None:
    seeds = sorted(set(CAUGHT_FROM.values()))
    assert not [fault for seed in seeds[:3] if (fault := judge(plan(seed)).fault)]
