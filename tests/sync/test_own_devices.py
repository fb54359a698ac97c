"""A person's own devices over real HTTP: what they see, whom they may sign off, what becomes of work not yet sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from app.config import Profile
from app.domain.catalogue import Role
from app.errors import AgencyRefused, TokenRevoked
from app.models.opening import create_profile
from app.models.outbox import standing
from app.models.queries import lists, syncing
from app.models.queries.reader import Reader
from app.models.store import Store
from app.server.config import ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving
from app.server.tables import device
from app.services import measures
from app.sync.engine import Engine
from app.sync.http_agency import HttpAgency
from app.sync.membership import join
from app.sync.own_devices import HttpOwnDevices, reach_own_devices
from app.sync.own_devices_wire import SignOffRequest

KEY = bytes(range(32))
BERLEBURG, ARNSBERG = "05970004", "05958004"


class Office:
    """An agency on this computer, and profiles that join it."""

    def __init__(self, folder: Path, service: AgencyService, address: str) -> None:
        self._folder, self.service, self._address = folder, service, address
        self.stores: list[Store] = []

    def device(self, person: str, name: str, ags: str = BERLEBURG, role: Role = Role.COORDINATOR) -> Store:
        store = create_profile(Profile.at(self._folder / f"desk{len(self.stores)}"), KEY, person, name, ags)
        self.stores.append(store)
        self.join(store, ags, role)
        return store

    def join(self, store: Store, ags: str = BERLEBURG, role: Role = Role.COORDINATOR) -> None:
        agency = HttpAgency(self._address)
        join(store, agency, self._address, self.service.invite(role, ags=ags))
        agency.close()


def sync(store: Store) -> None:
    membership = standing(store).membership
    agency = HttpAgency(membership.url, membership.token)
    try:
        Engine(store, agency).sync()
    finally:
        agency.close()


def line(store: Store) -> HttpOwnDevices:
    found = reach_own_devices(store)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("own")
    service = AgencyService.found(Database(f"sqlite:///{folder}/agency.db"), "Testagentur")
    with serving(service, ServeSettings(port=0)) as address:
        made = Office(folder, service, address)
        yield made
        for store in made.stores:
            store.close()
    service.database.close()


def test_a_person_sees_their_own_devices_and_nobody_elses(office: Office) -> None:
    laptop, _ = office.device("Katrin Brandt", "Laptop"), office.device("Katrin Brandt", "Tablet")
    office.device("Ruth Rufmann", "PC 114")
    office.device("Katrin Brandt", "PC Arnsberg", ARNSBERG)
    office.device("Katrin Brandt", "Leserechner", role=Role.READER)
    agency = line(laptop)
    told = agency.own_devices()
    assert [one.name for one in told.devices] == ["Laptop", "Tablet"]
    assert told.this == told.devices[0].id
    agency.close()


def test_a_device_signed_off_is_refused_at_its_next_request_and_its_unsent_work_comes_with_a_new_invitation(
    office: Office,
) -> None:
    laptop, tablet = office.device("Jana Hahn", "Laptop"), office.device("Jana Hahn", "Tablet")
    measures.create(tablet, {"title": "Ampel", "lead_ags": BERLEBURG})
    sync(tablet)
    measures.create(tablet, {"title": "Bürgerbus", "lead_ags": BERLEBURG})
    agency = line(laptop)
    other = agency.own_devices().devices[1]
    assert (other.name, other.waiting, other.revoked_at) == ("Tablet", 0, "")
    assert agency.sign_off(SignOffRequest(device=other.id)).done
    assert not agency.sign_off(SignOffRequest(device=other.id)).done, "twice is once"
    assert agency.own_devices().devices[1].revoked_at
    agency.close()
    with pytest.raises(TokenRevoked):
        sync(tablet)
    assert syncing.standing(Reader(tablet.engine)).pending == 1, "nothing written there is lost"
    office.join(tablet)
    sync(tablet)
    assert syncing.standing(Reader(tablet.engine)).pending == 0
    sync(laptop)
    assert lists.count_measures(Reader(laptop.engine)) == 2


def test_only_another_device_of_ones_own_can_be_signed_off(office: Office) -> None:
    mine, colleague = office.device("Olaf Weber", "Laptop"), office.device("Petra Kurz", "Laptop")
    agency, hers = line(mine), line(colleague)
    for number in (hers.own_devices().this, agency.own_devices().this, 9999):
        with pytest.raises(AgencyRefused, match="not_own_device"):
            agency.sign_off(SignOffRequest(device=number))
    assert not hers.own_devices().devices[0].revoked_at
    agency.close()
    hers.close()


def test_who_belongs_to_no_town_is_the_same_person_only_with_the_same_workshops(office: Office) -> None:
    first = office.device("Anna Schmidt", "Laptop", "", Role.CONSORTIUM)
    office.device("Anna Schmidt", "Tablet", "", Role.FACILITATOR)
    agency = line(first)
    assert [one.name for one in agency.own_devices().devices] == ["Laptop"]
    agency.close()


def test_a_name_alone_gives_nobody_the_devices_that_came_in_with_an_account(office: Office) -> None:
    with_account, invited = (office.device("Kim Sommer", name, "", Role.AGENCY) for name in ("Büro", "Fremd"))
    own, other = line(with_account), line(invited)
    number = own.own_devices().this
    with office.service.database.write() as connection:
        connection.execute(update(device).where(device.c.id == number).values(subject="https://konto.example kim"))
    assert [one.name for one in own.own_devices().devices] == ["Büro"]
    with pytest.raises(AgencyRefused, match="not_own_device"):
        other.sign_off(SignOffRequest(device=number))
    for agency in (own, other):
        agency.close()
