"""A measure that a sync takes from this device while somebody writes in it: the words stay, and it is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.store import Store
from app.ui.bus import Bus
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.notices import Banner
from tests.models.tiny_agency import TinyAgency, exchange
from tests.ui.measures.acting import caught_up, field, make, titles
from tests.ui.typing import press, type_text


@pytest.fixture
def agency(store: Store) -> TinyAgency:
    return TinyAgency()


@pytest.fixture
def shared(page: MeasuresPage, qtbot: QtBot, store: Store, agency: TinyAgency) -> EntityId:
    """A measure that the agency has, and another one."""
    made = make(store, "Bürgerbus", responsible_unit="Bauhof")
    make(store, "Carsharing")
    exchange(store, agency)
    caught_up(qtbot, page)
    return made


@pytest.fixture
def withdraw(store: Store, agency: TinyAgency, bus: Bus) -> Callable[[EntityId], None]:
    """The agency no longer shares a measure with this device, and a sync brings that."""

    def act(measure: EntityId) -> None:
        agency.scopes["all"] = lambda state: state.id != measure
        agency.put(agency.records[("measure", measure)])
        arrived = exchange(store, agency)
        assert arrived.gone == {("measure", measure)}
        bus.tell_applied(frozenset(arrived.keys))

    return act


def inside() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_its_row_goes_from_the_table(
    page: MeasuresPage, qtbot: QtBot, shared: EntityId, withdraw: Callable[[EntityId], None]
) -> None:
    page.table.show_record(shared)
    withdraw(shared)
    caught_up(qtbot, page)
    assert titles(page) == ["Carsharing"]


def test_what_is_typed_in_its_cell_stays_and_can_be_copied(
    page: MeasuresPage, qtbot: QtBot, shared: EntityId, withdraw: Callable[[EntityId], None]
) -> None:
    page.table.setFocus(Qt.FocusReason.OtherFocusReason)
    page.table.go_to(shared, "title")
    press(page.table, Qt.Key.Key_F2)
    type_text(inside(), "Rufbus nach Girkhausen")
    withdraw(shared)
    caught_up(qtbot, page)
    assert titles(page) == ["Carsharing"]
    card = page.cell.card
    assert card is not None
    assert card.note() == (
        "Diese Maßnahme wird nicht mehr mit diesem Gerät geteilt. "
        "Ihr Text steht noch hier und kann kopiert werden; Esc schließt."
    )
    press(inside(), Qt.Key.Key_Return)
    assert page.cell.is_open(), "nothing is thrown away, and nothing pretends to be saved"
    assert inside().text() == "Rufbus nach Girkhausen"  # type: ignore[attr-defined]
    assert page.table.viewport().rect().contains(card.geometry())
    press(inside(), Qt.Key.Key_Escape)
    assert not page.cell.is_open()
    assert page.table.hasFocus()


def test_in_its_form_the_words_stay_and_the_pane_says_why_nothing_can_be_saved(
    page: MeasuresPage, qtbot: QtBot, shared: EntityId, withdraw: Callable[[EntityId], None]
) -> None:
    page.show_record(shared)
    type_text(field(page, "responsible_unit"), "Ordnungsamt")
    withdraw(shared)
    caught_up(qtbot, page)
    assert titles(page) == ["Carsharing"]
    (told,) = [one for one in page.pane.findChildren(Banner) if not one.isHidden()]
    assert told.objectName() == "banner_away"
    assert "Ordnungsamt" in field(page, "responsible_unit").text()  # type: ignore[attr-defined]
    assert page.save(), "one can leave"
