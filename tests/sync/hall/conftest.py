"""An evening in a hall: laptops that have been at the agency before, and one workshop of Anna's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.models.queries import records, sessions, syncing
from app.server.database import Database
from app.server.service import AgencyService
from app.services import workshops
from app.services.workshops import Card
from app.sync.hall import pairing
from app.sync.hall.guest import Address, GuestLink, enter
from app.sync.hall.hub import Hub
from app.sync.hall.serving import HubServer
from tests.dictation import dictate
from tests.sync.devices import ARNSBERG, BERLEBURG, SIEGEN, Device, joined


@dataclass
class Hall:
    """Whoever is in the hall; nobody of them reaches the agency unless a test says so."""

    office: AgencyService
    folder: Path
    workshop: EntityId = ""
    devices: dict[str, Device] = field(default_factory=dict)
    servers: list[HubServer] = field(default_factory=list)
    links: list[GuestLink] = field(default_factory=list)

    def arrive(self, name: str, ags: str, role: Role = Role.COORDINATOR, leads: bool = False) -> Device:
        """Somebody joins the agency; with `leads` the agency gives them the workshop."""
        device = joined(self.office, self.folder, name, ags, role)
        self.devices[name] = device
        if leads:
            self.office.extend(self.number(name), [self.workshop])
        device.sync()
        return device

    def number(self, name: str) -> int:
        """Under which the agency knows a device."""
        return list(self.devices).index(name) + 1

    def open(self, device: Device) -> HubServer:
        """A hub on this laptop, reached on this computer alone."""
        server = HubServer(Hub(device.store, self.workshop, letter_every=0.0))
        server.open("127.0.0.1", 0)
        self.servers.append(server)
        return server

    def join(self, device: Device, server: HubServer, code: str = "") -> GuestLink:
        """Connects; the test says when it exchanges."""
        where = Address("127.0.0.1", server.port)
        link = GuestLink(device.store, enter(device.store, where, code or server.hub.code), letter_every=0.0)
        self.links.append(link)
        return link

    def meet(self, *links: GuestLink) -> None:
        """Everybody exchanges until nobody has anything to tell."""
        for _ in range(3):
            for link in links:
                while link.exchange():
                    pass

    def cards(self, device: Device) -> list[str]:
        return sorted(line.text for line in sessions.card_lines(device.workspace.reader, self.workshop))

    def minutes(self, device: Device) -> str:
        found = records.get_record(device.workspace.reader, "minutes", workshops.minutes_id(self.workshop))
        return found.text("text") if found else ""

    def write(self, device: Device, text: str) -> EntityId:
        return workshops.add_card(device.store, self.workshop, Card("idea", text))[1]

    def dictate(self, device: Device, words: str) -> None:
        dictate(device.workspace, self.workshop, words)

    def pending(self, device: Device) -> int:
        return syncing.standing(device.workspace.reader).pending

    def end(self) -> None:
        """Everybody packs up; the next evening begins with nothing waiting."""
        for link in self.links:
            link.leave()
        for server in self.servers:
            server.close()
        self.links.clear()
        self.servers.clear()
        for name in ("Anna", "Olaf"):
            self.devices[name].sync()

    def close(self) -> None:
        for device in self.devices.values():
            device.store.close()
        self.office.database.close()


def begin(folder: Path) -> Hall:
    """Anna of Berleburg, whose workshop it is, and Olaf of Arnsberg, who leads it with her."""
    hall = Hall(AgencyService.found(Database(f"sqlite:///{folder}/agency.db"), "Testagentur"), folder)
    hall.arrive("Anna", BERLEBURG)
    hall.arrive("Olaf", ARNSBERG)
    return hall


@pytest.fixture(scope="package")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One agency and two people for all these tests; each test has a workshop and a hall of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairing, "_STRETCH", 16)
        found = begin(tmp_path_factory.mktemp("hall"))
        yield found
        found.close()


@pytest.fixture
def hall(agency: Hall) -> Iterator[Hall]:
    """A new workshop of Anna's, which Olaf leads with her."""
    anna, olaf = agency.devices["Anna"], agency.devices["Olaf"]
    agency.workshop = workshops.create(anna.store, {"title": "Zukunft Mobilität", "ags": BERLEBURG}, ["Bus"])
    anna.sync()
    agency.office.extend(agency.number("Olaf"), [agency.workshop])
    olaf.sync()
    yield agency
    agency.end()


__all__ = ["ARNSBERG", "BERLEBURG", "SIEGEN", "Hall"]
