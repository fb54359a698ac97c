"""The words of a catalogue: what a word is called today, and what is offered to whoever chooses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import TermList
from app.domain.terms import Term, Vocabulary


def _term(number: str, label: str, **more: object) -> Term:
    return Term(number, TermList.TAG, label, **more)  # type: ignore[arg-type]


def test_what_was_written_before_a_word_was_renamed_is_still_recognised() -> None:
    known = Vocabulary([_term("1", "Freies WLAN", former=frozenset({"WLAN"})), _term("2", "Bus")])
    assert (known.now("WLAN"), known.now("Freies WLAN"), known.now("Bahn")) == ("Freies WLAN", "Freies WLAN", "Bahn")
    assert known.offered(["WLAN", "Bahn"]) == ["Bahn", "Bus", "Freies WLAN"]


def test_what_is_retired_or_replaced_is_offered_no_longer_and_keeps_its_name_or_its_successor() -> None:
    known = Vocabulary([_term("1", "Hotspot", replaced_by="2"), _term("2", "WLAN"), _term("3", "Fax", retired=True)])
    assert known.offered(["Hotspot", "Fax"]) == ["WLAN"]
    assert (known.now("Hotspot"), known.now("Fax")) == ("WLAN", "Fax")


def test_a_name_that_is_free_again_belongs_to_who_has_it_now() -> None:
    known = Vocabulary([_term("1", "Portal", former=frozenset({"App"})), _term("2", "App")])
    assert known.now("App") == "App"


def test_two_words_are_the_same_however_they_are_written() -> None:
    known = Vocabulary([_term("1", "Straße")])
    assert known.clash("strasse") is not None
    assert known.clash("strasse", "1") is None


@given(st.dictionaries(st.sampled_from("abcde"), st.sampled_from(("", *"abcde")), min_size=1))
def test_whatever_replaces_what_every_word_ends_at_one_that_all_agree_on(replaced: dict[str, str]) -> None:
    known = Vocabulary([_term(one, one.upper(), replaced_by=by) for one, by in replaced.items()])
    for term in known.terms.values():
        end = known.in_force(term)
        assert known.in_force(end) == end
        following = known.terms.get(term.replaced_by)
        assert following is None or known.in_force(following) == end
