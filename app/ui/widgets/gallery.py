"""Every piece as pictures: `python -m app.ui.widgets.gallery --out DIR`; for looking, not for tests."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.chips import Chip, ChipButton, FilterChip
from app.ui.widgets.choices import Choice, ChoiceBox, SetBox
from app.ui.widgets.forms import FieldRow, Section
from app.ui.widgets.glyphs import Glyph, GlyphMark
from app.ui.widgets.inputs import LineEdit, SearchField, TextArea
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.notices import Banner, EmptyState, Toast
from app.ui.widgets.parsed import DateEdit, MoneyEdit
from app.ui.widgets.popover import Popover
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import Card, Figure, PageHead, ProgressBar, ProgressDial, ScrollPane, Splitter
from app.ui.widgets.table import Cell, Column, Look, TableView
from app.ui.widgets.tabs import TabBar
from app.ui.widgets.tags import TagEdit
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
    radio = _checked(
        RadioButton("Mit Einladung", name="r1", detail="Die Agentur hat Ihnen einen Code gegeben.")
    )
    column.addLayout(
        _row(radio, RadioButton("Allein beginnen", name="r2", detail="Verbinden geht jederzeit."))
    )
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
    column.addStretch(1)
    return page


def _money(words: str) -> int:
    try:
        return round(
            float(words.replace(".", "").replace(",", ".").replace("€", "").replace("T", "000")) * 100
        )
    except ValueError:
        raise ValueError("Das ist kein Betrag. Schreiben Sie zum Beispiel 340.000 oder 1,5 Mio.") from None


def _euro(cents: int) -> str:
    return f"{cents // 100:,} €".replace(",", ".")


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)


def form() -> QWidget:
    """A detail pane of 340 px."""
    pane = ScrollPane(name="pane", accessible="Maßnahme")
    basis = Section("Basis", name="basis", first=True)
    fields = [Choice("m", "Mobilität"), Choice("b", "Bildung, Kultur & Tourismus")]
    field = ChoiceBox(fields, name="field", accessible="Handlungsfeld")
    field.set_value("m")
    basis.add(FieldRow("Handlungsfeld", field, name="row_field"))
    basis.add(
        FieldRow(
            "Kurztext",
            LineEdit(name="short", accessible="Kurztext", placeholder="Noch leer"),
            name="row_short",
        )
    )
    towns = SetBox(
        [Choice(n, n) for n in ("Arnsberg", "Bad Berleburg", "Menden", "Nachrodt-Wiblingwerde", "Olpe")],
        name="towns",
        accessible="Kommunen",
        placeholder="Keine",
    )
    towns.set_value({"Arnsberg", "Nachrodt-Wiblingwerde", "Olpe"})
    basis.add(FieldRow("Kommunen", towns, name="row_towns"))
    tags = TagEdit(name="tags", accessible="Schlagworte", placeholder="Schlagwort …")
    tags.set_value(["Radverkehr", "Sensorik", "Ehrenamt"])
    basis.add(FieldRow("Schlagworte", tags, name="row_tags"))
    pane.body.addWidget(basis)
    state = Section("Stand", "heute 14:51 geändert", name="state")
    status = ChoiceBox(STATES, name="status", accessible="Status")
    status.set_value("doing")
    state.add(FieldRow("Status", status, name="row_status"))
    light = ChoiceBox(LIGHTS, name="light", accessible="Ampel")
    light.set_value("amber")
    row = FieldRow("Ampel", light, name="row_light")
    row.set_pending("noch nicht übertragen")
    row.set_versions(2)
    state.add(row)
    reason = TextArea(
        "Lieferung der Radboxen verzögert sich; Bau erst nach der Frostperiode.",
        name="reason",
        accessible="Begründung",
    )
    row = FieldRow("Begründung", reason, name="row_reason")
    row.set_pending("noch nicht übertragen")
    state.add(row)
    pane.body.addWidget(state)
    money = Section("Geld", name="money")
    total = MoneyEdit(_money, _euro, name="total", accessible="Gesamtkosten")
    total.set_value(34000000)
    money.add(FieldRow("Gesamtkosten", total, name="row_total"))
    own = MoneyEdit(_money, _euro, name="own", accessible="Eigenanteil")
    own.set_value(3400000)
    own.set_read_only(True)
    money.add(FieldRow("Eigenanteil", own, name="row_own"))
    wrong = MoneyEdit(_money, _euro, name="wrong", accessible="Förderung")
    wrong.line.setText("viel")
    wrong.commit()
    money.add(FieldRow("Förderung", wrong, name="row_wrong"))
    date = DateEdit(str, str, name="date", accessible="Beginn")
    date.set_value("Q3/2024")
    money.add(FieldRow("Beginn", date, name="row_date"))
    pane.body.addWidget(money)
    pane.body.addStretch(1)
    pane.after_show = lambda: _focus(light)  # type: ignore[attr-defined]
    return pane


ROWS = (
    (
        "Offene Regionale Datenplattform",
        "Arnsberg +4",
        "Verwaltung",
        5,
        0,
        "2021 – laufend",
        "–",
        "28.02.",
        "",
    ),
    (
        "Smarte vernetzte Mobilität",
        "Bad Berleburg +2",
        "Mobilität",
        3,
        1,
        "Q3/2024 – Ende 2026",
        "340.000 €",
        "14:51",
        "x",
    ),
    ("LoRaWAN", "Bad Berleburg +4", "Verwaltung", 3, 0, "Q1/2022 – Ende 2025", "–", "14:48", "x"),
    ("Digitaler Zwilling", "Menden +4", "Stadtgestaltung", 3, 1, "2022 – 2025", "1.246.000 €", "12.03.", ""),
    ("Straßen- und Wegebewirtschaftung im Kreis", "Region", "Mobilität", 2, 3, "2025", "–", "11.03.", ""),
    ("Intelligente Straßenbeleuchtung", "Nachrodt-Wiblingwerde", "Energie", 0, 3, "2026", "–", "30.01.", ""),
    (
        "Digitale Ortsmitten",
        "Bad Berleburg",
        "Verwaltung",
        7,
        2,
        "2020 – Mitte 2025",
        "246.000 €",
        "14:45",
        "x",
    ),
    ("Raumklima-Ampeln an Schulen", "Menden", "Bildung & Kultur", 8, 3, "2025", "–", "10.12.", ""),
)


class _Rows(QAbstractTableModel):
    heads = ("Titel", "Kommune", "Handlungsfeld", "Status", "Ampel", "Beginn – Ende", "Kosten", "Geändert")

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(ROWS)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        return self.heads[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        value, column = ROWS[index.row()][index.column()], index.column()
        choice = STATES[value] if column == 3 else LIGHTS[value] if column == 4 else None  # type: ignore[index]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.words if choice else value
        if role == Cell.GLYPH:
            return choice.glyph if choice else None
        if role == Cell.MUTED:
            return value == "–" or (choice is not None and choice.key is None)
        if role == Cell.PENDING and column == 7 and ROWS[index.row()][8]:
            return "noch nicht übertragen"
        if role == Cell.VERSIONS and column == 0 and index.row() == 6:
            return "Zwei Fassungen"
        return None


def table() -> QWidget:
    """A table with every look of a column, beside a pane."""
    page = Ground("background")
    column = page.column()
    head = PageHead("Maßnahmen", "8 von 84")
    head.add_action(Button("Neue Maßnahme", name="new", kind="primary", icon="plus"))
    column.addWidget(head)
    splitter = Splitter(name="split")
    view = TableView(
        [
            Column(Look.TITLE, stretch=True, least=180),
            Column(Look.TEXT, 112),
            Column(Look.CHIP, 124),
            Column(Look.STATUS, 124),
            Column(Look.LIGHT, 120),
            Column(Look.TEXT, 152),
            Column(Look.NUMBER, 96),
            Column(Look.STAMP, 96, dots=True),
        ],
        name="table",
        accessible="Maßnahmen",
        sortable=True,
    )
    view.setModel(_Rows(view))
    view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    view.select_row(1)
    splitter.addWidget(view)
    column.addWidget(splitter, 1)
    return page


def lists() -> QWidget:
    """Lists of all three heights, cards, an empty place."""
    page = Ground("surface")
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(0)
    last: QWidget = page
    for place, kind in enumerate(RowKind):
        view = ListView(kind, name=f"list{place}", accessible="Liste")
        view.setModel(_list_model(view))
        view.setCurrentIndex(view.model().index(1, 0))
        grid.addWidget(view, 0, 2 * place)
        grid.addWidget(Rule(vertical=True), 0, 2 * place + 1)
    cards = Ground("background")
    column = cards.column(16, 8)
    for n in range(3):
        card = Card(name=f"card{n}", accessible="Bürgerbus auch abends")
        card.body.addWidget(Label("Bürgerbus auch abends, nach dem Training", wrap=True))
        card.body.addWidget(Label("9 Punkte  ·  Tisch 1", "small", role="muted"))
        card.set_selected(n == 1)
        column.addWidget(card)
        last = card
    page.after_show = lambda: _focus(last)  # type: ignore[attr-defined]
    column.addWidget(
        EmptyState(
            "users-three",
            "Noch kein Workshop. Ein Workshop bringt Stationen, Tagesordnung und Fragen mit.",
            name="empty",
            button="Workshop anlegen",
            button_icon="plus",
        ),
        1,
    )
    grid.addWidget(cards, 0, 6)
    grid.setColumnStretch(6, 1)
    return page


def _list_model(parent: QWidget) -> QStandardItemModel:
    model = QStandardItemModel(parent)
    for title, over, detail, meta, icon, tone in (
        (
            "Dorf-Dashboards: Gesamtkosten",
            "Zwei Fassungen",
            "Bad Berleburg 246.000 €",
            "6 Tage",
            "git-fork",
            "version",
        ),
        (
            "18 Änderungen von „Bauamt 3“",
            "Übergabe",
            "Kirchhundem, 02.11.2026",
            "19 Tage",
            "handshake",
            "info",
        ),
        ("Mitfahrbank und Mitfahrbänke", "Mögliches Doppel", "82 % ähnlich", "2 Tage", "copy", "warning"),
        ("Offener Gemeinschaftsgarten", "Gelöscht, aber bearbeitet", "Agentur", "heute", "trash", "danger"),
    ):
        item = QStandardItem(title)
        for role, value in (
            (Cell.OVERLINE, over),
            (Cell.DETAIL, detail),
            (Cell.META, meta),
            (Cell.ICON, icon),
            (Cell.TONE, tone),
        ):
            item.setData(value, role)
        model.appendRow(item)
    return model


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
        popover = Popover(
            page.window(), name="pop", accessible="Verlauf: Ampel", title="Verlauf: Ampel", padding=16
        )
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


PAGES: dict[str, tuple[Callable[[], QWidget], int, int]] = {
    "controls": (controls, 1000, 640),
    "form": (form, 340, 760),
    "table": (table, 1180, 420),
    "lists": (lists, 1280, 420),
    "notices": (notices, 640, 560),
    "popups": (popups, 360, 420),
}


def render(out: Path, only: str = "") -> list[Path]:
    """Write every page in both modes at 100 and 200 %; returns the files."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    files: list[Path] = []
    for name, (build, width, height) in PAGES.items():
        for scheme in ("light", "dark"):
            for size in (100, 200):
                if only and name != only:
                    continue
                theme.active().choose(scheme, size)
                page = build()
                grown = 1.0 if size == 100 else 1.75
                page.resize(round(width * grown), round(height * grown))
                page.show()
                page.activateWindow()
                app.processEvents()
                after = getattr(page, "after_show", None)
                if after is not None:
                    after()
                    app.processEvents()
                file = out / f"{name}-{scheme}-{size}.png"
                page.grab().save(str(file))
                files.append(file)
                page.close()
                page.deleteLater()
                app.processEvents()
    return files


def main() -> int:
    """Render the gallery from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    choice = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    theme.install(app, "light")
    choice.out.mkdir(parents=True, exist_ok=True)
    render(choice.out, choice.only)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
