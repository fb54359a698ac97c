"""Abgucken: what goes along and what stays, what the original's later words mean for one's own, who sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.ids import EntityId
from app.errors import FieldError, NotFound
from app.models.queries import followed, lineage, records, region
from app.models.queries.identity import identity
from app.models.queries.news import NewsLine, news
from app.models.store import Store
from app.server.database import Database
from app.server.service import AgencyService
from app.services import adoptions, history, measures
from app.services.workspace import Workspace
from app.ui import labels
from tests.services.conftest import BERLEBURG, Desk

SOEST = "05974040"


def original(store: Store) -> EntityId:
    """A measure of Soest with everything that must not go along."""
    made = measures.create(
        store,
        {
            "title": "Mobility Twin", "lead_ags": SOEST, "visibility": "school", "status": "in_progress",
            "short_description": "Dauerzählstellen melden an ein Dashboard.", "goals": "Verkehr verstehen",
            "tags": {"LoRaWAN", "Dashboard"}, "fields_of_action": {"mobility"}, "start": "2025", "end": "2027-06",
            "traffic_light": "yellow", "traffic_light_reason": "Lieferzeit", "total_cost_cents": 34_000_000,
            "responsible_contact": "Frauke Mustermann", "internal_note": "Nicht vor der Wahl", "code": "M15-Soest-2",
            "participating_ags": {"05966024"}, "transferability": "direct", "place_text": "Marktplatz",
            "dependencies": {"requires:M01", "builds_on:0192a000-0000-7000-8000-000000000001"},
        },
    )  # fmt: skip
    measures.add_part(store, made, "milestone", {"title": "Zählstellen gesetzt", "due": "2025-09"})
    measures.add_part(store, made, "cost_item", {"year": 2025, "planned_cents": 100})
    measures.add_part(store, made, "risk", {"title": "Funkloch", "mitigation": "Antenne", "owner": "Frau Muster"})
    measures.add_part(store, made, "indicator", {"name": "Zählstellen", "unit": "Stück", "target": "28"})
    return made


def offered(workspace: Workspace, measure: EntityId) -> dict[str, bool]:
    """Fields with something new, and whether the own words were adapted."""
    return {o.field: o.adapted for o in lineage.lineage_of(workspace.reader, measure).offers}


def test_ideas_go_along_while_status_money_dates_contacts_and_notes_stay(store: Store, workspace: Workspace) -> None:
    source = original(store)
    before = identity(workspace.reader).n
    taken = adoptions.adopt(store, source, BERLEBURG)
    assert identity(workspace.reader).n == before + 1
    record = records.get_record(workspace.reader, "measure", taken)
    assert record is not None
    said = {name for name, value in record.values.items() if value not in (None, "", ())}
    assert said == {
        "title", "short_description", "goals", "tags", "fields_of_action", "dependencies", "lead_ags", "visibility",
        "adopted_from", "adopted_ags", "adopted_title", "adopted_on", "adopted_values",
    }  # fmt: skip
    assert record.get("lead_ags") == BERLEBURG
    assert record.get("visibility") == "municipality"
    assert record.elements("dependencies") == ("requires:M01",)
    parts = {
        kind: [dict(p.values) for p in records.children(workspace.reader, taken, kind)]
        for kind in ("milestone", "cost_item", "risk", "indicator")
    }
    assert parts == {
        "milestone": [{"title": "Zählstellen gesetzt"}],
        "cost_item": [],
        "risk": [{"title": "Funkloch", "mitigation": "Antenne"}],
        "indicator": [{"name": "Zählstellen", "unit": "Stück"}],
    }


def test_taking_over_is_one_step_with_a_name_and_both_ends_know_of_it_until_it_is_undone(
    store: Store, workspace: Workspace
) -> None:
    source = original(store)
    taken = adoptions.adopt(store, source, BERLEBURG)
    told = lineage.lineage_of(workspace.reader, taken)
    assert (told.original, told.ags, told.title, told.here) == (source, SOEST, "Mobility Twin", True)
    assert told.on
    assert not told.offers
    (adopter,) = lineage.lineage_of(workspace.reader, source).adopters
    assert (adopter.measure, adopter.ags) == (taken, BERLEBURG)
    assert region.region_facts(workspace.reader, [SOEST, BERLEBURG]).transfers == 1
    assert labels.action_text(history.next_undo(store) or "") == "Maßnahme abgeguckt"
    history.undo(store)
    assert not lineage.lineage_of(workspace.reader, source).adopters
    assert region.region_facts(workspace.reader, [SOEST, BERLEBURG]).transfers == 0
    history.redo(store)
    assert lineage.lineage_of(workspace.reader, source).adopters


def test_what_the_original_says_anew_is_offered_and_own_adaptations_are_told_apart(
    store: Store, workspace: Workspace
) -> None:
    source = original(store)
    taken = adoptions.adopt(store, source, BERLEBURG)
    measures.edit(store, taken, {"goals": "Radverkehr verstehen", "title": "Mobility Twin Bad Berleburg"})
    assert offered(workspace, taken) == {}
    measures.edit(
        store,
        source,
        {"goals": "Verkehr verstehen und lenken", "short_description": "30 Zählstellen.", "status": "completed"},
    )
    assert offered(workspace, taken) == {"short_description": False, "goals": True}
    known = {o.field: o.taken for o in lineage.lineage_of(workspace.reader, taken).offers}
    assert known == {"short_description": None, "goals": "Verkehr verstehen"}, "three sides of what was adapted"
    (told,) = lineage.improved(workspace.reader)
    assert (told.measure, told.ags, told.offers) == (taken, SOEST, 2)

    adoptions.take_over(store, taken, ["short_description"])
    adoptions.keep_own(store, taken, ["goals"])
    assert offered(workspace, taken) == {}
    record = records.get_record(workspace.reader, "measure", taken)
    assert record is not None
    assert record.get("short_description") == "30 Zählstellen."
    assert record.get("goals") == "Radverkehr verstehen"

    measures.edit(store, source, {"goals": "Alles anders"})
    assert offered(workspace, taken) == {"goals": True}
    measures.edit(store, source, {"goals": "Verkehr verstehen"})
    assert offered(workspace, taken) == {}, "what was seen before is not asked about again"


def test_a_field_that_was_empty_is_offered_and_one_that_is_emptied_is_not(store: Store, workspace: Workspace) -> None:
    source = original(store)
    taken = adoptions.adopt(store, source, BERLEBURG)
    measures.edit(store, source, {"goals": None, "success_factors": "Früh mit dem Bauhof reden", "tags": {"LoRaWAN"}})
    assert offered(workspace, taken) == {"tags": False, "success_factors": False}
    adoptions.take_over(store, taken, ["tags", "success_factors"])
    record = records.get_record(workspace.reader, "measure", taken)
    assert record is not None
    assert record.elements("tags") == ("LoRaWAN",)


def test_each_decision_is_one_step_and_its_undo_asks_again(store: Store, workspace: Workspace) -> None:
    source = original(store)
    taken = adoptions.adopt(store, source, BERLEBURG)
    measures.edit(store, source, {"goals": "Neu", "specifics": "Besonders"})
    for decide, name in ((adoptions.take_over, "Vom Original übernommen"), (adoptions.keep_own, "Eigene Fassung")):
        decide(store, taken, ["goals", "specifics"])
        assert offered(workspace, taken) == {}
        assert (labels.action_text(history.next_undo(store) or "")).startswith(name)
        history.undo(store)
        assert offered(workspace, taken) == {"specifics": False, "goals": False}


def test_without_a_municipality_or_an_original_nothing_is_written(store: Store, workspace: Workspace) -> None:
    source = original(store)
    before = identity(workspace.reader).n
    with pytest.raises(FieldError):
        adoptions.adopt(store, source, "")
    with pytest.raises(NotFound):
        adoptions.adopt(store, "0192a000-0000-7000-8000-00000000dead", BERLEBURG)
    assert identity(workspace.reader).n == before
    measures.delete(store, source)
    with pytest.raises(NotFound):
        adoptions.adopt(store, source, BERLEBURG)


def test_an_original_that_is_gone_is_still_named(store: Store, workspace: Workspace) -> None:
    source = original(store)
    taken = adoptions.adopt(store, source, BERLEBURG)
    measures.delete(store, source)
    told = lineage.lineage_of(workspace.reader, taken)
    assert (told.title, told.here, told.offers) == ("Mobility Twin", False, ())
    assert lineage.improved(workspace.reader) == []


def test_two_towns_learn_from_each_other_over_the_agency_and_nothing_internal_travels(tmp_path: Path) -> None:
    service = AgencyService.found(Database(f"sqlite:///{(tmp_path / 'agentur.db').as_posix()}"), "Agentur")
    frauke, katrin = Desk(tmp_path / "Frauke", service, SOEST), Desk(tmp_path / "Katrin", service, BERLEBURG)
    source = original(frauke.store)
    private = measures.create(frauke.store, {"title": "Nur Soest", "lead_ags": SOEST})
    for desk in (frauke, katrin):
        desk.sync()
    with pytest.raises(NotFound):
        adoptions.adopt(katrin.store, private, BERLEBURG)
    assert katrin.field(source, "internal_note") is None
    taken = adoptions.adopt(katrin.store, source, BERLEBURG)
    katrin.sync()
    frauke.sync()
    assert not lineage.lineage_of(frauke.workspace.reader, source).adopters, "not shared yet, not seen, not counted"
    measures.edit(katrin.store, taken, {"visibility": "school", "title": "Zählstellen Berleburg"})
    for desk in (katrin, frauke):
        desk.sync()
    (adopter,) = lineage.lineage_of(frauke.workspace.reader, source).adopters
    assert (adopter.ags, adopter.title) == (BERLEBURG, "Zählstellen Berleburg")
    assert region.region_facts(frauke.workspace.reader, [SOEST, BERLEBURG]).transfers == 1
    measures.edit(frauke.store, source, {"goals": "Verkehr verstehen und lenken"})
    for desk in (frauke, katrin):
        desk.sync()
    assert offered(katrin.workspace, taken) == {"goals": False}
    assert not offered(frauke.workspace, taken), "only who may edit it is asked"


def anna_and_bert_news(desks: tuple[Desk, Desk]) -> list[NewsLine]:
    return [line for desk in desks for line in news(desk.workspace.reader, 50).lines]


def _asked_about(workspace: Workspace, measure: EntityId) -> dict[str, tuple[bool, bool]]:
    """Title of a part about which the original says something -> (there is one here, adapted here)."""
    found = lineage.lineage_of(workspace.reader, measure).parts
    return {str(o.theirs.get("title") or o.theirs.get("name")): (o.own is not None, o.adapted) for o in found}


def test_parts_that_the_original_has_anew_or_says_otherwise_are_offered_and_own_ones_stay(
    store: Store, workspace: Workspace
) -> None:
    source = original(store)
    taken = adoptions.adopt(store, source, BERLEBURG)
    assert _asked_about(workspace, taken) == {}
    (funkloch,) = records.children(workspace.reader, source, "risk")
    measures.edit_part(store, "risk", funkloch.id, {"mitigation": "Zweite Antenne", "owner": "Herr Muster"})
    measures.add_part(store, source, "milestone", {"title": "Dashboard offen", "due": "2026-03"})
    assert _asked_about(workspace, taken) == {"Dashboard offen": (False, False), "Funkloch": (True, False)}
    (own,) = records.children(workspace.reader, taken, "risk")
    measures.edit_part(store, "risk", own.id, {"mitigation": "Repeater vom Nachbarn"})
    assert _asked_about(workspace, taken)["Funkloch"] == (True, True), "adapted here, and still here"
    for offer in lineage.lineage_of(workspace.reader, taken).parts:
        (adoptions.keep_part if offer.kind == "risk" else adoptions.take_part)(store, taken, offer)
    assert _asked_about(workspace, taken) == {}
    (own,) = records.children(workspace.reader, taken, "risk")
    assert (own.text("mitigation"), own.text("owner")) == ("Repeater vom Nachbarn", "")
    steps = {part.text("title"): part.text("due") for part in records.children(workspace.reader, taken, "milestone")}
    assert steps == {"Zählstellen gesetzt": "", "Dashboard offen": ""}, "without the other's dates"
    store.undo()
    assert set(_asked_about(workspace, taken)) == {"Funkloch"}


def test_what_was_thrown_away_here_is_not_offered_again_and_older_copies_are_recognised(
    store: Store, workspace: Workspace
) -> None:
    source = original(store)
    taken = adoptions.adopt(store, source, BERLEBURG)
    (risk,) = records.children(workspace.reader, taken, "risk")
    measures.delete_part(store, "risk", risk.id)
    (funkloch,) = records.children(workspace.reader, source, "risk")
    measures.edit_part(store, "risk", funkloch.id, {"mitigation": "Zweite Antenne"})
    assert _asked_about(workspace, taken) == {}
    before_parts_were_told_apart = measures.create(
        store, {"title": "Twin", "lead_ags": BERLEBURG, "adopted_from": source, "adopted_values": set()}
    )
    measures.add_part(store, before_parts_were_told_apart, "milestone", {"title": "Zählstellen gesetzt"})
    assert "Zählstellen gesetzt" not in _asked_about(workspace, before_parts_were_told_apart)


def test_two_desks_that_decide_differently_at_once_are_asked_nothing_twice(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    source = measures.create(anna.store, {"title": "Dorf-Dashboard", "lead_ags": BERLEBURG, "goals": "A"})
    taken = adoptions.adopt(anna.store, source, BERLEBURG)
    for desk in (anna, bert):
        desk.sync()
    measures.edit(anna.store, source, {"goals": "B", "specifics": "C"})
    for desk in (anna, bert, anna):
        desk.sync()
    adoptions.take_over(anna.store, taken, ["goals"])
    adoptions.keep_own(bert.store, taken, ["specifics"])
    for desk in (anna, bert, anna):
        desk.sync()
    for desk in desks:
        assert offered(desk.workspace, taken) == {}
        assert (desk.field(taken, "goals"), desk.field(taken, "specifics")) == ("B", None)
        assert desk.asked() == []
    assert anna.field(taken, "adopted_values") == bert.field(taken, "adopted_values")
    told = {line.field for line in anna_and_bert_news(desks)}
    assert "specifics" in told
    assert "adopted_values" not in told, "what the program notes for itself is no news"


def test_what_is_followed_comes_first_among_the_news(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    made = [measures.create(anna.store, {"title": title, "lead_ags": BERLEBURG}) for title in ("Bus", "Bank", "Baum")]
    for desk in (anna, bert):
        desk.sync()
    adoptions.follow(bert.store, made[0])
    for measure in made:
        measures.edit(anna.store, measure, {"goals": "Neu"})
    for desk in (anna, bert):
        desk.sync()
    told = [(line.title, line.followed) for line in news(bert.workspace.reader).lines]
    assert told == [("Bus", True), ("Baum", False), ("Bank", False)]


def test_following_is_kept_on_this_device_alone(store: Store, workspace: Workspace) -> None:
    source = original(store)
    before = identity(workspace.reader).n
    adoptions.follow(store, source)
    adoptions.follow(store, source)
    assert followed.followed(workspace.reader) == {source}
    assert identity(workspace.reader).n == before
    adoptions.unfollow(store, source)
    assert followed.followed(workspace.reader) == frozenset()
