"""Merging: laws on random histories, held against a ledger of who knew what."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import Dot, clamp
from app.domain.fields import KINDS
from app.domain.merge import AddWinsSet, Counter, EntityState, Register, Version, apply, merge
from tests.domain.strategies import kinds, steps, worlds
from tests.domain.worlds import (
    RECORD,
    Step,
    World,
    check_everything,
    check_laws,
    check_replica,
    random_steps,
    same,
    some_order,
)


@given(worlds())
def test_every_replica_holds_exactly_what_the_changes_it_heard_say(world: World) -> None:
    for replica in world.replicas:
        check_replica(world, replica)


@given(worlds())
def test_merging_commutes_associates_and_is_idempotent(world: World) -> None:
    check_laws(world)


@given(worlds(), st.integers(0, 10**6))
def test_any_order_of_delivery_with_duplicates_gives_the_same_state(world: World, seed: int) -> None:
    changes = [said.change for said in world.ledger.values()]
    one, other = (world.deliver(some_order(changes, random.Random(s))) for s in (seed, -1))
    assert same(one, other)
    assert same(one, world.settle())


@given(steps, kinds)
def test_the_laws_hold_for_every_kind_of_the_registry(played: list[Step], kind: object) -> None:
    assert kind in KINDS.values()
    check_everything(World(kind).play(played))  # type: ignore[arg-type]


@pytest.mark.parametrize("replicas", [1, 2, 3, 5])
def test_long_histories_lose_nothing_and_ask_nothing_needlessly(replicas: int) -> None:
    rnd = random.Random(replicas)
    for _ in range(12):
        check_everything(World(replicas=replicas).play(random_steps(rnd, 80)))


@given(worlds(), st.integers(0, 2), st.integers(0, 2))
def test_states_and_changes_may_be_mixed(world: World, who: int, whom: int) -> None:
    a, b = world.replicas[who], world.replicas[whom]
    missing = sorted(b.heard - a.heard)
    merged = merge(a.state, b.state)
    heard = a.state
    for dot in missing:
        heard = world.engine.apply_change(heard, world.ledger[dot].change)
    assert same(merged, heard)


@given(worlds(), st.lists(st.integers(0, 1200), min_size=2, max_size=4))
def test_receivers_that_clamp_a_clock_differently_agree(world: World, times: list[int]) -> None:
    changes = [said.change for said in world.ledger.values()]
    states = []
    for now in times:
        state = EntityState(world.kind.name, RECORD)
        for change in changes:
            for op in change.ops:
                state = apply(state, op, change.dot, clamp(change.hlc << 16, now, tolerance_ms=0))
        states.append(state)
    forth, back = states[0], states[-1]
    for state in states[1:]:
        forth = merge(forth, state)
    for state in reversed(states[:-1]):
        back = merge(back, state)
    assert same(forth, back)
    lowest = states[times.index(min(times))]
    assert same(forth, lowest)


@given(st.permutations([30, 10, 20]))
def test_a_change_heard_with_other_clocks_keeps_the_lowest(clocks: list[int]) -> None:
    register = Register()
    for hlc in clocks:
        register = register.write(Dot(1, 1), Version("x", hlc), {})
    assert register == Register({Dot(1, 1): Version("x", 10)}, {1: 1})
    assert register.write(Dot(1, 1), Version("x", 10), {}) is register


def test_a_removal_that_overtakes_its_addition_takes_out_that_addition_and_nothing_else() -> None:
    removed = AddWinsSet().remove({"a": (Dot(1, 2),)})
    assert removed.value == ()
    first = removed.add(Dot(1, 1), ("a", "b"))
    assert first.value == ("a", "b"), "an earlier addition was not named"
    second = first.add(Dot(1, 2), ("a", "c"))
    assert second.value == ("a", "b", "c"), "c came with the named addition, but only a was named"
    assert second.elements["a"] == {Dot(1, 1)}
    assert second.removed == {}, "nothing is remembered once it is settled"


def test_a_removal_and_an_addition_in_one_change_both_count() -> None:
    world = World()
    world.play([("add", 0, 0, 0, 0)])
    before = world.replicas[0].state.set(4).value
    world.play([("swap", 0, 0, 0, 2)])
    assert before == ("Radweg",)
    assert world.replicas[0].state.set(4).value == ("e\u0301tude",)


def test_an_addition_wins_over_a_removal_that_had_not_seen_it() -> None:
    world = World().play([("add", 0, 0, 0, 0), ("pull", 1, 0, 0, 0)])
    world.play([("remove", 1, 0, 0, 0), ("add", 0, 0, 0, 0)])
    assert world.replicas[1].state.set(4).value == ()
    assert world.settle().set(4).value == ("Radweg",)


def test_votes_counted_on_two_devices_add_up_even_when_heard_twice_or_late() -> None:
    late = Counter().count(1, 3, 0).count(1, 5, 1).count(1, 4, 0)
    assert late.value == 4
    assert late.merge(Counter().count(2, 10, 0)).merge(late).value == 14


def test_equal_values_written_apart_are_no_question_and_unequal_ones_are() -> None:
    apart = Register({Dot(1, 1): Version("x", 1), Dot(2, 1): Version("x", 2)}, {1: 1, 2: 1})
    assert not apart.is_open
    assert apart.value == "x"
    assert Register({**apart.versions, Dot(3, 1): Version("y", 0)}, {1: 1, 2: 1, 3: 1}).is_open
    assert not Register().is_open
    assert Register().winner is None
    assert Register().value is None


def test_writing_over_several_versions_closes_the_question_everywhere() -> None:
    world = World().play([("write", 0, 0, 0, 1), ("write", 1, 0, 0, 2)])
    world.play([("pull", 2, 0, 0, 0), ("pull", 2, 1, 0, 0)])
    assert world.replicas[2].state.register(1).is_open
    world.play([("write", 2, 0, 0, 3)])
    assert not world.settle().register(1).is_open
    assert world.settle().register(1).value == "e\u0301tude"


def test_two_claims_of_a_root_end_the_same_everywhere() -> None:
    one = EntityState("task", RECORD, "measure", "b", seen={1: 1})
    other = EntityState("task", RECORD, "workshop", "b", seen={2: 1})
    third = EntityState("task", RECORD, "workshop", "a", seen={3: 1})
    assert merge(one, other) == merge(other, one)
    assert merge(merge(one, other), third).root_id == "a"
    assert merge(EntityState("task", RECORD), one).root_kind == "measure"
