""" "Gibt es das schon?": which known titles say the same again, why, and what says nothing."""

from __future__ import annotations

from app.domain.precedents import Known, Precedent, Reason, asked_words, find_precedents

KNOWN = {
    "light": Known("Intelligente Straßenbeleuchtung", "Anpassbar, mit Ladepunkt"),
    "bank": Known("Mitfahrbänke Nachrodt-Wiblingwerde", "Wer sitzt, wird mitgenommen"),
    "cloud": Known("BürgerWOLKE", "100 Klimasensorboxen auf Privatgrund, Citizen Science"),
    "garden": Known("Offener Gemeinschaftsgarten", ""),
    "road": Known("Straßenzustand Erwitte mit Kamera und KI", ""),
}


def find(typed: str, silent: frozenset[str] = frozenset()) -> list[Precedent]:
    spoken = {key: {word.stem for word in asked_words(f"{k.title} {k.text}")} for key, k in KNOWN.items()}

    def having(key: str) -> int:
        return sum(1 for words in spoken.values() if any(key in word for word in words))

    return find_precedents(asked_words(typed, silent), KNOWN, having, len(KNOWN))


def test_the_same_words_in_other_forms_come_first_with_their_reason() -> None:
    (one,) = find("Mitfahrbank")
    assert one.id == "bank"
    assert one.reasons == (Reason("Mitfahrbank", "Mitfahrbänke", True),)


def test_another_name_for_the_same_thing_and_a_compound_are_met() -> None:
    assert [one.id for one in find("Smarte Laternen")] == ["light"]
    assert [one.id for one in find("Garten für alle")] == ["garden"]


def test_a_compound_met_in_both_halves_says_more_than_one_met_in_either() -> None:
    (both,), (end,) = find("Straßenlampen"), find("Gartenlampen")
    assert both.id == end.id == "light"
    assert both.score > end.score + 0.05
    assert find("Straßenbahnen") == []


def test_what_stands_only_in_the_text_is_met_too_and_says_so() -> None:
    (one,) = find("Citizen Science")
    assert one.id == "cloud"
    assert not any(reason.in_title for reason in one.reasons)


def test_places_and_words_that_every_title_has_lead_to_nothing() -> None:
    places = frozenset({"erwitte", "nachrodt", "wiblingwerde"})
    assert find("Bibliothek Erwitte", places) == []
    assert find("Freibad Nachrodt-Wiblingwerde", places) == []
    assert find("und für die", places) == []
    assert find("") == []
    assert find("🚲 !!!") == []


def test_one_shared_word_among_others_is_not_enough() -> None:
    assert find("Kamera für Empfang und Archiv der Musikschule") == []


def test_the_answer_depends_on_the_words_alone() -> None:
    first = find("Straßenzustand mit KI")
    assert [one.id for one in first] == ["road"]
    assert find("Straßenzustand mit KI") == first
