"""Herkunft of an idea: from whom a measure was taken over, what the original says anew, who took it over in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.lineage import Offer
from app.errors import MasswerkError
from app.models.queries import lineage
from app.models.queries.lineage import Lineage
from app.services import adoptions
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.measures import names, sentences
from app.ui.measures.editors import Editor
from app.ui.measures.making import worded
from app.ui.measures.places import Places
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import Card
from app.ui.widgets.words import ElidedLabel, Label

_LONGEST = 420
_MOST_ADOPTERS = 12


class OfferCard(Card):
    """One field about which the original says something new: what stands here, what stands there, two answers."""

    taken = Signal(str)
    kept = Signal(str)

    def __init__(self, offer: Offer, places: Places) -> None:
        super().__init__()
        self.setObjectName(f"offer_{offer.field}")
        self.field = offer.field
        title = names.spoken("measure", offer.field)
        column = self.body
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(title, "small", theme.STRONG))
        if offer.adapted:
            head.addWidget(Label(self.tr("hier angepasst"), "small", role="muted"))
        head.addStretch(1)
        column.addLayout(head)
        sides = [(self.tr("Hier"), offer.own), (self.tr("Original"), offer.theirs)]
        if offer.taken is not None:
            sides.insert(0, (self.tr("Anfangs"), offer.taken))
        for before, value in sides:
            column.addLayout(self._side(before, worded("measure", offer.field, value, places)))
        answers = QHBoxLayout()
        answers.setSpacing(8)
        take = Button(
            self.tr("Übernehmen"),
            name=f"take_{offer.field}",
            accessible=self.tr("{0} vom Original übernehmen").format(title),
        )
        keep = Button(
            self.tr("Eigene behalten"),
            name=f"keep_{offer.field}",
            kind="tertiary",
            accessible=self.tr("{0}: eigene Fassung behalten").format(title),
        )
        take.clicked.connect(self._on_take)
        keep.clicked.connect(self._on_keep)
        answers.addWidget(take)
        answers.addWidget(keep)
        answers.addStretch(1)
        column.addLayout(answers)

    @staticmethod
    def _side(before: str, words: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        name = ElidedLabel(before, "small", role="muted")
        name.setFixedWidth(theme.px(56))
        line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        cut = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …"
        line.addWidget(Label(cut, "small", wrap=True), 1)
        return line

    def _on_take(self) -> None:
        self.taken.emit(self.field)

    def _on_keep(self) -> None:
        self.kept.emit(self.field)


class LineageBox(Themed, QWidget):
    """Both ends of Abgucken for one measure. `opened` carries a measure; `decided` follows a stored answer."""

    opened = Signal(str)
    decided = Signal()
    refused = Signal(object)

    def __init__(self, workspace: Workspace, places: Places, *, name: str, accessible: str) -> None:
        super().__init__()
        base.identify(self, name, accessible)
        self._workspace, self._places = workspace, places
        self._measure = ""
        self.told: Lineage | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(8)
        self._rows: list[QWidget] = []

    def set_own(self, measure: str) -> None:
        """Another measure is shown."""
        self._measure = measure

    def reload(self) -> None:
        """Read both ends anew."""
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        if not self._measure:
            return
        told = self.told = lineage.lineage_of(self._workspace.reader, self._measure)
        if told.original:
            self._add(self._origin(told))
        if told.offers:
            self._add_offers(told)
        if told.adopters:
            self._add(self._adopters(told))
        if not self._rows:
            self._add(Label(self.tr("Eigene Idee, bisher von niemandem übernommen"), "small", role="muted", wrap=True))

    def _add(self, row: QWidget) -> None:
        self._rows.append(row)
        self._column.addWidget(row)

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
            column.addWidget(self._link(title, told.original))
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

    def _add_offers(self, told: Lineage) -> None:
        count = labels.count(len(told.offers), "Feld", "Feldern")
        self._add(Label(self.tr("Das Original sagt in {0} Neues").format(count), "small", theme.STRONG, wrap=True))
        said = self.tr("Was Sie hier angepasst haben, bleibt, bis Sie etwas übernehmen. Alles hat Zeit.")
        self._add(Label(said, "small", role="muted", wrap=True))
        for offer in told.offers:
            card = OfferCard(offer, self._places)
            card.taken.connect(self.take)
            card.kept.connect(self.keep)
            self._add(card)

    def _adopters(self, told: Lineage) -> QWidget:
        row, column = self._line("arrow-right")
        amount = labels.count(len(told.adopters), "Maßnahme", "Maßnahmen")
        column.addWidget(Label(self.tr("Übernommen in {0}").format(amount), "small", wrap=True))
        for adopter in told.adopters[:_MOST_ADOPTERS]:
            column.addWidget(self._link(f"{self._places.short(adopter.ags)}: {adopter.title}", adopter.measure))
        column.addWidget(Label(self.tr("Gezählt ist, was dieses Gerät sieht."), "small", role="muted", wrap=True))
        return row

    def _link(self, title: str, measure: str) -> LinkButton:
        link = LinkButton(title, name=f"lineage_{measure}")
        link.setProperty("record", measure)
        link.clicked.connect(self._on_link)
        link.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        return link

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.opened.emit(str(sender.property("record")))

    def take(self, field: str) -> None:
        """Write what the original says into a field."""
        self._decide(adoptions.take_over, field)

    def keep(self, field: str) -> None:
        """Leave the own words, and ask no more about those of the original."""
        self._decide(adoptions.keep_own, field)

    def _decide(self, deed: Callable[..., None], field: str) -> None:
        try:
            deed(self._workspace.store, self._measure, [field])
        except MasswerkError as error:
            self.refused.emit(error)
            return
        self.reload()
        self.decided.emit()


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

    def is_busy(self) -> bool:
        return False
