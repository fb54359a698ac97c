"""What was added to a set and lies at the agency: it stays in sight, and it arrives when somebody accepts it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.server import office as counter
from app.server.service import AgencyService
from app.server.tables import quarantine
from app.services import measures
from tests.sync.devices import ARNSBERG, BERLEBURG, Device

Devices = Callable[..., Device]
TAGS = KINDS["measure"].slot_of["tags"].id


def tags(device: Device, measure: EntityId) -> list[str]:
    state = device.state("measure", measure)
    assert state is not None
    return sorted(state.set(TAGS).elements)


def accept(office: AgencyService) -> None:
    with office.database.read() as connection:
        waiting = connection.execute(select(quarantine.c.replica, quarantine.c.n)).all()
    for replica, n in waiting:
        counter.release(office, f"{replica}:{n}")


@pytest.fixture
def told(devices: Devices, office: AgencyService) -> tuple[Device, Device, EntityId]:
    """Anna tags two measures in one step, one of which she may no longer write to, and goes on tagging her own."""
    anna, bert, carl = devices("Anna"), devices("Bert"), devices("Carl", ARNSBERG)
    own = measures.create(anna.store, {"title": "Eigen", "lead_ags": BERLEBURG})
    lent = {"title": "Geliehen", "lead_ags": ARNSBERG, "participating_ags": {BERLEBURG}}
    other = measures.create(carl.store, lent)
    for device in (anna, carl, anna, bert):
        device.sync()
    measures.edit(carl.store, other, {"participating_ags": set()})
    carl.sync()
    measures.edit_many(anna.store, [own, other], {"tags": {"bus"}})
    measures.edit(anna.store, own, {"tags": {"bus", "rad"}})
    anna.sync()
    anna.sync()
    bert.sync()
    assert anna.change_states() == ["confirmed", "quarantined", "confirmed"]
    return anna, bert, own


def test_it_stays_in_sight_where_it_was_written_and_comes_to_all_when_it_is_accepted(
    told: tuple[Device, Device, EntityId], office: AgencyService
) -> None:
    anna, bert, own = told
    assert (tags(anna, own), tags(bert, own)) == (["bus", "rad"], ["rad"])
    measures.edit(bert.store, own, {"tags": {"rad", "wlan"}})
    bert.sync()
    accept(office)
    for device in (anna, bert, anna):
        assert device.sync().differed == 0
    assert tags(anna, own) == tags(bert, own) == ["bus", "rad", "wlan"]
    assert anna.states() == bert.states()


def test_what_its_author_has_taken_out_meanwhile_does_not_come_back(
    told: tuple[Device, Device, EntityId], office: AgencyService
) -> None:
    anna, bert, own = told
    measures.edit(anna.store, own, {"tags": {"rad"}})
    anna.sync()
    accept(office)
    for device in (anna, bert, anna):
        device.sync()
    assert tags(anna, own) == tags(bert, own) == ["rad"]


def test_what_another_takes_out_meanwhile_stays_out(
    told: tuple[Device, Device, EntityId], office: AgencyService
) -> None:
    anna, bert, own = told
    measures.edit(bert.store, own, {"tags": set()})
    bert.sync()
    accept(office)
    for device in (anna, bert, anna):
        device.sync()
    assert tags(anna, own) == tags(bert, own) == ["bus"], "of that one he did not know"
