"""Minutes on their way: agreed on, released, and from then on what everybody can rely on."""

from __future__ import annotations

import pytest

from app.domain.catalogue import MinutesState
from app.domain.ids import EntityId
from app.errors import TooLarge
from app.models.queries import records, versions
from app.models.queries.releases import releases
from app.models.store import Store
from app.services import history, minutes, workshops
from app.services.workspace import Workspace
from app.ui import labels
from tests.services.conftest import BERLEBURG, Desk


def evening(store: Store) -> EntityId:
    return workshops.create(store, {"title": "Bürgerdialog", "ags": BERLEBURG})


def state(workspace: Workspace, workshop: EntityId) -> str:
    found = records.get_record(workspace.reader, "workshop", workshop)
    assert found is not None
    return found.text("minutes_state")


def test_a_release_is_one_step_with_a_name_and_can_be_taken_back(store: Store, workspace: Workspace) -> None:
    workshop = evening(store)
    minutes.set_state(store, workshop, MinutesState.IN_COORDINATION)
    assert labels.action_text(history.next_undo(store) or "") == "Stand des Protokolls geändert"
    minutes.release(store, workshop, 1, "Wortlaut")
    assert state(workspace, workshop) == "released"
    (kept,) = releases(workspace.reader, workshop)
    assert (kept.number, kept.content, kept.person) == (1, "Wortlaut", "Katrin Brandt")
    assert labels.action_text(history.next_undo(store) or "") == "Protokoll freigegeben"
    history.undo(store)
    assert releases(workspace.reader, workshop) == []
    assert state(workspace, workshop) == "in_coordination"


def test_what_was_released_stays_when_work_goes_on(store: Store, workspace: Workspace) -> None:
    workshop = evening(store)
    minutes.release(store, workshop, 1, "eins")
    minutes.set_state(store, workshop, MinutesState.DRAFT)
    workshops.edit(store, workshop, {"summary": "Anders."})
    minutes.release(store, workshop, 2, "zwei")
    assert [(one.number, one.content) for one in releases(workspace.reader, workshop)] == [(2, "zwei"), (1, "eins")]


def test_released_on_two_laptops_at_once_both_stay_and_nobody_is_asked(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop = evening(anna.store)
    for desk in (anna, bert):
        desk.sync()
    minutes.release(anna.store, workshop, 1, "Annas Wortlaut")
    minutes.release(bert.store, workshop, 1, "Berts Wortlaut")
    for desk in (anna, bert, anna):
        desk.sync()
    for desk in desks:
        assert {(one.person, one.content) for one in releases(desk.workspace.reader, workshop)} == {
            ("Anna", "Annas Wortlaut"),
            ("Bert", "Berts Wortlaut"),
        }
        assert versions.questions(desk.workspace.reader) == []
        assert state(desk.workspace, workshop) == "released"


def test_minutes_too_long_to_be_kept_are_refused_whole(store: Store, workspace: Workspace) -> None:
    workshop = evening(store)
    with pytest.raises(TooLarge) as told:
        minutes.release(store, workshop, 1, "x" * 2_000_001)
    assert "Wortlaut" in labels.error_words(told.value)[0]
    assert state(workspace, workshop) == "draft"
