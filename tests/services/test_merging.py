"""Two measures that may be one: found, found to be two, made one, and made two again."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.domain.merging import Standing, survivor
from app.errors import NotAllowed, NotFound
from app.models.engine import reading
from app.models.queries import lineage, lists, records
from app.models.queries.duplicates import suspects
from app.models.queries.merged import gone_into, merged_into
from app.models.store import Store
from app.models.tables import change
from app.server.database import Database
from app.server.service import AgencyService
from app.services import adoptions, measures, merging
from app.services.workspace import Workspace
from tests.services.conftest import BERLEBURG, Desk

SOEST = "05974040"


def _measure(store: Store, title: str, ags: str = BERLEBURG, **more: object) -> EntityId:
    return measures.create(store, {"title": title, "lead_ags": ags, **more})


def _titles(workspace: Workspace, *among: EntityId) -> list[str]:
    """What stands in the list, all or of these."""
    ids = [one for one in lists.measure_ids(workspace.reader, lists.MeasureFilter()) if not among or one in among]
    return sorted(line.title for line in lists.measure_lines(workspace.reader, ids).values())


def _get(workspace: Workspace, measure: EntityId, name: str) -> object:
    found = records.get_record(workspace.reader, "measure", measure)
    assert found is not None
    return found.get(name)


def _offered(workspace: Workspace, measure: EntityId, duplicate: EntityId) -> set[str]:
    said = lineage.said_by(workspace.reader, measure, duplicate)
    return {offer.field for offer in said.offers} | {offer.kind for offer in said.parts}


def _parts(workspace: Workspace, measure: EntityId, kind: str) -> list[str]:
    return [part.text("title") for part in records.children(workspace.reader, measure, kind)]


def test_who_has_said_that_they_are_two_is_not_asked_again_and_can_take_it_back(workspace: Workspace) -> None:
    one, other = _measure(workspace.store, "Mitfahrbänke"), _measure(workspace.store, "Mitfahrbank am Markt")
    (pair,) = suspects(workspace.reader)
    assert (pair.first.id, pair.second.id) == (one, other)
    assert pair.is_within
    merging.keep_apart(workspace.store, one, other)
    assert suspects(workspace.reader) == []
    told = records.get_record(workspace.reader, "measure", one)
    assert told is not None
    assert other not in "".join(told.elements("distinct_from")), "whoever reads the one need not know of the other"
    workspace.store.undo()
    assert len(suspects(workspace.reader)) == 1


def test_one_stays_with_what_both_say_and_what_differs_is_asked(workspace: Workspace) -> None:
    store = workspace.store
    stays = _measure(store, "Mitfahrbänke", goals="Mobil ohne Auto", tags={"Bank"})
    goes = _measure(store, "Mitfahrbank", goals="Leute treffen", specifics="Aus Holz", tags={"Dorf"}, status="planned")
    measures.add_part(store, goes, "milestone", {"title": "Aufstellen", "due": "2027-05"})
    measures.add_part(store, goes, "cost_item", {"year": 2027, "planned_cents": 120_000})
    merging.merge(store, stays, goes)
    assert _titles(workspace) == ["Mitfahrbänke"]
    assert suspects(workspace.reader) == []
    assert (_get(workspace, stays, "specifics"), _get(workspace, stays, "status")) == ("Aus Holz", "planned")
    assert _get(workspace, stays, "tags") == ("Bank", "Dorf")
    assert _parts(workspace, stays, "milestone") == ["Aufstellen"]
    assert _offered(workspace, stays, goes) == {"goals", "cost_item"}, "money is not counted twice unasked"
    (gone,) = gone_into(workspace.reader, stays)
    assert (gone.id, gone.title, gone.parts) == (goes, "Mitfahrbank", {"milestone": 1, "cost_item": 1})
    assert _get(workspace, goes, "goals") == "Leute treffen", "with all it had"
    adoptions.take_over(store, stays, ["goals"], goes)
    assert _offered(workspace, stays, goes) == {"cost_item"}
    (cost,) = lineage.said_by(workspace.reader, stays, goes).parts
    adoptions.keep_part(store, stays, cost, goes)
    assert _offered(workspace, stays, goes) == set()


def test_merging_is_one_step_of_undo_and_can_be_ended_later(workspace: Workspace) -> None:
    store = workspace.store
    stays, goes = _measure(store, "Mitfahrbänke"), _measure(store, "Mitfahrbank", goals="Leute treffen")
    measures.add_part(store, goes, "risk", {"title": "Frost"})
    merging.merge(store, stays, goes)
    store.undo()
    assert _titles(workspace) == ["Mitfahrbank", "Mitfahrbänke"]
    assert (_get(workspace, stays, "goals"), _parts(workspace, stays, "risk")) == (None, [])
    store.redo()
    assert (_titles(workspace), _parts(workspace, stays, "risk")) == (["Mitfahrbänke"], ["Frost"])
    merging.unmerge(store, goes)
    assert _titles(workspace) == ["Mitfahrbank", "Mitfahrbänke"]
    assert _get(workspace, stays, "goals") == "Leute treffen", "what was taken stays"
    merging.merge(store, stays, goes)
    with pytest.raises(NotAllowed):
        merging.merge(store, goes, stays)


def test_the_duplicate_comes_back_when_what_it_went_into_is_deleted(workspace: Workspace) -> None:
    store = workspace.store
    stays, goes = _measure(store, "Mitfahrbänke"), _measure(store, "Mitfahrbank")
    merging.merge(store, stays, goes)
    measures.delete(store, stays)
    assert _titles(workspace) == ["Mitfahrbank"]
    measures.restore(store, stays)
    assert _titles(workspace) == ["Mitfahrbänke"]


def test_links_and_lineages_lead_to_the_one_that_stays(workspace: Workspace) -> None:
    store = workspace.store
    stays, goes = _measure(store, "Dorfmitte", SOEST), _measure(store, "Dorfmitte digital", SOEST, goals="A")
    taken = adoptions.adopt(store, goes, BERLEBURG)
    merging.merge(store, stays, goes)
    assert merged_into(workspace.reader, goes) == stays
    assert [one.measure for one in lineage.lineage_of(workspace.reader, stays).adopters] == [taken]
    assert lineage.lineage_of(workspace.reader, taken).now == stays
    measures.edit(store, stays, {"goals": "B"})
    assert [o.field for o in lineage.lineage_of(workspace.reader, taken).offers if o.field == "goals"] == ["goals"]
    third = _measure(store, "Ortsmitte", SOEST)
    merging.merge(store, third, stays)
    assert merged_into(workspace.reader, goes) == third, "along the whole way"
    assert {one.id for one in gone_into(workspace.reader, third)} == {stays, goes}


def test_what_is_written_to_the_duplicate_meanwhile_is_offered_where_it_has_gone(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    stays, goes = _measure(anna.store, "Mitfahrbänke"), _measure(anna.store, "Mitfahrbank", goals="Leute treffen")
    for desk in (anna, bert):
        desk.sync()
    merging.merge(anna.store, stays, goes)
    measures.edit(bert.store, goes, {"goals": "Leute treffen und mitnehmen"})
    measures.add_part(bert.store, goes, "task", {"title": "Holz bestellen"})
    for desk in (anna, bert, anna):
        desk.sync()
    for desk in desks:
        assert _titles(desk.workspace) == ["Mitfahrbänke"]
        assert _offered(desk.workspace, stays, goes) == {"goals", "task"}
        assert desk.asked() == []


def test_two_desks_that_merge_in_opposite_directions_end_with_the_same_one(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    older, newer = _measure(anna.store, "Mitfahrbänke", goals="A"), _measure(anna.store, "Mitfahrbank", specifics="B")
    for desk in (anna, bert):
        desk.sync()
    merging.merge(anna.store, older, newer)
    merging.merge(bert.store, newer, older)
    for desk in (anna, bert, anna):
        desk.sync()
    for desk in desks:
        assert _titles(desk.workspace) == ["Mitfahrbänke"]
        (gone,) = gone_into(desk.workspace.reader, older)
        assert gone.both_ways
        assert (desk.field(older, "goals"), desk.field(older, "specifics")) == ("A", "B")


def test_two_desks_that_merge_into_different_ones_are_asked(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    first, second, goes = (_measure(anna.store, title) for title in ("Bänke", "Bank", "Mitfahrbank"))
    for desk in (anna, bert):
        desk.sync()
    merging.merge(anna.store, first, goes)
    merging.merge(bert.store, second, goes)
    for desk in (anna, bert, anna):
        desk.sync()
    assert anna.asked() == bert.asked() == ["merging"]
    assert merged_into(anna.workspace.reader, goes) == merged_into(bert.workspace.reader, goes)


Towns = tuple[Desk, Desk, Desk, Desk]


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Berleburg, Soest, and a third town that only reads along, and the agency's desk."""
    folder = tmp_path_factory.mktemp("towns")
    database = Database(f"sqlite:///{(folder / 'agentur.db').as_posix()}")
    service = AgencyService.found(database, "Agentur")
    found = (
        Desk(folder / "Katrin", service),
        Desk(folder / "Frauke", service, SOEST),
        Desk(folder / "Nina", service, "05962044"),
        Desk(folder / "Kim", service, "", Role.AGENCY),
    )
    yield found
    for desk in found:
        desk.store.close()
    database.close()


