"""Breaking a card's words into lines, ten thousand cards in the blink of an eye.

Qt lays a text out in a tenth of a millisecond; a wall needs the height of every card before it can show one.
Words repeat from card to card, so each is measured once and the lines are filled by adding widths.
"""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF

_MOST_CHARACTERS = 800
_MOST_KEPT = 60_000
_MORE = "…"


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
        for word in self._pieces(text[:_MOST_CHARACTERS]):
            width = self._measure(word)
            wanted = used + (self._space if line else 0) + width
            if line and wanted > room:
                found.append(" ".join(line))
                line, used, room = [], 0.0, self._width
                wanted = width
                if len(found) == self._most:
                    return (*found[:-1], self._cut(f"{found[-1]} {word}", len(found)))
            line.append(word)
            used = wanted
        return (*found, " ".join(line))

    def _pieces(self, text: str) -> list[str]:
        """The words; what is wider than a line is broken where it must be."""
        narrow = self._width - self._inset
        pieces: list[str] = []
        for word in text.split():
            if len(word) < 12 or self._measure(word) <= narrow:
                pieces.append(word)
                continue
            rest = word
            while rest and self._metrics.horizontalAdvance(rest) > narrow:
                size = max(1, int(len(rest) * narrow / self._metrics.horizontalAdvance(rest)))
                while size > 1 and self._metrics.horizontalAdvance(rest[:size] + "-") > narrow:
                    size -= 1
                pieces.append(rest[:size] + ("-" if rest[size - 1 : size].isalpha() else ""))
                rest = rest[size:]
            if rest:
                pieces.append(rest)
        return pieces

    def _cut(self, line: str, number: int) -> str:
        room = self._width - (self._inset if number == 1 else 0)
        while line and self._metrics.horizontalAdvance(line + _MORE) > room:
            line = line[:-1]
        return line.rstrip() + _MORE
