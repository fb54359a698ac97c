"""Geräte in the Abgleich: one's own are listed, another one is signed off after a question that tells the truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.errors import TokenRevoked
from app.server.config import ServeSettings
from app.server.serving import serving
from app.services import measures
from app.sync.own_devices_wire import OwnDevice
from app.ui.bus import Bus
from app.ui.sync.devices_tab import unsent_words
from app.ui.sync.page import SyncPage
from app.ui.sync_worker import SyncThread
from app.ui.widgets.buttons import Button
from app.ui.widgets.words import Label
from tests.ui.sync.conftest import BERLEBURG, Desk, Town
from tests.ui.typing import shown


@pytest.fixture
def desks(town: Town) -> Iterator[tuple[Desk, Desk]]:
    with serving(town.service, ServeSettings(port=0)) as address:
        yield town.desk("Katrin Brandt", "Laptop", url=address), town.desk("Katrin Brandt", "Tablet", url=address)


def test_another_device_is_signed_off_after_a_question_that_says_what_becomes_of_its_work(
    qtbot: QtBot, desks: tuple[Desk, Desk], region: Region
) -> None:
    laptop, tablet = desks
    measures.create(tablet.workspace.store, {"title": "Bürgerbus", "lead_ags": BERLEBURG})
    tablet.sync()
    page = SyncPage(laptop.workspace, Bus(), SyncThread(lambda: None), region)
    shown(qtbot, page)
    page.show_devices()
    tab = page.devices
    qtbot.waitUntil(lambda: len(tab._model.rows) == 2)
    names = [tab._model.index(row, 0).data() for row in range(2)]
    assert names == ["Laptop", "Tablet"], "this one stands first"
    tab.table.select_row(0)
    assert not tab.off.isEnabled(), "the one at work cannot sign itself off"
    tab.table.select_row(1)
    assert tab.off.isEnabled()
    tab.off.click()
    yes = page.window().findChild(Button, "own_device_sign_off_yes")
    assert isinstance(yes, Button)
    card = yes.parentWidget()
    assert card is not None
    said = " ".join(label.text() for label in card.findChildren(Label))
    assert "kommt ab seiner nächsten Anfrage nicht mehr herein" in said
    assert "war dort alles übertragen" in said
    with qtbot.waitSignal(tab.asking.signed_off):
        yes.click()
    qtbot.waitUntil(lambda: str(tab._model.index(1, 1).data()).startswith("abgemeldet"))
    with pytest.raises(TokenRevoked):
        tablet.sync()
    assert tab._model.index(1, 1).data(Qt.ItemDataRole.DisplayRole)
    page.finish()


def test_work_that_had_not_arrived_is_counted_in_the_question() -> None:
    one = OwnDevice(id=2, name="Tablet", created_at="", last_seen="2024-05-04T10:00:00+00:00", waiting=3)
    assert unsent_words(one).startswith("3 Änderungen waren dort nach dem letzten Abgleich")
    assert "Nichts davon geht verloren" in unsent_words(one)