def test_across_towns_nothing_happens_until_both_have_agreed(towns: Towns) -> None:
    katrin, frauke, nina, office = towns
    goes = _measure(katrin.store, "Waldmonitor", visibility="school", internal_note="Nur für uns")
    stays = _measure(frauke.store, "Waldmonitor der Region", SOEST, visibility="school")
    everybody = (katrin, frauke, office, katrin, frauke, nina)

    def sync() -> None:
        for desk in everybody:
            desk.sync()

    sync()
    merging.propose(office.store, stays, goes)
    sync()
    assert nina.field(goes, "merge_with") is None, "a proposal is between those concerned"
    with pytest.raises(NotAllowed) as refused:
        merging.accept(katrin.store, goes)
    assert refused.value.code == "merge_waits"
    assert len(_titles(nina.workspace, goes, stays)) == 2
    merging.accept(frauke.store, stays)
    sync()
    assert len(_titles(nina.workspace, goes, stays)) == 2
    merging.accept(katrin.store, goes)
    sync()
    for desk in towns:
        assert _titles(desk.workspace, goes, stays) == ["Waldmonitor der Region"]
        assert desk.field(stays, "participating_ags") == (BERLEBURG,)
        assert desk.field(stays, "merge_with") is None
    assert frauke.field(goes, "internal_note") == "Nur für uns", "both towns read both"
    assert nina.field(goes, "internal_note") is None


