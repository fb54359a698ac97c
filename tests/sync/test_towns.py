"""A municipality that leaves, a coordinator who changes towns, a thief: nothing lost, nothing told, a clear answer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.domain.catalogue import Role
from app.domain.change import Create
from app.domain.ids import derived_id
from app.errors import TokenRevoked
from app.models import handovers
from app.models.queries import syncing
from app.server.service import AgencyService
from app.services import measures
from app.sync.engine import Engine
from app.sync.membership import join
from app.sync.office import Office
from app.sync.office_wire import DecideRequest
from app.sync.wire import SyncRequest
from tests.server.laptop import Laptop, enrolled, outcomes, typed
from tests.sync.conftest import Devices
from tests.sync.devices import ARNSBERG, BERLEBURG, Between, Device


def invite(office: AgencyService, device: Device, ags: str) -> Device:
    """The same profile comes in with a new code."""
    reply = join(device.store, office.as_device(""), "http://127.0.0.1:1", office.invite(Role.COORDINATOR, ags))
    return Device(device.store, device.replica, Between(office.as_device(reply.token)), reply.token)


def test_a_municipality_that_leaves_keeps_its_words_and_finds_them_when_it_comes_back(
    devices: Devices, office: AgencyService
) -> None:
    anna, bert, reader = devices("Anna"), devices("Bert"), devices("Olaf", ags=ARNSBERG)
    shown = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG, "visibility": "school"})
    own = measures.create(anna.store, {"title": "Intern", "lead_ags": BERLEBURG})
    for device in (anna, bert, reader):
        device.sync()
    for number in (1, 2):
        assert office.revoke(number)
    measures.edit(anna.store, own, {"goals": "Weiter ohne Agentur"})
    measures.edit(bert.store, shown, {"goals": "Auch hier"})
    for device in (anna, bert):
        with pytest.raises(TokenRevoked):
            device.sync()
        assert syncing.standing(device.workspace.reader).pending == 1
        assert device.title(shown) == "Radweg"
    reader.sync()
    assert reader.title(shown) == "Radweg", "what was published stays"
    assert reader.title(own) is None
    back = [invite(office, device, BERLEBURG) for device in (anna, bert)]
    for device in (*back, *back):
        device.sync()
        assert syncing.standing(device.workspace.reader).pending == 0
    assert back[0].states().keys() == back[1].states().keys()
    assert "Weiter ohne Agentur" in str(back[1].states()["measure", own])
    assert "Auch hier" in str(back[0].states()["measure", shown])


def test_a_coordinator_who_changes_towns_takes_nothing_along_and_loses_no_word(
    devices: Devices, office: AgencyService
) -> None:
    anna, olaf, kim = devices("Anna"), devices("Olaf", ags=ARNSBERG), devices("Kim", role=Role.AGENCY, ags="")
    old = measures.create(anna.store, {"title": "Alte Aufgabe", "lead_ags": BERLEBURG})
    new = measures.create(olaf.store, {"title": "Neue Aufgabe", "lead_ags": ARNSBERG})
    anna.sync()
    olaf.sync()
    measures.edit(anna.store, old, {"goals": "Noch nicht übertragen"})
    assert office.revoke(1)
    moved = invite(office, anna, ARNSBERG)
    moved.sync()
    assert moved.title(new) == "Neue Aufgabe"
    assert syncing.standing(moved.workspace.reader).person.ags == ARNSBERG, (
        "and makes measures of that town from now on"
    )
    desk = kim.between.agency
    assert isinstance(desk, Office)
    (line,) = desk.overview().handovers
    assert (line.reason, line.person, line.root_id) == ("not_allowed", "Anna", old)
    assert "Noch nicht übertragen" in str(line.change)
    desk.decide(DecideRequest(replica=line.replica, n=line.n, verdict="accepted"))
    moved.sync()
    assert moved.title(old) is None, "it belongs to the other town"
    kim.sync()
    assert "Noch nicht übertragen" in str(kim.states()["measure", old])
    with pytest.raises(TokenRevoked):
        Engine(anna.store, office.as_device(anna.token)).sync()


def test_what_goes_back_to_somebody_who_changed_towns_leaves_with_being_read(
    devices: Devices, office: AgencyService
) -> None:
    anna, kim = devices("Anna"), devices("Kim", role=Role.AGENCY, ags="")
    old = measures.create(anna.store, {"title": "Alte Aufgabe", "lead_ags": BERLEBURG})
    anna.sync()
    measures.edit(anna.store, old, {"goals": "Noch nicht übertragen"})
    moved = invite(office, anna, ARNSBERG)
    moved.sync()
    desk = kim.between.agency
    assert isinstance(desk, Office)
    (line,) = desk.overview().handovers
    desk.decide(DecideRequest(replica=line.replica, n=line.n, verdict="returned", note="Macht jetzt Bert"))
    moved.sync()
    assert moved.title(old) == "Alte Aufgabe"
    assert handovers.put_away(moved.store, old) == 1
    assert moved.states() == {}


def test_a_whole_session_played_again_in_any_order_changes_nothing(devices: Devices, office: AgencyService) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    heard: list[SyncRequest] = []
    anna.between.before = heard.append
    made = [measures.create(anna.store, {"title": f"Nr. {i}", "lead_ags": BERLEBURG}) for i in range(5)]
    anna.sync()
    bert.sync()
    for i, measure in enumerate(made):
        measures.edit(anna.store, measure, {"goals": f"Ziel {i}"})
        anna.sync()
    measures.delete(anna.store, made[0])
    anna.sync()
    bert.sync()
    before = bert.states()
    thief, dice = office.as_device(anna.token), random.Random(5)
    for request in dice.choices(heard, k=60):
        thief.sync(request)
    bert.sync()
    assert bert.states() == before
    assert anna.sync().changed == 0
    assert syncing.standing(anna.workspace.reader).pending == 0


def test_who_takes_a_name_before_its_owner_learns_nothing_of_what_the_owner_writes(
    office: AgencyService, tmp_path: Path
) -> None:
    """Minutes are named after their workshop, so others can name them first, below a workshop of their own."""
    jana, eve = (
        Laptop(office.as_device(token), replica)
        for token, replica in (
            enrolled(office, office.as_device(""), Role.COORDINATOR, ags) for ags in (BERLEBURG, ARNSBERG)
        )
    )
    made, workshop = jana.workshop(BERLEBURG)
    jana.push(made)
    trap, hers = eve.workshop(ARNSBERG)
    minutes = derived_id("minutes", workshop)
    eve.push(trap, eve.change(Create("minutes", minutes, "workshop", hers), typed(minutes, "Falle", 7)))
    words = jana.change(Create("minutes", minutes, "workshop", workshop), typed(minutes, "Vertraulich", 9))
    assert outcomes(jana.push(words)) == [(2, "quarantined")], "kept for the agency, not lost"
    eve.pull()
    assert "Vertraulich" not in str(eve.records)
