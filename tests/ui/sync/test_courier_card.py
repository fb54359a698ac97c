"""The Kurierdatei as a person meets it: writing, reading, dropping, and what the kept list says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.engine import writing
from app.models.settings import put
from app.server.courier import answer_file
from app.services import measures
from app.sync.courier.write import write_file
from app.ui.bus import Bus
from app.ui.sync.page import SyncPage
from app.ui.sync_worker import SyncThread
from tests.ui.sync.conftest import BERLEBURG, Desk, Town

Open = Callable[[Desk], SyncPage]


@pytest.fixture
def open_page(region: Region, qtbot: QtBot) -> Iterator[Open]:
    threads: list[SyncThread] = []

    def begin(desk: Desk) -> SyncPage:
        bus = Bus()
        desk.workspace.store.listen(bus.tell_applied)
        threads.append(SyncThread(desk.http_engine))
        page = SyncPage(desk.workspace, bus, threads[-1], region)
        qtbot.addWidget(page)
        page.resize(1278, 900)
        page.show()
        return page

    yield begin
    for thread in threads:
        thread.close()


@pytest.fixture
def desk(town: Town) -> Desk:
    made = town.desk("Katrin Brandt", "Laptop")
    measures.create(made.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    return made


def said(page: SyncPage) -> str:
    banner = page.overview.courier.banner
    return "" if banner is None else banner.accessibleName()


def test_a_file_is_written_into_the_chosen_folder_and_stays_in_the_list(
    desk: Desk, open_page: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page = open_page(desk)
    card = page.overview.courier
    with qtbot.waitSignal(page._carrying.written):
        QTest.keyClick(card.write, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said(page).startswith("Geschrieben, noch nicht übertragen"))
    (file,) = tmp_path.glob("*.mwkurier")
    assert file.name in said(page)
    assert [row.file.name for row in card.rows] == [file.name]
    assert card.rows[0].told.endswith("1 Änderung · Antwort steht aus")
    assert page.overview.waiting.table.model().rowCount() == 1, "written is not transferred"


def test_an_answer_dropped_on_the_page_is_read(desk: Desk, open_page: Open, qtbot: QtBot, tmp_path: Path) -> None:
    page = open_page(desk)
    page.show_log()
    letter = write_file(desk.workspace.store, tmp_path).path
    answer = tmp_path / "answer.mwkurier"
    answer_file(desk.service, letter, answer)
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(answer))])
    kind = (Qt.DropAction.CopyAction, held, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(20, 20), *kind)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(page._carrying.read):
        page.dropEvent(QDropEvent(QPoint(20, 20).toPointF(), *kind))
    qtbot.waitUntil(lambda: said(page) == "1 Änderung quittiert, keine Einträge geholt.")
    qtbot.waitUntil(lambda: "Antwort eingelesen heute" in page.overview.courier.rows[0].told)
    assert page.overview.waiting.empty.isVisibleTo(page.overview)
    assert page.tabs.key() == "overview"


@pytest.mark.parametrize("name", ["Haushalt.ods", "zwei.mwkurier"])
def test_anything_else_is_not_taken(desk: Desk, open_page: Open, qtbot: QtBot, tmp_path: Path, name: str) -> None:
    page = open_page(desk)
    held = QMimeData()
    urls = [QUrl.fromLocalFile(str(tmp_path / name))]
    held.setUrls(urls * (2 if name.startswith("zwei") else 1))
    enter = QDragEnterEvent(
        QPoint(20, 20), Qt.DropAction.CopyAction, held, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    enter.setAccepted(False)
    page.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_a_damaged_file_is_told_with_its_remedy(
    desk: Desk, open_page: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(desk)
    letter = write_file(desk.workspace.store, tmp_path).path
    answer = tmp_path / "answer.mwkurier"
    answer_file(desk.service, letter, answer)
    answer.write_bytes(answer.read_bytes()[:-1])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(answer), ""))
    with qtbot.waitSignal(page._carrying.failed):
        QTest.mouseClick(page.overview.courier.read, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "ist beschädigt oder unvollständig; nichts davon wurde übernommen" in said(page))
    assert page.overview.courier.read.isEnabled()


def test_an_older_file_is_settled_by_the_answer_to_a_later_one(desk: Desk, open_page: Open, tmp_path: Path) -> None:
    store = desk.workspace.store
    store.clock = iter(range(1_800_000_000_000, 1_900_000_000_000, 1000)).__next__  # not both in one millisecond
    write_file(store, tmp_path)
    page = open_page(desk)
    later = write_file(store, tmp_path).path
    answer = tmp_path / "answer.mwkurier"
    answer_file(desk.service, later, answer)
    page.read_courier(answer)
    page._carrying.wait()
    page.refresh()
    told = [row.told.rpartition(" · ")[2] for row in page.overview.courier.rows]
    assert told[0].startswith("Antwort eingelesen ")
    assert told[1] == "durch eine spätere erledigt"


def test_without_keys_the_card_says_what_is_needed(desk: Desk, open_page: Open) -> None:
    with writing(desk.workspace.store.engine) as connection:
        put(connection, courier_agency="")
    page = open_page(desk)
    card = page.overview.courier
    assert not card.write.isEnabled()
    assert not card.read.isEnabled()


def test_who_works_alone_sees_no_such_card(town: Town, open_page: Open) -> None:
    alone = town.desk("Allein", "Laptop", joined=False)
    page = open_page(alone)
    assert not page.overview.courier.isVisible()