def test_a_pointer_that_the_other_town_has_not_agreed_to_hides_nothing(towns: Towns) -> None:
    katrin, frauke, nina, _ = towns
    goes = _measure(katrin.store, "Waldmonitor", visibility="school")
    stays = _measure(frauke.store, "Waldmonitor der Region", SOEST, visibility="school")
    for desk in (katrin, frauke, nina, katrin):
        desk.sync()
    with katrin.store.change("measure.merge") as draft:
        draft.set("measure", goes, {"merged_into": stays, "merged_on": "2026-11-26"})
    for desk in (katrin, frauke, nina):
        desk.sync()
    assert all(len(_titles(desk.workspace, goes, stays)) == 2 for desk in towns[:3])


def test_who_loses_sight_of_the_survivor_keeps_the_own_measure(towns: Towns) -> None:
    katrin, frauke, nina, office = towns
    goes = _measure(katrin.store, "Waldmonitor", visibility="school")
    stays = _measure(frauke.store, "Waldmonitor der Region", SOEST, visibility="school")
    for desk in (katrin, frauke, office, nina):
        desk.sync()
    merging.propose(office.store, stays, goes)
    for desk in (office, frauke, katrin):
        desk.sync()
    merging.accept(frauke.store, stays)
    for desk in (frauke, katrin):
        desk.sync()
    merging.accept(katrin.store, goes)
    for desk in (katrin, frauke, office, nina):
        desk.sync()
    assert _titles(katrin.workspace, goes, stays) == _titles(nina.workspace, goes, stays) == ["Waldmonitor der Region"]
    measures.edit(office.store, stays, {"visibility": "municipality", "participating_ags": set()})
    for desk in (office, katrin, nina):
        desk.sync()
    assert _titles(katrin.workspace, goes, stays) == _titles(nina.workspace, goes, stays) == ["Waldmonitor"]


