"""German order by DIN 5007, and search that finds what people mean, asked of a real FTS5 index."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

import pytest
import sqlcipher3
from hypothesis import given
from hypothesis import strategies as st

from app.domain.compounds import parts_of
from app.domain.folding import fold
from app.domain.german import (
    fts_query,
    normalise_for_index,
    normalise_query,
    person_sort_key,
    search_terms,
    title_sort_key,
)

TEXTS = {
    1: "Straßenbeleuchtung am Möhnesee",
    2: "Offene Regionale Datenplattform",
    3: "Bürgerbus für Müschede, Abfahrt am Schützenhaus",
    4: "Smart-City-Labor (M15-Soest-2)",
    5: "Verkehrszählstellen; Ederradweg",
    6: "Ausbau des Café-WLANs an der Feldmulde",
}
words = st.text(st.sampled_from("aäoöuüeßsxz-. 'É\u0308\u0301AÖ1"), max_size=12) | st.text(max_size=12)


class Index:
    """A full-text index as the store has it: FTS5 over normalised words, tokenised by unicode61."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        self.connection = sqlcipher3.connect(":memory:")
        self.connection.execute("create virtual table x using fts5(words, tokenize='unicode61', prefix='2 3')")
        rows = [(number, normalise_for_index(text)) for number, text in texts]
        self.connection.executemany("insert into x(rowid, words) values (?, ?)", rows)

    def ask(self, typed: str) -> set[int]:
        """What is found; an empty question is never put to the index, which would call it a mistake."""
        if not fts_query(typed):
            return set()
        found = self.connection.execute("select rowid from x where x match ?", (fts_query(typed),))
        return {row[0] for row in found}


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(TEXTS.items())


# Order ----------------------------------------------------------------------------------------


def test_titles_are_in_the_order_of_the_dictionary() -> None:
    titles = [
        "Ärztehaus",
        "Azubi",
        "Azubi-Portal",
        "Azubiportal",
        "M2",
        "M10",
        "Mueller",
        "Muller",
        "Müller",
        "Öffentliches WLAN",
        "Olpe App",
        "Straße",
        "Strasse 2",
        "Straßenlaterne",
        "Zebrastreifen",
    ]
    assert sorted(set(titles), key=title_sort_key) == titles


def test_persons_are_in_the_order_of_the_telephone_book() -> None:
    assert sorted(["Muller", "Müller", "Mueller"], key=person_sort_key) == ["Mueller", "Müller", "Muller"]
    assert sorted(["Ocker", "Özil", "Odenthal"], key=person_sort_key) == ["Ocker", "Odenthal", "Özil"]


def test_the_base_letter_comes_first_only_at_a_tie() -> None:
    assert sorted(["Bär", "Bar", "Barsch", "Bären"], key=title_sort_key) == ["Bar", "Bär", "Bären", "Barsch"]


@given(words, words)
def test_equal_sort_keys_mean_equal_titles_and_case_or_space_never_part_them(one: str, two: str) -> None:
    if title_sort_key(one) == title_sort_key(two):
        assert title_sort_key(one.strip()) == title_sort_key(two.strip())
    assert title_sort_key(f" {one} ") == title_sort_key(one)
    assert "\x00" not in title_sort_key(one + "\x00")
    assert (person_sort_key(one) == person_sort_key(two)) == (title_sort_key(one) == title_sort_key(two))


# Search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("strasse", {1}),
        ("Straße", {1}),
        ("STRASSENBEL", {1}),
        ("beleuchtung", {1}),
        ("moehnesee", {1}),
        ("mohnesee", {1}),
        ("Möhnesee", {1}),
        ("Mo\u0308hnesee", {1}),
        ("möhn", {1}),
        ("see", {1}),
        ("datenplattform", {2}),
        ("Daten-Plattform", {2}),
        ("plattform", {2}),
        ("platt", {2}),
        ("daten offen", {2}),
        ("bus", {3}),
        ("bürgerbus", {3}),
        ("muesch", {3}),
        ("haus", {3}),
        ("schuetzenhaus", {3}),
        ("smart city", {4}),
        ("smartcitylabor", {4}),
        ("m15", {4}),
        ("m15-soest-2", {4}),
        ("zählstellen", {5}),
        ("stelle", {5}),
        ("verkehr", {5}),
        ("radweg", {5}),
        ("weg", {5}),
        ("mulde", {6}),
        ("cafe wlan", {6}),
        ("form platte", set()),
        ("platte form", set()),
        ("leuchtturm", set()),
    ],
)
def test_search_finds_what_is_meant(index: Index, typed: str, found: set[int]) -> None:
    assert index.ask(typed) == found


