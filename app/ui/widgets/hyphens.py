"""Where a German word too long for its line may be broken, without a dictionary."""

from __future__ import annotations

import re
from itertools import pairwise

LEAST_LEFT = 3
"""So many letters stay on either side."""
_BACK = 9
_VOWELS = "aeiouyäöü"
_JOINED = ("sch", "ch", "ck", "ph", "th", "qu", "st", "sp")
"""Letters that are one sound, or mostly begin a part ("Grund-stück")."""
_SOFT = "\u00ad"
_LONG = re.compile(r"[^\W\d_]{14,}")


def is_seam(word: str, at: int) -> bool:
    """Whether a part may begin here: with one consonant that a vowel follows, and not within one sound.

    It knows no words, so where two are joined it may break one letter beside their seam.
    """
    small = word.lower()
    onset = next((sound for sound in _JOINED if small.startswith(sound, at)), small[at])
    after = at + len(onset)
    if onset in _VOWELS or after >= len(small) or small[after] not in _VOWELS:
        return False
    return not any(small.startswith(one, at - cut) for one in _JOINED for cut in range(1, len(one)) if cut <= at)


def seam_before(word: str, size: int) -> int:
    """The last seam near `size`; `size` itself if there is none."""
    return next((at for at in range(size, max(LEAST_LEFT, size - _BACK) - 1, -1) if is_seam(word, at)), size)


def with_soft_hyphens(words: str) -> str:
    """Long words with a mark at every seam, seen only where a line ends there; never in addresses."""
    return _LONG.sub(_marked, words)


def _marked(found: re.Match[str]) -> str:
    word = found.group()
    if _is_address(found.string, found.start(), found.end()):
        return word
    seams = [at for at in range(LEAST_LEFT, len(word) - LEAST_LEFT + 1) if is_seam(word, at)]
    return _SOFT.join(word[start:end] for start, end in pairwise([0, *seams, len(word)]))


def _is_address(text: str, start: int, end: int) -> bool:
    """Whether the word hangs on what addresses and file names are made of; a full stop or colon behind it is none."""
    before, behind = text[start - 1 : start], text[end : end + 2]
    if before and before in _OF_ADDRESSES:
        return True
    return behind[:1] in _OF_ADDRESSES and behind.strip(".: \n") != ""


_OF_ADDRESSES = frozenset("@/._:\\")