def test_the_agency_cannot_say_for_two_towns_that_their_measures_are_one(towns: Towns) -> None:
    katrin, frauke, nina, office = towns
    goes = _measure(katrin.store, "Waldmonitor", visibility="school")
    stays = _measure(frauke.store, "Waldmonitor der Region", SOEST, visibility="school")
    for desk in (katrin, frauke, office):
        desk.sync()
    with pytest.raises(NotAllowed) as refused:
        merging.merge(office.store, stays, goes)
    assert refused.value.code == "merge_towns"
    with office.store.change("measure.edit") as draft:
        draft.set("measure", stays, {"participating_ags": {BERLEBURG}})
    with office.store.change("measure.merge") as draft:  # as a program would that asks nobody
        draft.set("measure", goes, {"merged_into": stays, "merged_on": "2026-11-26"})
    for desk in (office, katrin, frauke, nina):
        desk.sync()
    with reading(office.store.engine) as connection:
        states = connection.execute(select(change.c.state).order_by(change.c.seq)).scalars().all()
    assert states[-2:] == ["confirmed", "quarantined"]
    for desk in (katrin, frauke, nina):
        assert len(_titles(desk.workspace, goes, stays)) == 2
    own = [_measure(katrin.store, title, visibility="school") for title in ("Radweg", "Der Radweg")]
    for desk in (katrin, office):
        desk.sync()
    merging.merge(office.store, *own)
    for desk in (office, katrin):
        desk.sync()
    assert _titles(katrin.workspace, *own) == ["Radweg"], "within a town it may"


def test_nobody_is_asked_about_two_others_at_once(towns: Towns) -> None:
    katrin, frauke, _, office = towns
    goes = _measure(katrin.store, "Waldmonitor", visibility="school")
    stays, third = (_measure(frauke.store, f"Waldmonitor {n}", SOEST, visibility="school") for n in (1, 2))
    for desk in (katrin, frauke, office):
        desk.sync()
    merging.propose(office.store, stays, goes)
    with pytest.raises(NotAllowed) as refused:
        merging.propose(office.store, third, goes)
    assert refused.value.code == "merge_asked"
    merging.withdraw(office.store, goes, stays)
    merging.propose(office.store, third, goes)
    merging.withdraw(office.store, third, goes)


def test_what_one_town_does_not_see_cannot_be_proposed_to_it(towns: Towns) -> None:
    katrin, frauke, _, office = towns
    goes = _measure(katrin.store, "Waldmonitor", visibility="municipality")
    stays = _measure(frauke.store, "Waldmonitor der Region", SOEST, visibility="school")
    for desk in (katrin, frauke, office):
        desk.sync()
    with pytest.raises(NotAllowed) as refused:
        merging.propose(office.store, stays, goes)
    assert refused.value.code == "merge_unseen"
    assert _get(office.workspace, goes, "merge_with") is None


def test_whatever_two_desks_do_apart_both_end_with_the_same_lines(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    dice = random.Random(22)
    made = [_measure(anna.store, f"Bank {n}", goals=f"Ziel {n}") for n in range(5)]
    for desk in desks:
        desk.sync()
    for _ in range(8):
        for desk in desks:
            for _ in range(2):
                _do_something(desk, dice, made)
        for desk in (anna, bert, anna):
            desk.sync()
        assert _lines(anna) == _lines(bert) == _stand_for_themselves(anna, made)


def _do_something(desk: Desk, dice: random.Random, made: list[EntityId]) -> None:
    one, other = dice.sample(made, 2)
    with contextlib.suppress(NotAllowed, NotFound):
        match dice.choice(("merge", "merge", "unmerge", "delete", "restore", "edit")):
            case "merge":
                merging.merge(desk.store, one, other)
            case "unmerge":
                merging.unmerge(desk.store, one)
            case "delete":
                measures.delete(desk.store, one)
            case "restore":
                measures.restore(desk.store, one)
            case _:
                measures.edit(desk.store, one, {"goals": f"Ziel {dice.randrange(99)}"})


def _lines(desk: Desk) -> set[EntityId]:
    return set(lists.measure_ids(desk.workspace.reader, lists.MeasureFilter()))


def _stand_for_themselves(desk: Desk, made: list[EntityId]) -> set[EntityId]:
    """What the pointers alone say, read from the records."""
    known = {}
    for measure in made:
        found = records.get_record(desk.workspace.reader, "measure", measure)
        assert found is not None
        owners = frozenset({found.text("lead_ags"), *found.elements("participating_ags")})
        known[measure] = Standing(found.text("merged_into"), found.text("lead_ags"), owners, found.gone)
    return {one for one in made if not known[one].gone and survivor(one, known) == one}
