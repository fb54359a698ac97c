"""One ballot of a ranking: cards in the order a person names them, until it is handed in."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.domain.ids import EntityId
from app.domain.ranking import place_points


class Ballot(QObject):
    """Filled on this laptop alone; the room's points change only when it is handed in.

    Attributes:
        places: how many cards fit.
        cards: those named so far, the first first.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.places = 0
        self.cards: list[EntityId] = []

    @property
    def is_full(self) -> bool:
        """Whether no further card fits."""
        return len(self.cards) >= self.places

    def place(self, card: EntityId) -> int:
        """Place of a card counted from 1; 0 if it is not named."""
        return self.cards.index(card) + 1 if card in self.cards else 0

    def points(self) -> dict[EntityId, int]:
        """What handing it in gives to each card."""
        return {card: place_points(number, self.places) for number, card in enumerate(self.cards, 1)}

    def raise_(self, card: EntityId) -> bool:
        """On the next free place, or one place further up; whether that was possible."""
        at = self.place(card) - 1
        if at < 0:
            if self.is_full:
                return False
            self.cards.append(card)
        elif at:
            self.cards[at - 1], self.cards[at] = card, self.cards[at - 1]
        self.changed.emit()
        return True

    def put(self, card: EntityId, place: int) -> bool:
        """On this place, or the first free one before it; the cards from there on move down one.

        Returns:
            False if it has no such place, or no room for one more card.
        """
        known = card in self.cards
        if place > self.places or (self.is_full and not known):
            return False
        if known:
            self.cards.remove(card)
        self.cards.insert(place - 1, card)
        self.changed.emit()
        return True

    def take_off(self, card: EntityId) -> None:
        """The cards behind it move up."""
        if card in self.cards:
            self.cards.remove(card)
            self.changed.emit()

    def clear(self) -> None:
        """An empty ballot for the next person."""
        if self.cards:
            self.cards.clear()
            self.changed.emit()
