"""Forms, tables and lists with sample records, as pages of the gallery."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Choice, ChoiceBox, SetBox
from app.ui.widgets.forms import FieldLine, Section
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.parsed import DateEdit, MoneyEdit
from app.ui.widgets.persons import PersonEdit
from app.ui.widgets.samples import LIGHTS, STATES
from app.ui.widgets.surfaces import Card, PageHead, ScrollPane, Splitter
from app.ui.widgets.table import Cell, Column, Look, TableView
from app.ui.widgets.tags import TagEdit
from app.ui.widgets.words import Ground, Label, Rule


def _money(words: str) -> int:
    try:
        return round(float(words.replace(".", "").replace(",", ".").replace("€", "").replace("T", "000")) * 100)
    except ValueError:
        raise ValueError("Das ist kein Betrag. Schreiben Sie zum Beispiel 340.000 oder 1,5 Mio.") from None


def _euro(cents: int) -> str:
    return f"{cents // 100:,} €".replace(",", ".")


def focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)


def form() -> QWidget:
    """A detail pane of 340 px."""
    pane = ScrollPane(name="pane", accessible="Maßnahme")
    state = _state()
    for section in (_basis(), state, _figures()):
        pane.body.addWidget(section)
    pane.body.addStretch(1)
    light = state.findChild(ChoiceBox, "light") or state
    pane.after_show = lambda: focus(light)  # type: ignore[attr-defined]
    return pane


def _basis() -> Section:
    basis = Section("Basis", name="basis", first=True)
    fields = [Choice("m", "Mobilität"), Choice("b", "Bildung, Kultur & Tourismus")]
    field = ChoiceBox(fields, name="field", accessible="Handlungsfeld")
    field.set_value("m")
    basis.add(FieldLine("Handlungsfeld", field, name="row_field"))
    basis.add(
        FieldLine(
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
    basis.add(FieldLine("Kommunen", towns, name="row_towns"))
    who = PersonEdit(
        lambda: ("Katrin Brandt", "Martin Hoffmann", "Wilhelmine von Schönburg-Waldenburg"),
        name="person",
        accessible="Verantwortlich",
        placeholder="Noch leer",
    )
    who.set_words("Katrin Brandt")
    basis.add(FieldLine("Verantwortlich", who, name="row_person"))
    tags = TagEdit(name="tags", accessible="Schlagworte", placeholder="Schlagwort …")
    tags.set_value(["Radverkehr", "Sensorik", "Ehrenamt"])
    basis.add(FieldLine("Schlagworte", tags, name="row_tags"))
    return basis


def _state() -> Section:
    state = Section("Stand", "heute 14:51 geändert", name="state")
    status = ChoiceBox(STATES, name="status", accessible="Status")
    status.set_value("doing")
    state.add(FieldLine("Status", status, name="row_status"))
    light = ChoiceBox(LIGHTS, name="light", accessible="Ampel")
    light.set_value("amber")
    row = FieldLine("Ampel", light, name="row_light")
    row.set_pending("noch nicht übertragen")
    row.set_versions(2)
    state.add(row)
    reason = TextArea(
        "Lieferung der Radboxen verzögert sich; Bau erst nach der Frostperiode.",
        name="reason",
        accessible="Begründung",
    )
    row = FieldLine("Begründung", reason, name="row_reason")
    row.set_pending("noch nicht übertragen")
    state.add(row)
    return state


def _figures() -> Section:
    money = Section("Geld", name="money")
    total = MoneyEdit(_money, _euro, name="total", accessible="Gesamtkosten")
    total.set_value(34000000)
    money.add(FieldLine("Gesamtkosten", total, name="row_total"))
    own = MoneyEdit(_money, _euro, name="own", accessible="Eigenanteil")
    own.set_value(3400000)
    own.set_read_only(True)
    money.add(FieldLine("Eigenanteil", own, name="row_own"))
    wrong = MoneyEdit(_money, _euro, name="wrong", accessible="Förderung")
    wrong.line.setText("viel")
    wrong.commit()
    money.add(FieldLine("Förderung", wrong, name="row_wrong"))
    date = DateEdit(str, str, name="date", accessible="Beginn")
    date.set_value("Q3/2024")
    money.add(FieldLine("Beginn", date, name="row_date"))
    return money


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
    page.after_show = lambda: focus(last)  # type: ignore[attr-defined]
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
