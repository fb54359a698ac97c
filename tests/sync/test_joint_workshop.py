"""A workshop led by people of two towns, a facilitator and the agency: one workshop on every desk, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.domain.catalogue import Role
from app.domain.ids import EntityId, new_id
from app.errors import AgencyRefused, NotAllowed
from app.models.queries import records, sessions, syncing
from app.server.service import AgencyService
from app.services import measures, promotions, workshops
from app.services.workshops import Card
from app.sync.office import Office
from app.sync.office_wire import LeadRequest
from tests.dictation import dictate
from tests.sync.conftest import Devices
from tests.sync.devices import ARNSBERG, BERLEBURG, SIEGEN, Device


@dataclass
class Evening:
    """Anna's workshop in Berleburg; Olaf of Arnsberg and Mira lead it with her, Kim is the agency's."""

    workshop: EntityId
    anna: Device
    olaf: Device
    mira: Device
    kim: Device

    @property
    def leaders(self) -> tuple[Device, ...]:
        return (self.anna, self.olaf, self.mira, self.kim)

    def sync(self) -> None:
        for device in (*self.leaders, *self.leaders):
            device.sync()

    def cards(self, device: Device) -> list[str]:
        return sorted(line.text for line in sessions.card_lines(device.workspace.reader, self.workshop))


@pytest.fixture
def evening(devices: Devices, office: AgencyService) -> Evening:
    anna, olaf = devices("Anna"), devices("Olaf", ags=ARNSBERG)
    mira, kim = devices("Mira", ags="", role=Role.FACILITATOR), devices("Kim", ags="", role=Role.AGENCY)
    workshop = workshops.create(anna.store, {"title": "Zukunft Mobilität", "ags": BERLEBURG}, ["Bus"])
    anna.sync()
    desk = kim.between.agency
    assert isinstance(desk, Office)
    for device in (2, 3):
        assert desk.lead(LeadRequest(device=device, workshops=[workshop], leads=True)).done
    found = Evening(workshop, anna, olaf, mira, kim)
    found.sync()
    return found


def write(device: Device, workshop: EntityId, text: str) -> EntityId:
    return workshops.add_card(device.store, workshop, Card("idea", text))[1]


def test_cards_and_minutes_of_all_four_are_on_all_four_desks_under_their_names(evening: Evening) -> None:
    names = ("Anna", "Olaf", "Mira", "Kim")
    for name, device in zip(names, evening.leaders, strict=True):
        write(device, evening.workshop, f"Idee von {name}")
        dictate(device.workspace, evening.workshop, f"{name} sagt etwas.\n")
    evening.sync()
    for device in evening.leaders:
        assert evening.cards(device) == sorted(f"Idee von {name}" for name in names)
        minutes = records.get_record(device.workspace.reader, "minutes", workshops.minutes_id(evening.workshop))
        assert minutes is not None
        assert all(f"{name} sagt etwas." in minutes.text("text") for name in names)
        assert syncing.standing(device.workspace.reader).pending == 0
        assert {line.person for line in sessions.card_lines(device.workspace.reader, evening.workshop)} == set(names)


def test_a_leader_from_another_town_edits_the_workshop_and_nothing_else_of_that_town(
    evening: Evening, devices: Devices
) -> None:
    private = measures.create(evening.anna.store, {"title": "Intern", "lead_ags": BERLEBURG})
    shown = measures.create(evening.anna.store, {"title": "Öffentlich", "lead_ags": BERLEBURG, "visibility": "public"})
    other = workshops.create(evening.anna.store, {"title": "Nur Berleburg", "ags": BERLEBURG})
    siegen = devices("Silke", ags=SIEGEN)
    evening.sync()
    siegen.sync()
    reader = evening.olaf.workspace.reader
    head = records.get_record(reader, "workshop", evening.workshop)
    assert head is not None
    assert head.may_edit
    workshops.edit(evening.olaf.store, evening.workshop, {"summary": "Zusammen geleitet"})
    assert records.get_record(reader, "measure", private) is None
    assert records.get_record(reader, "workshop", other) is None
    with pytest.raises(NotAllowed):
        measures.edit(evening.olaf.store, shown, {"goals": "Fremde Worte"})
    evening.sync()
    seen = records.get_record(evening.anna.workspace.reader, "workshop", evening.workshop)
    assert seen is not None
    assert seen.text("summary") == "Zusammen geleitet"
    assert records.get_record(siegen.workspace.reader, "workshop", evening.workshop) is None


def test_a_card_of_the_evening_becomes_a_measure_of_the_other_town(evening: Evening) -> None:
    card = write(evening.anna, evening.workshop, "Bus bis Arnsberg")
    evening.sync()
    made = promotions.create_measure(
        evening.olaf.store, evening.workshop, [card], {"title": "Bus bis Arnsberg", "lead_ags": ARNSBERG}
    )
    evening.sync()
    assert records.get_record(evening.anna.workspace.reader, "measure", made) is None
    assert records.get_record(evening.kim.workspace.reader, "measure", made) is not None
    (line,) = [c for c in sessions.card_lines(evening.anna.workspace.reader, evening.workshop) if c.id == card]
    assert line.measures == (made,)


def test_who_no_longer_leads_hands_over_what_was_not_sent_and_keeps_no_copy(evening: Evening) -> None:
    write(evening.olaf, evening.workshop, "Zu spät")
    desk = evening.kim.between.agency
    assert isinstance(desk, Office)
    assert desk.lead(LeadRequest(device=2, workshops=[evening.workshop], leads=False)).done
    evening.olaf.sync()
    (line,) = desk.overview().handovers
    assert line.reason == "not_allowed"
    assert "Zu spät" in str(line.change)
    head = records.get_record(evening.olaf.workspace.reader, "workshop", evening.workshop)
    assert head is None or not head.may_edit


def test_only_the_agency_says_who_leads_and_only_of_devices_that_exist_and_of_what_can_be_a_workshop(
    evening: Evening,
) -> None:
    desk, other = evening.kim.between.agency, evening.olaf.between.agency
    assert isinstance(desk, Office)
    assert isinstance(other, Office)
    for device, workshop in ((99, evening.workshop), (2, "kein Workshop")):
        with pytest.raises(AgencyRefused, match="invite_invalid"):
            desk.lead(LeadRequest(device=device, workshops=[workshop]))
    with pytest.raises(AgencyRefused, match="agency_only"):
        other.lead(LeadRequest(device=2, workshops=[new_id()]))
