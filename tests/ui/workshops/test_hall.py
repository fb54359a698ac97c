"""Im Saal: two windows find each other by what one shows and the other types, and say where the words are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import sessions
from app.models.queries.hall import Carried, HallStanding, Keeper
from app.services import workshops
from app.services.workshops import Card
from app.sync.hall import guest, pairing
from app.sync.hall.files import Left
from app.ui.hall_words import file_words, truth_words
from app.ui.workshops.hall.link import HallLink
from app.ui.workshops.hall.sheet import HallSheet
from app.ui.workshops.page import WorkshopsPage
from tests.ui.accessibility.reading import missing_words, tree
from tests.ui.typing import shown
from tests.ui.workshops.conftest import Desk

Pages = tuple[WorkshopsPage, WorkshopsPage]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "_STRETCH", 16)
    monkeypatch.setattr(guest, "EVERY_SECONDS", 0.05)


_KEPT: list[QWidget] = []
"""Qtbot holds windows weakly, and here are two at a time."""


def window(qtbot: QtBot, desk: Desk) -> WorkshopsPage:
    page, around = WorkshopsPage(desk.workspace, desk.bus), QWidget()
    page.hall.listen_at = ("127.0.0.1", 0)
    QVBoxLayout(around).addWidget(page)
    around.resize(1366, 768)
    qtbot.addWidget(around)
    _KEPT.append(around)
    around.show()
    around.activateWindow()
    qtbot.waitUntil(around.isActiveWindow)
    return page


@pytest.fixture
def pages(
    qtbot: QtBot, desk: Desk, workshop: EntityId, colleague: Desk
) -> Iterator[tuple[WorkshopsPage, WorkshopsPage]]:
    for one in (desk, colleague, desk):
        one.sync()
    found = window(qtbot, desk), window(qtbot, colleague)
    yield found
    for page in found:
        page.flush()
        page.leave()
    _KEPT.clear()


def press(page: WorkshopsPage, name: str) -> None:
    button = next(b for b in page.window().findChildren(QAbstractButton, name) if b.isVisible())
    button.click()


def words(page: WorkshopsPage, name: str) -> str:
    found = [label for label in page.window().findChildren(QLabel, name) if label.isVisible()]
    return found[0].text() if found else ""


def type_into(page: WorkshopsPage, name: str, text: str) -> None:
    next(line for line in page.window().findChildren(QLineEdit, name) if line.isVisible()).setText(text)


def open_hub(qtbot: QtBot, page: WorkshopsPage, workshop: EntityId) -> None:
    open_card(qtbot, page, workshop)
    press(page, "hall_open")
    qtbot.waitUntil(lambda: bool(words(page, "hall_where")))


def open_card(qtbot: QtBot, page: WorkshopsPage, workshop: EntityId) -> None:
    page.show_record(workshop)
    page.window().activateWindow()
    qtbot.waitUntil(lambda: page.window().isAncestorOf(QApplication.focusWidget() or page.window()))
    page.window().focusWidget().clearFocus()
    press(page, "hall")


def test_what_one_window_shows_the_other_types_and_both_say_where_the_words_are(
    qtbot: QtBot, pages: Pages, desk: Desk, colleague: Desk, workshop: EntityId
) -> None:
    mine, other = pages
    open_hub(qtbot, mine, workshop)
    assert words(mine, "hall_people") == "Noch ist niemand verbunden."
    press(other, "hall_join_any")
    type_into(other, "hall_address", words(mine, "hall_where"))
    type_into(other, "hall_code", "1111")
    press(other, "hall_join")
    assert words(other, "hall_problem") == "Der Code hat acht Ziffern; er steht am anderen Laptop."
    type_into(other, "hall_code", "0000 0000" if words(mine, "hall_shown_code") != "0000 0000" else "1111 1111")
    press(other, "hall_join")
    qtbot.waitUntil(lambda: words(other, "hall_problem").startswith("Der Code stimmt nicht."))
    type_into(other, "hall_code", words(mine, "hall_shown_code"))
    press(other, "hall_join")
    qtbot.waitUntil(lambda: other.view is not None and other.view.workshop == workshop)
    qtbot.waitUntil(lambda: "Jonas Sauer" in words(mine, "hall_people"))
    workshops.add_card(desk.store, workshop, Card("idea", "Aus dem Saal"))
    qtbot.waitUntil(
        lambda: [c.text for c in sessions.card_lines(colleague.workspace.reader, workshop)] == ["Aus dem Saal"]
    )
    qtbot.waitUntil(lambda: "auch bei Laptop Jonas Sauer (Jonas Sauer)" in words(mine, "hall_truth"))
    sheet = mine.window().findChild(HallSheet)
    assert sheet is not None
    assert missing_words(tree(sheet)) == []
    assert words(mine, "hall_truth").startswith("1 Änderung von hier ist noch nicht bei der Agentur.")
    press(mine, "hall_end")
    qtbot.waitUntil(lambda: mine.hall.part.value == "alone")
    qtbot.waitUntil(lambda: other.hall.is_away)


def test_an_address_where_nobody_listens_is_told_beside_the_field(qtbot: QtBot, desk: Desk, colleague: Desk) -> None:
    desk.sync()
    page = window(qtbot, desk)
    press(page, "hall_join_any")
    type_into(page, "hall_address", "127.0.0.1:1")
    type_into(page, "hall_code", "1234 5678")
    press(page, "hall_join")
    qtbot.waitUntil(lambda: words(page, "hall_problem").startswith("Unter dieser Adresse antwortet kein Laptop."))
    page.leave()


def test_without_a_pass_of_the_agency_the_way_to_one_is_told(qtbot: QtBot, desk: Desk, workshop: EntityId) -> None:
    sheet = HallSheet(desk.workspace, HallLink(desk.workspace), workshop)
    shown(qtbot, sheet)
    sheet.open_button.click()
    qtbot.waitUntil(lambda: "noch keinen Ausweis" in sheet.problem.text())
    assert sheet.problem.isVisible()
    assert missing_words(tree(sheet)) == []


def test_the_hall_is_never_told_as_the_agency() -> None:
    told = truth_words(
        HallStanding(
            12,
            (Keeper("Anna", "Laptop Nord", 12), Keeper("Olaf", "Laptop Süd", 3)),
            (Carried("Olaf", "Laptop Süd", 5, "held", "", 0), Carried("Mira", "Tablet", 2, "taken", "", 9)),
        )
    )
    assert told == [
        "12 Änderungen von hier sind noch nicht bei der Agentur.",
        "Sie liegen auch bei Laptop Nord (Anna), versiegelt für die Agentur.",
        "3 davon liegen auch bei Laptop Süd (Olaf), versiegelt für die Agentur.",
        "Für Olaf (Laptop Süd) nimmt dieser Laptop 5 Änderungen zur Agentur mit.",
        "Die Post von Mira (Tablet) ist bei der Agentur: 2 Änderungen.",
    ]
    assert truth_words(HallStanding()) == ["Von hier wartet nichts auf die Agentur."]
    one = HallStanding(1, (Keeper("Anna", "Laptop Nord", 1),))
    assert truth_words(one)[1] == "Sie liegt auch bei Laptop Nord (Anna), versiegelt für die Agentur."


def test_photos_that_are_not_through_yet_are_told_with_what_is_left_of_them() -> None:
    assert file_words(Left(), Left()) == []
    assert file_words(Left(1, 3_400_000), Left(2, 820_000)) == [
        "1 Datei fehlt hier noch (3,4 MB).",
        "2 Dateien gehen noch an den anderen Laptop (820 KB).",
    ]


def test_what_the_agency_has_signed_for_is_told_apart_from_what_still_waits() -> None:
    told = truth_words(HallStanding(5, arrived=3, aside=2, arrived_at="2026-11-24T19:14:00.000Z"))
    assert told[0] == "2 Änderungen von hier sind noch nicht bei der Agentur."
    assert told[1].startswith("3 Änderungen von hier sind bei der Agentur; sie hat es am 24.11.2026, ")
    assert told[2] == "Davon liegen 2 dort noch zur Entscheidung."
    refused = HallStanding(carried=(Carried("Olaf", "Laptop Süd", 5, "refused", "token_revoked", 9),))
    assert truth_words(refused) == [
        "Die Post von Olaf (Laptop Süd) hat die Agentur nicht angenommen. Das Gerät ist abgemeldet."
    ]
