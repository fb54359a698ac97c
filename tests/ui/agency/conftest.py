"""A region with something to look after: silent towns, handovers, questions, an agency's desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import resources
from app.config import Profile
from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.domain.region import Region, parse_municipalities
from app.models.opening import create_profile
from app.server.database import Database
from app.server.service import AgencyService
from app.services import measures
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.sync.membership import join
from app.sync.office import Office

KEY = bytes(range(32))
BERLEBURG, ARNSBERG, NACHRODT, OLPE = "05970004", "05958004", "05962044", "05966024"


@dataclass
class Desk:
    """One profile that has joined."""

    workspace: Workspace
    token: str
    service: AgencyService
    profile: Profile

    def sync(self) -> None:
        Engine(self.workspace.store, self.service.as_device(self.token)).sync()

    @property
    def office(self) -> Office:
        found = self.service.as_device(self.token)
        assert isinstance(found, Office)
        return found


class Land:
    """The agency, its desk (Kim), and towns; the agency's clock only goes when it is told to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.now = datetime.now(UTC)
        self.service = AgencyService.found(Database(f"sqlite:///{folder}/agency.db"), "Testagentur", lambda: self.now)
        self.desks: list[Desk] = []
        self.kim = self.desk("Kim Sander", Role.AGENCY, "")

    def desk(self, person: str, role: Role = Role.COORDINATOR, ags: str = BERLEBURG, device: str = "Laptop") -> Desk:
        profile = Profile.at(self._folder / f"desk{len(self.desks)}")
        store = create_profile(profile, KEY, person, device, ags)
        code = self.service.invite(role, ags=ags)
        reply = join(store, self.service.as_device(""), "http://127.0.0.1:1", code)
        self.desks.append(Desk(Workspace.of(store), reply.token, self.service, profile))
        return self.desks[-1]

    def silent(self, person: str, ags: str, days: int) -> Desk:
        """Somebody who was here last so many days ago."""
        today, self.now = self.now, self.now - timedelta(days=days)
        desk = self.desk(person, ags=ags)
        desk.sync()
        self.now = today
        return desk

    def handed_over(self, text: str = "Am Fluss entlang") -> EntityId:
        """Bert writes to what Anna has given to Arnsberg meanwhile."""
        anna, bert = self.desk("Anna Berg"), self.desk("Bert Feld", device="Tablet Raumland")
        values = {"title": "Radweg an der Eder", "lead_ags": BERLEBURG, "visibility": "consortium"}
        made = measures.create(anna.workspace.store, values)
        anna.sync()
        bert.sync()
        measures.edit(anna.workspace.store, made, {"lead_ags": ARNSBERG})
        anna.sync()
        measures.edit(bert.workspace.store, made, {"description": text, "status": "planned"})
        bert.sync()
        self.kim.sync()
        return made

    def close(self) -> None:
        for desk in self.desks:
            desk.workspace.store.close()
        self.service.database.close()


@pytest.fixture
def land(tmp_path: Path) -> Iterator[Land]:
    made = Land(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def region() -> Region:
    return parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))
