"""The look is readable: contrast is computed for both modes, sizes follow the text size."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.ui import icons, theme
from app.ui.widgets.words import Label

GROUNDS = ("background", "surface", "sunken")
SOFT = ("accent", "ok", "warning", "danger", "info", "version")


@pytest.fixture(params=["light", "dark"])
def mode(request: pytest.FixtureRequest) -> str:
    """Both modes in turn."""
    theme.active().choose(str(request.param))
    return str(request.param)


def unreadable(pairs: Iterable[tuple[str, str]], least: float = 4.5) -> list[tuple[str, str, float]]:
    """Those of the pairs (role, ground) that have less contrast, with what they have."""
    found = ((role, ground, theme.contrast(theme.color(role), theme.color(ground))) for role, ground in pairs)
    return [each for each in found if each[2] < least]


def test_text_can_be_read_on_every_ground(mode: str) -> None:
    roles = ("text", "muted", "accent", "ok", "warning", "danger", "info", "version")
    assert unreadable(product(roles, GROUNDS)) == []


def test_text_can_be_read_on_the_soft_tone_of_its_kind(mode: str) -> None:
    assert unreadable((role, f"{role}_soft") for role in SOFT) == []
    assert unreadable(("text", f"{role}_soft") for role in SOFT) == []


def test_muted_text_can_be_read_in_selected_and_hovered_rows(mode: str) -> None:
    rows = ("accent_soft", "fill", "surface+text:3", "surface+text:10")
    assert unreadable(product(("muted", "text"), rows)) == []


def test_text_on_filled_buttons_and_badges_can_be_read(mode: str) -> None:
    assert unreadable(("accent_text", filled) for filled in ("accent", "muted", "version")) == []


def test_the_primary_button_stays_readable_under_the_mouse(mode: str) -> None:
    assert unreadable(("accent_text", wash) for wash in ("accent+background:5", "accent+background:10")) == []


def test_borders_of_controls_and_the_focus_ring_can_be_seen(mode: str) -> None:
    assert unreadable(product(("control_border", "focus"), (*GROUNDS, "accent_soft")), 3.0) == []


def test_the_focus_ring_never_looks_like_the_selection(mode: str) -> None:
    assert theme.color("focus") != theme.color("accent")


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert theme.contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


def test_ink_is_chosen_by_contrast() -> None:
    assert theme.ink_on(theme.color("accent")) == theme.color("accent_text")
    assert theme.ink_on(theme.color("surface")) == theme.color("text")


def test_the_font_is_inter_in_three_real_weights() -> None:
    assert QFontInfo(theme.font()).family() == "Inter"
    widths = [
        QFontMetricsF(theme.font("body", weight)).horizontalAdvance("Maßnahmen")
        for weight in (theme.REGULAR, theme.MEDIUM, theme.STRONG)
    ]
    assert widths[0] < widths[1] < widths[2]


def test_tabular_figures_are_equally_wide() -> None:
    measures = theme.metrics("small", tabular=True)
    assert measures.horizontalAdvance("1111") == measures.horizontalAdvance("8888")
    assert theme.metrics("small").horizontalAdvance("1111") < measures.horizontalAdvance("1111")


def test_text_size_doubles_text_and_keeps_padding() -> None:
    theme.active().choose(text_size=200)
    assert theme.px(16) == 32
    assert theme.line() == 40
    assert theme.grow(32) == 52
    assert theme.font().pixelSize() == 28


def test_text_size_stays_within_100_and_200() -> None:
    theme.active().choose(text_size=900)
    assert theme.active().text_size == 200
    theme.active().choose(text_size=10)
    assert theme.active().text_size == 100


def test_a_switch_reaches_what_is_on_screen_and_tells(qtbot: QtBot, look: theme.Theme) -> None:
    label = Label("Maßnahmen", role="muted")
    plain = QLabel("Maßnahmen")
    qtbot.addWidget(plain)
    plain.show()
    told: list[bool] = []

    def on_changed() -> None:
        told.append(look.dark)

    look.changed.connect(on_changed)
    look.choose("dark", 150)
    look.changed.disconnect(on_changed)
    assert told == [True]
    assert label.palette().windowText().color() == theme.color("muted")
    assert label.font().pixelSize() == 21
    assert plain.font().pixelSize() == 21
    assert QApplication.palette().window().color() == theme.color("background")


def test_following_the_system_is_a_choice_of_its_own(look: theme.Theme) -> None:
    look.choose("system")
    assert look.scheme is theme.Scheme.SYSTEM


def test_every_icon_of_the_rail_exists_in_both_weights() -> None:
    for name in (
        "sun",
        "list-bullets",
        "users-three",
        "hexagon",
        "chart-bar",
        "arrows-clockwise",
        "broadcast",
    ):
        assert icons.exists(name)
        assert icons.exists(f"{name}-fill")


def test_icons_take_the_colour_of_their_role_when_painted(look: theme.Theme) -> None:
    icon = icons.icon("square-fill", "accent")
    light = icon.pixmap(16, 16).toImage().pixelColor(8, 8)
    look.choose("dark")
    dark = icons.icon("square-fill", "accent").pixmap(16, 16).toImage().pixelColor(8, 8)
    assert light == QColor("#1B6650")
    assert dark == QColor("#62C29B")


def test_the_window_icon_has_all_sizes() -> None:
    assert {size.width() for size in icons.window_icon().availableSizes()} >= {16, 32, 64, 256}
