"""Long German words are broken where one breaks them, addresses never."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.widgets import base
from app.ui.widgets.base import Paragraph
from app.ui.widgets.hyphens import with_soft_hyphens


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        ("Grundstücksverkehrsgenehmigung.", "Grund|stücks|ver|kehrs|ge|neh|mi|gung."),
        ("Nahversorgungszentrum: ja", "Nah|ver|sor|gungs|zent|rum: ja"),
        ("Bürgerbus", "Bürgerbus"),
        ("https://donaudampfschifffahrt.de/gemeindeverwaltung", "https://donaudampfschifffahrt.de/gemeindeverwaltung"),
        ("gemeindeverwaltung@beispielgemeinde.de", "gemeindeverwaltung@beispielgemeinde.de"),
    ],
)
def test_parts_begin_with_one_consonant_and_a_vowel(words: str, broken: str) -> None:
    assert with_soft_hyphens(words).replace("\u00ad", "|") == broken


def test_a_mark_that_is_not_needed_takes_no_room(qtbot: QtBot) -> None:
    word, font = "Grundstücksverkehrsgenehmigung", theme.font("body")
    plain = theme.metrics("body").horizontalAdvance(word)
    assert Paragraph(word, font, plain + 1, theme.line()).lines == 1
    assert Paragraph(word, font, plain * 0.6, theme.line()).lines == 2


def test_what_does_not_fit_into_two_lines_ends_with_an_ellipsis_in_the_second(qtbot: QtBot) -> None:
    words, font = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung digital", theme.font("body")
    cut = Paragraph.within(words, font, 160, theme.line(), 2)
    assert cut.lines == 2
    assert cut.words.endswith("…")
    assert words.startswith(cut.words[:-1])
    assert len(cut.words) > 20
    assert Paragraph.within("Bürgerbus", font, 160, theme.line(), 2).words == "Bürgerbus"


def test_a_hyphen_beside_equal_figures_is_no_wider_than_in_running_text(look: theme.Theme) -> None:
    plain, equal = (base.text_width("Siegen-Wittgenstein", "small", tabular=tabular) for tabular in (False, True))
    assert equal <= plain