@pytest.mark.parametrize(
    "typed",
    ['"', "'", "*", "a*b", "(", "a OR", "NOT", "NEAR(a b)", "x:y", "^a", "-", "{a b}", "a\x00b", "\ud800"],
)
def test_operators_are_no_syntax(index: Index, typed: str) -> None:
    assert fts_query(typed).count('"') % 2 == 0
    assert index.ask(typed) <= set(TEXTS)


@pytest.mark.parametrize("typed", ["", "   ", "🙂", "…", "--", "___"])
def test_nothing_searchable_is_no_question(typed: str) -> None:
    assert fts_query(typed) == ""
    assert normalise_query(typed) == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_anything_typed_is_a_question_the_index_understands(typed: str) -> None:
    Index([]).ask(typed)


@given(st.lists(st.text(st.sampled_from("aäoöueßstrlnchAÖÜ"), min_size=1), min_size=1, max_size=4), st.data())
def test_every_beginning_of_every_word_finds_its_text(spoken: list[str], data: st.DataObject) -> None:
    text = " ".join(spoken)
    word = data.draw(st.sampled_from(spoken))
    typed = word[: data.draw(st.integers(1, len(word)))]
    assert Index([(1, text)]).ask(typed) == {1}


@given(words)
def test_the_three_spellings_of_an_umlaut_are_one(text: str) -> None:
    spelt = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    assert fold(spelt) == fold(text)


@given(st.text(st.sampled_from("abcdefghilmnorstuz"), max_size=30))
def test_parts_are_endings_of_their_word_and_never_the_word_itself(word: str) -> None:
    parts = parts_of(word)
    assert all(word.endswith(part) and part != word for part in parts)
    assert list(parts) == sorted(parts, key=len, reverse=True)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Straßenbeleuchtung", {"beleuchtung"}),
        ("Datenplattform", {"plattform"}),
        ("Lastenradverleih", {"radverleih", "verleih"}),
        ("Bildungsangebot", {"angebot"}),
        ("Ortsmitten", {"mitten"}),
        ("Gemeinschaftsgarten", {"garten"}),
        ("Fahrradparkhaus", {"parkhaus", "haus"}),
        ("Ordnungsamt", {"amt"}),
        ("Zukunftswerkstatt", {"werkstatt"}),
        ("Starkregengefahrenkarte", {"gefahrenkarte", "karte"}),
        ("Nachbarschaftshilfe", {"hilfe"}),
        ("Klimasensorboxen", {"sensorboxen", "boxen"}),
    ],
)
def test_compounds_are_found_by_their_parts(word: str, parts: set[str]) -> None:
    assert parts <= set(parts_of(fold(word)))


def test_parts_cost_less_than_half_of_the_index() -> None:
    text = (
        "Bausteine: Smarte Mobilstationen, Fahrradparkhaus, vernetzte Mobilitätsinfrastruktur. Jede"
        " Ortschaft mit eigenem Dashboard, elektronischer Übersetzer. Intelligente Straßenbeleuchtung"
        " mit Verkehrssensorik und Ladepunkt. Bündelt Daten der Kommunen und macht sie nutzbar."
    )
    terms = search_terms(text)
    plain = len(text.split())
    assert plain < len(terms) < 1.6 * plain


def test_a_word_keeps_its_place_and_its_parts_follow_it() -> None:
    assert search_terms("Haus und Parkhaus am Haus") == ["haus", "und", "parkhaus", "haus", "am", "haus"]
    assert search_terms("Daten-Plattform") == ["daten", "plattform", "form", "datenplattform"]


@given(st.text(st.sampled_from("aäeoößétw Aß\u00a0\u0308\u03a3-\uff0d.1\n"), max_size=40) | st.text(max_size=40))
def test_a_text_holds_the_words_of_its_pieces_in_order_whatever_stands_between_them(text: str) -> None:
    terms = search_terms(text)
    rest = iter(terms)
    words = re.findall(r"[^\W_]+", fold(text))
    assert all(word in rest for word in words), "every word, in order"
    parts = {part for word in words for part in parts_of(word)}
    assert parts <= set(terms)
    joined = {t for t in terms if t not in parts and t not in words}
    assert all("".join(re.findall(r"[^\W_]+", fold(text))).find(t) >= 0 for t in joined)


@pytest.mark.parametrize("piece", ["a", "ä", "a-", "ab ", "Straßenbeleuchtung ", "🙂"])
def test_two_megabytes_are_indexed_while_nobody_notices(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    started = time.process_time()
    normalise_for_index(text)
    fts_query(text)
    title_sort_key(text)
    assert time.process_time() - started < 3
