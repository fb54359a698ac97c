"""A real profile of one's own, and the region as shipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Profile
from app.domain.region import Region, parse_municipalities
from app.models.opening import create_profile, open_store
from app.models.store import Store
from app.resources import path
from app.services.workspace import Workspace

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
