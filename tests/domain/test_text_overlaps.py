"""Paragraphs that two people changed without knowing of each other: told to a person, and only those."""

from __future__ import annotations

from hypothesis import given, settings

from app.domain.text import TextDoc, overlaps
from tests.domain.test_text import Edit, edits, typed, updates_of


def apart(base: str, mine: str, theirs: str) -> list[tuple[str, str, str]]:
    """Overlaps when two people turn `base` into their texts without knowing of each other."""
    start = typed(base)
    states = []
    for peer, text in ((2, mine), (3, theirs)):
        doc = TextDoc(start, peer)
        doc.replace_all(text)
        states.append(doc.state())
    return [(o.base, o.mine, o.theirs) for o in overlaps(*states)]


def test_a_paragraph_changed_on_both_sides_is_told_with_both_versions() -> None:
    assert apart("eins\nzwei\ndrei", "eins\nZWEI\ndrei", "eins\nzwei!\ndrei") == [("zwei", "ZWEI", "zwei!")]


def test_paragraphs_changed_on_one_side_only_are_not_told() -> None:
    assert apart("eins\nzwei\ndrei", "EINS\nzwei\ndrei", "eins\nzwei\nDREI") == []
    assert apart("eins\nzwei", "eins\nzwei", "eins\nzwei") == []


def test_the_same_change_on_both_sides_is_not_told() -> None:
    assert apart("eins\nzwei", "eins\nZWEI", "eins\nZWEI") == []


def test_neighbouring_paragraphs_are_told_one_by_one() -> None:
    assert apart("a\nb\nc", "A\nB\nc", "x\ny\nc") == [("a", "A", "x"), ("b", "B", "y")]


def test_a_paragraph_deleted_here_and_changed_there_is_told() -> None:
    assert apart("a\nb\nc", "a\nc", "a\nB\nc") == [("b", "", "B")]


def test_a_paragraph_split_in_two_is_told_whole() -> None:
    assert apart("a\nbb\nc", "a\nb1\nb2\nc", "a\nBB\nc") == [("bb", "b1\nb2", "BB")]


def test_changes_since_the_last_common_version_count_not_those_before() -> None:
    first = TextDoc(typed("a\nb"), 2)
    first.replace_all("A\nb")
    shared = first.state()
    mine, theirs = TextDoc(shared, 2), TextDoc(shared, 3)
    mine.replace_all("A!\nb")
    theirs.replace_all("A\nb?")
    assert overlaps(mine.state(), theirs.state()) == []
    assert overlaps(shared, theirs.state()) == []
    theirs.replace_all("A, ja\nb")
    assert [o.base for o in overlaps(mine.state(), theirs.state())] == ["A"]


@given(edits)
@settings(max_examples=60)
def test_overlaps_never_fail_and_are_the_same_from_both_sides(played: list[Edit]) -> None:
    docs, _ = updates_of(played)
    a, b = docs[0].state(), docs[1].state()
    swapped = [(o.base, o.theirs, o.mine) for o in overlaps(b, a)]
    assert [(o.base, o.mine, o.theirs) for o in overlaps(a, b)] == swapped
    assert overlaps(a, a) == []
