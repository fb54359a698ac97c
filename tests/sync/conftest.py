"""A real agency in this process, and devices that have joined it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.catalogue import Role
from app.server.database import Database
from app.server.service import AgencyService
from tests.sync.devices import BERLEBURG, Device, joined

Devices = Callable[..., Device]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[AgencyService]:
    opened = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur")
    yield opened
    opened.database.close()


@pytest.fixture
def devices(office: AgencyService, tmp_path: Path) -> Iterator[Devices]:
    """Makes a joined device by name and municipality."""
    made: list[Device] = []

    def make(name: str = "Anna", ags: str = BERLEBURG, role: Role = Role.COORDINATOR) -> Device:
        made.append(joined(office, tmp_path, name, ags, role))
        return made[-1]

    yield make
    for device in made:
        device.store.close()
