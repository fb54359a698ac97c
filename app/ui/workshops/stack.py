"""Where the cards of a column lie: from the lowest in sight upwards, measuring no more than is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.models.queries.sessions import CardLine


@dataclass(frozen=True, slots=True)
class Placed:
    """A card in sight: its number in the column, its top in the area, its height."""

    index: int
    line: CardLine
    top: float
    height: int


class Stack:
    """The lowest card in sight and how many pixels of it are below the edge.

    While it follows, the newest card touches the edge and only whole cards are shown.
    """

    def __init__(self, height_of: Callable[[CardLine], int], gap: int) -> None:
        self._height_of, self._gap = height_of, gap
        self.lowest = -1
        self._below = 0.0
        self._following = True

    def follows(self, count: int) -> bool:
        """Whether the newest card is at the edge."""
        return self._following or count == 0

    def follow(self, count: int) -> None:
        """Go to the newest card."""
        self.lowest, self._below, self._following = count - 1, 0.0, True

    def lowest_line(self, lines: Sequence[CardLine]) -> str:
        """The id of the lowest card in sight, to find it again after a change; "" while following."""
        return lines[self.lowest].id if not self._following and 0 <= self.lowest < len(lines) else ""

    def take(self, lines: Sequence[CardLine], held: str) -> None:
        """Other cards: stay with the card `held`, or follow."""
        if held:
            for at in range(min(len(lines), self.lowest + 200) - 1, -1, -1):
                if lines[at].id == held:
                    self.lowest = at
                    return
        if self._following or self.lowest >= len(lines):
            self.follow(len(lines))

    def placed(self, lines: Sequence[CardLine], room: float, head: float) -> list[Placed]:
        """The cards in sight from the lowest up; while following only whole ones below `head` pixels."""
        if self._following:
            self.lowest, self._below = len(lines) - 1, 0.0
        found: list[Placed] = []
        bottom, at = room + self._below, min(self.lowest, len(lines) - 1)
        while at >= 0 and bottom > 0:
            height = self._height_of(lines[at])
            top = bottom - height
            need = head if at > 0 else 0
            if self._following and found and top < need:
                break
            found.append(Placed(at, lines[at], top, height))
            bottom, at = top - self._gap, at - 1
        return found

    def scroll(self, lines: Sequence[CardLine], by: float, room: float) -> None:
        """Push the stack down by so many pixels; negative goes back to the newer ones."""
        if not lines:
            return
        if by > 0 and self._reaches_top(lines, room):
            return
        self._following = False
        self._below += by
        while self._below < 0 and self.lowest < len(lines) - 1:
            self.lowest += 1
            self._below += self._height_of(lines[self.lowest]) + self._gap
        while self.lowest > 0 and self._below >= self._height_of(lines[self.lowest]) + self._gap:
            self._below -= self._height_of(lines[self.lowest]) + self._gap
            self.lowest -= 1
        if self.lowest == len(lines) - 1 and self._below <= 0:
            self.follow(len(lines))
        else:
            self._stay_below_top(lines, room)

    def _above(self, lines: Sequence[CardLine], room: float) -> float:
        """Height of everything from the lowest card up, as far as it matters."""
        total, at = -self._below, self.lowest
        while at >= 0 and total < room + 1:
            total += self._height_of(lines[at]) + (self._gap if at else 0)
            at -= 1
        return total if at < 0 else room + 2

    def _reaches_top(self, lines: Sequence[CardLine], room: float) -> bool:
        return self._above(lines, room) <= room

    def _stay_below_top(self, lines: Sequence[CardLine], room: float) -> None:
        """Never leave a hole above the oldest card."""
        missing = room - self._above(lines, room)
        if missing > 0:
            self._below -= missing
            while self._below < 0 and self.lowest < len(lines) - 1:
                self.lowest += 1
                self._below += self._height_of(lines[self.lowest]) + self._gap
            if self.lowest == len(lines) - 1 and self._below <= 0:
                self.follow(len(lines))

    def reveal(self, lines: Sequence[CardLine], at: int, room: float, head: float) -> None:
        """Bring a card into sight whole."""
        placed = self.placed(lines, room, head)
        shown = next((p for p in placed if p.index == at), None)
        if shown is not None and shown.top >= 0 and shown.top + shown.height <= room + 0.5:
            return
        if at >= len(lines) - 1:
            self.follow(len(lines))
            return
        self._following = False
        if shown is not None and shown.top < 0:
            self.scroll(lines, head - shown.top, room)
            return
        if placed and at < placed[-1].index:
            # The card becomes the topmost: walk down from it until the room is full.
            free, low = room - head - self._height_of(lines[at]), at
            while free > 0 and low < len(lines) - 1:
                low += 1
                free -= self._height_of(lines[low]) + self._gap
            self.lowest, self._below = low, max(0.0, -free)
            return
        self.lowest, self._below = at, 0.0
