"""Doubling a measure, and looking back: what a day said, what changed since, taking one field back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.domain.fields import MEASURE, SHORT
from app.models.queries import records, versions
from app.models.queries.earlier import Turn, earlier
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import history, measures
from app.services.workspace import Workspace
from app.ui.measures import sentences
from app.ui.measures.page import MeasuresPage
from app.ui.widgets import base
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.chips import ChipButton
from app.ui.widgets.words import Label
from tests.ui.measures.acting import ARNSBERG, caught_up, make, value
from tests.ui.typing import press, type_text


def choose(page: MeasuresPage, begins: str) -> None:
    """Pick an entry of the menu of the pane."""
    menu = page.pane.menu()
    next(action for action in menu.findChildren(QAction) if action.text().startswith(begins)).trigger()
    menu.deleteLater()


def test_a_doubled_measure_has_the_fields_and_the_plan_and_no_past(
    page: MeasuresPage, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    made = make(store, "Radweg", status="planned", goals="Sicher zur Schule", tags=frozenset({"Rad"}), code="M7")
    measures.edit(store, made, {"goals": "Sicher zur Schule und zurück", "visibility": "school"})
    measures.add_part(store, made, "milestone", {"title": "Vergabe", "due": "2027-Q1"})
    measures.add_part(store, made, "task", {"title": "Anrufen"})
    caught_up(qtbot, page)
    page.show_record(made)
    choose(page, "Doppeln")
    copy = page.pane.measure
    assert copy != made
    assert page.pane.form.title.area.hasFocus(), "the title is to be overwritten at once"
    assert value(workspace, copy, "title") == "Radweg (Kopie)"
    assert value(workspace, copy, "goals") == "Sicher zur Schule und zurück"
    assert value(workspace, copy, "tags") == ("Rad",)
    assert not value(workspace, copy, "code"), "a number belongs to one measure"
    assert value(workspace, copy, "visibility") == "municipality", "nothing is published by copying"
    assert [p.text("title") for p in records.children(workspace.reader, copy, "milestone")] == ["Vergabe"]
    assert records.children(workspace.reader, copy, "task") == []
    assert len(versions.history(workspace.reader, "measure", copy, "goals")) == 1


def test_doubling_is_one_step_of_undo_and_is_named(store: Store, workspace: Workspace) -> None:
    made = make(store, "Radweg")
    measures.add_part(store, made, "milestone", {"title": "Vergabe"})
    copy = measures.duplicate(store, made)
    assert history.next_undo(store) == "measure.duplicate"
    history.undo(store)
    gone = records.get_record(workspace.reader, "measure", copy)
    assert gone is not None
    assert gone.gone
    assert value(workspace, made, "title") == "Radweg"


def test_the_title_of_a_copy_is_never_too_long(store: Store, workspace: Workspace) -> None:
    made = make(store, "ü" * SHORT)
    title = value(workspace, measures.duplicate(store, made), "title")
    assert title.endswith(" (Kopie)")
    assert len(title) == SHORT


DAY = 86_400_000


@pytest.fixture
def past(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], int]]:
    """Sets the clock of the desk to so many days ago; returns the instant."""
    true_clock = store.clock

    def days_ago(days: int) -> int:
        monkeypatch.setattr(store, "clock", lambda: true_clock() - days * DAY)
        return store.clock()

    yield days_ago
    monkeypatch.undo()


@pytest.fixture
def grown(store: Store, past: Callable[[int], int]) -> str:
    """A measure of 400 days with a status, a reason and a milestone that changed since."""
    past(400)
    made = make(store, "Radweg", status="planned", goals="Sicher zur Schule")
    measures.add_part(store, made, "milestone", {"title": "Antrag"})
    past(100)
    measures.edit(store, made, {"status": "paused", "status_reason": "Förderbescheid fehlt"})
    measures.add_part(store, made, "milestone", {"title": "Vergabe", "due": "2027-Q1"})
    past(10)
    measures.edit(store, made, {"goals": "Sicher zur Schule und zurück"})
    past(0)
    return made


def slot(name: str) -> int:
    return MEASURE.slot_of[name].id


def test_a_day_says_what_stood_there_and_who_changed_it_since(grown: str, store: Store, workspace: Workspace) -> None:
    now = store.clock()
    month = earlier(workspace.reader, grown, now - 30 * DAY)
    assert [(d.slot, d.then, d.now) for d in month.differences] == [
        (slot("goals"), "Sicher zur Schule", "Sicher zur Schule und zurück")
    ]
    assert month.differences[0].writer.person == "Katrin Brandt"
    year = earlier(workspace.reader, grown, now - 365 * DAY)
    told = {(d.kind, d.slot): d for d in year.differences}
    state = told["measure", slot("status")]
    assert isinstance(state.then, tuple)
    assert state.then[0] == "planned"
    assert [(d.title, d.turn) for d in year.differences if d.kind == "milestone"] == [("Vergabe", Turn.CAME)]
    assert earlier(workspace.reader, grown, now).differences == ()
    assert not earlier(workspace.reader, grown, now - 500 * DAY).existed


def test_what_was_deleted_since_is_told_and_what_came_and_went_is_not(
    grown: str, store: Store, workspace: Workspace, past: Callable[[int], int]
) -> None:
    parts = {p.text("title"): p.id for p in records.children(workspace.reader, grown, "milestone")}
    measures.delete_part(store, "milestone", parts["Antrag"])
    measures.delete_part(store, "milestone", parts["Vergabe"])
    year = earlier(workspace.reader, grown, store.clock() - 365 * DAY)
    assert [(d.title, d.turn) for d in year.differences if d.kind == "milestone"] == [("Antrag", Turn.WENT)]


def test_the_pane_compares_and_takes_one_field_back_as_one_step(
    page: MeasuresPage, grown: str, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    caught_up(qtbot, page)
    page.show_record(grown)
    choose(page, "Mit früherem Tag")
    view = page.pane.earlier
    assert view.isVisible()
    shown = [label.text() for label in view.findChildren(Label) if label.isVisible()]
    assert "Sicher zur Schule" in shown
    assert "Sicher zur Schule und zurück" in shown
    link = view.findChild(LinkButton, f"take_back_measure_{slot('goals')}")
    assert link is not None
    link.click()
    assert value(workspace, grown, "goals") == "Sicher zur Schule"
    assert history.next_undo(store) == "measure.restore_value"
    assert view.told is not None
    assert view.told.differences == (), "the comparison follows at once"
    press(view.day.line, Qt.Key.Key_Escape)
    assert page.pane.form.isVisible()
    assert page.split.is_open(), "Esc leads back to the form first"


def test_any_day_can_be_typed_and_a_day_before_the_measure_is_said_to_be_so(
    page: MeasuresPage, grown: str, store: Store, qtbot: QtBot
) -> None:
    caught_up(qtbot, page)
    page.show_record(grown)
    page.pane.show_earlier()
    view = page.pane.earlier
    view.day.line.setFocus(Qt.FocusReason.TabFocusReason)
    view.day.line.selectAll()
    type_text(view.day.line, "2019\n")
    told = [label.text() for label in view.findChildren(Label) if label.isVisible()]
    assert "Am 31.12.2019 gab es diese Maßnahme hier noch nicht." in told
    button = view.findChild(ChipButton, "earlier_year")
    assert button is not None
    button.click()
    assert view.told is not None
    assert len(view.told.differences) == 3


def test_one_field_after_another_is_taken_back_by_keyboard(
    page: MeasuresPage, grown: str, store: Store, workspace: Workspace, qtbot: QtBot
) -> None:
    caught_up(qtbot, page)
    page.show_record(grown)
    page.pane.show_earlier()
    view = page.pane.earlier
    year = view.findChild(ChipButton, "earlier_year")
    assert year is not None
    year.click()
    for name in ("goals", "status"):
        link = next(one for one in view.findChildren(LinkButton, f"take_back_measure_{slot(name)}") if one.isVisible())
        link.setFocus(Qt.FocusReason.TabFocusReason)
        press(link, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: base.holds_focus(view))
    assert value(workspace, grown, "status") == "planned"
    assert view.day.line.hasFocus(), "nothing more can be taken back: on with another day"


def test_a_day_to_come_is_no_earlier_day_and_a_year_that_has_begun_reaches_until_today(
    page: MeasuresPage, grown: str, qtbot: QtBot
) -> None:
    caught_up(qtbot, page)
    page.show_record(grown)
    page.pane.show_earlier()
    view = page.pane.earlier
    view.day.set_value("2099-01-01")
    view._on_day(None)
    assert [row.text() for row in view._rows if isinstance(row, Label)] == [
        "Dieser Tag liegt in der Zukunft. Bitte einen früheren nennen."
    ]
    view.day.set_value(str(sentences.today().year))
    view._on_day(None)
    assert f"Seit dem {sentences.today():%d.%m.%Y} hat sich nichts geändert." in [
        row.text() for row in view._rows if isinstance(row, Label)
    ]


def test_who_may_only_read_compares_but_takes_nothing_back(
    page: MeasuresPage, grown: str, store: Store, qtbot: QtBot
) -> None:
    store.put_settings(grant=encode_grant("coordinator", ARNSBERG, []))
    caught_up(qtbot, page)
    page.show_record(grown)
    page.pane.show_earlier()
    assert page.pane.earlier.told is not None
    assert page.pane.earlier.told.differences
    assert page.pane.earlier.findChildren(LinkButton) == []
