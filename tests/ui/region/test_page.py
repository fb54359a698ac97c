"""Region: the map by keyboard, the same facts as a table, places side by side, and taking an idea over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.queries import followed, records
from app.models.queries.region import PlaceFacts
from app.models.settings import encode_grant
from app.services import adoptions, history, measures
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.region.page import RegionPage
from app.ui.region.short_names import shortened, told_apart
from app.ui.region.tile_map import LARGEST, SMALLEST, TILE
from app.ui.region.values import VALUES, Scale
from app.ui.widgets.buttons import Button
from app.ui.widgets.notices import Toast
from app.ui.widgets.popover import SHADOW
from tests.ui.region.conftest import AGS, OLPE, SOEST
from tests.ui.typing import press


def titles(page: RegionPage) -> list[str]:
    return [line.title for line in page.shared.lines]


def listed(qtbot: QtBot, page: RegionPage, *wanted: str) -> None:
    qtbot.waitUntil(lambda: titles(page) == list(wanted))


def test_every_tile_says_its_number_and_the_table_says_the_same(page: RegionPage) -> None:
    said = page.map.tiles[SOEST].accessibleName()
    assert said == "Soest, Kreis Soest: 2 veröffentlichte Maßnahmen"
    row = page.places.row_of(SOEST)
    told = [page.places.index(row, column).data() for column in range(5)]
    assert told == ["Soest", "Soest", "2", "2", "2"]
    assert page.places.rowCount() == 59
    assert page.places.ags_at(0) == SOEST, "the largest number comes first"
    page.places.sort(0, Qt.SortOrder.AscendingOrder)
    assert page.places.index(0, 0).data() == "Altena"
    page.filters.value.set_value("running")
    page.filters.value_chosen.emit("running")
    assert page.map.tiles[OLPE].accessibleName() == "Olpe, Kreis Olpe: 0 Maßnahmen in Umsetzung oder Betrieb"


def test_the_head_says_whose_view_this_is(page: RegionPage) -> None:
    from app.ui.widgets.words import ElidedLabel

    notes = [label.text() for label in page.head.findChildren(ElidedLabel)]
    assert any("4 veröffentlichte Maßnahmen in 59 Städten und Gemeinden" in note for note in notes)
    assert any("Nur was auf diesem Gerät liegt" in note for note in notes)


def test_arrow_keys_walk_from_tile_to_tile_and_the_list_follows(qtbot: QtBot, page: RegionPage) -> None:
    page.map.setFocus(Qt.FocusReason.TabFocusReason)
    page.choose(SOEST)
    listed(qtbot, page, "BürgerWOLKE", "Mobility Twin")
    press(page.map, Qt.Key.Key_Left)
    assert page.map.tiles["05974052"].isChecked(), "left of Soest is Werl"
    assert page.map.tiles["05974052"].hasFocus()
    listed(qtbot, page)
    press(page.map, Qt.Key.Key_Right)
    press(page.map, Qt.Key.Key_Return)
    listed(qtbot, page, "BürgerWOLKE", "Mobility Twin")
    assert page.list.hasFocus()
    press(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(titles(page)) == 4)


def test_every_tile_can_be_reached_by_arrow_keys(page: RegionPage, region: Region) -> None:
    start = next(iter(region)).ags
    reached, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        for step in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            to = page.map.neighbour(at, *step)
            if to not in reached:
                reached.add(to)
                waiting.append(to)
    assert len(reached) == 59


def test_two_to_four_places_stand_side_by_side(qtbot: QtBot, page: RegionPage) -> None:
    page.choose(SOEST)
    for ags in (OLPE, AGS):
        page.map.stand_on(ags)
        press(page.map, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.comparison.isVisible() and bool(page.comparison.findChildren(QPushButton)))
    qtbot.waitUntil(lambda: page.comparison.findChild(QPushButton, f"compare_{AGS}") is not None)
    assert len(page.table.selectionModel().selectedRows()) == 3
    for ags in ("05974052", "05974012"):
        page.choose(ags, more=True)
    assert len(page.table.selectionModel().selectedRows()) == 4, "a fifth is one too many"
    end = page.comparison.findChild(QPushButton, "region_compare_end")
    assert end is not None
    press(end, Qt.Key.Key_Space)
    assert not page.comparison.isVisible()


def test_filters_hold_for_map_table_and_list(qtbot: QtBot, page: RegionPage) -> None:
    page.filters.sets["fields_of_action"].set_value({"mobility"})
    page.filters.changed.emit()
    listed(qtbot, page, "Mobility Twin", "Smarter Zebrastreifen")
    assert page.map.tiles[AGS].accessibleName().endswith(": 0 veröffentlichte Maßnahmen")
    page.filters.sets["maturities"].set_value({"prototype"})
    page.filters.changed.emit()
    listed(qtbot, page)
    empty = page.findChild(QPushButton, "region_empty_start")
    assert empty is not None
    assert empty.isVisible(), "it is the filters that leave nothing, and they can be taken back"
    press(empty, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(titles(page)) == 4)


def test_what_is_told_leaves_the_buttons_of_a_measure_free(page: RegionPage) -> None:
    page.show_measure(page.shared.lines[titles(page).index("Mobility Twin")].id)
    page._tell("Zum Vergleich passen höchstens vier Kommunen.", undo=False)
    toast = page.window().findChild(Toast, "toast")
    assert toast is not None
    assert toast.geometry().bottom() - SHADOW <= page.card.foot.mapTo(page.window(), QPoint(0, 0)).y()


def test_choosing_a_place_reads_its_list_and_no_numbers_that_stay_the_same(
    qtbot: QtBot, page: RegionPage, workspace: Workspace
) -> None:
    facts = page._facts
    page.choose(SOEST)
    listed(qtbot, page, "BürgerWOLKE", "Mobility Twin")
    assert page._facts is facts
    measures.create(workspace.store, {"title": "Rufbus", "lead_ags": AGS, "visibility": "school"})
    qtbot.waitUntil(lambda: page._facts.total == 5)
    assert titles(page) == ["BürgerWOLKE", "Mobility Twin"]


def test_the_list_of_another_place_begins_at_its_top(qtbot: QtBot, page: RegionPage, workspace: Workspace) -> None:
    for place in (AGS, SOEST):
        workspace.store.put_settings(grant=encode_grant("agency", "", []))
        for number in range(20):
            measures.create(workspace.store, {"title": f"Bank {number}", "lead_ags": place, "visibility": "school"})
    page.choose(SOEST)
    qtbot.waitUntil(lambda: len(titles(page)) == 22)
    bar = page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    page.choose(AGS)
    qtbot.waitUntil(lambda: len(titles(page)) == 21)
    assert bar.value() == 0


def test_an_idea_is_taken_over_with_its_lineage_and_the_original_says_so(
    qtbot: QtBot, page: RegionPage, workspace: Workspace
) -> None:
    asked: list[str] = []
    page.record_requested.connect(lambda _kind, record: asked.append(record))
    twin = page.shared.lines[titles(page).index("Mobility Twin")]
    page.show_measure(twin.id)
    adopt = page.card.findChild(Button, "region_adopt")
    assert adopt is not None
    press(adopt, Qt.Key.Key_Space)
    (made,) = asked
    record = records.get_record(workspace.reader, "measure", made)
    assert record is not None
    assert (record.get("title"), record.get("lead_ags"), record.get("status")) == ("Mobility Twin", AGS, None)
    assert labels.action_text(history.next_undo(workspace.store) or "") == "Maßnahme abgeguckt"
    qtbot.waitUntil(lambda: page.shared.lines[titles(page).index("Mobility Twin")].adopters == 1)
    page.filters.adopted.setChecked(True)
    listed(qtbot, page, "Mobility Twin")


def test_what_an_original_says_anew_is_told_and_leads_to_the_answers(
    qtbot: QtBot, page: RegionPage, workspace: Workspace
) -> None:
    store, asked = workspace.store, list[str]()
    page.record_requested.connect(lambda _kind, record: asked.append(record))
    assert page.better.isHidden()
    twin = page.shared.lines[titles(page).index("Mobility Twin")].id
    made = adoptions.adopt(store, twin, AGS)
    store.put_settings(grant=encode_grant("agency", "", []))
    measures.edit(store, twin, {"success_factors": "Früh mit dem Bauhof reden"})
    qtbot.waitUntil(page.better.isVisible)
    assert page.better.accessibleName() == "Soest sagt Neues zu „Mobility Twin“"
    press(page.better.button, Qt.Key.Key_Space)
    assert asked == [made]
    adoptions.keep_own(store, made, ["success_factors"])
    qtbot.waitUntil(page.better.isHidden)


def test_own_measures_are_not_offered_for_taking_over(page: RegionPage) -> None:
    own = page.shared.lines[titles(page).index("Dorf-Dashboards")]
    page.show_measure(own.id)
    assert page.card.adopt.isHidden()
    assert not page.card.open.isHidden()


def test_what_is_followed_can_be_listed_alone(qtbot: QtBot, page: RegionPage, workspace: Workspace) -> None:
    cloud = page.shared.lines[titles(page).index("BürgerWOLKE")]
    page.show_measure(cloud.id)
    press(page.card.follow, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.card.follow.text() == "Nicht mehr folgen")
    assert followed.followed(workspace.reader) == {cloud.id}
    page.filters.followed.setChecked(True)
    listed(qtbot, page, "BürgerWOLKE")


def test_where_both_do_not_fit_map_and_table_take_turns(qtbot: QtBot, page: RegionPage) -> None:
    theme.active().choose(text_size=200)
    try:
        page._fit()
        assert page.map.isVisible()
        assert not page.table.isVisible()
        page._on_entered(SOEST)
        assert page.table.isVisible()
        assert not page.map.isVisible()
    finally:
        theme.active().choose(text_size=100)


@pytest.mark.parametrize(
    ("numbers", "shades"),
    [
        ((0, 0), (0, 0)),
        ((0, 1), (0, 4)),
        ((1, 2, 3, 4), (1, 2, 3, 4)),
        ((0, 1, 5, 15, 29), (0, 1, 2, 3, 4)),
    ],
)
def test_the_largest_number_has_the_darkest_shade(numbers: tuple[int, ...], shades: tuple[int, ...]) -> None:
    scale = Scale.over(numbers)
    assert tuple(scale.shade(number) for number in numbers) == shades
    assert scale.classes()[0] == (0, "0")


def test_values_have_words_for_one_and_many() -> None:
    for value in VALUES:
        assert value.told(PlaceFacts("x", shared=1, running=1, incomplete=1, lent=1, taken=1)).startswith("1 ")


def test_names_are_cut_so_that_no_two_are_the_same(qtbot: QtBot, region: Region, page: RegionPage) -> None:
    narrow = told_apart((m.short_name for m in region), 34, 38)
    assert [narrow[name] for name in ("Neuenrade", "Neunkirchen", "Olpe")] == ["Neue.", "Neun.", "Olpe"]
    for side in (SMALLEST, 40, 45, TILE, LARGEST):
        assert len(set(told_apart((m.short_name for m in region), side - 6, side - 2).values())) == 59
    assert shortened("Bad Berleburg", 50) in ("Berleb.", "Berlebu.", "Berleburg")
    assert shortened("Olpe", 50) == "Olpe"
