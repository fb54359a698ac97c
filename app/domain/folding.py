"""One comparable form of German text, shared by search index, query and names of places."""

from __future__ import annotations

import re
import unicodedata

LIGATURES = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
MARKS = re.compile("[\u0300-\u036f]+")
_UMLAUT = re.compile("([aou])[\u0308e]")
"""An umlaut, composed of letter and dots or spelt with an e; read from the left, so "äe" is "a" and "e"."""


def fold(text: str) -> str:
    """Text without case and diacritics; ä, ö, ü and ae, oe, ue alike as a, o, u; ß as ss."""
    lowered = unicodedata.normalize("NFKC", text).lower().translate(LIGATURES)
    if lowered.isascii():
        return _UMLAUT.sub(r"\1", lowered)
    return MARKS.sub("", _UMLAUT.sub(r"\1", unicodedata.normalize("NFKD", lowered)))
