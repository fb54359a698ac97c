"""Mögliche Doppel: what is named as one measure entered twice, what is not, and that the order says nothing."""

from __future__ import annotations

import random

from app.domain.duplicates import Described, find_twins, pair_digest

OLPE, SOEST, MENDEN = "05966024", "05974040", "05962040"


def _pairs(measures: dict[str, Described]) -> list[tuple[str, str]]:
    return [(one.first, one.second) for one in find_twins(measures, frozenset({"olpe", "soest"}))]


def test_the_same_idea_in_other_words_is_named_with_the_words_that_meet() -> None:
    found = find_twins(
        {
            "a": Described("Mitfahrbänke in den Dörfern", "Bänke zum Mitfahren", OLPE),
            "b": Described("Mitfahrbänke für unsere Dörfer", "", OLPE),
            "c": Described("Ladesäulen am Rathaus", "Strom für Autos", OLPE),
        }
    )
    (one,) = found
    assert (one.first, one.second) == ("a", "b")
    assert {r.typed for r in one.reasons} == {"Mitfahrbänke", "Dörfern"}


def test_a_code_given_twice_is_named_whatever_the_titles_say() -> None:
    twice = {
        "a": Described("Mobility Twin", "Zählung an Kreuzungen", SOEST, code="M15-Soest-2"),
        "b": Described("Mobilität: Zwilling der Kreuzungen", "", SOEST, code="M15-Soest-2"),
    }
    (one,) = find_twins(twice)
    assert one.same_code


def test_place_names_alone_make_no_double() -> None:
    assert not _pairs({"a": Described("Olpe App", "", OLPE), "b": Described("Stadtfest Olpe", "", OLPE)})


def test_what_one_town_has_taken_over_from_another_is_meant_to_be_two() -> None:
    taken = {
        "a": Described("Digitale Dorfmitte", "", OLPE),
        "b": Described("Digitale Dorfmitte", "", SOEST, origin="a"),
        "c": Described("Digitale Dorfmitte", "", MENDEN, origin="a"),
    }
    assert not _pairs(taken)
    within = taken | {"d": Described("Digitale Dorfmitte", "", OLPE)}
    assert ("a", "d") in _pairs(within)


def test_the_same_idea_at_two_ends_of_the_region_is_no_double() -> None:
    places = frozenset({"brilon", "hemer"})
    apart = {"a": Described("Waldmonitor Brilon", "", OLPE), "b": Described("Waldmonitor Hemer", "", SOEST)}
    assert not find_twins(apart, places)
    same = {"a": Described("Waldmonitor", "", OLPE), "b": Described("Waldmonitor Hemer", "", SOEST)}
    assert len(find_twins(same, places)) == 1


def test_two_towns_have_to_say_more_than_one() -> None:
    texts = ("Smarte Spielorte mit Bewegung", "Spielorte für alle Kinder")
    within = find_twins({"a": Described(texts[0], "", OLPE), "b": Described(texts[1], "", OLPE)})
    across = find_twins({"a": Described(texts[0], "", OLPE), "b": Described(texts[1], "", SOEST)})
    assert len(across) <= len(within)
    joint = find_twins(
        {"a": Described("Radweg Eder", "", OLPE, frozenset({SOEST})), "b": Described("Radweg an der Eder", "", SOEST)}
    )
    assert joint[0].named


def test_a_pair_that_is_closer_than_any_other_says_more_than_one_of_many_that_share_a_theme() -> None:
    pair = {"a": Described("Radboxen an der Schule", "", OLPE), "b": Described("Radweg an der Schule", "", OLPE)}
    other = {f"x{n}": Described(f"{word} im Rathaus", "", OLPE) for n, word in enumerate(("Chor", "Uhr", "Tor"))}
    rival = {"c": Described("Radfest an der Schule", "", OLPE)}
    (alone,) = (one for one in find_twins(pair | other, enough_within=0.1) if one.first == "a")
    (among,) = (
        one for one in find_twins(pair | rival | other, enough_within=0.1) if (one.first, one.second) == ("a", "b")
    )
    assert alone.score > among.score + 0.05


def test_three_copies_of_one_measure_are_all_named() -> None:
    copies = {name: Described("Mitfahrbank am Markt", "", OLPE) for name in "abc"}
    assert sorted(_pairs(copies)) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_the_order_in_which_measures_come_says_nothing() -> None:
    titles = ("Mitfahrbänke", "Mitfahrbank am Markt", "Ladesäule", "Ladesäulen am Markt", "Bänke am Markt")
    measures = {f"m{n}": Described(title, "", OLPE) for n, title in enumerate(titles)}
    told = find_twins(measures)
    for seed in range(5):
        shuffled = list(measures.items())
        random.Random(seed).shuffle(shuffled)
        assert find_twins(dict(shuffled)) == told


def test_a_pair_has_one_digest_whichever_is_named_first() -> None:
    assert pair_digest("a", "b") == pair_digest("b", "a") != pair_digest("a", "c")


def test_whoever_leaves_does_not_wait_for_a_whole_region() -> None:
    measures = {f"m{n:04}": Described(f"Mitfahrbank {n} am Markt", "", OLPE) for n in range(400)}
    asked = 0

    def given_up() -> bool:
        nonlocal asked
        asked += 1
        return asked > 500

    assert find_twins(measures, given_up=given_up) == []
    assert asked == 501, "at the next step, in the midst of looking for pairs"
