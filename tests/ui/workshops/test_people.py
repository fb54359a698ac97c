"""Names typed at the door: one a line, everything else in a form, gone on their day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries.participants import participants
from app.services import participants as acting
from app.ui.widgets.buttons import Button
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.toggles import CheckBox
from app.ui.workshops import moments
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.people import PeopleBox
from app.ui.workshops.people_form import PersonForm
from tests.ui.typing import shown, type_text
from tests.ui.workshops.conftest import Desk


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, workshop: EntityId) -> Iterator[WorkshopsPage]:
    made = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, made).resize(1360, 840)
    yield made
    made.flush()


def people_of(page: WorkshopsPage, workshop: EntityId) -> PeopleBox:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    return page.view.details.people


def rows(people: PeopleBox) -> list[QPushButton]:
    """The names in sight, once a change has been laid out."""
    QApplication.processEvents()
    return [row for row in people.findChildren(QPushButton) if row.isVisibleTo(people)]


def test_names_are_typed_one_a_line_and_the_rest_in_a_form(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId
) -> None:
    people = people_of(page, workshop)
    type_text(people.line, "Erika Muster, SGV Aue\nJürgen Dickel\n\n")
    assert [row.text() for row in rows(people)] == ["Jürgen Dickel", "Erika Muster"]
    QTest.mouseClick(rows(people)[1], Qt.MouseButton.LeftButton)
    window = page.window()
    for name, words in (("person_function", "Vorsitz"), ("person_email", "muster@example.org")):
        field = window.findChild(LineEdit, name)
        assert field is not None
        type_text(field, words)
    photo, form = window.findChild(CheckBox, "person_photo"), window.findChild(PersonForm)
    assert photo is not None
    assert form is not None
    photo.click()
    form.erase_on.line.selectAll()
    type_text(form.erase_on.line, "31.12.2099\n")
    save = window.findChild(Button, "person_save")
    assert save is not None
    save.click()
    (muster,) = [p for p in participants(desk.workspace.reader, workshop) if p.name == "Erika Muster"]
    assert (muster.institution, muster.function, muster.photo, muster.contact) == ("SGV Aue", "Vorsitz", True, False)
    assert muster.erase_on == date(2099, 12, 31)
    assert "wird am 31.12.2099 gelöscht" in rows(people)[1].accessibleName()
    assert "Einwilligung: Fotos" in rows(people)[1].accessibleName()


def test_a_name_without_a_day_on_which_it_goes_is_not_kept(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId
) -> None:
    people = people_of(page, workshop)
    type_text(people.line, "Erika Muster\n")
    before = participants(desk.workspace.reader, workshop)
    QTest.mouseClick(rows(people)[0], Qt.MouseButton.LeftButton)
    form, save = page.window().findChild(PersonForm), page.window().findChild(Button, "person_save")
    assert form is not None
    assert save is not None
    form.erase_on.line.selectAll()
    type_text(form.erase_on.line, "\b")
    save.click()
    assert "ohne ihn wird kein Name behalten" in form.error.text()
    assert participants(desk.workspace.reader, workshop) == before
    remove = page.window().findChild(Button, "person_remove")
    assert remove is not None
    remove.click()
    assert participants(desk.workspace.reader, workshop) == []
    assert rows(people) == []


def test_names_whose_day_has_come_are_gone_when_the_program_opens(qtbot: QtBot, desk: Desk, workshop: EntityId) -> None:
    today = moments.today()
    acting.add(desk.store, workshop, ["Gestern"], today - timedelta(days=1))
    acting.add(desk.store, workshop, ["Morgen"], today + timedelta(days=1))
    made = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, made)
    qtbot.waitUntil(lambda: len(participants(desk.workspace.reader, workshop)) == 1)
    people = people_of(made, workshop)
    assert [row.text() for row in rows(people)] == ["Morgen"]
    made.flush()
