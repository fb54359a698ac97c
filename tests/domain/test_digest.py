"""Digests: equal exactly for equal states, whatever order they came about in; any loss shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.access import shared_view
from app.domain.clock import Dot, flatten
from app.domain.digest import MASK, digest_of, digest_of_row
from app.domain.fields import KINDS, internal_slots
from app.domain.merge import AddWinsSet, Counter, EntityState, Register, Version, merge
from app.domain.packing import columns, pack, unpack
from tests.domain.strategies import kinds, states, worlds
from tests.domain.worlds import EVERYTHING, World


@pytest.fixture(autouse=True, scope="module")
def _everything_is_a_kind() -> Iterator[None]:
    """One more kind while these tests run: one slot of each sort."""
    KINDS[EVERYTHING.name] = EVERYTHING
    yield
    del KINDS[EVERYTHING.name]


any_state = states(st.just(EVERYTHING)) | states(kinds)


def clocks(state: EntityState) -> object:
    """What a digest speaks about, spelled out; a register's values and clocks are left out."""
    return (
        (state.id, state.root_kind, state.root_id, flatten(state.seen)),
        {s: (sorted(r.versions), flatten(r.context)) for s, r in state.registers.items() if r.context},
        {
            s: (_held(h.elements), flatten(h.context), _held(h.removed))
            for s, h in state.sets.items()
            if h.context or h.removed
        },
        {s: dict(c.totals) for s, c in state.counters.items() if c.totals},
    )


def _held(elements: object) -> dict[str, list[Dot]]:
    assert isinstance(elements, dict)
    return {e: sorted(dots) for e, dots in elements.items()}


@given(worlds(st.just(EVERYTHING)), st.integers(0, 2), st.integers(0, 2))
def test_two_replicas_have_one_digest_exactly_when_they_know_the_same(world: World, who: int, whom: int) -> None:
    a, b = world.replicas[who].state, world.replicas[whom].state
    assert (digest_of(a) == digest_of(b)) == (clocks(a) == clocks(b))
    assert 0 < digest_of(a) <= MASK


@given(worlds(), st.integers(0, 2), st.integers(0, 2))
def test_the_order_of_meeting_does_not_matter(world: World, who: int, whom: int) -> None:
    a, b = world.replicas[who].state, world.replicas[whom].state
    assert digest_of(merge(a, b)) == digest_of(merge(b, a)) == digest_of(merge(merge(a, b), a))


@given(any_state)
def test_a_row_tells_the_same_digest_as_its_state(state: EntityState) -> None:
    kind = KINDS[state.kind]
    row = orjson.loads(orjson.dumps(pack(state)))
    assert digest_of_row(kind, row) == digest_of(state) == digest_of(unpack(kind, columns(kind), row))


@given(states(kinds))
def test_who_may_not_see_internal_fields_computes_the_same(state: EntityState) -> None:
    shared = shared_view(state)
    kind = KINDS[state.kind]
    assert digest_of(shared) == digest_of(state) == digest_of_row(kind, pack(shared))


@given(any_state)
def test_every_loss_and_every_surplus_shows(state: EntityState) -> None:
    known = digest_of(state)
    for spoilt in _spoilt(state):
        assert digest_of(spoilt) != known


def _spoilt(state: EntityState) -> Iterator[EntityState]:
    """The state with one thing missing or one too many, for everything there is."""
    stranger = Dot(2**61, 1)
    for slot, register in state.registers.items():
        if slot in internal_slots(state.kind) or not register.versions:
            continue
        yield replace(state, registers={s: r for s, r in state.registers.items() if s != slot})
        first = next(iter(register.versions))
        fewer = {d: v for d, v in register.versions.items() if d != first}
        yield _with(state, slot, Register(fewer, register.context))
        more = {**register.versions, stranger: register.versions[first]}
        yield _with(state, slot, Register(more, {**register.context, stranger.replica: 1}))
    for slot, held in state.sets.items():
        for element in held.elements:
            left = {e: d for e, d in held.elements.items() if e != element}
            yield replace(state, sets={**state.sets, slot: AddWinsSet(left, held.context, held.removed)})
    for slot, counter in state.counters.items():
        for replica, (ups, downs) in counter.totals.items():
            yield replace(state, counters={**state.counters, slot: counter.count(replica, ups + 1, downs)})
    for replica, n in state.seen.items():
        yield replace(state, seen={**state.seen, replica: n + 1})
    yield replace(state, root_id="0" * 36)


def _with(state: EntityState, slot: int, register: Register) -> EntityState:
    return replace(state, registers={**state.registers, slot: register})


@given(states(kinds), states(kinds))
def test_two_records_never_share_a_digest(a: EntityState, b: EntityState) -> None:
    assume(clocks(a) != clocks(b))
    assert digest_of(a) != digest_of(b)


def test_a_digest_stays_the_number_that_it_was() -> None:
    """Every profile and every agency keeps digests: another spelling would make them differ from each other."""
    record = "0190a6b2-0000-7000-8000-000000000001"
    tagged = AddWinsSet(
        {'Öffentlich "A"': frozenset({Dot(5, 2), Dot(7, 1)}), "b": frozenset({Dot(5, 1)})},
        {5: 2, 7: 1},
        {"c": frozenset({Dot(9, 9)})},
    )
    state = EntityState(
        EVERYTHING.name,
        record,
        EVERYTHING.name,
        record,
        {
            1: Register({Dot(5, 1): Version("x", 9)}, {5: 1}),
            0: Register({Dot(7, 1): Version(None, 3)}, {7: 1}),
            2: Register({Dot(5, 2): Version("y", 9), Dot(7, 1): Version("z", 8)}, {5: 2, 7: 1}),
        },
        {4: tagged},
        {5: Counter({5: (2, 1), 7: (1, 0)})},
        {},
        {5: 2, 7: 1},
    )
    assert digest_of(state) == 2435393768532610638
    untouched = EntityState(EVERYTHING.name, record, EVERYTHING.name, record, state.registers, seen={5: 1})
    assert digest_of(replace(untouched, registers={1: state.registers[1]})) == 253843827866243734
