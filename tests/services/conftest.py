"""A real profile of one's own, and the region as shipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Profile
from app.domain.catalogue import Role
from app.domain.region import Region, parse_municipalities
from app.models.opening import create_profile, open_store
from app.models.outbox import standing
from app.models.queries import records, versions
from app.models.store import Store
from app.resources import path
from app.server.database import Database
from app.server.service import AgencyService
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.sync.membership import join

KEY = bytes(range(32))
BERLEBURG = "05970004"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new, closed profile."""
    profile = Profile.at(tmp_path_factory.mktemp("template") / "profile")
    create_profile(profile, KEY, "Katrin Brandt", "Rathaus", BERLEBURG).close()
    return profile.folder


@pytest.fixture
def store(tmp_path: Path, template: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "profile")
    opened = open_store(Profile.at(tmp_path / "profile"), KEY)
    yield opened
    opened.close()


@pytest.fixture
def workspace(store: Store) -> Workspace:
    return Workspace.of(store)


@pytest.fixture(scope="session")
def region() -> Region:
    return parse_municipalities(path("region", "municipalities.csv").read_text(encoding="utf-8"))


class Desk:
    """A profile that has joined an agency in this process."""

    def __init__(
        self, folder: Path, service: AgencyService, ags: str = BERLEBURG, role: Role = Role.COORDINATOR
    ) -> None:
        self.store: Store = create_profile(Profile.at(folder), KEY, folder.name, "Laptop", ags)
        self.workspace = Workspace.of(self.store)
        self._service = service
        join(self.store, service.as_device(""), "http://127.0.0.1", service.invite(role, ags))

    def sync(self) -> None:
        Engine(self.store, self._service.as_device(standing(self.store).membership.token)).sync()

    def field(self, measure: str, name: str) -> object:
        found = records.get_record(self.workspace.reader, "measure", measure)
        return None if found is None or found.gone else found.get(name)

    def asked(self) -> list[str]:
        return [q.slot_name for q in versions.questions(self.workspace.reader)]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[AgencyService]:
    database = Database(f"sqlite:///{(tmp_path / 'agentur.db').as_posix()}")
    yield AgencyService.found(database, "Agentur")
    database.close()


@pytest.fixture
def desks(tmp_path: Path, service: AgencyService) -> Iterator[tuple[Desk, Desk]]:
    anna, bert = Desk(tmp_path / "Anna", service), Desk(tmp_path / "Bert", service)
    yield anna, bert
    for desk in (anna, bert):
        desk.store.close()


@pytest.fixture
def office(tmp_path: Path, service: AgencyService) -> Iterator[Desk]:
    kim = Desk(tmp_path / "Kim", service, "", Role.AGENCY)
    yield kim
    kim.store.close()
