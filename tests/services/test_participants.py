"""Names of people stay on one device and go on their day, wherever the workshop went meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.ids import EntityId
from app.errors import FieldError
from app.models.queries.participants import participants
from app.models.queries.syncing import log
from app.models.store import Store
from app.services import participants as acting
from app.services import workshops
from app.services.workspace import Workspace
from app.ui import labels
from tests.services.conftest import BERLEBURG, Desk

DAY = date(2027, 5, 26)


def evening(store: Store) -> EntityId:
    return workshops.create(store, {"title": "Bürgerdialog", "ags": BERLEBURG})


def names(workspace: Workspace, workshop: EntityId) -> list[str]:
    return [person.name for person in participants(workspace.reader, workshop)]


def test_a_line_is_a_person_and_persons_stand_in_the_order_of_persons(store: Store, workspace: Workspace) -> None:
    workshop = evening(store)
    lines = ["Muller, Bauamt", "  Erika   Mueller , SGV Aue", "", "Zander", "Müller"]
    assert acting.add(store, workshop, lines, DAY) == 4
    found = participants(workspace.reader, workshop)
    assert names(workspace, workshop) == ["Müller", "Erika Mueller", "Muller", "Zander"]
    assert found[1].institution == "SGV Aue"
    acting.change(store, replace(found[1], photo=True, contact=True, group="citizens", email="m@example.org"))
    changed = participants(workspace.reader, workshop)[1]
    assert (changed.photo, changed.contact, changed.group, changed.erase_on) == (True, True, "citizens", DAY)
    with pytest.raises(FieldError):
        acting.change(store, replace(found[0], name="  "))
    acting.remove(store, found[0])
    assert len(names(workspace, workshop)) == 3


def test_the_daily_run_takes_away_what_is_due_and_says_how_many_but_not_whom(
    store: Store, workspace: Workspace
) -> None:
    workshop = evening(store)
    acting.add(store, workshop, ["Früh", "Auch früh"], DAY)
    acting.add(store, workshop, ["Spät"], date(2027, 5, 27))
    workshops.delete(store, workshop)
    assert acting.erase_due(store, date(2027, 5, 25)) == 0
    assert acting.erase_due(store, DAY) == 2
    assert names(workspace, workshop) == ["Spät"]
    (line,) = [one for one in log(workspace.reader) if one.code == "participants.erased"]
    assert labels.log_text(line.code, line.params) == "2 Namen von Teilnehmenden am vorgesehenen Tag gelöscht."


@pytest.mark.parametrize(
    ("held_on", "today", "goes"),
    [
        ("2026-11-26", date(2026, 11, 20), date(2027, 5, 26)),
        ("2026-08-31", date(2026, 9, 1), date(2027, 2, 28)),
        ("", date(2026, 11, 26), date(2027, 5, 26)),
        ("2020-01-01", date(2026, 11, 26), date(2026, 12, 26)),
        ("kein Tag", date(2026, 11, 26), date(2027, 5, 26)),
    ],
)
def test_names_go_half_a_year_after_the_workshop(held_on: str, today: date, goes: date) -> None:
    assert acting.usual_day(held_on, today) == goes


def test_no_exchange_carries_a_name(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop = evening(anna.store)
    acting.add(anna.store, workshop, ["Erika Muster"], DAY)
    for desk in (anna, bert, anna):
        desk.sync()
    assert names(anna.workspace, workshop) == ["Erika Muster"]
    assert names(bert.workspace, workshop) == []
