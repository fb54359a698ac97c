"""Which cards say nearly the same: pairs of texts that share telling words, each pair with its reason.

A suggestion only names two cards; nothing is joined here and no wording changes.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from app.domain.compounds import parts_of
from app.domain.folding import fold
from app.domain.german import LONGEST_WORD

ENOUGH_ALIKE = 0.5
"""The share of both texts' weight that common words must carry; from 0 (nothing) to 1 (the same words)."""

_COMMON_IN = 40
"""A word on more cards than this leads to no pair by itself: it names the evening's subject."""

_SHORTEST_STEM = 4
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ern|en|er|em|es|e|n|s)$")
_SMALL_WORDS = frozenset(
    """
    aber alle allem allen aller alles als also am an auch auf aus bei beim bis da damit dann das dass dem den der
    des die dies diese diesem diesen dieser doch dort durch ein eine einem einen einer eines er es etwas fur gegen
    haben hat hier ich ihr ihre im immer in ins ist jede jeden jeder kann kein keine konnen man mehr mit muss
    mussen nach nicht noch nur ob oder ohne sehr sein sich sie sind so soll sollen sollte uber um und uns unser
    unsere unter viel von vom vor war was weil wenn wer werden wie wieder wir wird wo wollen zu zum zur
    """.split()  # noqa: SIM905 -- a page of words reads as text
)


@dataclass(frozen=True, slots=True)
class Alike:
    """Two cards that belong together, and the words that say so, as each of them writes them."""

    first: str
    second: str
    score: float
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The telling words of a text: how each is written, by its stem, and every key under which it is found."""

    written: Mapping[str, str]
    keys: Mapping[str, frozenset[str]]


def search_alike(texts: Mapping[str, str]) -> list[Alike]:
    """Pairs of cards by identity that are alike enough, the most alike first, then by identity.

    Inflected forms are one word, and a compound meets its own last part ("Datenplattform", "Plattformen").
    A word counts the more, the fewer cards have it. Depends on the texts alone, not on their order.
    """
    spoken = {card: telling(texts[card]) for card in sorted(texts)}
    having: defaultdict[str, list[str]] = defaultdict(list)
    for card, words in spoken.items():
        for key in frozenset[str]().union(*words.keys.values()):
            having[key].append(card)
    weight = {key: 1 + math.log(len(spoken) / len(cards)) for key, cards in having.items()}
    pairs = {pair for cards in having.values() if len(cards) <= _COMMON_IN for pair in combinations(cards, 2)}
    found = (_compare(pair, spoken[pair[0]], spoken[pair[1]], weight) for pair in pairs)
    alike = [each for each in found if each.score >= ENOUGH_ALIKE]
    return sorted(alike, key=lambda each: (-each.score, each.first, each.second))


def _compare(pair: tuple[str, str], one: Spoken, other: Spoken, weight: Mapping[str, float]) -> Alike:
    met = [(a, b) for a, keys in one.keys.items() for b, theirs in other.keys.items() if keys & theirs]
    shared = _weigh({a for a, _ in met}, weight) + _weigh({b for _, b in met}, weight)
    score = shared / (_weigh(one.keys, weight) + _weigh(other.keys, weight))
    return Alike(*pair, score, tuple((one.written[a], other.written[b]) for a, b in met))


def _weigh(stems: Iterable[str], weight: Mapping[str, float]) -> float:
    # fsum: the sum is the same in every order, so two laptops list the same.
    return math.fsum(weight[stem] for stem in stems)


def telling(text: str) -> Spoken:
    """A text without its small words, inflected forms as one."""
    written: dict[str, str] = {}
    keys: dict[str, frozenset[str]] = {}
    for word in _WORD.findall(text):
        folded = fold(word)[:LONGEST_WORD]
        if folded in _SMALL_WORDS or len(folded) < 2:
            continue
        stem = stem_of(folded)
        written.setdefault(stem, word)
        keys.setdefault(stem, frozenset({stem, *_stems(parts_of(folded))}))
    return Spoken(written, keys)


def _stems(words: Iterable[str]) -> list[str]:
    return [stem_of(word) for word in words]


def stem_of(word: str) -> str:
    """A folded word without its ending; umlauts of the plural are gone by folding already."""
    short = _ENDING.sub("", word)
    return short if len(short) >= _SHORTEST_STEM else word
