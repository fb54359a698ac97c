"""Where in a text the words stand that somebody searched for: by the same folding as the index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.compounds import parts_of
from app.domain.folding import fold

_WORD = re.compile(r"[^\W_]+")
_BEFORE, _AFTER = 32, 60

Mark = tuple[int, int]
"""Start and length, in characters."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text on one line, with the places of the words that were searched for."""

    text: str
    marks: tuple[Mark, ...]


def marks_in(text: str, wanted: Sequence[str], most: int = 12) -> tuple[Mark, ...]:
    """The words of a text that begin, or have a part that begins, with one of the folded words."""
    found: list[Mark] = []
    for word in _WORD.finditer(text):
        if _is_meant(fold(word[0]), wanted):
            found.append((word.start(), len(word[0])))
            if len(found) == most:
                break
    return tuple(found)


def _is_meant(folded: str, wanted: Sequence[str]) -> bool:
    if folded.startswith(tuple(wanted)):
        return True
    # Most words hold none of the letters asked for, and taking a word apart costs more than looking.
    if not any(each in folded for each in wanted):
        return False
    return any(part.startswith(tuple(wanted)) for part in parts_of(folded))


def passage(text: str, wanted: Sequence[str]) -> Passage | None:
    """The surroundings of the first of the folded words in a text; None where there is none of them."""
    first = next(iter(marks_in(text, wanted, most=1)), None)
    if first is None:
        return None
    start = max(0, first[0] - _BEFORE)
    if start:
        start = text.find(" ", start, first[0]) + 1 or first[0]
    piece = text[start : first[0] + first[1] + _AFTER]
    told = " ".join(piece.split())
    shown = f"… {told}" if start else told
    return Passage(shown, marks_in(shown, wanted))
