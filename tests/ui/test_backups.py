"""Backups from the desktop: by themselves, by hand, and the notice after a rescue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.region import parse_municipalities
from app.models import backup
from app.models.opening import create_profile
from app.models.queries.rescued import rescued
from app.models.rescue import open_or_rescue
from app.resources import path
from app.services import measures
from app.services.safekeeping import Safekeeping
from app.services.workspace import Workspace
from app.ui import backup_thread
from app.ui.desktop import Desktop
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.notices import Banner
from app.ui.widgets.words import Label

KEY = bytes(range(32))
OWN = "05970004"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    made = Profile.at(tmp_path / "profil")
    store = create_profile(made, KEY, "Katrin Brandt", "Laptop Rathaus 2", OWN)
    measures.create(store, {"title": "Radstation", "lead_ags": OWN})
    store.close()
    return made


def opened(qtbot: QtBot, profile: Profile) -> Desktop:
    workspace = Workspace.of(open_or_rescue(profile, KEY))
    region = parse_municipalities(path("region", "municipalities.csv").read_text(encoding="utf-8"))
    desktop = Desktop(workspace, region, profile, lambda: None, Safekeeping(profile, workspace.store, KEY))
    qtbot.addWidget(desktop.window)
    desktop.start()
    qtbot.waitExposed(desktop.window)
    return desktop


_W = TypeVar("_W", bound=QWidget)


def part(inside: QWidget, kind: type[_W], name: str) -> _W:
    found = inside.findChild(kind, name)
    assert isinstance(found, kind)
    return found


@pytest.fixture
def desktop(qtbot: QtBot, profile: Profile) -> Iterator[Desktop]:
    made = opened(qtbot, profile)
    yield made
    made.close()
    assert made.backups is not None
    made.backups.keeping.store.close()


def test_the_first_backup_comes_by_itself(qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_thread, "FIRST_MS", 1)
    desktop = opened(qtbot, profile)
    qtbot.waitUntil(lambda: bool(backup.backups(profile)), timeout=10_000)
    desktop.close()
    assert desktop.backups is not None
    desktop.backups.keeping.store.close()


def test_a_press_makes_one_now_and_says_when(qtbot: QtBot, desktop: Desktop, profile: Profile) -> None:
    desktop.window.show_page("settings")
    assert desktop.backups is not None
    button = part(desktop.settings, Button, "settings_backup")
    with qtbot.waitSignal(desktop.backups.done, timeout=10_000):
        button.click()
    qtbot.waitUntil(button.isEnabled)
    assert len(backup.backups(profile)) == 1
    assert any("Heute" in label.text() for label in desktop.settings.findChildren(Label))


def test_after_a_rescue_the_window_says_so_until_somebody_has_read_it(qtbot: QtBot, profile: Profile) -> None:
    store = open_or_rescue(profile, KEY)
    Safekeeping(profile, store, KEY).back_up()
    store.close()
    profile.database.write_bytes(b"")
    desktop = opened(qtbot, profile)
    notice = part(desktop.window, Banner, "rescue_notice")
    assert notice.isVisible()
    assert "wiederhergestellt" in notice.accessibleName()
    assert any("Grundlage ist die Sicherung" in label.text() for label in notice.findChildren(Label))
    part(notice, IconButton, "rescue_notice_close").click()
    assert desktop.backups is not None
    told = rescued(Workspace.of(desktop.backups.keeping.store).reader)
    assert told is not None
    assert told.is_seen
    desktop.close()
    desktop.backups.keeping.store.close()
