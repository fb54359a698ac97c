"""Herkunft of an idea: from whom a measure was taken over, what the original says anew, who took it over in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.lineage import Offer, PartOffer
from app.errors import MasswerkError
from app.models.queries import lineage
from app.models.queries.lineage import Lineage
from app.models.queries.merged import Gone, gone_into
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.services import adoptions, merging
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.measures import names, sentences
from app.ui.measures.editors import Editor
from app.ui.measures.offers import DUPLICATE, ORIGINAL, OfferCard, PartCard
from app.ui.measures.places import Places
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.notices import IconMark
from app.ui.widgets.reading_order import reading_order
from app.ui.widgets.words import Label

_MOST_ADOPTERS = 12
_PAST_ORIGIN = 1
"""The link to the original comes first, then the answers."""


class LineageBox(Themed, QWidget):
    """Both ends of Abgucken for one measure, and what has gone into it.

    `opened` carries a measure, `looked_at` one that has gone into this one; `decided` follows a stored answer.
    """

    opened = Signal(str)
    looked_at = Signal(str)
    decided = Signal()
    refused = Signal(object)

    def __init__(self, workspace: Workspace, places: Places, *, name: str, accessible: str) -> None:
        super().__init__()
        base.identify(self, name, accessible)
        self._workspace, self._places = workspace, places
        self._measure = ""
        self.may_edit: bool = True
        self.told: Lineage | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(8)
        self._rows: list[QWidget] = []

    def set_own(self, measure: str) -> None:
        """Another measure is shown."""
        self._measure = measure

    def lock(self, on: bool) -> None:
        """Whether anything may be answered."""
        if self.may_edit == on:
            self.may_edit = not on
            self.reload()

    def reload(self) -> None:
        """Read both ends anew; the keyboard goes from an answer that has been given to the next."""
        held = base.holds_focus(self)
        self._renew()
        stops = reading_order(self) if held else ()
        if stops:
            stops[min(_PAST_ORIGIN, len(stops) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def _renew(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        if not self._measure:
            return
        told = self.told = lineage.lineage_of(self._workspace.reader, self._measure)
        if told.original:
            self._add(self._origin(told))
        if told.offers or told.parts:
            self._add(Label(self.tr("Das Original sagt Neues"), "small", theme.STRONG, wrap=True))
            said = self.tr("Was Sie hier angepasst haben, bleibt, bis Sie etwas übernehmen. Alles hat Zeit.")
            self._add(Label(said, "small", role="muted", wrap=True))
            self._add_cards(told.offers, told.parts, ORIGINAL)
        if told.adopters:
            self._add(self._adopters(told))
        for gone in gone_into(self._workspace.reader, self._measure):
            self._add_gone(gone)
        if not self._rows:
            self._add(Label(self.tr("Eigene Idee, bisher von niemandem übernommen"), "small", role="muted", wrap=True))

    def _add(self, row: QWidget) -> None:
        self._rows.append(row)
        self._column.addWidget(row)
        row.show()  # at once, so that it can take the keyboard

    def _line(self, icon: str) -> tuple[QWidget, QVBoxLayout]:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(IconMark(icon, "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        told = QVBoxLayout()
        told.setSpacing(4)
        line.addLayout(told, 1)
        return row, told

    def _origin(self, told: Lineage) -> QWidget:
        row, column = self._line("copy")
        title = f"{self._places.short(told.ags)}: {told.title_now or told.title}"
        if told.here:
            column.addWidget(self._link(title, told.now))
            when = self.tr("abgeguckt am {0}").format(labels.date_text(told.on))
            if told.changed_at:
                changed = sentences.instant(told.changed_at, sentences.now())
                when = self.tr("{0}, Original zuletzt {1} geändert").format(when, changed)
            column.addWidget(Label(when, "small", role="muted", wrap=True))
        else:
            column.addWidget(Label(title, "small", wrap=True))
            said = self.tr("abgeguckt am {0}; das Original ist auf diesem Gerät nicht mehr zu sehen")
            column.addWidget(Label(said.format(labels.date_text(told.on)), "small", role="muted", wrap=True))
        return row

    def _add_cards(self, offers: Sequence[Offer], parts: Sequence[PartOffer], there: str, source: str = "") -> None:
        for offer in offers:
            card = OfferCard(offer, self._places, there)
            card.taken.connect(partial(self.take, offer.field, source))
            card.kept.connect(partial(self.keep, offer.field, source))
            self._add(card)
        for part in parts:
            shown = PartCard(part, self._places, there)
            shown.taken.connect(partial(self.take_part, part, source))
            shown.kept.connect(partial(self.keep_part, part, source))
            self._add(shown)

    def _add_gone(self, gone: Gone) -> None:
        row, column = self._line("git-merge")
        column.addWidget(Label(self.tr("Hier aufgegangen"), "small", wrap=True))
        look = self._link(f"{self._places.short(gone.ags)}: {gone.title}", gone.id, self._on_look)
        column.addWidget(look)
        when = self.tr("zusammengeführt am {0}, mit eigenem Verlauf").format(labels.date_text(gone.on))
        counted = [labels.count(n, *names.PARTS[kind]) for kind, n in gone.parts.items() if kind in names.PARTS]
        column.addWidget(Label(", ".join([when, *counted]), "small", role="muted", wrap=True))
        if gone.both_ways:
            ring = self.tr("Zwei haben in entgegengesetzter Richtung zusammengeführt; die ältere Maßnahme bleibt.")
            column.addWidget(Label(ring, "small", role="muted", wrap=True))
        said = lineage.said_by(self._workspace.reader, self._measure, gone.id)
        if self.may_edit:
            column.addWidget(self._link(self.tr("Wieder trennen"), gone.id, self._on_apart, "apart"))
        self._add(row)
        self._add_cards(said.offers, said.parts, DUPLICATE, gone.id)

    def _adopters(self, told: Lineage) -> QWidget:
        row, column = self._line("arrow-right")
        amount = labels.count(len(told.adopters), "Maßnahme", "Maßnahmen")
        column.addWidget(Label(self.tr("Übernommen in {0}").format(amount), "small", wrap=True))
        for adopter in told.adopters[:_MOST_ADOPTERS]:
            column.addWidget(self._link(f"{self._places.short(adopter.ags)}: {adopter.title}", adopter.measure))
        column.addWidget(Label(self.tr("Gezählt ist, was dieses Gerät sieht."), "small", role="muted", wrap=True))
        return row

    def _link(
        self, title: str, measure: str, on: Callable[[], None] | None = None, name: str = "lineage"
    ) -> LinkButton:
        link = LinkButton(title, name=f"{name}_{measure}")
        link.setProperty("record", measure)
        link.clicked.connect(on or self._on_link)
        link.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        return link

    def _asked(self) -> str:
        return str(self.sender().property("record"))

    def _on_link(self) -> None:
        self.opened.emit(self._asked())

    def _on_look(self) -> None:
        self.looked_at.emit(self._asked())

    def _on_apart(self) -> None:
        gone = self._asked()
        self._decide(lambda: merging.unmerge(self._workspace.store, gone))

    def take(self, field: str, source: str = "") -> None:
        """Write what the original (or a measure that has gone into this one) says into a field."""
        self._decide(lambda: adoptions.take_over(self._workspace.store, self._measure, [field], source))

    def keep(self, field: str, source: str = "") -> None:
        """Leave the own words, and ask no more about those of the other."""
        self._decide(lambda: adoptions.keep_own(self._workspace.store, self._measure, [field], source))

    def take_part(self, offer: PartOffer, source: str = "") -> None:
        """Take a part as it is there."""
        self._decide(lambda: adoptions.take_part(self._workspace.store, self._measure, offer, source))

    def keep_part(self, offer: PartOffer, source: str = "") -> None:
        """Leave the own part, or go without it."""
        self._decide(lambda: adoptions.keep_part(self._workspace.store, self._measure, offer, source))

    def _decide(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except MasswerkError as error:
            self.refused.emit(error)
            return
        self.reload()
        self.decided.emit()


def news_note(reader: Reader, record: Record) -> str:
    """How much the original, or what has gone into a measure, says that nobody has looked at; "" for nothing."""
    found = []
    if record.text("adopted_from"):
        told = lineage.lineage_of(reader, record.id)
        if counted := _counted(len(told.offers), len(told.parts)):
            found.append(f"Original neu in {counted}")
    said = [lineage.said_by(reader, record.id, gone.id) for gone in gone_into(reader, record.id)]
    if counted := _counted(sum(len(one.offers) for one in said), sum(len(one.parts) for one in said)):
        found.append(f"Doppel anders in {counted}")
    return ", ".join(found)


def _counted(fields: int, parts: int) -> str:
    told = [labels.count(fields, "Feld", "Feldern")] if fields else []
    return " und ".join([*told, *([labels.count(parts, "Teil", "Teilen")] if parts else [])])


class LineageEditor(Editor):
    """The lineage is written once, when a measure is taken over; here it is shown."""

    def __init__(self, box: LineageBox) -> None:
        super().__init__(box)
        self._box = box
        self._value: Any = None

    def value(self) -> Any:
        return self._value

    def show(self, value: Any) -> None:
        self._value = value
        self._box.reload()

    def lock(self, on: bool) -> None:
        """Links work for readers too; answers are offered only to who may give them."""
        self._box.lock(on)

    def is_busy(self) -> bool:
        return False
