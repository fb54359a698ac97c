"""What a person can do with measures, workshops and Zwei Fassungen, each as one change."""

from __future__ import annotations

import pytest

from app.models.queries import records, syncing, versions
from app.models.queries.identity import identity
from app.models.store import Store
from app.services import history, measures, workshops
from app.services.versions import decide, delete_after_all, keep_after_all
from app.services.workspace import Workspace
from tests.services.conftest import BERLEBURG, Desk


def shared_measure(anna: Desk, bert: Desk, **values: object) -> str:
    measure = measures.create(anna.store, {"title": "Bürgerbus", "lead_ags": BERLEBURG, **values})
    anna.sync()
    bert.sync()
    return measure


def test_many_measures_are_edited_and_taken_back_as_one_step(store: Store, workspace: Workspace) -> None:
    made = [measures.create(store, {"title": f"Bank {i}", "lead_ags": BERLEBURG}) for i in range(3)]
    before = identity(workspace.reader).n
    measures.edit_many(store, made, {"status": "planned"})
    assert identity(workspace.reader).n == before + 1
    found = [records.get_record(workspace.reader, "measure", m) for m in made]
    assert [r.get("status") for r in found if r is not None] == ["planned"] * 3
    history.undo(store)
    found = [records.get_record(workspace.reader, "measure", m) for m in made]
    assert [r.get("status") for r in found if r is not None] == [None] * 3


def test_one_change_of_many_records_waits_as_each_of_them_with_its_own_fields_alone(
    store: Store, workspace: Workspace
) -> None:
    made = [measures.create(store, {"title": f"Bank {i}", "lead_ags": BERLEBURG}) for i in range(3)]
    part = measures.add_part(store, made[0], "milestone", {"title": "Bau"})
    with store.change("import.measures") as draft:
        for measure in made:
            draft.set("measure", measure, {"goals": "Sitzen"})
        draft.set("milestone", part, {"due": "2027"})
    told = {row.root_id: row for row in syncing.waiting(workspace.reader)}
    assert {row.title for row in told.values()} == {"Bank 0", "Bank 1", "Bank 2"}
    assert {touched.id for touched in told[made[0]].touched} == {made[0], part}
    assert {touched.id for touched in told[made[1]].touched} == {made[1]}
    assert told[made[0]].changes == 3


def test_a_measure_goes_with_its_parts_and_comes_back_with_them(store: Store, workspace: Workspace) -> None:
    measure = measures.create(store, {"title": "Radweg", "lead_ags": BERLEBURG})
    part = measures.add_part(store, measure, "milestone", {"title": "Bau", "due": "2027"})
    measures.delete(store, measure, [("milestone", part)])
    assert records.children(workspace.reader, measure, "milestone") == []
    measures.restore(store, measure, [("milestone", part)])
    (back,) = records.children(workspace.reader, measure, "milestone")
    assert (back.id, back.text("title")) == (part, "Bau")


def test_words_typed_into_a_measure_that_was_just_deleted_are_asked_about(store: Store, workspace: Workspace) -> None:
    measure = measures.create(store, {"title": "Radweg", "lead_ags": BERLEBURG})
    measures.delete(store, measure)
    measures.edit(store, measure, {"goals": "Noch im Formular getippt"})
    (question,) = versions.questions(workspace.reader)
    assert (question.id, question.slot_name) == (measure, "")


def test_what_came_in_while_typing_stands_beside_what_was_typed(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    measure = shared_measure(anna, bert)
    looked_at = records.get_record(anna.workspace.reader, "measure", measure)
    assert looked_at is not None
    measures.edit(bert.store, measure, {"title": "Bürgerbus Lenne"})
    bert.sync()
    anna.sync()
    measures.edit(anna.store, measure, {"title": "Bürgerbus Eder"}, looked_at.seen)
    (question,) = versions.questions(anna.workspace.reader)
    assert {v.value for v in question.versions} == {"Bürgerbus Lenne", "Bürgerbus Eder"}


def test_a_decision_closes_the_question_everywhere(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    measure = shared_measure(anna, bert)
    measures.edit(anna.store, measure, {"title": "Eder"})
    measures.edit(bert.store, measure, {"title": "Lenne"})
    for desk in (anna, bert, anna):
        desk.sync()
    assert anna.asked() == bert.asked() == ["title"]
    (question,) = versions.questions(bert.workspace.reader)
    decide(bert.store, "measure", measure, question.slot, "Eder und Lenne", question.context)
    bert.sync()
    anna.sync()
    assert anna.asked() == bert.asked() == []
    assert anna.field(measure, "title") == bert.field(measure, "title") == "Eder und Lenne"
    assert {f.value for f in versions.history(anna.workspace.reader, "measure", measure, "title")} >= {
        "Eder",
        "Lenne",
        "Eder und Lenne",
    }


@pytest.mark.parametrize("kept", [True, False])
def test_a_deletion_beside_an_edit_asks_and_both_answers_hold(desks: tuple[Desk, Desk], kept: bool) -> None:
    anna, bert = desks
    measure = shared_measure(anna, bert)
    measures.delete(anna.store, measure)
    measures.edit(bert.store, measure, {"goals": "Samstags fahren"})
    for desk in (anna, bert, anna):
        desk.sync()
    assert anna.asked() == bert.asked() == [""]
    (keep_after_all if kept else delete_after_all)(anna.store, "measure", measure)
    anna.sync()
    bert.sync()
    assert anna.asked() == bert.asked() == []
    assert bert.field(measure, "goals") == ("Samstags fahren" if kept else None)


def test_several_pasted_cards_are_one_step_and_keep_their_order(store: Store, workspace: Workspace) -> None:
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": BERLEBURG})
    lines = ["Letzter Bus 17:48", "Rufbus ab Bahnhof", "Wer zahlt?"]
    workshops.add_cards(store, workshop, [workshops.Card("idea", line) for line in lines])
    shown = records.children(workspace.reader, workshop, "contribution")
    assert [card.text("text") for card in shown] == lines
    history.undo(store)
    assert records.children(workspace.reader, workshop, "contribution") == []


def test_dots_of_two_laptops_add_up(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop = workshops.create(anna.store, {"title": "Bürgerdialog", "ags": BERLEBURG})
    vote = workshops.add_part(anna.store, workshop, "vote_round", {"title": "Punkte"})
    _, card = workshops.add_card(anna.store, workshop, workshops.Card("idea", "Rufbus"))
    anna.sync()
    bert.sync()
    for desk, dots in ((anna, 3), (bert, 4), (bert, -1)):
        workshops.vote(desk.store, workshop, vote, card, dots)
    for desk in (anna, bert, anna):
        desk.sync()
    for desk in (anna, bert):
        (result,) = records.children(desk.workspace.reader, workshop, "vote_result")
        assert result.get("points") == 6
        assert syncing.standing(desk.workspace.reader).pending == 0


def test_a_head_count_is_one_number_per_group(store: Store, workspace: Workspace) -> None:
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": BERLEBURG})
    workshops.set_head_count(store, workshop, "citizens", 30)
    workshops.set_head_count(store, workshop, "citizens", 34)
    (count,) = records.children(workspace.reader, workshop, "group_count")
    assert count.get("count") == 34
