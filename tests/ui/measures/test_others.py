"""Several people at one measure: nobody's words are lost, everybody sees whose they are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models import outbox
from app.models.authors import learn_authors
from app.models.queries import records, versions
from app.models.store import Store
from app.services import measures
from app.services.workspace import Workspace
from app.ui.bus import Bus
from app.ui.measures.history import History
from app.ui.measures.page import MeasuresPage
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
    learn_authors(store, [(replica, "Martin Hoffmann", "PC 114", ARNSBERG)])
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


def test_esc_in_the_history_of_a_field_leads_back_to_where_one_wrote(page: MeasuresPage, store: Store) -> None:
    made = make(store, "Bürgerbus", responsible_unit="Bauhof")
    page.show_record(made)
    row = page.pane.form.sheet.bound["responsible_unit"].row
    field(page, "responsible_unit").setFocus(Qt.FocusReason.TabFocusReason)
    page.pane.show_history("measure", made, "responsible_unit", row)
    assert not field(page, "responsible_unit").hasFocus()
    card = page.window().findChild(Popover, "history")
    assert isinstance(card, Popover)
    press(card, Qt.Key.Key_Escape)
    assert field(page, "responsible_unit").hasFocus()
