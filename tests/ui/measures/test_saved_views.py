"""Saved views: filter, order, grouping and form under a name, kept on this device."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.queries.saved_views import SavedView, decode, encode, saved_views
from app.models.store import Store
from app.services.saved_views import keep_view
from app.services.workspace import Workspace
from app.ui.bus import Bus
from app.ui.measures.page import MeasuresPage
from app.ui.measures.saved import SavedViews
from app.ui.measures.views import Chip
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.notices import Toast
from tests.ui.measures.acting import caught_up, make, titles
from tests.ui.typing import press, shown, type_text


@pytest.fixture
def filled(page: MeasuresPage, store: Store, qtbot: QtBot) -> MeasuresPage:
    make(store, "Radweg", status="planned")
    make(store, "LoRaWAN", status="idea")
    caught_up(qtbot, page)
    return page


def tabs_of(page: MeasuresPage) -> list[str]:
    return [page.tabs.tabText(i) for i in range(page.tabs.count())]


def pick(saved: SavedViews, begins: str) -> None:
    """Choose an entry of the menu by its first words."""
    menu = saved.menu_of()
    next(a for a in menu.findChildren(QAction) if a.text().startswith(begins)).trigger()
    menu.deleteLater()


def name_it(page: MeasuresPage, name: str) -> None:
    line = next(one for one in page.window().findChildren(LineEdit, "view_name") if one.isVisible())
    assert line.hasFocus(), "one can type at once"
    line.selectAll()
    type_text(line, f"{name}\n")


def save(page: MeasuresPage, name: str) -> None:
    pick(page.saved, "Als Ansicht")
    name_it(page, name)


def test_what_is_shown_is_kept_under_a_name_and_stands_there_after_a_restart(
    filled: MeasuresPage, qtbot: QtBot, workspace: Workspace, bus: Bus, region: Region
) -> None:
    filled.filters.set_chip(Chip("status", frozenset({"idea"})))
    filled.group_by("lead")
    filled.show_mode("timeline")
    save(filled, "Ideen je Kommune")
    assert tabs_of(filled)[-1] == "Ideen je Kommune"
    again = MeasuresPage(workspace, bus, region)
    shown(qtbot, again)
    assert titles(again) == ["LoRaWAN", "Radweg"]
    again.tabs.setCurrentIndex(again.tabs.count() - 1)
    assert again.modes.value() == "timeline"
    assert again.filters.chips() == (Chip("status", frozenset({"idea"})),)
    assert again.filters.group.accessibleName() == "Gruppiert nach Kommune"
    assert again.timeline.model.count() == 1


def test_leaving_a_saved_view_brings_back_what_was_shown_before(filled: MeasuresPage) -> None:
    filled.filters.set_chip(Chip("status", frozenset({"idea"})))
    save(filled, "Ideen")
    filled.tabs.choose("all")
    filled.filters.clear()
    assert len(titles(filled)) == 2
    filled.tabs.setCurrentIndex(filled.tabs.count() - 1)
    assert titles(filled) == ["LoRaWAN"]
    filled.tabs.choose("mine")
    assert filled.filters.chips() == ()
    assert len(titles(filled)) == 2


def test_a_view_is_renamed_renewed_and_deleted_with_a_way_back(filled: MeasuresPage, workspace: Workspace) -> None:
    save(filled, "Ideen")
    pick(filled.saved, "„Ideen“ umbenennen")
    name_it(filled, "Mögliches")
    assert tabs_of(filled)[-1] == "Mögliches"
    filled.filters.set_chip(Chip("status", frozenset({"idea"})))
    pick(filled.saved, "„Mögliches“ auf diesen Stand")
    assert saved_views(workspace.reader)[0].chips == (("status", ("idea",)),)
    pick(filled.saved, "„Mögliches“ löschen")
    assert saved_views(workspace.reader) == ()
    assert filled.tabs.key() == "all"
    toast = next(one for one in filled.window().findChildren(Toast) if not one.isHidden())
    toast.button.click()
    assert [view.name for view in saved_views(workspace.reader)] == ["Mögliches"]
    assert tabs_of(filled)[-1] == "Mögliches"


def test_a_tab_says_how_many_measures_its_view_has_now(filled: MeasuresPage, store: Store, qtbot: QtBot) -> None:
    filled.filters.set_chip(Chip("status", frozenset({"idea"})))
    save(filled, "Ideen")
    last = filled.tabs.count() - 1
    assert filled.tabs.accessibleTabName(last) == "Ideen, 1"
    make(store, "Noch eine", status="idea")
    caught_up(qtbot, filled)
    assert filled.tabs.accessibleTabName(last) == "Ideen, 2"


def test_a_name_is_needed_and_esc_keeps_nothing(filled: MeasuresPage, workspace: Workspace) -> None:
    pick(filled.saved, "Als Ansicht")
    button = filled.window().findChild(QWidget, "view_name_keep")
    line = filled.window().findChild(LineEdit, "view_name")
    assert button is not None
    assert line is not None
    assert not button.isEnabled()
    type_text(line, "   ")
    assert not button.isEnabled()
    press(line, Qt.Key.Key_Escape)
    assert saved_views(workspace.reader) == ()


def test_what_another_version_saved_is_passed_over_not_stumbled_over(filled: MeasuresPage, store: Store) -> None:
    strange = SavedView(
        "k1", "Von morgen", "someday", (("mood", ("good",)), ("status", ("idea",))), (("mood", True),), "mood", "globe"
    )
    assert decode(encode([strange])) == (strange,)
    keep_view(store, strange)
    filled.saved._add(strange)
    filled.tabs.choose("k1")
    assert filled.modes.value() == "table"
    assert titles(filled) == ["LoRaWAN"]


def test_the_way_to_views_beyond_the_edge_is_told_in_german(filled: MeasuresPage) -> None:
    for number in range(6):
        filled.saved.save_as(f"Vorlage für den Hauptausschuss {number}")
    arrows = filled.tabs.findChildren(QToolButton)
    assert [arrow.accessibleName() for arrow in arrows] == ["Weiter links", "Weiter rechts"]
    assert all(arrow.isVisible() and not arrow.icon().isNull() for arrow in arrows)
