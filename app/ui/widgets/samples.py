"""Every piece of the screen in every state, as pages of the gallery."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.chips import Chip, ChipButton, FilterChip
from app.ui.widgets.choices import Choice, SetBox
from app.ui.widgets.glyphs import Glyph, GlyphMark
from app.ui.widgets.notices import Banner, Toast
from app.ui.widgets.popover import Popover
from app.ui.widgets.search import SearchField
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import Figure, ProgressBar, ProgressDial
from app.ui.widgets.tabs import TabBar
from app.ui.widgets.toggles import CheckBox, RadioButton, Stepper
from app.ui.widgets.words import Avatar, CountBadge, ElidedLabel, Ground, KeyCap, Label, Rule

LIGHTS = (
    Choice("green", "Im Plan", Glyph.LIGHT_OK),
    Choice("amber", "Abweichung", Glyph.LIGHT_WARNING),
    Choice("red", "Kritisch", Glyph.LIGHT_DANGER),
    Choice(None, "Keine Angabe", Glyph.LIGHT_NONE),
)
STATES = (
    Choice("idea", "Geplant", Glyph.RING_DOTTED),
    Choice("check", "In Prüfung", Glyph.RING_EMPTY),
    Choice("agreed", "Beschlossen", Glyph.RING_QUARTER),
    Choice("doing", "In Umsetzung", Glyph.RING_HALF),
    Choice("soon", "Fast fertig", Glyph.RING_THREE_QUARTERS),
    Choice("done", "Im Betrieb", Glyph.RING_FULL),
    Choice("ticked", "Abgeschlossen", Glyph.RING_CHECKED),
    Choice("paused", "Pausiert", Glyph.RING_PAUSED),
    Choice("dropped", "Verworfen", Glyph.RING_CROSSED),
)


def _row(*widgets: QWidget, gap: int = 12) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    return row


def _off(widget: Any) -> Any:
    widget.setEnabled(False)
    return widget


def _checked(widget: Any) -> Any:
    widget.setChecked(True)
    return widget


def _titled(column: QVBoxLayout, title: str) -> None:
    column.addWidget(Label(title, "small", theme.STRONG, "muted"))


def controls() -> QWidget:
    """Buttons, chips, glyphs, tabs, small pieces."""
    page = Ground("background")
    column = page.column(24, 12)
    _buttons(column)
    _switches(column)
    _chips(column)
    _marks(column)
    column.addStretch(1)
    return page


def _buttons(column: QVBoxLayout) -> None:
    _titled(column, "Knöpfe")
    column.addLayout(
        _row(
            Button("Neue Maßnahme", name="b1", kind="primary", icon="plus", shortcut="Ctrl+N"),
            Button("Anhalten", name="b2", icon="stop"),
            Button("Meine behalten", name="b3", hint="1"),
            Button("Getrennt lassen", name="b4", kind="tertiary"),
            Button("Löschen", name="b5", kind="danger", icon="trash"),
            LinkButton("Alle Aufgaben", name="b6"),
        )
    )
    column.addLayout(
        _row(
            _off(Button("Jetzt abgleichen", name="b7", kind="primary", icon="arrows-clockwise")),
            _off(Button("Probelauf", name="b8", icon="eye")),
            IconButton("arrow-u-up-left", name="i1", accessible="Rückgängig"),
            _off(IconButton("arrow-u-up-right", name="i2", accessible="Wiederholen")),
            IconButton("caret-up", name="i3", accessible="Vorige Frage", side=32, boxed=True),
            IconButton("caret-down", name="i4", accessible="Nächste Frage", side=32, boxed=True),
            Stepper(name="s1", accessible="Bürgerschaft", value=21),
            Stepper(name="s2", accessible="Politik", value=0),
        )
    )


def _switches(column: QVBoxLayout) -> None:
    views = [
        Segment("table", "Tabelle", "rows"),
        Segment("board", "Tafel", "columns"),
        Segment("time", "Zeitplan", "chart-bar-horizontal"),
        Segment("tiles", "Kacheln", "squares-four"),
    ]
    column.addLayout(
        _row(
            SegmentedControl(views, name="seg", accessible="Ansicht"),
            _checked(CheckBox("Nur eigene", name="c1")),
            CheckBox("Auch verworfene", name="c2"),
            _off(_checked(CheckBox("Fest", name="c3"))),
        )
    )
    radio = _checked(RadioButton("Mit Einladung", name="r1", detail="Die Agentur hat Ihnen einen Code gegeben."))
    column.addLayout(_row(radio, RadioButton("Allein beginnen", name="r2", detail="Verbinden geht jederzeit.")))


def _chips(column: QVBoxLayout) -> None:
    _titled(column, "Chips")
    chips: list[QWidget] = [Chip(state.words, glyph=state.glyph) for state in STATES]
    column.addLayout(_row(*chips[:6], gap=8))
    column.addLayout(
        _row(
            *chips[6:],
            Chip("Verwaltung", "outline"),
            Chip("Bildung & Kultur", "outline"),
            Chip("Direkt übertragbar", "soft", tone="ok", icon="check"),
            Chip("Zwei Fassungen", "soft", tone="version", icon="git-fork"),
            Chip("Entwurf", icon="pencil-simple", tone="muted"),
            gap=8,
        )
    )
    column.addLayout(
        _row(
            FilterChip("Kommune", "Konsortium (5 + Agentur)", name="f1"),
            FilterChip("Status", "nicht Verworfen", name="f2"),
            ChipButton("Filter", name="f3", icon="plus"),
            _checked(ChipButton("Braucht Aufmerksamkeit", name="f4", count=13, checkable=True)),
            ChipButton("Still", name="f5", count=7, checkable=True),
            gap=8,
        )
    )
    tabs = TabBar(name="tabs", accessible="Ansichten")
    for key, words, count in (("all", "Alle", 84), ("mine", "Meine", 23), ("con", "Konsortium", 19)):
        tabs.add(key, words, count)
    tabs.add("two", "Zwei Fassungen", 2, "version")
    tabs.choose("con")
    column.addWidget(tabs)


def _marks(column: QVBoxLayout) -> None:
    _titled(column, "Zeichen")
    marks = [GlyphMark(glyph, glyph.value) for glyph in Glyph]
    column.addLayout(_row(*marks, gap=10))
    column.addLayout(
        _row(
            *(Avatar("Katrin Brandt", tone) for tone in ("accent", "info", "version", "warning", "neutral")),
            CountBadge(2, "version"),
            CountBadge(12),
            CountBadge(1234),
            KeyCap("Strg+K"),
            KeyCap("?"),
            KeyCap("Tab"),
            ElidedLabel("Bildung, Kultur & Tourismus"),
        )
    )
    bar = ProgressBar(accessible="Abgleich", done=7, total=11)
    dial = ProgressDial(accessible="Wege im Dorf")
    dial.set_progress(0.7, "14", "von 20 Min")
    column.addLayout(_row(dial, Figure("52 von 59", "Kommunen im Kontakt"), Figure("144", "Maßnahmen")))
    column.addWidget(bar)


def notices() -> QWidget:
    """Banners, a popover, a toast, search, focus rings."""
    page = Ground("background")
    column = page.column(24, 12)
    for level, sentence, remedy in (
        ("info", "Die Agentur hat eine neuere Fassung der Handlungsfelder.", "Ansehen"),
        ("warning", "Eine Änderung wurde zurückgestellt: Der Betrag ist unklar.", "Eintrag öffnen"),
        ("danger", "Der Speicher ist voll. Ihre letzte Eingabe steht noch im Feld.", "Noch einmal speichern"),
        ("version", "Zu diesem Feld gibt es zwei Fassungen.", "Vergleichen"),
    ):
        column.addWidget(Banner(level, sentence, name=f"banner_{level}", remedy=remedy, dismissible=True))  # type: ignore[arg-type]
    search = SearchField(name="search", accessible="Suchen", placeholder="Suchen …", shortcut="Ctrl+K")
    column.addWidget(search)
    anchor = Button("Verlauf", name="anchor", icon="clock-counter-clockwise")
    column.addWidget(anchor)
    focused = Button("Fokus außen", name="focused", kind="primary")
    column.addLayout(_row(focused))
    column.addStretch(1)

    def open_things() -> None:
        toast = Toast(page.window(), "Maßnahme gelöscht.", name="toast", undo="Rückgängig")
        toast.show_above(16)
        popover = Popover(page.window(), name="pop", accessible="Verlauf: Ampel", title="Verlauf: Ampel", padding=16)
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(Label("Abweichung", weight=theme.STRONG))
        lines.addWidget(Label("Katrin Brandt · Laptop Rathaus 2", "small", role="muted"))
        lines.addWidget(Rule())
        lines.addWidget(LinkButton("„Im Plan“ wiederherstellen", name="restore"))
        popover.set_body(body)
        popover.open_at(anchor, width=theme.px(320))

    page.after_show = open_things  # type: ignore[attr-defined]
    return page


def popups() -> QWidget:
    """The list of ticks and a filled tag field."""
    page = Ground("surface")
    column = page.column(24, 12)
    names = (
        "Arnsberg",
        "Bad Berleburg",
        "Bad Laasphe",
        "Balve",
        "Bestwig",
        "Brilon",
        "Burbach",
        "Drolshagen",
        "Ense",
    )
    towns = SetBox([Choice(n, n) for n in names], name="towns", accessible="Kommunen", placeholder="Keine")
    towns.set_value({"Arnsberg", "Balve"})
    column.addWidget(towns)
    column.addStretch(1)
    page.after_show = towns.open  # type: ignore[attr-defined]
    return page
