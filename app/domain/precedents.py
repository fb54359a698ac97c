""" "Gibt es das schon?": which known measures a title that is being typed says again, each with the reason.

A title has few words, so every one counts, the more the rarer it is. A word is met by the same word in another
form, by a compound that ends or begins with it, or by a word of the same meaning; a compound of which both halves
are met counts more than either; in a title all that says more than in a text. Place names say nothing: the same
idea elsewhere is what is looked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.domain.compounds import parts_of
from app.domain.folding import fold
from app.domain.german import LONGEST_WORD
from app.domain.likeness import stem_of, telling
from app.domain.synonyms import SYNONYMS

ENOUGH = 0.38
"""From this score on a measure is worth showing; chosen on the odd lines of `benchmarks/paraphrases.csv`."""

_REST, _BEGINNING, _MEANING = 0.8, 0.5, 0.85
_IN_TEXT = 0.75
_BESIDE = 0.65
"""What is so much less alike than the best is not shown beside it."""
_TITLE_SHARE = 0.2
"""How much of the score hangs on how little else the other title says."""
_LEAST_BEGINNING = 4
_HOLLOW = frozenset(
    map(
        stem_of,
        """
        digital digitale smart smarte intelligente neue neuer stadt kommune gemeinde region regionale projekt
        massnahme offentlich offentliche burger burgerschaft aufbau aufbauen ausbau einfuhrung
        """.split(),  # noqa: SIM905 -- a page of words reads as text
    )
)
"""Words that half of all titles have: they count a third."""
_HOLLOW_WEIGHT = 0.35
_UNKNOWN_WEIGHT = 0.5
"""A word that no measure has may be rare or half typed: it counts half of one that a single measure has."""
_SMALL_WEIGHT = 0.6
"""What is written small is no noun, and tells less of what is meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One telling word of the typed title: how it is written, and how strongly each key stands for it.

    `halves` are the keys of what it begins with and of what it ends with, both empty where it is no compound.
    """

    written: str
    stem: str
    keys: Mapping[str, float]
    halves: tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """A measure to compare with; `text` is its short description and its tags."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A typed word and the word that meets it; `in_title` or only in the text."""

    typed: str
    found: str
    in_title: bool


@dataclass(frozen=True, slots=True)
class Precedent:
    """A measure that says nearly the same; score from 0 to 1."""

    id: str
    score: float
    reasons: tuple[Reason, ...]


def asked_words(typed: str, silent: frozenset[str] = frozenset()) -> list[Asked]:
    """The telling words of a title in order.

    Args:
        silent: folded words that say nothing, such as the names of places.
    """
    spoken = telling(typed)
    return [
        Asked(written, stem, *_asked_keys(fold(written)[:LONGEST_WORD]))
        for stem, written in spoken.written.items()
        if fold(written) not in silent
    ]


def find_precedents(
    asked: list[Asked], known: Mapping[str, Known], having: Callable[[str], int], total: int
) -> list[Precedent]:
    """Measures that say enough of what was typed, the most alike first, then by identity.

    Args:
        having: how many of all `total` measures have a word of this key.
    """
    if not asked:
        return []

    weights = {key: rarity(key, having(key), total) for word in asked for key in word.keys}
    found = [
        Precedent(each, *meet(asked, _spoken(one.title), _spoken(one.text), weights)) for each, one in known.items()
    ]
    least = max(ENOUGH, _BESIDE * max((one.score for one in found), default=0.0))
    alike = [one for one in found if one.score >= least]
    return sorted(alike, key=lambda one: (-one.score, one.id))


def rarity(key: str, amount: int, total: int) -> float:
    """What a key counts that so many of all measures have."""
    weight = (1 + math.log(max(total, 2) / max(amount, 1))) * (1 if amount else _UNKNOWN_WEIGHT)
    return weight * (_HOLLOW_WEIGHT if key in _HOLLOW else 1)


