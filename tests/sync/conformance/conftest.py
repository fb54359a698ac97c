"""The agency three times: in-process on SQLite, over HTTP on loopback, and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.server.api import create_app
from app.server.config import ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving_app
from app.sync.agency import Agency
from app.sync.http_agency import HttpAgency
from tests.server.laptop import BERLEBURG, Laptop, enrolled
from tests.server.postgres import fresh_database


@dataclass
class Clock:
    """The agency's clock, which only moves when a test says so."""

    at: datetime = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@dataclass
class Office:
    """One agency and the way devices reach it."""

    service: AgencyService
    reach: Callable[[str], Agency]
    clock: Clock
    laptops: list[Laptop] = field(default_factory=list)

    def laptop(
        self,
        role: Role = Role.COORDINATOR,
        ags: str = BERLEBURG,
        workshops: list[EntityId] | None = None,
        person: str = "Jana",
    ) -> Laptop:
        """A device that has just come in by invitation; device ids count 1, 2, … in that order."""
        if role is not Role.COORDINATOR:
            ags = ""
        token, replica = enrolled(self.service, self.reach(""), role, ags, workshops or [], person)
        self.laptops.append(Laptop(self.reach(token), replica))
        return self.laptops[-1]


class Switch:
    """The application behind one real server that outlives the single test."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def exchange() -> Iterator[tuple[Switch, str]]:
    """A server on loopback, and the switch that says for which agency it answers."""
    switch = Switch()
    with serving_app(switch, ServeSettings(port=0)) as address:
        yield switch, address


@pytest.fixture(params=["in-process", "http", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A new agency with nobody in it."""
    clock = Clock()
    if request.param == "postgres":
        with fresh_database() as url:
            service = AgencyService.found(Database(url), "Testagentur", clock)
            yield Office(service, service.as_device, clock)
            service.database.close()
        return
    service = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur", clock)
    if request.param == "in-process":
        yield Office(service, service.as_device, clock)
    else:
        switch, address = request.getfixturevalue("exchange")
        switch.app = create_app(service)
        connections: list[HttpAgency] = []

        def reach(token: str) -> Agency:
            connections.append(HttpAgency(address, token))
            return connections[-1]

        yield Office(service, reach, clock)
        for connection in connections:
            connection.close()
    service.database.close()
