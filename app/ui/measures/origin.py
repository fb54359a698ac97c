"""Where a measure came from: its workshops and cards, in the words of the evening, with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.queries import promotions
from app.models.queries.promotions import OriginCard
from app.models.queries.reader import Reader
from app.ui import labels
from app.ui.measures.editors import Editor
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.notices import IconMark
from app.ui.widgets.words import ElidedLabel, Label

_MOST_CARDS = 12
_LONGEST = 400


class Origin(Themed, QWidget):
    """The workshops a measure came from, each a link, and below each its cards with their points."""

    opened = Signal(str)

    def __init__(self, reader: Reader, *, name: str, accessible: str) -> None:
        super().__init__()
        base.identify(self, name, accessible)
        self._reader = reader
        self.cards: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(8)
        self._empty = Label(self.tr("Nicht aus einem Workshop"), "small", role="muted")
        self._column.addWidget(self._empty)
        self._rows: list[QWidget] = []

    def show_cards(self, cards: Sequence[str]) -> None:
        """Show where these cards come from; what is not on this device is counted."""
        self.cards = tuple(cards)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        found = promotions.origins_of(self._reader, self.cards)
        self._rows = [self._row(origin) for origin in found.workshops]
        if found.elsewhere:
            told = labels.count(found.elsewhere, "weitere Karte", "weitere Karten")
            said = self.tr("{0} aus einem Workshop, der nicht auf diesem Gerät liegt").format(told)
            self._rows.append(Label(said, "small", role="muted", wrap=True))
        for row in self._rows:
            self._column.addWidget(row)
        self._empty.setVisible(not self._rows)

    def _row(self, origin: promotions.Origin) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(IconMark("users-three", "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        told = QVBoxLayout()
        told.setSpacing(4)
        day = labels.date_text(origin.starts_at[:10])
        title = ", ".join(one for one in (origin.title or self.tr("Workshop"), day) if one != labels.NONE)
        if origin.gone:
            told.addWidget(ElidedLabel(self.tr("{0} (gelöscht)").format(title), "small", role="muted"))
        else:
            link = LinkButton(title, name=f"origin_{origin.workshop}")
            link.setProperty("record", origin.workshop)
            link.clicked.connect(self._on_link)
            told.addWidget(link)
        for card in origin.cards[:_MOST_CARDS]:
            told.addWidget(Label(self._told(card), "small", role="muted" if card.gone else "text", wrap=True))
        rest = len(origin.cards) - _MOST_CARDS
        if rest > 0:
            told.addWidget(Label(labels.count(rest, "weitere Karte", "weitere Karten"), "small", role="muted"))
        line.addLayout(told, 1)
        return row

    def _told(self, card: OriginCard) -> str:
        """ "„Bürgerbus auch abends“, 9 Punkte"."""
        parts = [f"„{' '.join(card.text.split())[:_LONGEST]}“"]
        if card.points:
            parts.append(labels.count(card.points, "Punkt", "Punkte"))
        if card.gone:
            parts.append(self.tr("Karte gelöscht"))
        return ", ".join(parts)

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.opened.emit(str(sender.property("record")))


class OriginEditor(Editor):
    """The cards of a measure; they are linked from the workshop, here they are shown."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin)
        self._origin = origin

    def value(self) -> frozenset[str]:
        return frozenset(self._origin.cards)

    def show(self, value: Any) -> None:
        self._origin.show_cards(tuple(value or ()))

    def lock(self, on: bool) -> None:
        """Links work for readers too."""

    def is_busy(self) -> bool:
        return False