def meet(
    asked: list[Asked], title: Words, text: Words, weights: Mapping[str, float]
) -> tuple[float, tuple[Reason, ...]]:
    """How much of a title another measure says, from 0 to 1, and by which words.

    Args:
        title, text: the other's words (`words_of`).
        weights: of every key of the title that is asked about.
    """
    told = whole = 0.0
    reasons: list[Reason] = []
    met: set[str] = set()
    for word in asked:
        small = _SMALL_WEIGHT if word.written[:1].islower() else 1.0
        own = weights[word.stem]
        whole += own * small
        strength, key, found, in_title = _best(word, title, text)
        if strength:
            told += strength * small * min(weights[key], own) if own else 0.0
            reasons.append(Reason(word.written, found, in_title))
            if in_title:
                met.add(found)
    share = len(met) / title.count if title.count else 0.0
    score = (told / whole) * (1 - _TITLE_SHARE + _TITLE_SHARE * share) if whole else 0.0
    return score, tuple(reasons)


def _best(word: Asked, title: Words, text: Words) -> tuple[float, str, str, bool]:
    """(strength, key, word that meets it, whether it stands in the title); strength 0 where none does."""
    best = _strongest(word.keys, word, title, text)
    begin, end = word.halves
    if not 0 < best[0] < 1:
        return best
    other_half = end if best[1] in begin else begin if best[1] in end else frozenset[str]()
    second = _strongest(other_half, word, title, text)[0]
    return (1 - (1 - best[0]) * (1 - second), *best[1:])


def _strongest(keys: Iterable[str], word: Asked, title: Words, text: Words) -> tuple[float, str, str, bool]:
    best = (0.0, "", "", False)
    for words, in_title in ((title, True), (text, False)):
        for key in keys:
            theirs, written = words.keys.get(key, _NOTHING)
            strength = word.keys[key] * theirs * (1.0 if in_title else _IN_TEXT)
            if strength > best[0]:
                best = (strength, key, written, in_title)
    return best


_NOTHING = (0.0, "")


@dataclass(frozen=True, slots=True)
class Words:
    """The telling words of a text: how many, and by key how strongly it stands there and in which word."""

    count: int
    keys: Mapping[str, tuple[float, str]]


def words_of(text: str, silent: frozenset[str] = frozenset()) -> Words:
    """The telling words of a text, without the (folded) silent ones."""
    keys: dict[str, tuple[float, str]] = {}
    count = 0
    for written in telling(text).written.values():
        folded = fold(written)
        if folded in silent:
            continue
        count += 1
        for key, strength in _keys(folded[:LONGEST_WORD]).items():
            if strength > keys.get(key, _NOTHING)[0]:
                keys[key] = (strength, written)
    return Words(count, keys)


@lru_cache(maxsize=4096)
def _spoken(text: str) -> Words:
    return words_of(text)


@lru_cache(maxsize=20_000)
def _keys(word: str) -> Mapping[str, float]:
    """Under what a folded word is met: itself, what a compound ends with, what it begins with."""
    found: dict[str, float] = {}
    for rest in parts_of(word):
        begin = word[: -len(rest)].removesuffix("s")
        if len(begin) >= _LEAST_BEGINNING:
            found.setdefault(stem_of(begin), _BEGINNING)
        found[stem_of(rest)] = _REST
    found[stem_of(word)] = 1.0
    return found


@lru_cache(maxsize=2048)
def _asked_keys(word: str) -> tuple[Mapping[str, float], tuple[frozenset[str], frozenset[str]]]:
    """Under what a folded word of a typed title is looked for, and which of that are its halves."""
    own = _keys(word)
    found = dict(own)
    halves: tuple[set[str], set[str]] = (set(), set())
    for key, strength in own.items():
        alike = SYNONYMS.get(key, frozenset())
        for other in alike:
            found[other] = max(found.get(other, 0.0), strength * _MEANING)
        if strength < 1:
            halves[strength == _REST].update(alike, {key})
    whole = {key for key, strength in own.items() if strength == 1 for key in (key, *SYNONYMS.get(key, ()))}
    begin, end = (frozenset(half - whole) for half in halves)
    return found, (begin - end, end)
