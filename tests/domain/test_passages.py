"""Passages: the words that were searched for are found where the index found them, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.german import normalise_query, search_terms
from app.domain.passages import marks_in, passage

TEXT = "Die Beleuchtung der Möhnestraße wird erneuert, auch die Straßenbeleuchtung in Günne."


def marked(text: str, typed: str) -> list[str]:
    return [text[start : start + length] for start, length in marks_in(text, normalise_query(typed))]


def test_umlauts_and_parts_of_compounds_are_marked_as_whole_words() -> None:
    assert marked(TEXT, "moehne") == ["Möhnestraße"]
    assert marked(TEXT, "beleuchtung") == ["Beleuchtung", "Straßenbeleuchtung"]
    assert marked(TEXT, "gunne strasse") == ["Möhnestraße", "Straßenbeleuchtung", "Günne"]


def test_a_passage_is_one_line_around_the_first_word_and_its_marks_fit() -> None:
    text = "Anfang.\n" * 40 + "Hier hält\tder Rufbus\nan jedem Hof."
    found = passage(text, ["rufbus"])
    assert found is not None
    assert found.text.startswith("… ")
    assert "\n" not in found.text
    ((start, length),) = found.marks
    assert found.text[start : start + length] == "Rufbus"


def test_where_the_words_are_not_there_is_no_passage() -> None:
    assert passage(TEXT, ["rathaus"]) is None
    assert passage("", ["a"]) is None


@given(st.text("aeiouäöüßAbst -", min_size=1, max_size=60), st.text("aeioubst", min_size=1, max_size=4))
def test_a_word_is_marked_exactly_where_the_index_would_find_it(text: str, typed: str) -> None:
    wanted = normalise_query(typed)
    pieces = text.replace("-", " ").split()
    there = any(term.startswith(tuple(wanted)) for piece in pieces for term in search_terms(piece)) if wanted else False
    assert bool(wanted and marks_in(text.replace("-", " "), wanted)) == there
