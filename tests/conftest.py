"""What every test stands on: an offscreen desk of known size, repeatable histories, an empty profile."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SCREEN = (1440, 900)
LONGEST = ("tests/e2e/", "tests/simulation/", "tests/sync/", "tests/server/", "tests/models/")


def _offscreen() -> str:
    """The platform of one 1440x900 screen; Qt splits it at colons, so no Windows path can stand in it."""
    if sys.platform == "win32":
        return "offscreen"
    screen = {"name": "desk", "x": 0, "y": 0, "width": SCREEN[0], "height": SCREEN[1]}
    scale = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1.0}
    file = Path(tempfile.gettempdir()) / f"masswerk-offscreen-{os.getpid()}.json"
    file.write_text(json.dumps({"screens": [screen | scale]}), encoding="utf-8")
    return f"offscreen:configfile={file}"


# Before anything imports Qt; a developer who wants to watch sets MASSWERK_TEST_PLATFORM=xcb.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("MASSWERK_TEST_PLATFORM") or _offscreen()
os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"
# No test may reach the keyring or the profile of the person who runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
os.environ.pop("MASSWERK_PROFILE", None)

settings.register_profile("repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("wide", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("repeatable"), max_examples=15)
settings.load_profile(os.environ.get("MASSWERK_HYPOTHESIS", "repeatable"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing of the desk behind."""
    (Path(tempfile.gettempdir()) / f"masswerk-offscreen-{os.getpid()}.json").unlink(missing_ok=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the suite, the longest files come first: else the last one keeps all waiting."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: next((i for i, place in enumerate(LONGEST) if item.nodeid.startswith(place)), 99))


@pytest.fixture
def profile_dir(tmp_path: Path) -> Path:
    """An empty folder for one profile."""
    folder = tmp_path / "profile"
    folder.mkdir(mode=0o700)
    return folder
