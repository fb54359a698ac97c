"""German order and German search: sort keys by DIN 5007, and one folded form that index and query share.

Folding writes ä, ö, ü and ae, oe, ue alike as a, o, u and ß as ss. So "Möhnesee", "Moehnesee" and
"Mohnesee" are one word, and the folded beginning of a word is always a beginning of the folded word,
which makes searching while typing safe. Parts of compounds are found because the index also holds the
rest of a word from each place where a part can begin ("datenplattform plattform").
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

from app.domain.compounds import parts_of
from app.domain.folding import LIGATURES, MARKS, fold

LONGEST_WORD = 64
"""Longer words (pasted keys, encoded files) are cut, in the index and in the query alike."""

_SORTED_CHARACTERS = 300
_QUERIED_CHARACTERS = 400
_QUERIED_WORDS = 12

_PERSON_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORD = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]++(?:[-\u2010\u2011][^\W_]++)++")
_HYPHENS = frozenset("-\u2010\u2011")
_NUMBER = re.compile(r"[0-9]+")
_DIGIT = re.compile(r"[0-9]")
_PIECES_KEPT = 100_000
"""So many pieces' terms are remembered, about 20 MB: those a region uses every day. Numbers hardly repeat."""


def normalise_query(text: str) -> list[str]:
    """The folded words of what was typed into a search field, in order."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text[:_QUERIED_CHARACTERS]))][:_QUERIED_WORDS]


def search_terms(text: str) -> list[str]:
    """Every folded word of a text in order, behind what stands between two spaces each part of a compound in it."""
    return normalise_for_index(text).split()


def normalise_for_index(text: str) -> str:
    """What the full-text index stores for a text: its search terms with spaces between."""
    return " ".join(map(_TOLD.__getitem__, text.split()))


class _Told(dict[str, str]):
    """The terms of what stood between two spaces: texts repeat their words, so that most cost one lookup each."""

    def __missing__(self, piece: str) -> str:
        terms = " ".join(_terms(piece))
        if len(piece) <= LONGEST_WORD and not _DIGIT.search(piece):
            if len(self) >= _PIECES_KEPT:
                self.clear()
            self[piece] = terms
        return terms


_TOLD = _Told()


def _terms(piece: str) -> list[str]:
    folded = fold(piece)
    words = [word[:LONGEST_WORD] for word in _WORD.findall(folded)]
    if len(words) == 1:
        return [words[0], *parts_of(words[0])]
    different = dict.fromkeys(words)
    parts = dict.fromkeys(chain.from_iterable(map(parts_of, different)))
    if not _HYPHENS.isdisjoint(folded):
        for hyphenated in _HYPHENATED.findall(folded):
            parts["".join(_WORD.findall(hyphenated))[:LONGEST_WORD]] = None
    return [*words, *(part for part in parts if part not in different)]


def fts_query(text: str) -> str:
    """A safe FTS5 expression for anything typed: every word must begin a word, or a part of one.

    Quotes, operators, brackets and emoji are no syntax here. Empty where nothing searchable was typed:
    the caller then shows everything instead of asking the index.
    """
    return " AND ".join(f'"{word}"*' for word in normalise_query(text))


def title_sort_key(text: str) -> str:
    """DIN 5007-1, for titles and places: ä as a, ß as ss, the base letter first at a tie.

    Word by word: a space, hyphen or other sign ends a word and goes before every letter. Digits come
    before letters and count as numbers, so "M2" is before "M10".
    """
    return _sort_key(text, umlauts_as_two=False)


def person_sort_key(name: str) -> str:
    """DIN 5007-2, for lists of persons: ä as ae, ß as ss, the spelling without umlaut first at a tie."""
    return _sort_key(name, umlauts_as_two=True)


def _sort_key(text: str, *, umlauts_as_two: bool) -> str:
    """First the base letters, then their marks, then the text itself, so that equal keys mean equal text."""
    if text.isascii():
        shown = text[:_SORTED_CHARACTERS].strip()
        base = marked = shown.lower()
    else:
        shown = unicodedata.normalize("NFC", text[:_SORTED_CHARACTERS]).strip()
        marked = shown.lower()
        plain = marked.translate(_PERSON_LETTERS) if umlauts_as_two else marked
        base = MARKS.sub("", unicodedata.normalize("NFKD", plain.translate(LIGATURES)))
    words = " ".join(_WORD.findall(base))
    signs = words if base is marked else " ".join(_WORD.findall(marked))
    return f"{_NUMBER.sub(_counted, words)}\x01{signs}\x01{shown}".replace("\x00", "")


def _counted(number: re.Match[str]) -> str:
    """A number so that plain text order is numeric order: its length goes before its digits."""
    digits = number[0].lstrip("0") or "0"
    return f"{len(digits):03}{digits}"
