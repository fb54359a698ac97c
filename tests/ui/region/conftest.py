"""A desk that sees three municipalities' measures, and the screen in a window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import resources
from app.config import Profile
from app.domain.region import Region, parse_municipalities
from app.models.opening import create_profile, open_store
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.bus import Bus
from app.ui.region.page import RegionPage
from tests.ui.typing import shown

KEY = bytes(range(32))
AGS, SOEST, OLPE = "05970004", "05974040", "05966024"
SHARED = (
    ("Mobility Twin", SOEST, {"status": "in_progress", "fields_of_action": {"mobility"}}),
    ("BürgerWOLKE", SOEST, {"status": "in_operation", "fields_of_action": {"environment_climate"}}),
    ("Smarter Zebrastreifen", OLPE, {"status": "idea", "fields_of_action": {"mobility"}, "maturity": "mvp"}),
    ("Dorf-Dashboards", AGS, {"status": "completed"}),
)


@pytest.fixture(scope="session")
def region() -> Region:
    return parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed profile with what the region shares."""
    profile = Profile.at(tmp_path_factory.mktemp("region") / "profile")
    store = create_profile(profile, KEY, "Katrin Brandt", "Laptop", AGS)
    for title, lead, more in SHARED:
        measures.create(store, {"title": title, "lead_ags": lead, "visibility": "school", **more})
    measures.create(store, {"title": "Nur für uns", "lead_ags": AGS})
    store.put_settings(grant=encode_grant("coordinator", AGS, []))
    store.close()
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


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, region: Region) -> Iterator[RegionPage]:
    bus = Bus()
    workspace.store.listen(bus.tell_applied)
    page = RegionPage(workspace, bus, region)
    window = shown(qtbot, page)
    window.resize(1320, 780)
    qtbot.waitUntil(lambda: page.list.model().rowCount() == len(SHARED))
    yield page
    page.finish()
