"""Names of municipalities as they fit into a tile or an outline, no two of a map alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from app.ui import theme
from app.ui.widgets import base

_VOWELS = frozenset("aeiouyäöüAEIOUYÄÖÜ")
_LEAST = 3
"""So many letters stay at least."""


def shortened(name: str, width: float) -> str:
    """A name that fits into `width` px: "Wilnsdorf" → "Wilns."; cut behind a consonant, "Bad" goes first."""
    if _wide(name) <= width:
        return name
    bare = _bare(name)
    if _wide(bare) <= width and bare != name:
        return bare
    for length in range(len(bare) - 1, _LEAST - 1, -1):
        if bare[length - 1] not in _VOWELS and _wide(f"{bare[:length]}.") <= width:
            return f"{bare[:length]}."
    return f"{bare[:_LEAST]}."


def told_apart(names: Iterable[str], width: float, most: float) -> dict[str, str]:
    """Every name as it fits into `width` px, no two alike.

    Whom the usual cut makes alike is cut anywhere ("Neun.", "Neue.") and may take `most` px; where that is not
    enough, the end tells them apart ("L'tal", "L'adt").
    """
    cut = {name: shortened(name, width) for name in names}
    for shorten in (_beginnings, _ends):
        often = Counter(cut.values())
        alike = {said for said, times in often.items() if times > 1}
        if not alike:
            break
        taken = set(often) - alike
        for name in [name for name, said in cut.items() if said in alike]:
            cut[name] = _first(shorten(name), most, taken, cut[name])
            taken.add(cut[name])
    return cut


def _first(said: Iterable[str], most: float, taken: set[str], otherwise: str) -> str:
    return next((one for one in said if one not in taken and _wide(one) <= most), otherwise)


def _beginnings(name: str) -> Iterator[str]:
    bare = _bare(name)
    return (f"{bare[:length]}." for length in range(len(bare) - 1, _LEAST - 1, -1))


def _ends(name: str) -> Iterator[str]:
    bare = _bare(name)
    return (f"{bare[0]}'{bare[-length:]}" for length in range(len(bare) - 1, 0, -1))


def _bare(name: str) -> str:
    return name.removeprefix("Bad ").partition("-")[0]


def _wide(words: str) -> float:
    return base.text_width(words, "small", theme.MEDIUM)
