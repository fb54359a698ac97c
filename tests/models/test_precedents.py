"""Suggestions out of the real index: everything visible, nothing deleted, never the measure itself."""

from __future__ import annotations

from time import process_time

from app.domain.ids import EntityId, new_id
from app.models.queries.precedents import suggest
from app.models.queries.reader import Reader
from app.models.store import Store
from tests.models.desk import edit


def made(store: Store, title: str, **more: object) -> EntityId:
    with store.change("measure.create") as draft:
        return draft.create("measure", new_id(), None, {"title": title, "lead_ags": "05974040", **more})


def test_titles_and_texts_are_found_while_a_title_is_being_typed(store: Store) -> None:
    bench = made(store, "Mitfahrbänke zwischen Raumland und Schwarzenau", status="completed")
    cloud = made(store, "BürgerWOLKE", short_description="100 Klimasensorboxen", tags={"Citizen Science"})
    with store.change("card.create") as draft:
        workshop = draft.create("workshop", new_id(), None, {"title": "Bürgerdialog Mitfahrbank"})
        draft.create("contribution", new_id(), ("workshop", workshop), {"text": "Mitfahrbank am Rathaus"})
    reader = Reader(store.engine)
    (one,) = suggest(reader, "Mitfahrbank")
    assert (one.id, one.lead_ags, one.status) == (bench, "05974040", "completed")
    (one,) = suggest(reader, "Citizen Science")
    assert one.id == cloud
    assert suggest(reader, "Mitfahrbänke", without=bench) == []
    assert suggest(reader, "Mitfahrbänke", given_up=lambda: True) == []
    assert suggest(reader, '" OR * NEAR(') == []


def test_what_is_renamed_or_deleted_is_suggested_as_it_is_now(store: Store) -> None:
    measure = made(store, "Trinkbrunnen am Markt")
    reader = Reader(store.engine)
    assert [one.id for one in suggest(reader, "Trinkbrunnen")] == [measure]
    edit(store, measure, title="Wasserspender am Markt")
    assert suggest(reader, "Trinkbrunnen") == []
    assert [one.title for one in suggest(reader, "Wasserspender")] == ["Wasserspender am Markt"]
    with store.change("measure.delete") as draft:
        draft.delete("measure", measure)
    assert suggest(reader, "Wasserspender") == []


def test_the_work_does_not_grow_with_what_has_nothing_to_do_with_it(store: Store) -> None:
    for start in range(0, 2_000, 500):
        with store.change("import") as draft:
            for number in range(start, start + 500):
                values = {"title": f"Maßnahme Sorte{number}", "lead_ags": "05974040"}
                draft.create("measure", new_id(), None, values)
    wanted = made(store, "Lastenrad-Verleih")
    reader = Reader(store.engine)
    suggest(reader, "Lastenräder leihen")
    begun = process_time()
    assert [one.id for one in suggest(reader, "Lastenrad-Verleih im Dorf")] == [wanted]
    assert process_time() - begun < 0.1
