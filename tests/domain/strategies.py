"""Hypothesis strategies for the core: histories, changes, states, and garbage of every shape."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.domain.change import Change
from app.domain.fields import KINDS, Kind
from app.domain.merge import EntityState
from tests.domain.worlds import EVERYTHING, VERBS, Step, World, random_steps

_small = st.integers(0, 2)
_short: SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.sampled_from(VERBS), _small, _small, st.integers(0, 5), st.integers(0, 7)), max_size=25
)
_long: SearchStrategy[list[Step]] = st.builds(
    lambda seed, length: random_steps(random.Random(seed), length), st.integers(0, 10**9), st.integers(10, 40)
)
steps = _short | _long
"""Histories: short ones that shrink to something readable, and long ones in which more meets."""
kinds: SearchStrategy[Kind] = st.sampled_from(list(KINDS.values()))
everything: SearchStrategy[Kind] = st.just(EVERYTHING)


def worlds(kind: SearchStrategy[Kind] = everything) -> SearchStrategy[World]:
    """Worlds after a random history; of the kind with one slot of each sort, unless told otherwise."""
    return st.builds(lambda k, s: World(k).play(s), kind, steps)


def states(kind: SearchStrategy[Kind] = kinds) -> SearchStrategy[EntityState]:
    """States that some replica reached in a random history."""
    return st.builds(lambda w, i: w.replicas[i].state, worlds(kind), _small)


def changes(kind: SearchStrategy[Kind] = kinds) -> SearchStrategy[Change]:
    """Changes that some replica made in a random history."""
    return worlds(kind).flatmap(lambda w: st.sampled_from([said.change for said in w.ledger.values()]))


texts: SearchStrategy[str] = st.text(
    st.sampled_from("ab \n.ä€ß\u0301\u200d🚲😀👩🇩")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    max_size=12,
)
"""Short texts with characters outside the first plane, combining ones, joiners."""

numbers: SearchStrategy[Any] = st.one_of(
    st.integers(-2, 5),
    st.sampled_from([2**31, 2**53, 2**62, 2**63 - 1, 2**63, 2**64, 10**400, -1, 0.5]),
    st.sampled_from([float("inf"), float("nan")]),
)
scalars: SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    st.text(max_size=8),
    st.sampled_from(["\ud800", "\x00", "measure", "w", "0"]),
)
garbage: SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3) | st.just("1"), inner, max_size=4),
    max_leaves=12,
)
"""Anything that JSON can say, and a little more."""


@st.composite
def spoiled(draw: st.DrawFn, intact: SearchStrategy[Any]) -> Any:
    """Something intact with one spot replaced, dropped or doubled."""
    whole = draw(intact)
    spots: list[tuple[Any, Any]] = []
    stack = [whole]
    while stack:
        node = stack.pop()
        inside = list(enumerate(node)) if isinstance(node, list) else list(node.items())
        spots += [(node, key) for key, _ in inside]
        stack += [value for _, value in inside if isinstance(value, list | dict)]
    node, key = spots[draw(st.integers(0, len(spots) - 1))]
    how = draw(st.sampled_from(["replace", "drop", "double", "swap"]))
    if how == "drop":
        del node[key]
    elif how == "double" and isinstance(node, list):
        node.insert(key, node[key])
    elif how == "swap" and isinstance(node, list) and len(node) > 1:
        node[key], node[0] = node[0], node[key]
    else:
        node[key] = draw(garbage)
    return whole
