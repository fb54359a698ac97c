"""What the tile map can show: a number per municipality, its shade, and the words of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.models.queries.region import PlaceFacts
from app.ui import labels

SHADES = (0, 12, 28, 55, 100)
"""Percent of the accent in the ground of a tile, from nothing to most; in the dark less, see `SHADES_DARK`."""
SHADES_DARK = (0, 12, 26, 45, 100)
_PARTS = (0.12, 0.3, 0.6)
"""Where the shades between nothing and most end, as shares of the largest number."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number that can be shown for every municipality; `one` and `many` are its noun."""

    key: str
    title: str
    one: str
    many: str
    of: Callable[[PlaceFacts], int]

    def told(self, facts: PlaceFacts) -> str:
        """ "14 veröffentlichte Maßnahmen"."""
        number = self.of(facts)
        return f"{labels.number(number)} {self.one if number == 1 else self.many}"


VALUES = (
    Value(
        "shared",
        "Veröffentlichte Maßnahmen",
        "veröffentlichte Maßnahme",
        "veröffentlichte Maßnahmen",
        lambda facts: facts.shared,
    ),
    Value(
        "running",
        "Davon in Umsetzung",
        "Maßnahme in Umsetzung oder Betrieb",
        "Maßnahmen in Umsetzung oder Betrieb",
        lambda facts: facts.running,
    ),
    Value(
        "incomplete",
        "Davon unvollständig",
        "unvollständige Maßnahme",
        "unvollständige Maßnahmen",
        lambda facts: facts.incomplete,
    ),
    Value(
        "lent",
        "Von anderen abgeguckt",
        "Mal von anderen abgeguckt",
        "Mal von anderen abgeguckt",
        lambda facts: facts.lent,
    ),
    Value("taken", "Selbst abgeguckt", "Mal selbst abgeguckt", "Mal selbst abgeguckt", lambda facts: facts.taken),
)
BY_KEY = {value.key: value for value in VALUES}


@dataclass(frozen=True, slots=True)
class Scale:
    """Which shade a number has: 0 for none, then four classes up to the largest."""

    ends: tuple[int, ...]

    @classmethod
    def over(cls, numbers: Iterable[int]) -> Scale:
        """Four classes over what there is; fewer where the numbers are small."""
        most = max(numbers, default=0)
        ends = [max(n, round(most * part)) for n, part in enumerate(_PARTS, 1)]
        return cls((*(end for end in ends if end < most), most) if most else ())

    def shade(self, number: int) -> int:
        """0 to 4; the largest number always has the darkest."""
        if number <= 0 or not self.ends:
            return 0
        at = next((n for n, end in enumerate(self.ends) if number <= end), len(self.ends) - 1)
        return at + 1 + (len(SHADES) - 1 - len(self.ends))

    def classes(self) -> list[tuple[int, str]]:
        """Shade and range in words, for the legend."""
        found, start = [(0, "0")], 1
        for n, end in enumerate(self.ends):
            last = n == len(self.ends) - 1
            words = f"{start}" if start == end else f"ab {start}" if last else f"{start}–{end}"
            found.append((self.shade(end), words))
            start = end + 1
        return found
