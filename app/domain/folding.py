"""One comparable form of German text, shared by search index, query and names of places."""

from __future__ import annotations

import re
import unicodedata

LIGATURES = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
MARKS = re.compile("[\u0300-\u036f]+")
_SPELT_UMLAUT = re.compile("([aou])[eéèêë]")
"""Only a plain letter before the e, so "äe" stays two letters, like "aee"."""
_UMLAUTS = str.maketrans("äöü", "aou")


def fold(text: str) -> str:
    """Text without case and diacritics; ä, ö, ü and ae, oe, ue alike as a, o, u; ß as ss."""
    lowered = unicodedata.normalize("NFKC", text).lower().translate(LIGATURES)
    plain = _SPELT_UMLAUT.sub(r"\1", lowered).translate(_UMLAUTS)
    if plain.isascii():
        return plain
    return MARKS.sub("", unicodedata.normalize("NFKD", plain))
