"""Breaking a card's words into lines, ten thousand cards in the blink of an eye.

Qt lays a text out in a tenth of a millisecond; a wall needs the height of every card before it can show one.
Words repeat from card to card, so each is measured once and the lines are filled by adding widths.
"""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF

from app.ui.widgets.hyphens import LEAST_LEFT, seam_before

_MOST_CHARACTERS = 800
_MOST_KEPT = 60_000
_MORE = "…"
_SHORT = 12
"""Words of fewer letters are never broken."""


class Wrap:
    """Lines of one font, `width` wide, the first `inset` narrower; at most `most` of them."""

    def __init__(self, metrics: QFontMetricsF, width: float, inset: float, most: int) -> None:
        self._metrics, self._width, self._inset, self._most = metrics, max(1.0, width), inset, most
        self._space = metrics.horizontalAdvance(" ")
        self._words: dict[str, float] = {}

    def _measure(self, word: str) -> float:
        found = self._words.get(word)
        if found is None:
            if len(self._words) > _MOST_KEPT:
                self._words.clear()
            found = self._words[word] = self._metrics.horizontalAdvance(word)
        return found

    def lines(self, text: str) -> tuple[str, ...]:
        """The text in lines, the last with an ellipsis where it does not fit; an empty text is one empty line."""
        found: list[str] = []
        line: list[str] = []
        room = self._width - self._inset
        used = 0.0
        broken = False
        for word, goes_on in self._pieces(text[:_MOST_CHARACTERS]):
            width = self._measure(word)
            wanted = used + (self._space if line else 0) + width
            if line and (broken or wanted > room):
                found.append(" ".join(line))
                line, used, room = [], 0.0, self._width
                wanted = width
                if len(found) == self._most:
                    return (*found[:-1], self._cut(f"{found[-1]} {word}", len(found)))
            line.append(word)
            used, broken = wanted, goes_on
        return (*found, " ".join(line))

    def _pieces(self, text: str) -> list[tuple[str, bool]]:
        """The words, and whether each goes on in the next; what is wider than a line is broken where it must be."""
        pieces: list[tuple[str, bool]] = []
        for word in text.split():
            # Only the first word of all cannot go down to a line of full width.
            width = self._width if pieces else self._width - self._inset
            rest = word
            while len(word) >= _SHORT and self._measure(rest) > width:
                size = max(1, int(len(rest) * width / self._measure(rest)))
                while size > 1 and self._metrics.horizontalAdvance(rest[:size] + "-") > width:
                    size -= 1
                size = seam_before(rest, max(1, min(size, len(rest) - LEAST_LEFT)))
                pieces.append((rest[:size] + ("-" if rest[size - 1 : size].isalpha() else ""), True))
                rest, width = rest[size:], self._width
            pieces.append((rest, False))
        return pieces

    def _cut(self, line: str, number: int) -> str:
        room = self._width - (self._inset if number == 1 else 0)
        while line and self._metrics.horizontalAdvance(line + _MORE) > room:
            line = line[:-1]
        return line.rstrip() + _MORE
