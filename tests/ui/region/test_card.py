"""The card of a shared measure at the agency's desk: it has no municipality of its own, so it asks for whom."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.queries.lineage import Adopter
from app.models.queries.region import SharedLine
from app.ui.measures.places import Places
from app.ui.region.card import MeasureCard
from app.ui.region.words import listed_amount
from app.ui.widgets.words import ElidedLabel, Label
from tests.ui.region.conftest import AGS, OLPE, SOEST
from tests.ui.typing import press, shown

LINE = SharedLine("m1", "Mobility Twin", "M15", SOEST, (), ("mobility",), "idea", "grey", "", "", "", 0, 2, False)


def test_an_idea_is_taken_over_for_a_town_that_is_named(qtbot: QtBot, region: Region) -> None:
    card = MeasureCard(Places(region), "")
    shown(qtbot, card)
    adopters = (Adopter("a", "x", OLPE), Adopter("b", "y", AGS), Adopter("c", "z", OLPE))
    card.show_measure(LINE, "1 von 2", adopters)
    told = [label.text() for label in card.findChildren(ElidedLabel)]
    assert "Abgeguckt von Bad Berleburg und Olpe" in [label.text() for label in card.findChildren(Label)], "whole"
    assert "Soest · M15" in told
    assert not card.adopt.isEnabled()
    asked: list[tuple[str, str]] = []
    card.adopt_asked.connect(lambda measure, ags: asked.append((measure, ags)))
    card.for_whom.set_value(AGS)
    card.for_whom.chosen.emit(AGS)
    assert card.adopt.isEnabled()
    press(card.adopt, Qt.Key.Key_Return)
    assert asked == [("m1", AGS)]


@pytest.mark.parametrize(
    ("shown_here", "total", "said"),
    [(0, 0, "Keine Maßnahmen"), (1, 1, "1 Maßnahme"), (400, 823, "400 von 823 Maßnahmen"), (3, 3, "3 Maßnahmen")],
)
def test_a_long_list_says_what_it_leaves_out(shown_here: int, total: int, said: str) -> None:
    assert listed_amount(shown_here, total) == said
