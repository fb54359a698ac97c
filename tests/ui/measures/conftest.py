"""A coordinator's desk with real stores, a second desk behind a tiny agency, and the screen in a window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from pytestqt.qtbot import QtBot

from app import resources
from app.config import Profile
from app.domain.ids import new_replica_id
from app.domain.region import Region, parse_municipalities
from app.models.opening import create_profile, open_store
from app.models.settings import encode_grant
from app.models.store import Store
from app.services.workspace import Workspace
from app.ui.bus import Bus
from app.ui.measures.page import MeasuresPage
from tests.ui.typing import shown

KEY = bytes(range(32))
AGS = "05970004"


@pytest.fixture(scope="session")
def region() -> Region:
    return parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new, closed profile."""
    profile = Profile.at(tmp_path_factory.mktemp("measures") / "profile")
    create_profile(profile, KEY, "Katrin Brandt", "Laptop Rathaus 2", AGS).close()
    return profile.folder


@pytest.fixture
def desks(tmp_path: Path, template: Path) -> Iterator[Callable[[str], Store]]:
    """Opens as many profiles as asked for, each with a person and a replica id of its own."""
    opened: list[Store] = []

    def open_desk(person: str) -> Store:
        folder = tmp_path / f"desk{len(opened)}"
        shutil.copytree(template, folder)
        desk = open_store(Profile.at(folder), KEY)
        replicas = orjson.dumps([new_replica_id()]).decode()
        grant = encode_grant("coordinator", AGS, [])
        desk.put_settings(replicas=replicas, person=person, grant=grant)
        opened.append(desk)
        return desk

    yield open_desk
    for desk in opened:
        desk.close()


@pytest.fixture
def store(desks: Callable[[str], Store]) -> Store:
    return desks("Katrin Brandt")


@pytest.fixture
def workspace(store: Store) -> Workspace:
    return Workspace.of(store)


@pytest.fixture
def bus(store: Store) -> Bus:
    bus = Bus()
    store.listen(bus.tell_applied)
    return bus


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, bus: Bus, region: Region) -> MeasuresPage:
    """The screen in an active window of 1280 x 760; the store is empty until a test fills it."""
    made = MeasuresPage(workspace, bus, region)
    window = shown(qtbot, made)
    window.resize(1280, 760)
    return made
