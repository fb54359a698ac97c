"""Herkunft: which evening a measure came from, in the words of its cards, and the way back there."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.ids import new_id
from app.services import promotions, workshops
from app.services.workshops import Card
from app.services.workspace import Workspace
from app.ui.measures.origin import Origin
from app.ui.widgets.words import Label
from tests.ui.typing import shown

AGS = "05970004"


def test_a_measure_tells_the_words_and_points_of_its_cards_and_leads_back(qtbot: QtBot, workspace: Workspace) -> None:
    store = workspace.store
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": AGS, "starts_at": "2026-11-26T19:00"})
    made = workshops.add_cards(store, workshop, [Card("idea", "Bus am Abend"), Card("need", "Licht am Weg")])
    cards = [card for _, card in made]
    vote = workshops.add_part(store, workshop, "vote_round", {"title": "Was zuerst?"})
    workshops.vote(store, workshop, vote, cards[0], 9)
    promotions.create_measure(store, workshop, cards, {"title": "Bus", "lead_ags": AGS})
    workshops.delete_part(store, "contribution", cards[1])
    origin = Origin(workspace.reader, name="origin", accessible="Herkunft")
    shown(qtbot, origin)
    origin.show_cards([*cards, new_id()])

    def words() -> list[str]:
        return [label.text() for label in origin.findChildren(Label) if label.isVisible()]

    elsewhere = "1 weitere Karte aus einem Workshop, der nicht auf diesem Gerät liegt"
    qtbot.waitUntil(lambda: elsewhere in words())
    assert "„Bus am Abend“, 9 Punkte" in words()
    assert "„Licht am Weg“, Karte gelöscht" in words()
    asked: list[str] = []
    origin.opened.connect(asked.append)
    link = origin.findChild(QPushButton, f"origin_{workshop}")
    assert link is not None
    assert link.text() == "Bürgerdialog, 26.11.2026"
    link.click()
    assert asked == [workshop]
    workshops.delete(store, workshop)
    origin.show_cards(cards)
    qtbot.waitUntil(lambda: "„Bus am Abend“, 9 Punkte" in words())
    assert not any(button.isVisible() for button in origin.findChildren(QPushButton))
