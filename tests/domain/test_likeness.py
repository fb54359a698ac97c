"""Suggestions which cards belong together: what counts as the same word, what does not, and in which order."""

from __future__ import annotations

import random
from time import process_time

from app.domain.likeness import search_alike


def test_inflected_words_and_plurals_with_umlaut_are_one_word_and_the_reason_keeps_both_spellings() -> None:
    (pair,) = search_alike({"a": "Mehr Bäume am Marktplatz", "b": "Baum auf dem Marktplatz", "c": "Glasfaser im Dorf"})
    assert (pair.first, pair.second) == ("a", "b")
    assert set(pair.words) == {("Bäume", "Baum"), ("Marktplatz", "Marktplatz")}


def test_a_compound_meets_its_own_last_part() -> None:
    (pair,) = search_alike({"a": "Datenplattform", "b": "Plattformen", "c": "Parken am Bahnhof"})
    assert pair.words == (("Datenplattform", "Plattformen"),)


def test_small_words_alone_bring_no_cards_together() -> None:
    assert search_alike({"a": "Das ist nicht für uns", "b": "Das ist nur für uns", "c": "", "d": "!!! …"}) == []


def test_one_common_word_among_many_others_is_not_enough() -> None:
    texts = {"a": "Bürgerbus fährt abends zum Krankenhaus", "b": "Bürgerbus braucht Ladestation neben Feuerwehr"}
    assert search_alike(texts) == []


def test_the_same_wording_comes_first_and_the_order_of_the_cards_does_not_matter() -> None:
    texts = {
        "a": "Radweg nach Soest",
        "b": "Radweg Soest",
        "c": "Radwege Soest Beleuchtung",
        "d": "Bücherei offen",
    }
    found = search_alike(texts)
    assert (found[0].first, found[0].second, found[0].score) == ("a", "b", 1.0)
    assert {(each.first, each.second) for each in found} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert search_alike(dict(reversed(texts.items()))) == found


def test_two_thousand_cards_are_compared_within_two_seconds() -> None:
    chance = random.Random(4)
    stock = [f"{chance.choice(('Rad', 'Bus', 'Wald', 'Markt'))}wort{number}" for number in range(900)]
    texts = {f"{number:05}": " ".join(chance.choices(stock, k=6)) for number in range(2_000)}
    begun = process_time()
    search_alike(texts)
    assert process_time() - begun < 2
