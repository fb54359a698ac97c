"""Real encrypted profiles, copied from one that is made once per run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from app.config import Profile
from app.domain.ids import new_replica_id
from app.models.opening import create_profile, open_store
from app.models.store import Store
from tests.models.desk import AGS, KEY, Clock


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new, closed profile."""
    profile = Profile.at(tmp_path_factory.mktemp("template") / "profile")
    create_profile(profile, KEY, "Erika Mustermann", "Büro", AGS).close()
    return profile.folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def profile(tmp_path: Path, template: Path) -> Profile:
    """A new, closed profile of one's own."""
    return copy_of(template, tmp_path / "profile")


@pytest.fixture
def store(profile: Profile, clock: Clock) -> Iterator[Store]:
    """A new, opened profile."""
    opened = open_store(profile, KEY, clock)
    yield opened
    opened.close()


@pytest.fixture
def desks(tmp_path: Path, template: Path, clock: Clock) -> Iterator[Callable[[str], Store]]:
    """Opens as many profiles as asked for, each with a replica id of its own."""
    opened: list[Store] = []

    def open_desk(name: str) -> Store:
        desk = open_store(copy_of(template, tmp_path / name), KEY, clock)
        desk.put_settings(replicas=orjson.dumps([new_replica_id()]).decode(), person=name)
        opened.append(desk)
        return desk

    yield open_desk
    for desk in opened:
        desk.close()


def copy_of(template: Path, folder: Path) -> Profile:
    shutil.copytree(template, folder)
    return Profile.at(folder)
