"""Where a measure belongs that has gone into another: whatever points where, everybody follows to the same one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.merging import Standing, counts, is_ring, survivor

TOWNS = ("A", "B")
IDS = tuple("abcdef")
standings = st.dictionaries(
    st.sampled_from(IDS),
    st.builds(
        Standing,
        into=st.sampled_from(("", *IDS)),
        lead=st.sampled_from(TOWNS),
        owners=st.frozensets(st.sampled_from(TOWNS)),
        gone=st.booleans(),
    ),
)


@given(standings)
def test_everybody_ends_somewhere_and_who_stands_for_others_stands_for_itself(known: dict[str, Standing]) -> None:
    for measure in known:
        end = survivor(measure, known)
        assert survivor(end, known) == end
        assert not counts(end, known) or is_ring(end, known)


@given(standings)
def test_following_the_pointer_leads_to_the_same_end(known: dict[str, Standing]) -> None:
    for measure in known:
        if counts(measure, known):
            assert survivor(measure, known) == survivor(known[measure].into, known)
            assert not known[survivor(measure, known)].gone


@given(standings)
def test_what_is_deleted_or_not_agreed_leads_nowhere(known: dict[str, Standing]) -> None:
    for measure, own in known.items():
        target = known.get(own.into)
        if own.gone or target is None or target.gone or (own.lead != target.lead and own.lead not in target.owners):
            assert survivor(measure, known) == measure


def test_of_two_that_were_merged_in_opposite_directions_the_older_stays() -> None:
    ring = {"a": Standing("b", "A", frozenset("A")), "b": Standing("a", "A", frozenset("A"))}
    assert {survivor(one, ring) for one in ring} == {"a"}
    assert is_ring("a", ring)
    tail = ring | {"c": Standing("b", "A", frozenset("A"))}
    assert survivor("c", tail) == "a"
    assert not is_ring("c", tail)


def test_another_town_has_to_be_let_in_first() -> None:
    known = {"d": Standing("s", "A", frozenset("A")), "s": Standing("", "B", frozenset("B"))}
    assert survivor("d", known) == "d"
    assert survivor("d", known | {"s": Standing("", "B", frozenset("AB"))}) == "s"
