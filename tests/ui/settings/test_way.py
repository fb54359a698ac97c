"""The proxy as a person sets it: three choices, an address that is checked where it stands, and the other devices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.region import Region
from app.models.authors import learn_authors
from app.models.outbox import standing
from app.services.connection import Exit, Way, choose_way
from app.ui.desktop import Desktop
from app.ui.settings.way_edit import WayEdit, proxy_address_of
from app.ui.widgets.segments import SegmentedControl
from tests.ui.sync.conftest import BERLEBURG, Desk, Town
from tests.ui.sync.conftest import region as region
from tests.ui.sync.conftest import town as town
from tests.ui.typing import type_text


@pytest.fixture
def desk(town: Town) -> Desk:
    return town.desk("Katrin Brandt", "Laptop Rathaus 2", joined=False)


@pytest.fixture
def desktop(qtbot: QtBot, desk: Desk, region: Region, tmp_path: Path) -> Iterator[Desktop]:
    made = Desktop(desk.workspace, region, Profile.at(tmp_path / "desk0"), lambda: None)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    made.window.show_page("settings")
    yield made
    made.close()


def pick(edit: WayEdit, exit_: Exit) -> None:
    assert isinstance(edit.exits, SegmentedControl)
    edit.exits.set_value(exit_.value)
    edit.exits.chosen.emit(exit_.value)


def test_an_own_proxy_is_kept_once_its_address_can_be_meant(desktop: Desktop, desk: Desk) -> None:
    edit = desktop.settings.way
    assert edit.address.isHidden() or not edit.address.isVisible()
    pick(edit, Exit.OWN)
    assert edit.address.hasFocus()
    type_text(edit.address, "proxy.rathaus.de\n")
    assert standing(desk.workspace.store).way == Way()
    assert edit.address.hasFocus()
    type_text(edit.address, ":8080")
    type_text(edit.user, "k.brandt")
    type_text(edit.secret, "geheim ß\n")
    kept = standing(desk.workspace.store).way
    assert kept == Way(Exit.OWN, "http://proxy.rathaus.de:8080", "k.brandt", "geheim ß")
    pick(edit, Exit.NONE)
    assert standing(desk.workspace.store).way == Way(Exit.NONE)


def test_what_is_kept_is_shown_at_the_next_start_with_dots_for_the_secret(qtbot: QtBot, desk: Desk) -> None:
    choose_way(desk.workspace.store, Way(Exit.OWN, "http://proxy:3128", "k", "geheim"))
    edit = WayEdit()
    qtbot.addWidget(edit)
    edit.show_way(standing(desk.workspace.store).way)
    assert (edit.exits.value(), edit.address.text(), edit.user.text()) == ("own", "http://proxy:3128", "k")
    assert edit.secret.displayText() == "●" * 6


@pytest.mark.parametrize(
    "typed", ["", "proxy", "proxy:", "http://", "ftp://proxy:21", "http://k:geheim@proxy:8080", "pro xy:80"]
)
def test_what_is_no_proxy_is_not_taken(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        proxy_address_of(typed)


def test_the_other_devices_under_ones_name_are_named(desktop: Desktop, desk: Desk) -> None:
    learn_authors(
        desk.workspace.store,
        [(7, "Katrin Brandt", "Heim-PC", BERLEBURG), (8, "Jana Vogt", "PC 3", BERLEBURG)],
    )
    desktop.settings.refresh()
    told = desktop.settings._devices.text()
    assert told.splitlines() == ["Laptop Rathaus 2 (dieses Gerät)", "Heim-PC"]
