"""Doppel as the agency meets them: why two may be one, that they are two, and that they are one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.queries import records
from app.models.queries.merged import merged_into
from app.services import history, measures, merging
from app.ui.agency.twins_tab import Shown, TwinsTab
from app.ui.measures.places import Places
from app.ui.widgets.cells import Cell
from tests.ui.agency.conftest import ARNSBERG, OLPE, Land

Open = Callable[[Land], TwinsTab]


@pytest.fixture
def open_tab(region: Region, qtbot: QtBot) -> Iterator[Open]:
    tabs: list[TwinsTab] = []

    def begin(land: Land) -> TwinsTab:
        tab = TwinsTab(land.kim.workspace, Places(region))
        tabs.append(tab)
        qtbot.addWidget(tab)
        tab.resize(1200, 700)
        tab.show()
        with qtbot.waitSignal(tab.counted):
            tab.ask()
        return tab

    yield begin
    for tab in tabs:
        tab.finish()


def press(tab: TwinsTab, name: str) -> None:
    found = tab.window().findChild(QAbstractButton, name)
    assert found is not None, name
    found.click()


def words(tab: TwinsTab) -> str:
    return " ".join(label.text() for label in tab.card.findChildren(QLabel))


def three(land: Land) -> tuple[str, str, str]:
    store = land.kim.workspace.store
    told = (("Mitfahrbänke", OLPE), ("Mitfahrbänke am Markt", OLPE), ("Mitfahrbank", ARNSBERG))
    one, other, far = (measures.create(store, {"title": title, "lead_ags": ags}) for title, ags in told)
    return one, other, far


def test_pairs_are_shown_with_the_words_that_say_so_and_by_where_they_are(land: Land, open_tab: Open) -> None:
    three(land)
    tab = open_tab(land)
    assert tab.model.rowCount() == 3
    tab.choose(Shown.WITHIN)
    index = tab.model.index(0, 0)
    assert (index.data(), index.data(Cell.DETAIL)) == ("Mitfahrbänke", "und Mitfahrbänke am Markt")
    assert index.data(Cell.OVERLINE) == "Olpe"
    assert "im Titel: „Mitfahrbänke“" in words(tab)
    tab.choose(Shown.ACROSS)
    assert tab.model.rowCount() == 2
    assert tab.model.index(0, 0).data(Cell.OVERLINE) == "Olpe · Arnsberg"


def test_what_is_two_leaves_the_list_and_the_next_pair_is_shown(land: Land, open_tab: Open, qtbot: QtBot) -> None:
    three(land)
    tab = open_tab(land)
    first = tab.card.pair
    with qtbot.waitSignal(tab.told):
        press(tab, "twins_apart")
    assert tab.model.rowCount() == 2
    assert tab.card.pair is not None
    assert tab.card.pair != first
    with qtbot.waitSignal(tab.counted):
        tab.ask()
    assert tab.model.rowCount() == 2, "nobody is asked again"


def test_two_of_one_town_become_one_and_two_towns_are_asked(land: Land, open_tab: Open, qtbot: QtBot) -> None:
    one, other, far = three(land)
    for measure in (one, other, far):
        measures.edit(land.kim.workspace.store, measure, {"visibility": "school"})
    tab = open_tab(land)
    tab.choose(Shown.WITHIN)
    tab.card.stays.set_value(other)
    with qtbot.waitSignal(tab.told) as said:
        press(tab, "twins_merge")
    assert said.args == ["„Mitfahrbänke“ ist in „Mitfahrbänke am Markt“ aufgegangen."]
    assert merged_into(land.kim.workspace.reader, one) == other
    with qtbot.waitSignal(tab.counted):
        tab.ask()
    tab.choose(Shown.ACROSS)
    (pair,) = tab.model.rows
    assert {pair.first.id, pair.second.id} == {other, far}
    with qtbot.waitSignal(tab.told):
        press(tab, "twins_merge")
    assert merged_into(land.kim.workspace.reader, far) == far, "not before both have agreed"
    asked = records.get_record(land.kim.workspace.reader, "measure", far)
    assert asked is not None
    assert asked.text("merge_with") == other
    with qtbot.waitSignal(tab.counted):
        tab.ask()
    assert tab.model.rowCount() == 0, "what is proposed is not asked again"


def test_a_proposal_stands_with_its_answers_and_can_be_taken_back(land: Land, open_tab: Open, qtbot: QtBot) -> None:
    _, other, far = three(land)
    store = land.kim.workspace.store
    for measure in (other, far):
        measures.edit(store, measure, {"visibility": "school"})
    merging.propose(store, other, far)
    tab = open_tab(land)
    assert tab.chip_row.chips[Shown.PROPOSED].accessibleName()
    tab.choose(Shown.PROPOSED)
    assert tab.model.index(0, 0).data(Cell.META) == "wartet auf beide"
    assert "Zuerst stimmt Olpe zu" in words(tab)
    merging.accept(store, other)
    with qtbot.waitSignal(tab.counted):
        tab.ask()
    assert tab.model.index(0, 0).data(Cell.META) == "eine hat zugestimmt"
    assert "jetzt ist Arnsberg an der Reihe" in words(tab)
    with qtbot.waitSignal(tab.told) as said, qtbot.waitSignal(tab.counted):
        press(tab, "twins_withdraw")
    assert said.args == ["Vorschlag zurückgenommen; beide bleiben, wie sie sind."]
    for measure in (other, far):
        asked = records.get_record(land.kim.workspace.reader, "measure", measure)
        assert asked is not None
        assert not asked.text("merge_with")
    history.undo(store)
    with qtbot.waitSignal(tab.counted):
        tab.ask()
    assert [pair.proposal is not None for pair in tab.model.rows] == [True]


def test_a_proposal_that_one_town_has_declined_says_so(land: Land, open_tab: Open, qtbot: QtBot) -> None:
    _, other, far = three(land)
    store = land.kim.workspace.store
    for measure in (other, far):
        measures.edit(store, measure, {"visibility": "school"})
    merging.propose(store, other, far)
    merging.decline(store, other)
    tab = open_tab(land)
    tab.choose(Shown.PROPOSED)
    assert tab.model.index(0, 0).data(Cell.META) == "abgelehnt"
    with qtbot.waitSignal(tab.counted):
        press(tab, "twins_withdraw")
    tab.choose(Shown.ALL)
    pairs = {frozenset((pair.first.id, pair.second.id)) for pair in tab.model.rows}
    assert frozenset((other, far)) not in pairs, "they are two"
