"""A real agency, and desks that sync with it: in this process, or over HTTP on this computer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import resources
from app.config import Profile
from app.domain.catalogue import Role
from app.domain.region import Region, parse_municipalities
from app.models.opening import create_profile
from app.models.outbox import standing
from app.server.database import Database
from app.server.service import AgencyService
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.sync.http_agency import HttpAgency
from app.sync.membership import join

KEY = bytes(range(32))
ARNSBERG, BERLEBURG, MENDEN = "05958004", "05970004", "05962040"


@dataclass
class Desk:
    """One profile, and the engine that syncs it inside this process."""

    workspace: Workspace
    engine: Engine | None
    service: AgencyService

    def sync(self) -> None:
        assert self.engine is not None
        self.engine.sync()

    def http_engine(self) -> Engine | None:
        """What the desktop gives to the worker."""
        membership = standing(self.workspace.store).membership
        if not membership.joined:
            return None
        return Engine(self.workspace.store, HttpAgency(membership.url, membership.token))


class Town:
    """The agency and its desks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.service = AgencyService.found(Database(f"sqlite:///{folder}/agency.db"), "Testagentur")
        self.desks: list[Desk] = []

    def desk(
        self,
        person: str,
        device: str,
        ags: str = BERLEBURG,
        *,
        joined: bool = True,
        url: str = "",
        role: Role = Role.COORDINATOR,
    ) -> Desk:
        folder = self._folder / f"desk{len(self.desks)}"
        store = create_profile(Profile.at(folder), KEY, person, device, ags)
        desk = Desk(Workspace.of(store), None, self.service)
        self.desks.append(desk)
        if joined:
            code = self.service.invite(role, ags="" if role is Role.AGENCY else ags)
            reply = join(store, self.service.as_device(""), url or "http://127.0.0.1:1", code)
            desk.engine = Engine(store, self.service.as_device(reply.token))
        return desk

    def close(self) -> None:
        for desk in self.desks:
            desk.workspace.store.close()
        self.service.database.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.close()


@pytest.fixture
def region() -> Region:
    return parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))
