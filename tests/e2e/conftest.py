"""A real agency process, reached over HTTP, and people with real profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.models.store import wall_clock_ms
from app.server.config import Operation
from app.server.database import Database
from app.server.service import AgencyService

BERLEBURG, ARNSBERG = "05970004", "05958004"


@dataclass
class Place:
    """An agency process, its folder and its operator, and the people who joined it."""

    folder: Path
    people: Path
    process: DemoAgency
    clients: list[Client] = field(default_factory=list)

    @property
    def operator(self) -> AgencyService:
        """The hand of the operator, on the same database as the process."""
        return AgencyService(Database(Operation(data=self.folder).database_url))

    def invite(
        self,
        role: Role = Role.COORDINATOR,
        ags: str = BERLEBURG,
        workshops: tuple[EntityId, ...] = (),
        replaces: int | None = None,
    ) -> str:
        operator = self.operator
        try:
            town = ags if role is Role.COORDINATOR else ""
            return operator.invite(role, town, workshops, replaces=replaces)
        finally:
            operator.database.close()

    def person(
        self,
        name: str,
        role: Role = Role.COORDINATOR,
        ags: str = BERLEBURG,
        clock: Callable[[], int] = wall_clock_ms,
    ) -> Client:
        """Somebody with a fresh profile who has joined and synced once."""
        client = Client.create(Profile.at(self.people / name), name, f"Gerät {name}", ags, clock)
        self.clients.append(client)
        client.join(self.process.url, self.invite(role, ags))
        client.sync()
        return client

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.clients.clear()


@pytest.fixture(scope="session")
def shared_agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, DemoAgency]]:
    """One process for every test that leaves it as it was."""
    folder = tmp_path_factory.mktemp("agency")
    agency = DemoAgency(folder)
    agency.start()
    yield folder, agency
    agency.kill()


@pytest.fixture
def place(shared_agency: tuple[Path, DemoAgency], tmp_path: Path) -> Iterator[Place]:
    """The shared agency, with people of one's own."""
    folder, agency = shared_agency
    found = Place(folder, tmp_path, agency)
    yield found
    found.close()


@pytest.fixture
def own_place(tmp_path: Path) -> Iterator[Place]:
    """An agency that the test may stop, kill and restore."""
    folder = tmp_path / "agency"
    agency = DemoAgency(folder)
    agency.start()
    found = Place(folder, tmp_path, agency)
    yield found
    found.close()
    agency.kill()
