"""The Steckbrief: what is typed is saved, what others wrote stays beside it, mistakes stand at their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain import rules
from app.domain.fields import KINDS
from app.models import incoming, outbox
from app.models.queries import records, versions
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.bus import Bus
from app.ui.measures.completeness import told
from app.ui.measures.editors import LongText
from app.ui.measures.history import History
from app.ui.measures.page import MeasuresPage
from app.ui.measures.steckbrief import PART_ROWS, PLANS, TITLE, Part, section_of
from app.ui.widgets.cells import Cell
from app.ui.widgets.notices import Banner
from app.ui.widgets.popover import Popover
from tests.models.tiny_agency import TinyAgency, exchange
from tests.ui.measures.acting import (
    ARNSBERG,
    caught_up,
    field,
    make,
    note,
    value,
    versions_of,
    write,
)
from tests.ui.typing import press, type_text

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
    assert sorted(listed) == sorted(KINDS["measure"].by_name)


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


def test_leaving_a_field_saves_and_so_does_the_key(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
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


def test_an_end_before_its_start_is_refused_as_a_whole(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
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


def test_what_is_not_understood_is_kept_and_not_saved(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus", total_cost_cents=500)
    page.show_record(made)
    write(page, "total_cost_cents", "viel Geld")
    field(page, "responsible_unit").setFocus()
    assert value(workspace, made, "total_cost_cents") == 500
    assert field(page, "total_cost_cents").text() == "viel Geld"  # type: ignore[attr-defined]
    assert page.pane.form.sheet.bound["total_cost_cents"].editor.widget.has_error()  # type: ignore[attr-defined]


# Others --------------------------------------------------------------------------------------


def two_desks(store: Store, desks: Desks, **values: object) -> tuple[str, Store, TinyAgency]:
    """A measure that both desks hold, all settled."""
    there, agency = desks("Martin Hoffmann"), TinyAgency()
    made = make(store, "Bürgerbus", **values)
    exchange(store, agency)
    exchange(there, agency)
    return made, there, agency


def receive(store: Store, there: Store, agency: TinyAgency, bus: Bus) -> None:
    """What the other desk wrote arrives here."""
    exchange(there, agency)
    (replica,) = outbox.standing(there).replicas
    incoming.learn_authors(store, [(replica, "Martin Hoffmann", "PC 114", ARNSBERG)])
    arrived = exchange(store, agency)
    bus.tell_applied(frozenset(arrived.keys))


def test_what_came_in_while_typing_stays_beside_it_as_a_second_version(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace, bus: Bus, desks: Desks
) -> None:
    made, there, agency = two_desks(store, desks, responsible_unit="Bauhof")
    page.show_record(made)
    write(page, "responsible_unit", "Ordnungsamt")
    measures.edit(there, made, {"responsible_unit": "Stadtwerke"})
    receive(store, there, agency, bus)
    assert field(page, "responsible_unit").text() == "Ordnungsamt"  # type: ignore[attr-defined]
    assert "Inzwischen geändert von Martin Hoffmann: „Stadtwerke“" in note(page, "responsible_unit")
    page.save()
    assert versions_of(workspace, made, "responsible_unit") == {"Ordnungsamt", "Stadtwerke"}
    assert field(page, "responsible_unit").text() == "Ordnungsamt"  # type: ignore[attr-defined]
    caught_up(qtbot, page)
    assert page.model.index(page.model.row_of(made), 0).data(Cell.VERSIONS)
    asked: list[tuple[str, str, str]] = []
    page.versions_requested.connect(lambda *told: asked.append(told))
    page.pane.form.sheet.bound["responsible_unit"].row.versions_clicked.emit()
    assert asked == [("measure", made, "responsible_unit")]


def test_what_others_write_elsewhere_in_the_form_is_shown_at_once(
    page: MeasuresPage, store: Store, bus: Bus, desks: Desks
) -> None:
    made, there, agency = two_desks(store, desks)
    page.show_record(made)
    write(page, "responsible_unit", "Ordnungsamt")
    measures.edit(there, made, {"status": "paused"})
    receive(store, there, agency, bus)
    assert page.pane.form.sheet.bound["status"].editor.value() == "paused"
    assert field(page, "responsible_unit").text() == "Ordnungsamt"  # type: ignore[attr-defined]


def test_tags_of_two_people_add_up(
    page: MeasuresPage, store: Store, workspace: Workspace, bus: Bus, desks: Desks
) -> None:
    made, there, agency = two_desks(store, desks, tags=["Rad"])
    page.show_record(made)
    write_tag = field(page, "tags")
    write_tag.setFocus()
    type_text(write_tag, "Bus")
    measures.edit(there, made, {"tags": ["Rad", "Bahn"]})
    receive(store, there, agency, bus)
    type_text(write_tag, "\n")
    assert value(workspace, made, "tags") == ("Bahn", "Bus", "Rad")


def test_a_measure_deleted_elsewhere_keeps_what_is_being_typed(
    page: MeasuresPage, store: Store, workspace: Workspace, bus: Bus, desks: Desks
) -> None:
    made, there, agency = two_desks(store, desks)
    page.show_record(made)
    write(page, "responsible_unit", "Ordnungsamt")
    measures.delete(there, made)
    receive(store, there, agency, bus)
    assert "banner_gone" in banners(page)
    assert field(page, "responsible_unit").text() == "Ordnungsamt"  # type: ignore[attr-defined]
    page.save()
    assert value(workspace, made, "responsible_unit") == "Ordnungsamt"
    assert "banner_deletion" in banners(page), "deleting never beats editing: it is asked"


def test_a_deleted_measure_can_be_read_and_brought_back_with_its_parts(
    page: MeasuresPage, qtbot: QtBot, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    kept = measures.add_part(store, made, "milestone", {"title": "Start"})
    earlier = measures.add_part(store, made, "milestone", {"title": "Verworfen"})
    measures.delete_part(store, "milestone", earlier)
    measures.delete(store, made, [("milestone", kept)])
    page.show_record(made)
    assert page.pane.form.sheet.is_locked()
    page.pane.restore()
    assert not page.pane.form.sheet.is_locked()
    assert [r.id for r in records.children(workspace.reader, made, "milestone")] == [kept]
    assert banners(page) == []


def test_a_measure_of_others_can_only_be_read_and_the_pane_says_why(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Waldmonitor", lead_ags=ARNSBERG)
    page.show_record(made)
    assert banners(page) == ["banner_readonly"]
    sentence = page.pane.findChild(Banner, "banner_readonly")
    assert isinstance(sentence, Banner)
    assert "Arnsberg" in sentence.accessibleName()
    assert field(page, "responsible_unit").isReadOnly()  # type: ignore[attr-defined]
    assert not field(page, "status").isEnabled()
    assert page.pane.form.parts["milestone"]._plus.isHidden()
    type_text(field(page, "responsible_unit"), "x")
    assert page.save()


def test_a_refused_change_is_said_to_lie_at_the_agency(
    page: MeasuresPage, store: Store, bus: Bus, desks: Desks
) -> None:
    made, _, agency = two_desks(store, desks)
    agency.refuse = lambda _: "not_allowed"
    measures.edit(store, made, {"responsible_unit": "Bauhof"})
    exchange(store, agency)
    page.show_record(made)
    assert "banner_refused" in banners(page)


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


def test_the_history_names_who_where_and_whether_it_is_transferred(
    page: MeasuresPage, store: Store, workspace: Workspace, bus: Bus, desks: Desks
) -> None:
    made, there, agency = two_desks(store, desks, traffic_light="green")
    measures.edit(there, made, {"traffic_light": "red"})
    receive(store, there, agency, bus)
    measures.edit(store, made, {"traffic_light": "yellow"})
    page.show_record(made)
    page.pane.show_history("measure", made, "traffic_light", page.pane.form.sheet.bound["traffic_light"].row)
    card = page.window().findChild(Popover, "history")
    assert isinstance(card, Popover)
    assert card.accessibleName() == "Verlauf: Ampel"
    body = card.findChild(History)
    assert isinstance(body, History)
    entries = [body._group.button(n).accessibleName() for n in range(3)]
    assert entries[0].startswith("Abweichung, Katrin Brandt · Laptop Rathaus 2, heute")
    assert entries[0].endswith("wartet")
    assert "Kritisch, Martin Hoffmann" in entries[1]
    assert "Im Plan, Katrin Brandt" in entries[2]
    assert "Quittung" in entries[2]
    body._group.button(2).click()
    assert body._restore.text() == "„Im Plan“ wiederherstellen"
    body._restore.click()
    assert value(workspace, made, "traffic_light") == "green"
    assert len(versions.history(workspace.reader, "measure", made, "traffic_light")) == 4


def test_what_is_missing_is_a_list_of_links_that_lead_there(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Bürgerbus", responsible_unit="Bauhof")
    page.show_record(made)
    record = page.pane.form.record
    assert record is not None
    missing = rules.completeness(record.values, {})
    assert (
        f"{rules.COMPLETE_TOTAL - len(missing)} von {rules.COMPLETE_TOTAL}" in page.pane.foot._complete.text()
    )
    for finding in missing:
        page.pane.form.go_to(finding.field)
        assert page.pane.form.folds[section_of(finding.field)].is_open(), told(finding)
    assert field(page, "traffic_light").isEnabled()


# Parts ---------------------------------------------------------------------------------------


def test_a_milestone_is_added_edited_and_deleted_in_place(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    made = make(store, "Bürgerbus")
    page.show_record(made)
    parts = page.pane.form.parts["milestone"]
    parts.start()
    assert parts._line is not None
    type_text(parts._line, "Vergabe\n")
    (record,) = records.children(workspace.reader, made, "milestone")
    row = parts.rows[record.id]
    assert row.is_open()
    assert row.sheet is not None
    due = row.sheet.bound["due"].editor.focus
    assert due.hasFocus(), "the first field that is still empty"
    type_text(due, "Q3/2026")
    page.save()
    assert value(workspace, record.id, "due", "milestone") == "2026-Q3"
    assert row.head.accessibleName().startswith("Meilenstein, Vergabe, Q3/2026")
    row._on_delete()
    assert parts.rows == {}
    assert records.children(workspace.reader, made, "milestone") == []
    store.undo()
    assert len(parts.rows) == 1


def test_costs_and_funding_add_up_to_the_own_share(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Bürgerbus", total_cost_cents=34_000_000)
    page.show_record(made)
    measures.add_part(
        store, made, "funding_item", {"source": "kfw_436", "amount_cents": 30_600_000, "status": "approved"}
    )
    measures.add_part(
        store, made, "funding_item", {"source": "eu", "amount_cents": 9_000_000, "status": "rejected"}
    )
    sums = page.pane.form._sums
    assert sums is not None
    assert sums.own.text() == "34.000 €"
    measures.add_part(store, made, "cost_item", {"year": 2026, "planned_cents": 24_600_000})
    assert "246.000 €" in sums.findChildren(QLabel)[-1].text()


def test_an_indicator_has_values_of_its_own(page: MeasuresPage, store: Store, workspace: Workspace) -> None:
    made = make(store, "Bürgerbus")
    measures.add_part(store, made, "indicator", {"name": "Fahrgäste"})
    page.show_record(made)
    page.pane.form.folds["effect"].set_open(True)
    (row,) = page.pane.form.parts["indicator"].rows.values()
    row.set_open(True)
    assert row.inner is not None
    row.inner.start()
    (reading,) = row.inner.rows.values()
    assert reading.sheet is not None
    number = reading.sheet.bound["number"].editor.focus
    number.setFocus()
    type_text(number, "1.250,5")
    page.save()
    (record,) = records.children(workspace.reader, made, "indicator_value")
    assert (record.get("number"), record.get("indicator_id")) == (1250.5, row.record.id)


def test_a_measure_depends_on_a_bundle_or_another_measure(
    page: MeasuresPage, store: Store, workspace: Workspace
) -> None:
    other, made = make(store, "Datenplattform Südwestfalen"), make(store, "Bürgerbus")
    page.show_record(made)
    page.pane.form.folds["effect"].set_open(True)
    links = page.pane.form._links
    assert links is not None
    type_text(links.line, "datenplattform südw")
    press(links.line, Qt.Key.Key_Return)
    links._on_typed("M09")
    links._on_picked("M09 Digitaler Kompetenzaufbau")
    assert value(workspace, made, "dependencies") == tuple(sorted((f"builds_on:{other}", "builds_on:M09")))


@pytest.mark.parametrize("kind", sorted(PART_ROWS))
def test_every_kind_of_part_opens_with_named_editors(page: MeasuresPage, store: Store, kind: str) -> None:
    made = make(store, "Bürgerbus")
    required = rules.REQUIRED.get(kind, ())
    if kind == "indicator_value":
        pytest.skip("opened within its indicator above")
    measures.add_part(store, made, kind, dict.fromkeys(required, "Etwas"))
    page.show_record(made)
    for fold in page.pane.form.folds.values():
        fold.set_open(True)
    (row,) = page.pane.form.parts[kind].rows.values()
    row.set_open(True)
    assert row.sheet is not None
    unnamed = [name for name, one in row.sheet.bound.items() if not one.editor.focus.accessibleName()]
    assert unnamed == []
    assert all(isinstance(one.editor.widget, QWidget) for one in row.sheet.bound.values())
