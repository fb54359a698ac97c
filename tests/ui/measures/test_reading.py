"""Questions to the database beside the window: the newest counts, what is outdated is broken off, nothing freezes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.errors import StoreError
from app.models.queries import lists
from app.models.queries.reader import Reader
from app.models.store import Store
from app.services.workspace import Workspace
from app.ui import reading
from app.ui.measures.page import MeasuresPage
from app.ui.measures.views import Chip
from app.ui.reading import Readings
from app.ui.widgets.words import ElidedLabel
from tests.ui.measures.acting import caught_up, make, titles
from tests.ui.typing import press

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def readings(qtbot: QtBot, workspace: Workspace) -> Iterator[Readings]:
    made = Readings(workspace.reader, "test")
    yield made
    made.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE_S", 0.0)


class Endless:
    """A question without an end; `began` is set once it is being answered."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.times = 0

    def __call__(self, reader: Reader) -> int:
        with reader.snapshot() as connection:
            self.times += 1
            self.began.set()
            return int(connection.exec_driver_sql(ENDLESS).scalar_one())


def test_a_mistake_of_ours_in_a_question_is_raised_here_and_the_next_one_is_answered(readings: Readings) -> None:
    told: list[int] = []
    with pytest.raises(ZeroDivisionError):
        readings.ask("list", lambda _: 1 // 0, told.append, patience_s=10)
    readings.ask("list", lists.count_measures, told.append, patience_s=10)
    assert told == [0]


def test_a_newer_question_breaks_off_the_older_one_of_its_topic(qtbot: QtBot, readings: Readings) -> None:
    told: list[int] = []
    endless = Endless()
    readings.ask("list", endless, told.append, patience_s=0)
    assert endless.began.wait(10)
    readings.ask("list", lists.count_measures, told.append, patience_s=0)
    qtbot.waitUntil(lambda: told == [0])
    assert not readings.is_asking("list")
    assert endless.times == 1


def test_a_question_that_is_no_longer_wanted_is_broken_off(qtbot: QtBot, readings: Readings) -> None:
    told: list[int] = []
    endless = Endless()
    readings.ask("tallies", endless, told.append, patience_s=0)
    assert endless.began.wait(10)
    readings.drop("tallies")
    assert not readings.is_asking("tallies")
    readings.ask("list", lists.count_measures, told.append, patience_s=10)
    assert told == [0]
    assert endless.times == 1


def test_closing_ends_a_question_without_an_end(qtbot: QtBot, workspace: Workspace) -> None:
    readings, endless = Readings(workspace.reader, "test"), Endless()
    readings.ask("list", endless, lambda _: pytest.fail("told after the end"), patience_s=0)
    assert endless.began.wait(10)
    readings.close()
    readings.ask("list", lists.count_measures, lambda _: pytest.fail("asked after the end"))


def test_what_cannot_be_read_is_raised_where_the_answer_would_have_been_told(readings: Readings) -> None:
    def damaged(reader: Reader) -> int:
        raise StoreError("damaged_file")

    with pytest.raises(StoreError):
        readings.ask("list", damaged, lambda _: None)


def test_the_old_rows_stay_until_the_new_ones_are_known(
    page: MeasuresPage, qtbot: QtBot, store: Store, impatient: None
) -> None:
    make(store, "Bürgerbus", status="idea")
    make(store, "Carsharing", status="planned")
    caught_up(qtbot, page)
    qtbot.waitUntil(lambda: not page.is_asking)
    assert titles(page) == ["Bürgerbus", "Carsharing"]
    page.filters.set_chip(Chip("status", frozenset({"idea"})))
    page.filters.set_chip(Chip("status", frozenset({"planned"})))
    assert page.is_asking
    assert titles(page) == ["Bürgerbus", "Carsharing"], "nothing was waited for"
    qtbot.waitUntil(lambda: not page.is_asking)
    assert titles(page) == ["Carsharing"]
    assert "1 von 2" in [label.text() for label in page.head.findChildren(ElidedLabel)]


def test_a_new_measure_is_found_in_the_list_when_it_gets_there(
    page: MeasuresPage, qtbot: QtBot, store: Store, impatient: None
) -> None:
    make(store, "Bürgerbus")
    caught_up(qtbot, page)
    page.table.setFocus()
    press(page.table, Qt.Key.Key_N, "n")
    assert page.pane.form.title.area.hasFocus(), "the title can be written at once"
    qtbot.waitUntil(lambda: page.table.selected_ids() == [page.pane.measure])
