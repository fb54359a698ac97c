"""The Steckbrief: what is typed is saved, a mistake is told where it was made, what is missing is a link."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain import rules
from app.domain.fields import KINDS
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.measures.completeness import told
from app.ui.measures.editors import LongText
from app.ui.measures.page import MeasuresPage
from app.ui.measures.steckbrief import PART_ROWS, PLANS, TITLE, Part, section_of
from app.ui.widgets.notices import Banner
from tests.ui.measures.acting import (
    field,
    make,
    note,
    value,
    write,
)
from tests.ui.typing import type_text

Desks = Callable[[str], Store]


def banners(page: MeasuresPage) -> list[str]:
    return [one.objectName() for one in page.pane.findChildren(Banner) if not one.isHidden()]


# The plan ------------------------------------------------------------------------------------


def test_every_field_of_a_measure_stands_in_exactly_one_section() -> None:
    listed = [TITLE]
    for plan in PLANS:
        for row in plan.rows:
            if not isinstance(row, Part):
                listed += [row] if isinstance(row, str) else list(row)
    # one row tells the whole lineage; what the program notes for itself has none, and banners tell of merging
    told = {"adopted_ags", "adopted_title", "adopted_on", "merged_into", "merged_on", "merge_with", "merge_stays"}
    shown = {f.name for f in KINDS["measure"].fields if f.told} - told
    assert sorted(listed) == sorted(shown)


def test_every_field_of_a_part_can_be_edited_or_belongs_to_workshops() -> None:
    elsewhere = {
        "cost_item": {"currency"}, "funding_item": {"currency"}, "indicator_value": {"indicator_id"},
        "decision": {"measure_ids"}, "task": {"contribution_id", "station_id", "agenda_item_id", "noted_at"},
    }  # fmt: skip
    for kind, rows in PART_ROWS.items():
        listed = {name for row in rows for name in ([row] if isinstance(row, str) else row)}
        assert listed | elsewhere.get(kind, set()) == set(KINDS[kind].by_name), kind


# Saving --------------------------------------------------------------------------------------


def test_what_is_typed_is_on_disk_after_a_pause_and_the_foot_says_so(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    write(page, "responsible_unit", "Fachbereich Bauen")
    assert value(workspace, made, "responsible_unit") is None
    assert page.pane.foot.words() == ""
    qtbot.waitUntil(lambda: value(workspace, made, "responsible_unit") == "Fachbereich Bauen")
    assert page.pane.foot.words().startswith("gespeichert ")
    assert page.pane.form.sheet.bound["responsible_unit"].row.pending()  # type: ignore[union-attr]


def test_leaving_a_field_saves_and_so_does_the_key(page: MeasuresPage, store: Store, workspace: Workspace) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    write(page, "responsible_unit", "Bauhof")
    field(page, "short_description").setFocus()
    assert value(workspace, made, "responsible_unit") == "Bauhof"
    type_text(field(page, "short_description"), "Fährt auf Anruf.")
    page.pane.form.save()
    assert value(workspace, made, "short_description") == "Fährt auf Anruf."


def test_a_saved_edit_is_one_step_of_undo_and_the_form_follows(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus", responsible_unit="Bauhof")
    page.show_record(made)
    write(page, "responsible_unit", "Ordnungsamt")
    page.save()
    store.undo()
    assert value(workspace, made, "responsible_unit") == "Bauhof"
    assert field(page, "responsible_unit").text() == "Bauhof"  # type: ignore[attr-defined]


def test_another_measure_is_shown_only_after_this_one_is_saved(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    first, second = make(store, "Bürgerbus"), make(store, "Carsharing")
    page.show_record(first)
    write(page, "responsible_unit", "Bauhof")
    page.show_record(second)
    assert value(workspace, first, "responsible_unit") == "Bauhof"
    assert field(page, "responsible_unit").text() == ""  # type: ignore[attr-defined]


def test_money_and_dates_are_understood_as_people_type_them(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    write(page, "total_cost_cents", "1,5 Mio")
    write(page, "start", "3. Quartal 2024")
    write(page, "end", "Ende 2026")
    page.save()
    assert value(workspace, made, "total_cost_cents") == 150_000_000
    assert (value(workspace, made, "start"), value(workspace, made, "end")) == ("2024-Q3", "2026~3")
    field(page, "responsible_unit").setFocus()
    assert field(page, "total_cost_cents").text() == "1.500.000 €"  # type: ignore[attr-defined]
    assert field(page, "start").text() == "Q3/2024"  # type: ignore[attr-defined]


def test_half_an_amount_is_left_as_it_stands_while_one_types(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    write(page, "total_cost_cents", "1,5")
    qtbot.waitUntil(lambda: value(workspace, made, "total_cost_cents") == 150)
    assert field(page, "total_cost_cents").text() == "1,5"  # type: ignore[attr-defined]
    type_text(field(page, "total_cost_cents"), " Mio")
    page.save()
    assert value(workspace, made, "total_cost_cents") == 150_000_000


# Mistakes ------------------------------------------------------------------------------------


def test_a_blank_title_is_refused_at_its_field_and_the_rest_is_saved(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    write(page, "title", "   ")
    write(page, "responsible_unit", "Bauhof")
    assert not page.save()
    assert value(workspace, made, "title") == "Bürgerbus"
    assert value(workspace, made, "responsible_unit") == "Bauhof"
    assert "Titel" in note(page, "title")
    assert page.pane.form.title.area.words() == "   "
    write(page, "title", "Rufbus")
    assert page.save()
    assert note(page, "title") == ""


def test_an_end_before_its_start_is_refused_as_a_whole(page: MeasuresPage, store: Store, workspace: Workspace) -> None:
    made = make(store, "Bürgerbus", start="2024", end="2026")
    page.show_record(made)
    write(page, "end", "2020")
    assert not page.save()
    assert (value(workspace, made, "start"), value(workspace, made, "end")) == ("2024", "2026")
    assert "vor dem Beginn" in note(page, "end")
    assert field(page, "end").text() == "2020"  # type: ignore[attr-defined]


def test_ten_megabytes_are_not_put_in_and_what_stands_there_stays(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus", description="Fährt auf Anruf.")
    page.show_record(made)
    page.pane.form.folds["why"].set_open(True)
    area = page.pane.form.sheet.bound["description"].editor.widget
    assert isinstance(area, LongText)
    paste = QMimeData()
    paste.setText("ä" * 10_000_000)
    area.insertFromMimeData(paste)
    assert area.words() == "Fährt auf Anruf."
    assert "zu lang" in note(page, "description")
    assert "Eingefügt wurde nichts" in note(page, "description")
    type_text(area, "!")
    assert note(page, "description") == ""


def test_one_very_long_word_is_taken_at_once(page: MeasuresPage, store: Store, workspace: Workspace) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    page.pane.form.folds["why"].set_open(True)
    area = page.pane.form.sheet.bound["description"].editor.widget
    assert isinstance(area, LongText)
    paste = QMimeData()
    paste.setText("ä" * 100_000)
    area.insertFromMimeData(paste)
    page.save()
    assert value(workspace, made, "description") == "ä" * 100_000


def test_a_title_that_is_too_long_is_refused_at_its_field_and_stays(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    page.pane.form.title.area.setPlainText("Bus " * 60)
    assert not page.save()
    assert "zu lang" in note(page, "title")
    assert page.pane.form.title.area.words() == "Bus " * 60
    assert value(workspace, made, "title") == "Bürgerbus"


def test_what_is_not_understood_is_kept_and_not_saved(page: MeasuresPage, store: Store, workspace: Workspace) -> None:
    made = make(store, "Bürgerbus", total_cost_cents=500)
    page.show_record(made)
    write(page, "total_cost_cents", "viel Geld")
    field(page, "responsible_unit").setFocus()
    assert value(workspace, made, "total_cost_cents") == 500
    assert field(page, "total_cost_cents").text() == "viel Geld"  # type: ignore[attr-defined]
    assert page.pane.form.sheet.bound["total_cost_cents"].editor.widget.has_error()  # type: ignore[attr-defined]


# What follows --------------------------------------------------------------------------------


def test_a_yellow_light_asks_for_its_reason_in_place(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    light = page.pane.form.sheet.bound["traffic_light"].editor
    light.widget.set_value("yellow")  # type: ignore[attr-defined]
    light.widget.chosen.emit("yellow")  # type: ignore[attr-defined]
    assert note(page, "traffic_light_reason") == "Bitte kurz begründen."
    assert field(page, "traffic_light_reason").hasFocus()
    type_text(field(page, "traffic_light_reason"), "Lieferung verzögert")
    page.save()
    assert note(page, "traffic_light_reason") == ""


def test_what_stands_in_the_way_of_publishing_is_said_until_it_is_there(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Bürgerbus", visibility="public", fields_of_action=["mobility"], start="2026")
    page.show_record(made)
    assert note(page, "visibility") == ("Zum Veröffentlichen fehlt: Kurzbeschreibung, Status, Zuständige Stelle.")
    measures.edit(store, made, {"short_description": "x", "status": "idea", "responsible_unit": "Bauhof"})
    assert note(page, "visibility") == ""


def test_what_is_missing_is_a_list_of_links_that_lead_there(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Bürgerbus", responsible_unit="Bauhof")
    page.show_record(made)
    record = page.pane.form.record
    assert record is not None
    missing = rules.completeness(record.values, {})
    assert f"{rules.COMPLETE_TOTAL - len(missing)} von {rules.COMPLETE_TOTAL}" in page.pane.foot._complete.text()
    for finding in missing:
        page.pane.form.go_to(finding.field)
        assert page.pane.form.folds[section_of(finding.field)].is_open(), told(finding)
    assert field(page, "traffic_light").isEnabled()


def test_a_local_field_that_others_have_is_offered_while_it_is_typed_and_kept(page: MeasuresPage, store: Store) -> None:
    make(store, "Bus", local_field="Verkehr und Wege")
    made = make(store, "Bahn")
    page.show_record(made)
    page.pane.form.go_to("local_field")
    line = page.pane.form.sheet.bound["local_field"].editor.focus
    assert isinstance(line, QLineEdit)
    line.setFocus()
    type_text(line, "ver")
    completer = line.completer()
    assert completer is not None
    assert completer.completionCount() == 1
    line.setText(completer.currentCompletion())
    completer.activated.emit(completer.currentCompletion())
    assert page.pane.form.save()
    assert value(page._workspace, made, "local_field") == "Verkehr und Wege"


def test_words_that_cannot_be_saved_hold_the_form_until_they_are_put_right_or_given_up(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made, other = make(store, "Bürgerbus", total_cost_cents=500), make(store, "Carsharing")
    page.show_record(made)
    write(page, "total_cost_cents", "viel Geld")
    page.show_record(other)
    assert page.pane.measure == made
    assert field(page, "total_cost_cents").text() == "viel Geld"  # type: ignore[attr-defined]
    banner = page.pane.findChild(Banner, "banner_unsaved")
    assert banner is not None
    assert banner.accessibleName() == "Nicht gespeichert: Gesamtkosten. Bitte zuerst berichtigen."
    page.new_measure()
    assert not page.pane.form.title.area.hasFocus(), "what is typed next is no title of the one that stays"
    write(page, "total_cost_cents", "7 €")
    page.show_record(other)
    assert page.pane.measure == other
    assert value(workspace, made, "total_cost_cents") == 700
    write(page, "start", "irgendwann")
    page.show_record(made)
    assert page.pane.measure == other
    again = page.pane.findChildren(Banner, "banner_unsaved")[-1]
    again.remedied.emit()
    assert page.pane.measure == made
    page.show_record(other)
    assert field(page, "start").text() == ""  # type: ignore[attr-defined]
