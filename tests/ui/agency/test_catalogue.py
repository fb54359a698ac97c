"""Bündel and Katalog as the agency meets them: Bausteine by bundle, words that are renamed and stay where they are."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.catalogue import TermList
from app.domain.region import Region
from app.models.queries import records, terms
from app.services import measures
from app.services import terms as deeds
from app.ui.agency.bundles_tab import BundlesTab
from app.ui.agency.catalogue_tab import CatalogueTab
from app.ui.measures.bundle_names import bundle_words, learn
from app.ui.measures.places import Places
from app.ui.widgets.cells import Cell
from app.ui.widgets.inputs import LineEdit
from tests.ui.agency.conftest import ARNSBERG, OLPE, Land


@pytest.fixture
def bundles(land: Land, region: Region, qtbot: QtBot) -> BundlesTab:
    tab = BundlesTab(land.kim.workspace, Places(region))
    qtbot.addWidget(tab)
    tab.show()
    return tab


@pytest.fixture
def catalogue(land: Land, qtbot: QtBot) -> CatalogueTab:
    tab = CatalogueTab(land.kim.workspace)
    qtbot.addWidget(tab)
    tab.show()
    return tab


def press(tab: QWidget, name: str) -> None:
    QApplication.processEvents()  # what has just been put there is shown then
    found = [one for one in tab.findChildren(QAbstractButton, name) if one.isVisibleTo(tab)]
    assert found, name
    found[0].click()


def words(widget: QWidget) -> str:
    QApplication.processEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_bundles_show_their_bausteine_and_take_the_agencys_words(land: Land, bundles: BundlesTab, qtbot: QtBot) -> None:
    store = land.kim.workspace.store
    for title, ags, status in (("Rathaus-Bot", OLPE, "in_progress"), ("Akte", ARNSBERG, "completed")):
        measures.create(store, {"title": title, "lead_ags": ags, "bundle_code": "M07", "status": status})
    bundles.ask()
    assert bundles.model.rowCount() == 16
    row = bundles.model.index(6, 0)
    assert row.data() == "M07 Noch ohne Titel"
    assert row.data(Cell.DETAIL) == "2 Bausteine in 2 Kommunen · 1 in Umsetzung · 1 fertig"
    bundles.list.setCurrentIndex(row)
    assert "Arnsberg · Abgeschlossen" in words(bundles.pane)
    bundles.title.setText("Smarte Verwaltung")
    with qtbot.waitSignal(bundles.told):
        press(bundles, "bundle_save")
    assert bundles.model.index(6, 0).data() == "M07 Smarte Verwaltung"
    learn(land.kim.workspace.reader)
    assert bundle_words("M07") == "M07 Smarte Verwaltung"
    assert bundles.list.currentIndex().row() == 6


def test_words_begun_for_a_bundle_are_found_again_after_a_look_at_another(bundles: BundlesTab, qtbot: QtBot) -> None:
    bundles.ask()
    bundles.list.setCurrentIndex(bundles.model.index(6, 0))
    bundles.title.setText("Smarte Verwaltung")
    bundles.note.setPlainText("Anträge ohne Papier")
    bundles.list.setCurrentIndex(bundles.model.index(7, 0))
    assert (bundles.title.text(), bundles.note.words()) == ("", "")
    assert bundles.model.index(6, 0).data(Cell.META) == "noch nicht übernommen"
    bundles.ask()
    bundles.list.setCurrentIndex(bundles.model.index(6, 0))
    assert (bundles.title.text(), bundles.note.words()) == ("Smarte Verwaltung", "Anträge ohne Papier")
    with qtbot.waitSignal(bundles.told):
        press(bundles, "bundle_save")
    bundles.list.setCurrentIndex(bundles.model.index(7, 0))
    assert bundles.model.index(6, 0).data(Cell.META) == ""
    assert bundles.model.index(6, 0).data() == "M07 Smarte Verwaltung"


def test_a_name_that_is_being_written_stays_while_the_list_follows_what_others_do(
    land: Land, catalogue: CatalogueTab
) -> None:
    for word in ("Mobilität", "Wald"):
        deeds.add(land.kim.workspace.store, TermList.TAG, word)
    catalogue.ask()
    label = catalogue.findChild(LineEdit, "term_label")
    assert label is not None
    label.setText("Unterwegs sein")
    deeds.add(land.kim.workspace.store, TermList.TAG, "Akte")
    catalogue.renew()
    assert catalogue.findChild(LineEdit, "term_label") is label
    assert label.text() == "Unterwegs sein"
    label.setText("Mobilität")
    catalogue.renew()
    assert catalogue.model.rowCount() == 3


def test_words_are_taken_in_renamed_and_written_anew_where_the_old_one_stands(
    land: Land, catalogue: CatalogueTab, qtbot: QtBot
) -> None:
    store, reader = land.kim.workspace.store, land.kim.workspace.reader
    used = measures.create(store, {"title": "Dorf", "lead_ags": OLPE, "tags": {"WLAN"}})
    catalogue.ask()
    assert [catalogue.model.index(r, 0).data() for r in range(catalogue.model.rowCount())] == ["WLAN"]
    assert catalogue.model.index(0, 0).data(Cell.META) == "nicht im Katalog"
    press(catalogue, "term_take")
    QApplication.processEvents()
    (line,) = [one for one in catalogue.card.findChildren(LineEdit, "term_label") if one.isVisibleTo(catalogue)]
    line.setText("Freies WLAN")
    press(catalogue, "term_rename")
    assert catalogue.model.index(0, 0).data(Cell.DETAIL) == "noch nirgends · „WLAN“ noch in 1"
    assert "„WLAN“ steht noch in 1 Maßnahme." in words(catalogue.card)
    with qtbot.waitSignal(catalogue.told) as said:
        press(catalogue, "term_write")
    assert said.args == ["„WLAN“ in 1 Maßnahme ersetzt"]
    record = records.get_record(reader, "measure", used)
    assert record is not None
    assert record.elements("tags") == ("Freies WLAN",)
    press(catalogue, "term_retire")
    assert catalogue.model.index(0, 0).data(Cell.META) == "wird nicht mehr angeboten"
    assert terms.suggestions(reader, "tags") == []


def test_a_word_that_is_there_already_is_refused_and_stays_in_the_line(catalogue: CatalogueTab, qtbot: QtBot) -> None:
    catalogue.choose(TermList.VISION)
    catalogue.line.setText("Alle sind mobil")
    press(catalogue, "term_add")
    assert (catalogue.model.rowCount(), catalogue.line.text()) == (1, "")
    catalogue.line.setText("alle sind Mobil")
    with qtbot.waitSignal(catalogue.refused):
        press(catalogue, "term_add")
    assert (catalogue.model.rowCount(), catalogue.line.text()) == (1, "alle sind Mobil")
