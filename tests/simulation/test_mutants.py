"""A test of the oracle: every mistake built in on purpose is noticed, in the world that is named for it."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.runs import judge
from tests.simulation.world import plan

CAUGHT_IN = {
    "base-replaced-by-what-comes": 3,
    "base-wiped-on-epoch-change": 293,
    "counters-as-deltas": 2,
    "cursor-before-its-batch": 16,
    "digests-never-compared": 293,
    "editable-after-it-left": 53,
    "evicted-with-unsent-work": 53,
    "gaps-in-the-feed": 0,
    "gone-while-healing": 77,
    "group-by-field": 13,
    "heal-never-offered": 293,
    "index-not-kept": 1,
    "internal-words-kept-in-the-history": 13,
    "internal-words-kept-by-former-owners": 257,
    "last-writer-wins": 4,
    "new-identity-before-the-old-tail": 28,
    "no-journal-after-restore": 51,
    "not-read-again-after-an-update": 97,
    "outbox-pruned-on-epoch-change": 24,
    "outbox-pruned-on-the-answer": 0,
    "quarantine-dropped": 7,
    "quarantine-forgotten-by-its-author": 7,
    "questions-never-close": 128,
    "receipt-taken-from-the-push": 0,
    "replica-reused-after-restore": 13,
    "sets-an-earlier-program-passed-over-are-taken-for-known": 256,
    "stays-after-its-scope-is-gone": 288,
    "tombstone-beats-edit": 9,
    "writes-ignore-what-was-seen": 4,
}
"""The first seed, counted from 0, in which a mistake shows: so many worlds, and one, are needed to see it."""


@pytest.mark.slow
@pytest.mark.parametrize("mutant", CAUGHT_IN)
def test_a_mistake_is_noticed(mutant: str) -> None:
    assert judge(plan(CAUGHT_IN[mutant]), mutant).fault


def test_every_mistake_has_its_world() -> None:
    assert CAUGHT_IN.keys() == MUTANTS.keys()


@pytest.mark.slow
def test_without_a_mistake_the_same_worlds_end_well() -> None:
    seeds = sorted(set(CAUGHT_IN.values()))
    assert not [fault for seed in seeds[:3] if (fault := judge(plan(seed)).fault)]
