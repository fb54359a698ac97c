"""Deleting and editing at the same time: deleting never beats editing, and nothing comes back by itself."""

from __future__ import annotations

import pytest
from hypothesis import given

from app.domain.fields import DELETION_SLOT
from app.domain.merge import Deletion, EntityState, deletion_of
from tests.domain.strategies import worlds
from tests.domain.worlds import RECORD, Step, World

GONE = Deletion(deleted=True, edited_meanwhile=False)
ASKS = Deletion(deleted=False, edited_meanwhile=True)
THERE = Deletion(deleted=False, edited_meanwhile=False)

DELETE: Step = ("delete", 0, 0, 0, 0)
SYNC: tuple[Step, ...] = (("pull", 1, 0, 0, 0), ("pull", 0, 1, 0, 0))
EDITS: dict[str, Step] = {
    "a word": ("write", 1, 0, 0, 1),
    "a place": ("write", 1, 0, 1, 1),
    "a tag": ("add", 1, 0, 0, 0),
    "a vote": ("count", 1, 0, 0, 1),
    "a line of text": ("text", 1, 0, 0, 0),
}
edits = pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())


def after(*played: Step) -> Deletion:
    return deletion_of(World().play(played).settle())


@edits
def test_deleting_what_was_edited_before_deletes(edit: Step) -> None:
    assert after(edit, *SYNC, DELETE) == GONE


@edits
def test_an_edit_unaware_of_the_deletion_keeps_the_record_and_asks(edit: Step) -> None:
    assert after(DELETE, edit) == ASKS
    assert after(edit, DELETE) == ASKS


@edits
def test_an_edit_in_knowledge_of_the_deletion_asks_too(edit: Step) -> None:
    assert after(DELETE, *SYNC, edit) == ASKS


@edits
def test_deleting_again_after_having_seen_the_edit_deletes(edit: Step) -> None:
    assert after(DELETE, edit, *SYNC, DELETE) == GONE


def test_two_people_delete_the_same_record() -> None:
    assert after(DELETE, ("delete", 1, 0, 0, 0)) == GONE


def test_two_people_delete_after_edits_the_other_had_not_seen() -> None:
    """Each deletion had seen its author's edit; together they had seen everything."""
    assert after(("write", 0, 0, 0, 1), ("write", 1, 0, 0, 2), DELETE, ("delete", 1, 0, 0, 0)) == GONE


def test_a_removed_tag_unseen_by_the_deletion_asks_as_well() -> None:
    assert after(("add", 0, 0, 0, 0), *SYNC, DELETE, ("remove", 1, 0, 0, 0)) == ASKS


def test_keeping_takes_the_deletion_back_and_later_edits_ask_nothing() -> None:
    kept: tuple[Step, ...] = (DELETE, *SYNC, ("keep", 1, 0, 0, 0))
    assert after(*kept) == THERE
    assert after(*kept, ("write", 0, 0, 0, 1)) == THERE


def test_keeping_one_deletion_while_another_comes_in_asks() -> None:
    assert after(DELETE, ("pull", 1, 0, 0, 0), ("keep", 1, 0, 0, 0), ("delete", 2, 0, 0, 0)) == ASKS


def test_deleting_a_kept_record_deletes_it() -> None:
    assert after(DELETE, *SYNC, ("keep", 1, 0, 0, 0), *SYNC, DELETE) == GONE


def test_a_record_nobody_deleted_is_there() -> None:
    assert deletion_of(EntityState("task", RECORD)) == THERE


@given(worlds())
def test_a_deletion_hides_nothing_that_somebody_wrote_meanwhile(world: World) -> None:
    """Whatever is gone stays readable: its versions, elements and totals are those without the deletion."""
    state = world.settle()
    undeleted = World(world.kind)
    undeleted.ledger = world.ledger
    heard = [s.change for s in world.ledger.values() if s.change.action not in ("delete", "keep")]
    bare = undeleted.deliver(heard)
    assert {s: r for s, r in state.registers.items() if s != DELETION_SLOT} == bare.registers
    assert state.sets == bare.sets
    assert state.counters == bare.counters
