"""Undo takes back one's own last deed as a new deed, and never what others did meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.domain.draft import Draft
from app.domain.ids import EntityId, new_id
from app.domain.merge import deletion_of
from app.models.engine import reading
from app.models.queries import versions
from app.models.queries.reader import Reader
from app.models.store import Store
from app.models.tables import change
from app.services.versions import Settled, decide, decide_many, delete_after_all, keep_after_all
from tests.models.desk import edit, live, make_measure, row_of, shown
from tests.models.tiny_agency import TinyAgency, exchange, pull

Deed = Callable[[Draft, EntityId, EntityId], None]
ROUND, RESULT = new_id(), new_id()


def content(store: Store, *ids: tuple[str, EntityId]) -> list[object]:
    """Everything a person sees of some records."""
    seen: list[object] = []
    for kind, entity_id in ids:
        state = live(store, entity_id, kind)
        if state is None or deletion_of(state).deleted:
            seen.append("gone")
            continue
        registers = {s: r.value for s, r in state.registers.items() if s}
        values = {s: v for s, v in registers.items() if v not in (None, (None,) * 4, (None,) * 2)}
        sets = {s: e.value for s, e in state.sets.items() if e.value}
        seen.append((values, sets, {s: c.value for s, c in state.counters.items()}))
    return seen


DEEDS: dict[str, Deed] = {
    "a title": lambda d, m, _: d.set("measure", m, {"title": "Neu"}),
    "a blank": lambda d, m, _: d.set("measure", m, {"title": None}),
    "a first word": lambda d, m, _: d.set("measure", m, {"goals": "Weniger Autos"}),
    "part of a group": lambda d, m, _: d.set("measure", m, {"progress_percent": 80}),
    "a group that was blank": lambda d, m, _: d.set("measure", m, {"start": "2025", "end": "2026-H1"}),
    "a set that grows": lambda d, m, _: d.set("measure", m, {"tags": ["rad", "weg", "neu"]}),
    "a set that shrinks": lambda d, m, _: d.set("measure", m, {"tags": []}),
    "a set that changes": lambda d, m, _: d.set("measure", m, {"tags": ["rad", "anders"]}),
    "several at once": lambda d, m, _: d.set(
        "measure", m, {"title": "A", "status": "planned", "tags": ["x"], "sdgs": ["11"]}
    ),
    "a deletion": lambda d, m, _: d.delete("measure", m),
    "a child": lambda d, _, c: d.set("milestone", c, {"title": "Spatenstich", "due": "2025-05"}),
    "a child's deletion": lambda d, _, c: d.delete("milestone", c),
    "a new child": lambda d, m, _: _create(d, m),
}


def _create(draft: Draft, measure: EntityId) -> None:
    draft.create("risk", ROUND, ("measure", measure), {"title": "Hochwasser", "likelihood": 2, "impact": 3})


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_undo_and_redo_lead_there_and_back_again_and_again(store: Store, deed: str) -> None:
    made = make_measure(store, tags=["rad", "weg"], status="idea", progress_percent=10)
    child = new_id()
    with store.change("milestone.create") as draft:
        draft.create("milestone", child, ("measure", made), {"title": "Start"})
    keys = (("measure", made), ("milestone", child), ("risk", ROUND))
    before = content(store, *keys)
    with store.change("deed") as draft:
        DEEDS[deed](draft, made, child)
    after = content(store, *keys)
    assert after != before
    for _ in range(3):
        undone = store.undo()
        assert undone is not None
        assert (undone.action, undone.overtaken) == ("deed", ())
        assert content(store, *keys) == before
        redone = store.redo()
        assert redone is not None
        assert content(store, *keys) == after


def test_undo_of_a_creation_takes_the_record_from_every_list(store: Store) -> None:
    made = make_measure(store)
    store.undo()
    assert row_of(store, made).gone == 1
    store.redo()
    assert row_of(store, made).gone == 0
    assert shown(store, made, "title") == "Radweg"


def test_a_count_is_taken_back_by_as_much_as_was_counted(store: Store) -> None:
    made = make_measure(store)
    with store.change("vote.open") as draft:
        draft.create("vote_result", RESULT, ("measure", made), {"target_id": made})
    with store.change("vote") as draft:
        draft.count("vote_result", RESULT, "points", 3)
    with store.change("vote") as draft:
        draft.count("vote_result", RESULT, "points", 2)
    store.undo()
    assert shown(store, RESULT, "points", "vote_result") == 3
    store.redo()
    assert shown(store, RESULT, "points", "vote_result") == 5


def test_several_steps_go_back_in_order_and_forth_in_order(store: Store) -> None:
    made = make_measure(store, "0")
    for title in "123":
        edit(store, made, title=title)
    back = [(store.undo(), shown(store, made, "title"))[1] for _ in range(3)]
    assert back == ["2", "1", "0"]
    forth = [(store.redo(), shown(store, made, "title"))[1] for _ in range(3)]
    assert forth == ["1", "2", "3"]
    assert store.redo() is None


def test_redo_ends_with_a_new_deed(store: Store) -> None:
    made = make_measure(store)
    edit(store, made, title="Eins")
    store.undo()
    assert store.redo_action() == "measure.edit"
    edit(store, made, goals="Anderes")
    assert store.redo_action() is None
    assert store.redo() is None
    assert shown(store, made, "title") == "Radweg"


def test_there_is_nothing_to_undo_at_the_beginning(store: Store) -> None:
    assert store.undo() is None
    assert store.redo() is None
    assert store.undo_action() is None


def test_undo_leaves_what_somebody_else_wrote_meanwhile(desks: Callable[[str], Store]) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    edit(here, made, title="Von hier", goals="Ziel von hier")
    exchange(here, agency)
    exchange(there, agency)
    edit(there, made, title="Von dort")
    exchange(there, agency)
    exchange(here, agency)
    undone = here.undo()
    assert undone is not None
    assert len(undone.overtaken) == 1
    assert shown(here, made, "title") == "Von dort"
    assert shown(here, made, "goals") is None


def test_undo_of_a_deletion_that_others_edited_through_keeps_their_words(
    desks: Callable[[str], Store],
) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    with here.change("measure.delete") as draft:
        draft.delete("measure", made)
    edit(there, made, goals="Noch gebraucht")
    exchange(there, agency)
    exchange(here, agency)
    assert row_of(here, made).gone == 0
    here.undo()
    exchange(here, agency)
    exchange(there, agency)
    for desk in (here, there):
        assert shown(desk, made, "goals") == "Noch gebraucht"
        assert row_of(desk, made).gone == 0


def test_undo_of_a_creation_leaves_a_record_that_others_work_on(desks: Callable[[str], Store]) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    edit(there, made, goals="Wird gebraucht")
    exchange(there, agency)
    exchange(here, agency)
    undone = here.undo()
    assert undone is not None
    assert (undone.keys, len(undone.overtaken)) == (frozenset(), 1)
    assert row_of(here, made).gone == 0


def test_undo_of_an_added_tag_leaves_it_where_somebody_else_added_it_too(
    desks: Callable[[str], Store],
) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    edit(here, made, tags=["rad", "nur hier"])
    edit(there, made, tags=["rad"])
    exchange(there, agency)
    exchange(here, agency)
    here.undo()
    state = live(here, made)
    assert state is not None
    assert set(state.set(20).elements) == {"rad"}


def test_a_record_that_left_does_not_stand_in_the_way_of_earlier_undos(
    desks: Callable[[str], Store],
) -> None:
    shared = {"yes": True}
    agency = TinyAgency(scopes={"a": lambda s: shared["yes"] or s.register(1).value == "Bleibt"})
    here = desks("here")
    stays, leaves = make_measure(here, "Bleibt"), make_measure(here, "Geht")
    exchange(here, agency)
    edit(here, stays, goals="Ziel")
    edit(here, leaves, goals="Ziel")
    shared["yes"] = False
    agency.put(agency.records[("measure", leaves)])
    pull(here, agency)
    assert row_of(here, leaves).frozen == 1
    undone = here.undo()
    assert undone is not None
    assert len(undone.overtaken) == 1
    here.undo()
    assert shown(here, stays, "goals") is None


def test_what_others_did_is_not_ones_own_to_undo(desks: Callable[[str], Store]) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    assert there.undo_action() is None


def test_undo_is_a_change_like_any_other_and_travels(desks: Callable[[str], Store]) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    edit(here, made, title="Falsch")
    exchange(here, agency)
    exchange(there, agency)
    assert shown(there, made, "title") == "Falsch"
    here.undo()
    exchange(here, agency)
    exchange(there, agency)
    assert shown(there, made, "title") == "Radweg"
    with reading(here.engine) as connection:
        assert list(connection.execute(select(change.c.role).order_by(change.c.seq)).scalars()) == [
            "do", "do", "undo",
        ]  # fmt: skip


def _asked(store: Store) -> list[tuple[str, list[object], list[str]]]:
    """Open questions: (field, versions, the shown one first, who wrote them)."""
    return [
        (q.slot_name, [v.value for v in q.versions], [v.writer.person for v in q.versions])
        for q in versions.questions(Reader(store.engine))
    ]


def _apart(desks: Callable[[str], Store]) -> tuple[Store, Store, TinyAgency, EntityId]:
    """Two desks that have written different titles and goals without knowing of each other."""
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    edit(here, made, title="Von hier", goals="Ziel von hier")
    edit(there, made, title="Von dort", goals="Ziel von dort")
    for desk in (here, there, here):
        exchange(desk, agency)
    return here, there, agency, made


def test_undo_of_a_decision_asks_again_on_every_desk_and_redo_decides_again(desks: Callable[[str], Store]) -> None:
    here, there, agency, made = _apart(desks)
    before = _asked(here)
    assert len(before) == 2
    title = next(q for q in versions.questions(Reader(here.engine)) if q.slot_name == "title")
    for _ in range(2):
        decide(here, "measure", made, title.slot, "Beide zusammen", title.context)
        assert [slot for slot, _, _ in _asked(here)] == ["goals"]
        for _ in range(2):
            undone = here.undo()
            assert undone is not None
            assert undone.overtaken == ()
            assert sorted(_asked(here)) == sorted(before), "the same words of the same people, the same one shown"
            redone = here.redo()
            assert redone is not None
            assert shown(here, made, "title") == "Beide zusammen"
            assert [slot for slot, _, _ in _asked(here)] == ["goals"]
        here.undo()
        title = next(q for q in versions.questions(Reader(here.engine)) if q.slot_name == "title")
    for desk in (here, there):
        exchange(desk, agency)
    assert {slot: sorted(map(str, told)) for slot, told, _ in _asked(there)} == {
        slot: sorted(map(str, told)) for slot, told, _ in before
    }


def test_undo_of_many_decisions_at_once_asks_all_of_them_again(desks: Callable[[str], Store]) -> None:
    here, _, _, _ = _apart(desks)
    before = _asked(here)
    asked = versions.questions(Reader(here.engine))
    decide_many(here, [Settled(q.kind, q.id, q.slot, q.versions[1].value, q.context) for q in asked])
    assert _asked(here) == []
    here.undo()
    assert sorted(_asked(here)) == sorted(before)
    here.redo()
    assert _asked(here) == []


def test_undo_of_a_decision_that_somebody_has_written_over_leaves_their_word(desks: Callable[[str], Store]) -> None:
    here, there, agency, made = _apart(desks)
    for question in versions.questions(Reader(here.engine)):
        decide(here, "measure", made, question.slot, "Entschieden", question.context)
    for desk in (here, there):
        exchange(desk, agency)
    edit(there, made, title="Danach", goals="Danach")
    for desk in (there, here):
        exchange(desk, agency)
    here.undo()
    assert shown(here, made, "goals") == "Danach"
    assert _asked(here) == []


@pytest.mark.parametrize("editor", ["me", "the other"])
@pytest.mark.parametrize("way", ["kept", "deleted"])
def test_undo_of_a_decision_on_deleted_but_edited_asks_again_and_nothing_is_gone(
    desks: Callable[[str], Store], editor: str, way: str
) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    deleting, editing = (there, here) if editor == "me" else (here, there)
    with deleting.change("measure.delete") as draft:
        draft.delete("measure", made)
    edit(editing, made, goals="Noch gebraucht")
    for desk in (there, here, there, here):
        exchange(desk, agency)
    before = _asked(here)
    assert [slot for slot, _, _ in before] == [""]
    (keep_after_all if way == "kept" else delete_after_all)(here, "measure", made)
    assert _asked(here) == []
    assert row_of(here, made).gone == (way == "deleted")
    for _ in range(2):
        here.undo()
        assert row_of(here, made).gone == 0
        assert _asked(here) == before
        here.redo()
        assert row_of(here, made).gone == (way == "deleted")
        assert _asked(here) == []
    here.undo()
    for desk in (here, there):
        exchange(desk, agency)
    assert [slot for slot, _, _ in _asked(there)] == [""]
    assert shown(there, made, "goals") == "Noch gebraucht"


def test_undo_of_bringing_back_a_measure_for_a_part_made_elsewhere_keeps_the_part(
    desks: Callable[[str], Store],
) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made, part = make_measure(here), new_id()
    exchange(here, agency)
    exchange(there, agency)
    with here.change("measure.delete") as draft:
        draft.delete("measure", made)
    with there.change("milestone.create") as draft:
        draft.create("milestone", part, ("measure", made), {"title": "Vergabe"})
    for desk in (there, here):
        exchange(desk, agency)
    before = _asked(here)
    keep_after_all(here, "milestone", part, [("measure", made)])
    assert (row_of(here, made).gone, _asked(here)) == (0, [])
    here.undo()
    assert row_of(here, part).gone == 0, "nobody has deleted it"
    assert (row_of(here, made).gone, _asked(here)) == (1, before)
