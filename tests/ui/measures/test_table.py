"""The table: a page cache over SQL windows that tells no more than what changed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QListView, QMenu
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.queries.lists import MeasureFilter
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.measures.cells import COLUMNS, Cells, amount
from app.ui.measures.model import MeasureModel
from app.ui.measures.page import MeasuresPage
from app.ui.measures.places import Places
from app.ui.measures.table import layout
from app.ui.measures.views import Chip, Sorting
from app.ui.reading import Readings
from app.ui.widgets.cells import Cell
from app.ui.widgets.chips import FilterChip
from app.ui.widgets.glyphs import Glyph
from tests.ui.measures.acting import ARNSBERG, caught_up, make, titles
from tests.ui.measures.conftest import AGS

BY_TITLE: Sorting = (("title", False),)


@pytest.fixture
def model(qtbot: QtBot, workspace: Workspace, region: Region) -> MeasureModel:
    return MeasureModel(Readings(workspace.reader, "test"), Cells(Places(region)))


def cell(model: MeasureModel, row: int, column: str, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    keys = [c.key for c in COLUMNS]
    return model.index(row, keys.index(column)).data(role)


def test_the_model_keeps_its_word_while_rows_come_go_and_move(model: MeasureModel, store: Store) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made = [make(store, title) for title in ("Bürgerbus", "Ampelphasen", "Carsharing")]
    model.show_all(MeasureFilter(), BY_TITLE)
    model.show_window(0, 2)
    measures.edit(store, made[0], {"title": "Zebrastreifen"})
    model.refresh([made[0]])
    model.requery()
    assert [model.id_at(row) for row in range(3)] == [made[1], made[2], made[0]]
    make(store, "Bahnhof")
    measures.delete(store, made[1])
    model.requery()
    assert [cell(model, row, "title") for row in range(3)] == ["Bahnhof", "Carsharing", "Zebrastreifen"]
    assert tester.model() is model


def test_a_change_is_told_for_its_row_alone(qtbot: QtBot, model: MeasureModel, store: Store) -> None:
    made = [make(store, f"Maßnahme {n:02}") for n in range(30)]
    model.show_all(MeasureFilter(), BY_TITLE)
    model.show_window(0, 29)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    measures.edit(store, made[7], {"status": "paused"})
    model.refresh([made[7]])
    assert told == [(7, 7)]
    assert cell(model, 7, "status") == "Pausiert"


def test_rows_out_of_sight_come_when_they_are_asked_for(qtbot: QtBot, model: MeasureModel, store: Store) -> None:
    for n in range(300):
        make(store, f"Maßnahme {n:03}")
    model.show_all(MeasureFilter(), BY_TITLE)
    assert cell(model, 250, "title") is None, "data() does not ask the database"
    with qtbot.waitSignal(model.dataChanged):
        pass
    assert cell(model, 250, "title") == "Maßnahme 250"


def test_a_selection_stays_on_its_records_when_rows_move(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    first, second = make(store, "Anruflinie"), make(store, "Bürgerbus")
    caught_up(qtbot, page)
    page.table.show_record(second)
    measures.edit(store, second, {"title": "Aalweg"})
    caught_up(qtbot, page)
    assert page.table.selected_ids() == [second]
    assert page.table.current_row() == 0
    assert page.model.row_of(first) == 1


def test_cells_say_the_short_word_and_keep_the_long_one(model: MeasureModel, store: Store) -> None:
    make(
        store, "Lernort", participating_ags=[ARNSBERG, "05966024"], status="in_operation",
        fields_of_action=["education_culture_tourism"], traffic_light="yellow",
        start="2024-Q3", end="2026~3", total_cost_cents=34_000_000,
    )  # fmt: skip
    model.show_all(MeasureFilter(), BY_TITLE)
    model.show_window(0, 0)
    assert cell(model, 0, "lead") == "Bad Berleburg +2"
    assert cell(model, 0, "lead", Cell.FULL) == "Bad Berleburg, Arnsberg, Olpe"
    assert cell(model, 0, "field") == "Bildung & Kultur"
    assert cell(model, 0, "field", Cell.FULL) == "Bildung, Kultur & Tourismus"
    assert cell(model, 0, "status", Cell.GLYPH) == Glyph.RING_FULL
    assert (cell(model, 0, "light"), cell(model, 0, "light", Cell.GLYPH)) == (
        "Abweichung",
        Glyph.LIGHT_WARNING,
    )
    assert cell(model, 0, "period") == "Q3/2024 – Ende 2026"
    assert cell(model, 0, "cost") == "340.000 €"
    assert cell(model, 0, "changed", Cell.PENDING) == "Noch nicht übertragen"


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (None, "–"),
        (0, "0 €"),
        (34_000_051, "340.001 €"),
        (123_456_789, "1,23 Mio €"),
        (10**12, "10000,00 Mio €"),
    ],
)
def test_an_amount_is_short_and_never_cut(cents: int | None, words: str) -> None:
    assert amount(cents) == words


def test_nothing_known_is_a_dash_and_running_is_said(model: MeasureModel, store: Store) -> None:
    make(store, "A")
    make(store, "B", start="2021", status="in_progress")
    make(store, "C", end="2026")
    make(store, "D", start="2026-H2", end="2027-H1")
    model.show_all(MeasureFilter(), BY_TITLE)
    model.show_window(0, 3)
    told = [cell(model, row, "period") for row in range(4)]
    assert told == ["–", "2021 – laufend", "bis 2026", "2. Hj. 2026 – 1. Hj. 2027"]
    assert cell(model, 3, "period", Cell.FULL) == "von 2. Halbjahr 2026 bis 1. Halbjahr 2027"
    assert cell(model, 0, "cost", Cell.MUTED)
    assert cell(model, 0, "light", Cell.MUTED)


@pytest.mark.parametrize("size", [100, 150, 200])
@pytest.mark.parametrize("room", [460, 640, 800, 933, 994, 1340, 1800])
def test_columns_fill_the_room_or_are_scrolled_beside_the_title(look: theme.Theme, size: int, room: int) -> None:
    look.choose("light", size)
    widths = layout(room)
    assert list(widths) == list(range(len(COLUMNS))), "none is hidden"
    assert all(widths[i] >= theme.px(COLUMNS[i].least) for i in widths if i)
    if sum(theme.px(column.least) for column in COLUMNS) <= room:
        assert sum(widths.values()) == room
    else:
        assert sum(widths.values()) > room - theme.px(92)
        assert theme.px(120) <= widths[0] <= max(theme.px(120), room * 0.45)


def test_a_width_one_gave_a_column_stays_and_others_take_what_is_left(look: theme.Theme) -> None:
    look.choose("light", 100)
    widths = layout(1340, {0: 300, 3: 260})
    assert (widths[0], widths[3]) == (300, 260)
    assert sum(widths.values()) == 1340
    assert layout(500, {0: 480})[0] == 225, "beside the title one still sees what is scrolled"


def test_the_columns_of_the_usual_desk_are_all_there_beside_the_form(look: theme.Theme) -> None:
    assert sum(layout(994).values()) == 994


# Views, filters, order -----------------------------------------------------------------------


def test_quick_views_count_and_show_what_they_say(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    make(store, "Eigene")
    make(store, "Beteiligt", lead_ags=ARNSBERG, participating_ags=[AGS])
    make(store, "Fremd", lead_ags="05962044")
    gone = make(store, "Weg")
    measures.delete(store, gone)
    caught_up(qtbot, page)
    told = {page.tabs.tabData(i): page.tabs._counts[page.tabs.tabData(i)][0] for i in range(page.tabs.count())}
    assert told == {"all": 3, "mine": 2, "consortium": 2, "stale": 0, "gone": 1}
    page.tabs.choose("mine")
    assert titles(page) == ["Beteiligt", "Eigene"]
    page.tabs.choose("gone")
    assert titles(page) == ["Weg"]


def test_chips_combine_and_go_again(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    make(store, "A", status="paused", traffic_light="red", fields_of_action=["energy"])
    make(store, "B", status="paused", traffic_light="green", fields_of_action=["energy"])
    make(store, "C", status="idea", traffic_light="red", fields_of_action=["mobility"])
    caught_up(qtbot, page)
    page.filters.set_chip(Chip("status", frozenset({"paused"})))
    assert titles(page) == ["A", "B"]
    page.filters.set_chip(Chip("light", frozenset({"red"})))
    assert titles(page) == ["A"]
    page.filters.set_chip(Chip("status", frozenset()))
    assert titles(page) == ["A", "C"]
    page.filters.set_chip(Chip("field", frozenset({"energy", "mobility"})))
    page.filters.set_chip(Chip("ags", frozenset({ARNSBERG})))
    assert titles(page) == []
    assert page.stage.currentWidget() is page.stage.empty
    page.filters.clear()
    assert titles(page) == ["A", "B", "C"]


def test_the_words_of_the_top_bar_filter_here_too(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    make(store, "Straßenbeleuchtung")
    make(store, "Bürgerbus", description="Fährt über die Möhnestraße")
    make(store, "Repaircafé")
    caught_up(qtbot, page)
    page.search("strasse")
    assert titles(page) == ["Bürgerbus", "Straßenbeleuchtung"]
    page.search("")
    assert page.model.rowCount() == 3


def test_headers_sort_and_with_shift_more_than_one(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    make(store, "A", status="paused", total_cost_cents=100)
    make(store, "B", status="idea", total_cost_cents=100)
    make(store, "C", status="idea", total_cost_cents=900)
    caught_up(qtbot, page)
    keys = [c.key for c in COLUMNS]
    page._on_sort(keys.index("status"), False)
    assert titles(page) == ["B", "C", "A"]
    page._on_sort(keys.index("cost"), True)
    assert titles(page) == ["C", "B", "A"]
    assert page.model.headerData(keys.index("cost"), Qt.Orientation.Horizontal) == "Kosten ↓²"
    page._on_sort(keys.index("title"), False)
    page._on_sort(keys.index("title"), False)
    assert titles(page) == ["C", "B", "A"]
    assert page.filters.sort.text() == "Titel ↓"


def test_the_menu_sorts_by_more_than_one_column_without_a_mouse(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    make(store, "A", status="paused", total_cost_cents=100)
    make(store, "B", status="idea", total_cost_cents=100)
    make(store, "C", status="idea", total_cost_cents=900)
    caught_up(qtbot, page)

    def choose(menu: QMenu, words: str) -> None:
        next(action for action in menu.actions() if action.text() == words).trigger()

    choose(page.filters.sort_menu(), "Status")
    second = page.filters.sort_menu().findChild(QMenu)
    assert second is not None
    assert "Status" not in [action.text() for action in second.actions()]
    choose(second, "Kosten")
    assert titles(page) == ["C", "B", "A"]
    assert page.filters.sort.accessibleName() == "Sortiert nach Status aufsteigend, Kosten absteigend"
    again = page.filters.sort_menu()
    menus = [again, *again.findChildren(QMenu)]
    ticked = [action.text() for menu in menus for action in menu.actions() if action.isChecked()]
    assert ticked == ["Status ↑", "Kosten ↓"]


def test_the_list_of_a_chip_leads_back_to_the_filters_when_its_last_tick_took_the_chip_away(
    page: MeasuresPage, qtbot: QtBot, store: Store
) -> None:
    make(store, "A", status="idea")
    caught_up(qtbot, page)
    page.filters.set_chip(Chip("light", frozenset({"red"})))
    chip = page.filters.findChild(FilterChip, "filter_light")
    assert chip is not None
    chip.click()
    entries = page.window().findChild(QListView, "filter_light_list_entries")
    assert entries is not None
    row = next(
        n for n in range(entries.model().rowCount()) if entries.model().index(n, 0).data().startswith("Kritisch")
    )
    entries.setCurrentIndex(entries.model().index(row, 0))
    entries.setFocus()
    QTest.keyClick(entries, Qt.Key.Key_Space)
    assert page.filters.chips() == ()
    QTest.keyClick(entries, Qt.Key.Key_Escape)
    assert page.filters.add.hasFocus()


def test_the_measure_in_the_form_stays_in_the_table_though_the_filter_lost_it(
    page: MeasuresPage, qtbot: QtBot, store: Store
) -> None:
    made = make(store, "Bürgerbus", status="idea")
    caught_up(qtbot, page)
    page.filters.set_chip(Chip("status", frozenset({"idea"})))
    page.show_record(made)
    measures.edit(store, made, {"status": "paused"})
    caught_up(qtbot, page)
    assert titles(page) == ["Bürgerbus"]


def test_a_hundred_thousand_rows_are_paged(qtbot: QtBot, model: MeasureModel, store: Store) -> None:
    ids = [f"{n:036}" for n in range(100_000)]
    model.beginResetModel()
    model._ids, model._rows = ids, None
    model.endResetModel()
    assert model.row_of(ids[77_777]) == 77_777
    model.show_window(50_000, 50_040)
    assert len(model._lines) == 0, "only what is on this device is kept"
