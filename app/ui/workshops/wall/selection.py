"""Which cards are marked, and which one the keyboard stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain.ids import EntityId


class Selection:
    """Marked cards in the order they were marked; `told` is called after every change."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._cards: dict[EntityId, None] = {}
        self.current: EntityId = ""

    @property
    def cards(self) -> list[EntityId]:
        """The marked cards."""
        return list(self._cards)

    def __contains__(self, card: EntityId) -> bool:
        return card in self._cards

    def __len__(self) -> int:
        return len(self._cards)

    def meant(self) -> list[EntityId]:
        """What a deed is done to: the marked cards, without any the one under the keyboard."""
        return self.cards or ([self.current] if self.current else [])

    def toggle(self, card: EntityId) -> None:
        """Mark a card, or no longer."""
        if self._cards.pop(card, self) is self:
            self._cards[card] = None
        self._told()

    def mark(self, cards: Iterable[EntityId]) -> None:
        """Mark exactly these."""
        self._cards = dict.fromkeys(cards)
        self._told()

    def clear(self) -> None:
        """Mark nothing."""
        if self._cards:
            self.mark(())

    def drop_missing(self, there: Callable[[EntityId], bool]) -> None:
        """Forget cards that are gone."""
        if self.current and not there(self.current):
            self.current = ""
        kept = [card for card in self._cards if there(card)]
        if len(kept) != len(self._cards):
            self.mark(kept)
