""" "Gibt es das schon?" under the title: only while somebody types it, with its reason, and the way to take it over."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.models.queries import records
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.words import Label
from tests.ui.measures.conftest import AGS
from tests.ui.typing import type_text

SOEST = "05974040"


def typed(page: MeasuresPage, words: str) -> None:
    page.pane.form.title.area.selectAll()
    type_text(page.pane.form.title.area, words)


def names(page: MeasuresPage) -> list[str]:
    return [one.title for one in page.pane.form.precedents.found]


def test_a_title_that_is_typed_meets_what_others_have_and_says_why(
    qtbot: QtBot, page: MeasuresPage, workspace: Workspace, store: Store
) -> None:
    store.put_settings(grant=encode_grant("agency", "", []))
    bench = measures.create(store, {"title": "Mitfahrbänke in Soest", "lead_ags": SOEST, "status": "completed"})
    store.put_settings(grant=encode_grant("coordinator", AGS, []))
    page.new_measure()
    assert names(page) == []
    typed(page, "Mitfahrbank für Soest")
    qtbot.waitUntil(lambda: names(page) == ["Mitfahrbänke in Soest"])
    shown = page.pane.form.precedents
    assert shown.isVisible()
    told = [label.text() for label in shown.findChildren(Label) if not label.isHidden()]
    assert told[1:] == ["Soest · Abgeschlossen · weil im Titel „Mitfahrbänke“ steht"]
    link = shown.findChild(QPushButton, f"precedent_{bench}")
    assert link is not None
    link.setFocus()
    link.click()
    assert page.pane.measure == bench
    assert page.pane.form.title.area.hasFocus(), "the keyboard stays in the sheet, though the link is gone"
    assert names(page) == []
    adopt = page.pane.findChild(QPushButton, "banner_readonly_remedy")
    assert adopt is not None
    adopt.click()
    record = records.get_record(workspace.reader, "measure", page.pane.measure)
    assert record is not None
    assert (record.get("adopted_from"), record.get("lead_ags")) == (bench, AGS)


def test_nothing_is_said_about_a_title_that_is_only_read_and_what_was_closed_stays_closed(
    qtbot: QtBot, page: MeasuresPage, store: Store
) -> None:
    measures.create(store, {"title": "Trinkbrunnen am Markt", "lead_ags": AGS})
    own = measures.create(store, {"title": "Trinkbrunnen im Park", "lead_ags": AGS})
    page.show_record(own)
    assert names(page) == []
    typed(page, "Trinkbrunnen")
    qtbot.waitUntil(lambda: names(page) == ["Trinkbrunnen am Markt"])
    close = page.pane.form.precedents.findChild(QPushButton, "precedents_close")
    assert close is not None
    close.click()
    assert page.pane.form.precedents.isHidden()
    typed(page, "Trinkbrunnen und Bank")
    assert page.pane.form.precedents.isHidden()
    typed(page, "Neu")
    assert page.pane.form.precedents.isHidden()
