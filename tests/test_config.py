"""Where a profile lies on each operating system, and which paths it has."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.config import PROFILE_VARIABLE, Profile, default_profile_dir

HOME = Path("~").expanduser()


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, HOME / ".local/share/masswerk/profile"),
        ("linux", {"XDG_DATA_HOME": "/srv/daten"}, Path("/srv/daten/masswerk/profile")),
        ("linux", {"XDG_DATA_HOME": "daten"}, HOME / ".local/share/masswerk/profile"),
        ("darwin", {}, HOME / "Library/Application Support/masswerk/profile"),
        ("win32", {"LOCALAPPDATA": "/lokal", "APPDATA": "/roaming"}, Path("/lokal/masswerk/profile")),
        ("win32", {}, HOME / "AppData/Local/masswerk/profile"),
        ("linux", {PROFILE_VARIABLE: "/mnt/stick"}, Path("/mnt/stick")),
    ],
)
def test_the_default_profile_is_where_the_system_wants_it(
    platform: str, environ: dict[str, str], expected: Path
) -> None:
    assert default_profile_dir(platform, environ) == expected


def test_a_profile_is_made_for_one_account_alone(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "neu" / "profil").ensure()
    assert profile.backups.is_dir()
    assert profile.logs.is_dir()
    assert not profile.database.exists()
    if os.name == "posix":
        assert stat.S_IMODE(profile.folder.stat().st_mode) == 0o700


def test_naming_a_profile_makes_nothing(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "neu")
    assert not (tmp_path / "neu").exists()
    assert profile.database.parent == tmp_path / "neu"


def test_a_relative_profile_stays_where_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    profile = Profile.at("hier")
    monkeypatch.chdir("/")
    assert profile.folder == tmp_path / "hier"
