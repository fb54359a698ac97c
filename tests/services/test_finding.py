"""Search across everything: by kind, with the words where they stand, people included."""

from __future__ import annotations

from app.models.authors import learn_authors
from app.models.queries import finding, records
from app.models.queries.reader import Reader
from app.models.store import Store
from app.services import measures, workshops
from app.services.workshops import Card
from tests.services.conftest import BERLEBURG as OWN


def shown(find: finding.Find) -> list[str]:
    told = find.passage.text if find.passage is not None else find.title
    marks = find.passage.marks if find.passage is not None else find.marks
    return [told[start : start + length] for start, length in marks]


def test_a_word_is_found_in_titles_fields_cards_and_minutes_each_with_its_place(store: Store) -> None:
    by_title = measures.create(store, {"title": "Rufbus Möhnesee", "lead_ags": OWN})
    by_field = measures.create(store, {"title": "Mobilität", "lead_ags": OWN, "goals": "Ein Rufbus hält am Hof."})
    hall = workshops.create(store, {"title": "Bürgerdialog", "ags": OWN}, ["Halle"])
    station = records.children(Reader(store.engine), hall, "station")[0]
    _, card = workshops.add_card(store, hall, Card("idea", "Rufbusse bis 22 Uhr", station.id))
    found = {find.id: find for find in finding.find(Reader(store.engine), "rufbus")}
    assert set(found) == {by_title, by_field, card}
    assert shown(found[by_title]) == ["Rufbus"]
    assert (found[by_field].field, shown(found[by_field])) == ("goals", ["Rufbus"])
    assert (found[card].root_kind, found[card].root_id, found[card].root_title) == ("workshop", hall, "Bürgerdialog")


def test_many_of_one_kind_do_not_hide_the_others(store: Store) -> None:
    for number in range(30):
        measures.create(store, {"title": f"Radweg {number}", "lead_ags": OWN})
    hall = workshops.create(store, {"title": "Dialog zum Thema Radwege im Tal und am See", "ags": OWN}, ["Halle"])
    kinds = [find.kind for find in finding.find(Reader(store.engine), "radweg", each=5)]
    assert kinds.count("measure") == 5
    assert hall in {find.id for find in finding.find(Reader(store.engine), "radweg")}


def test_a_single_letter_finds_titles_that_begin_with_it_and_beside_others_is_a_word(store: Store) -> None:
    first = measures.create(store, {"title": "Ökodorf", "lead_ags": OWN})
    phase = measures.create(store, {"title": "Phase A", "lead_ags": OWN})
    other = measures.create(store, {"title": "Phase Zwei", "lead_ags": OWN})
    reader = Reader(store.engine)
    assert [find.id for find in finding.find(reader, "ö")] == [first]
    assert [find.id for find in finding.find(reader, "phase a")] == [phase]
    assert {find.id for find in finding.find(reader, "phase z")} == {phase, other}


def test_what_is_deleted_or_nonsense_is_not_found(store: Store) -> None:
    made = measures.create(store, {"title": "Rufbus", "lead_ags": OWN})
    measures.delete(store, made)
    reader = Reader(store.engine)
    for typed in ("rufbus", "", "   ", '"; DROP', "😀", "*"):
        assert finding.find(reader, typed) == []


def test_people_are_found_by_any_part_of_their_name_once_per_municipality(store: Store) -> None:
    name, ags = "Jörg Müller-Lüdenscheid", "05958004"
    learn_authors(store, [(7, name, "PC", ags), (8, name, "Laptop", ags)])
    known = finding.people(Reader(store.engine), "mueller jo")
    assert [(one.name, one.ags) for one in known] == [(name, ags)]
    assert finding.people(Reader(store.engine), "meier") == []
