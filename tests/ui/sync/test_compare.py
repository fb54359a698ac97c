"""What differs between versions: words, paragraphs, and all of them in one text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.ui.sync import compare

TEXTS = st.lists(
    st.sampled_from(["Lenne misst Wasser.", "Hönne misst Wind.", "Ende.", "12 Pegel", ""]), max_size=6
).map("\n".join)


def _marked(text: str, spans: list[compare.Span]) -> list[str]:
    return [text[s.start : s.end] for s in spans]


def test_only_the_words_that_differ_are_marked() -> None:
    one, other = (
        "12 Gateways tragen die Daten stündlich weiter",
        "14 Gateways tragen die Daten alle 15 Minuten weiter",
    )
    left, right = compare.changed_words(one, other)
    assert _marked(one, left) == ["12", "stündlich"]
    assert _marked(other, right) == ["14", "alle 15 Minuten"]


def test_a_new_paragraph_stands_beside_a_gap_and_the_others_stay_together() -> None:
    one = "Gleich bleibt gleich.\nZwölf Pegel messen hier Wasser."
    other = "Gleich bleibt gleich.\nDie Feuerwehr liest mit.\nVierzehn Pegel messen hier Wasser."
    lines = compare.align([one, other])
    assert [line.parts for line in lines] == [
        ("Gleich bleibt gleich.",) * 2,
        (None, "Die Feuerwehr liest mit."),
        ("Zwölf Pegel messen hier Wasser.", "Vierzehn Pegel messen hier Wasser."),
    ]
    assert [line.numbers for line in lines] == [(1, 1), (0, 2), (2, 3)]


def test_both_in_one_repeats_nothing_that_is_equal() -> None:
    told = compare.joined(["Gleich.\nMeins ganz allein", "Gleich.\nFremdes Wort dazu"])
    assert told.split("\n\n") == ["Gleich.", "Meins ganz allein", "Fremdes Wort dazu"]


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_no_paragraph_of_any_version_is_lost_or_moved(texts: list[str]) -> None:
    lines = compare.align(texts)
    for number, text in enumerate(texts):
        assert [line.parts[number] for line in lines if line.parts[number] is not None] == compare.paragraphs(text)


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same_in_both(one: str, other: str) -> None:
    left, right = compare.changed_words(one, other)

    def unmarked(text: str, spans: list[compare.Span]) -> list[str]:
        kept = "".join(c for i, c in enumerate(text) if not any(s.start <= i < s.end for s in spans))
        return kept.split()

    assert unmarked(one, left) == unmarked(other, right)
