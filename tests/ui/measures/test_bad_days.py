"""Bad input and bad days at the form: what is pasted, what never ends, what is no date, and a disk that is full."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QMimeData, QRegularExpression, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.store import Store
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.notices import Banner, Toast
from app.ui.widgets.tags import TagEdit
from tests.ui.measures.acting import caught_up, field, make, titles, value, write
from tests.ui.typing import type_text

RIGHT_TO_LEFT = "مرحبا بكم في الحافلة"
FAMILY = "👩‍👩‍👧‍👦🏳️‍🌈"
HTML = "<p style='color:red'><b>Rufbus</b> <script>alert(1)</script>&amp; <img src='file:///etc/passwd'>Bürger</p>"
RTF = rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\f0\b Rufbus\b0  f\'fcr alle\par}"


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """Nothing larger than a page can be written."""
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with store.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 100_000}")


def paste(page: MeasuresPage, name: str, told: QMimeData) -> None:
    """Ctrl+V in a field."""
    QGuiApplication.clipboard().setMimeData(told)
    editor = field(page, name)
    editor.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    # What Python made must not lie there when the process ends: Qt lets it go when Python is gone already.
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("name", ["responsible_unit", "goals"])
def test_pasted_html_and_rtf_are_words_without_their_looks(
    page: MeasuresPage, store: Store, workspace: Workspace, name: str
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    page.pane.form.go_to(name)
    told = QMimeData()
    told.setHtml(HTML)
    told.setData("text/rtf", RTF)
    told.setText("Rufbus & Bürger")
    paste(page, name, told)
    page.save()
    assert value(workspace, made, name) == "Rufbus & Bürger"


def test_html_alone_loses_its_tags_and_loads_nothing(page: MeasuresPage, store: Store, workspace: Workspace) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    page.pane.form.go_to("goals")
    told = QMimeData()
    told.setHtml(HTML)
    paste(page, "goals", told)
    page.save()
    kept = value(workspace, made, "goals") or ""
    assert "<" not in kept
    assert "passwd" not in kept
    assert "alert" not in kept


def test_emoji_and_words_from_right_to_left_come_back_as_typed_and_are_found(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made = make(store, f"{FAMILY} {RIGHT_TO_LEFT} Bürgerbus")
    page.show_record(made)
    write(page, "responsible_unit", f"{RIGHT_TO_LEFT} 12 {FAMILY}")
    page.save()
    caught_up(qtbot, page)
    assert titles(page) == [f"{FAMILY} {RIGHT_TO_LEFT} Bürgerbus"]
    assert value(workspace, made, "responsible_unit") == f"{RIGHT_TO_LEFT} 12 {FAMILY}"
    page.search("الحافلة")
    caught_up(qtbot, page)
    assert page.model.rowCount() == 1
    assert not page.grab().isNull()


@pytest.mark.parametrize("typed", ["k. A.", "offen", "-", ""])
def test_not_known_is_no_date_and_no_amount_and_no_mistake(
    page: MeasuresPage, store: Store, workspace: Workspace, typed: str
) -> None:
    made = make(store, "Bürgerbus", start="2024", total_cost_cents=100)
    page.show_record(made)
    for name in ("start", "total_cost_cents"):
        editor = field(page, name)
        editor.setFocus()
        editor.selectAll()  # type: ignore[attr-defined]
        QTest.keyClick(editor, Qt.Key.Key_Delete)
        write(page, name, typed)
    page.save()
    assert value(workspace, made, "start") is None
    assert value(workspace, made, "total_cost_cents") is None


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [("Ende 2023", "2023~3", "Ende 2023"), ("KW 12 2024", None, None), ("Q3/2024", "2024-Q3", "Q3/2024")],
)
def test_dates_are_as_exact_as_people_know_them(
    page: MeasuresPage, store: Store, workspace: Workspace, typed: str, kept: str | None, shown: str | None
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    write(page, "start", typed)
    page.save()
    assert value(workspace, made, "start") is not None
    if kept is not None:
        assert value(workspace, made, "start") == kept
        field(page, "responsible_unit").setFocus()
        assert field(page, "start").text() == shown  # type: ignore[attr-defined]


def test_a_megabyte_at_once_is_refused_with_a_sentence_and_what_stood_there_stays(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus", goals="Ein Ziel.")
    page.show_record(made)
    page.pane.form.go_to("goals")
    told = QMimeData()
    told.setText("Wort " * 200_000)
    paste(page, "goals", told)
    row = page.pane.form.sheet.bound["goals"].row
    assert "zu lang: 1.000.000 Zeichen" in row._note.text()
    page.save()
    assert value(workspace, made, "goals") == "Ein Ziel."


def test_five_thousand_tags_that_came_from_elsewhere_are_shown_and_kept(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    tags = [f"Schlagwort {number}" for number in range(5_000)]
    made = make(store, "Bürgerbus", tags=tags)
    page.show_record(made)
    line = field(page, "tags")
    edit = line.parentWidget()
    assert isinstance(edit, TagEdit)
    assert len(edit.findChildren(QWidget, QRegularExpression(r"_tag_\d+$"))) == 150
    more = edit.findChild(LinkButton)
    assert more is not None
    assert more.text() == "4.850 weitere"
    more.click()
    assert more.text() == "4.700 weitere"
    type_text(line, "Rufbus\n")
    page.save()
    assert set(value(workspace, made, "tags")) == {*tags, "Rufbus"}
    assert edit.value() == {*tags, "Rufbus"}


def test_a_pasted_list_of_five_thousand_words_becomes_as_many_tags(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus", tags=["Rufbus"])
    page.show_record(made)
    words = [f"Schlagwort {number}" for number in range(5_000)]
    told = QMimeData()
    told.setText("; ".join(words[:2_500]) + "\n" + ", ".join(words[2_500:]) + ", Rufbus,\n")
    paste(page, "tags", told)
    page.save()
    assert set(value(workspace, made, "tags")) == {*words, "Rufbus"}
    edit = field(page, "tags").parentWidget()
    assert isinstance(edit, TagEdit)
    assert len(edit.findChildren(QWidget, QRegularExpression(r"_tag_\d+$"))) == 150


def test_a_megabyte_is_no_tag_and_no_title_and_nothing_of_it_is_cut_off_in_silence(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    for name in ("tags", "title"):
        told = QMimeData()  # each its own: the clipboard lets go of what was in it
        told.setText("Wort " * 200_000)
        paste(page, name, told)
        assert "zu lang für eine Zeile: " in page.pane.form.sheet.bound[name].row._note.text()
        type_text(field(page, name), "!")
        assert page.pane.form.sheet.bound[name].row._note.text() == ""
    page.save()
    assert value(workspace, made, "title") == "!Bürgerbus"


def test_html_alone_over_a_selected_title_is_its_words_and_never_an_empty_title(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    page.pane.form.focus_title()
    told = QMimeData()
    told.setHtml("<p><b>Rufbus</b><br>für <script>alert(1)</script>alle</p>")
    QGuiApplication.clipboard().setMimeData(told)
    QTest.keyClick(page.pane.form.title.area, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    page.save()
    assert value(workspace, made, "title") == "Rufbus für alle"


def test_a_full_disk_is_told_where_a_view_is_kept(page: MeasuresPage, qtbot: QtBot, store: Store) -> None:
    with full_disk(store):
        page.saved.save_as("Ansicht " * 4_000)
        told = [toast.accessibleName() for toast in page.window().findChildren(Toast)]
        assert "kein Platz" in told[-1]
        assert page.saved.views == {}


def banners(page: MeasuresPage) -> list[str]:
    return [one.accessibleName() for one in page.pane.findChildren(Banner) if one.isVisible()]


def test_a_full_disk_keeps_what_is_typed_says_so_and_saves_it_when_there_is_room(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made, other = make(store, "Bürgerbus"), make(store, "Carsharing")
    page.show_record(made)
    page.pane.form.go_to("goals")
    with full_disk(store):
        write(page, "responsible_unit", "Bauhof")
        paste_words = QMimeData()
        paste_words.setText("Ein Ziel. " * 30_000)
        paste(page, "goals", paste_words)
        assert not page.save()
        qtbot.waitUntil(lambda: any("kein Platz" in sentence for sentence in banners(page)))
        page.show_record(other)
        assert page.pane.measure == made
        assert field(page, "goals").toPlainText().startswith("Ein Ziel.")  # type: ignore[attr-defined]
        assert field(page, "responsible_unit").text().startswith("Bauhof")  # type: ignore[attr-defined]
    assert page.save()
    assert value(workspace, made, "responsible_unit").startswith("Bauhof")
    assert value(workspace, made, "goals").startswith("Ein Ziel.")
    qtbot.waitUntil(lambda: banners(page) == [])
    page.show_record(other)
    assert page.pane.measure == other
