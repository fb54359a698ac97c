"""A town's desk with one workshop; a second desk that meets it at a real agency."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.config import Profile
from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.models.opening import create_profile
from app.models.store import Store
from app.server.database import Database
from app.server.service import AgencyService
from app.services import workshops
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.sync.membership import join
from app.ui.bus import Bus

AGS = "05970004"
KEY = bytes(range(32))


@dataclass
class Desk:
    """One person's profile, opened, with a bus that tells what was stored."""

    store: Store
    workspace: Workspace
    bus: Bus
    engine: Engine | None = None

    def sync(self) -> None:
        assert self.engine is not None
        self.engine.sync()


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Opens a profile for a person."""
    opened: list[Store] = []

    def make(person: str) -> Desk:
        profile = Profile(tmp_path / person.replace(" ", "_"))
        store = create_profile(profile, KEY, person, f"Laptop {person}", AGS)
        opened.append(store)
        desk = Desk(store, Workspace.of(store), Bus())
        store.listen(desk.bus.tell_applied)
        return desk

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def desk(make_desk: Callable[[str], Desk]) -> Desk:
    return make_desk("Katrin Brandt")


@pytest.fixture
def workshop(desk: Desk) -> EntityId:
    """Three stations and two agenda items."""
    values = {"title": "Bürgerdialog Mobilität", "ags": AGS, "format": "citizen_dialogue"}
    stations = ["Bus und Bürgerbus", "Rad und zu Fuß", "Parken und Laden"]
    return workshops.create(desk.store, values, stations, [("Begrüßung, Ziel", 10), ("Wege im Dorf", 20)])


@pytest.fixture
def colleague(desk: Desk, make_desk: Callable[[str], Desk], tmp_path: Path) -> Desk:
    """Jonas Sauer of the same town; both have joined the same agency."""
    service = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur")
    other = make_desk("Jonas Sauer")
    for one in (desk, other):
        code = service.invite(Role.COORDINATOR, ags=AGS)
        membership = join(one.store, service.as_device(""), "http://127.0.0.1:1", code)
        one.engine = Engine(one.store, service.as_device(membership.token))
    return other
