"""Mögliche Doppel: pairs of measures that probably are one, each pair with its reasons. Nothing is joined here.

Each is asked about the other's title as "Gibt es das schon?" asks (`domain.precedents`), and the better answer counts
more; so does a pair that is nearer than any other of one of the two, since a theme is shared by many and a double by
two (ADR 0033). Towns do alike what belongs together in the programme, each at its own place: that is no double but
something to learn from, and a pair of two towns has to say more.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest

from app.domain.folding import fold
from app.domain.ids import EntityId
from app.domain.likeness import telling
from app.domain.precedents import Asked, Reason, Words, asked_words, meet, rarity, words_of

ENOUGH_WITHIN, ENOUGH_ACROSS = 0.48, 0.58
"""From these scores on a pair is named; chosen on the odd lines of `benchmarks/paraphrases.csv`."""
_ACROSS = 0.85
"""Two towns rarely write down the same measure: of their pairs less is to be expected."""
_BETTER = 0.7
"""How much of the score the better of both directions is: a short title rarely says all of a long one."""
_LEADING, _MOST_LEAD = 0.4, 0.3
"""What of the lead over the next best partner is added, and the largest lead that counts."""
_SAME_CODE, _SAME_ADDRESS = 0.35, 0.2
_NAMED = 0.05
"""What it adds that one's town takes part in the other measure."""
_COMMON_IN, _COMMON_IN_TEXT = 250, 40
"""A word in more titles (of texts: in more of them) than this leads to no pair by itself."""
_ROUGHLY = 0.35
"""This much of a title must be met by rarer words before a pair is looked at closely."""
MOST = 300


@dataclass(frozen=True, slots=True)
class Described:
    """A measure to compare.

    Attributes:
        text: short description and tags.
        ags: the lead's key, `places` those of all that take part.
        code: of the programme, "" if it has none; so the address of its repository.
        origin: of which measure it was taken over, "" if of none.
    """

    title: str
    text: str
    ags: str
    places: frozenset[str] = frozenset()
    code: str = ""
    address: str = ""
    origin: EntityId = ""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two measures that may be one, the older (lower) identity first.

    Attributes:
        score: from 0 to 1.
        reasons: words of one title with those of the other's title or text that meet them.
        same_code, same_address: both name the same; `named` tells that one names the other's town.
    """

    first: EntityId
    second: EntityId
    score: float
    reasons: tuple[Reason, ...]
    same_code: bool = False
    same_address: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    measure: Described
    asked: list[Asked]
    title: Words
    text: Words
    named: frozenset[str]
    """Silent words of the title: the places it is about."""


def find_twins(
    measures: Mapping[EntityId, Described],
    silent: frozenset[str] = frozenset(),
    apart: Callable[[EntityId, EntityId], bool] = lambda _one, _other: False,
    given_up: Callable[[], bool] = lambda: False,
    enough_within: float = ENOUGH_WITHIN,
) -> list[Twins]:
    """Pairs that may be one, the likeliest first, at most `MOST`.

    Depends on the measures alone, not on their order.

    Args:
        silent: folded words that say nothing, such as names of towns.
        apart: pairs (lower identity first) of which somebody has said that they are two.
        given_up: asked now and then; then nothing is found.
        enough_within: from which score on a pair of one town is named.
    """
    known: dict[EntityId, _Read] = {}
    for identity in sorted(measures):
        if given_up():
            return []
        known[identity] = _read(measures[identity], silent)
    weights = _weights(known.values())
    hopeful: list[tuple[Twins, float, float]] = []
    nearest: dict[EntityId, tuple[float, float]] = {}
    for one, other in _candidates(known, weights, given_up):
        if given_up():
            return []
        if _is_lineage(one, other, measures) or apart(one, other):
            continue
        within = measures[one].ags == measures[other].ags
        if not within and _are_elsewhere(known[one], known[other]):
            continue
        told, twins = _compare(one, other, known, weights)
        for identity in (one, other):
            best, next_best = nearest.get(identity, _NOBODY)
            nearest[identity] = (told, best) if told > best else (best, max(told, next_best))
        enough = enough_within if within else ENOUGH_ACROSS
        if twins.score + _LEADING * _MOST_LEAD >= enough:
            hopeful.append((twins, told, enough))
    found = (
        (replace(twins, score=min(twins.score + _lead(twins, told, nearest), 1.0)), enough)
        for twins, told, enough in hopeful
    )
    named = [twins for twins, enough in found if twins.score >= enough]
    return nsmallest(MOST, named, key=lambda each: (-each.score, each.first, each.second))


_NOBODY = (0.0, 0.0)


def _lead(twins: Twins, told: float, nearest: Mapping[EntityId, tuple[float, float]]) -> float:
    """What it adds that of all partners of the one (or of the other) this is the nearest by far."""
    ahead = 0.0
    for identity in (twins.first, twins.second):
        best, next_best = nearest[identity]
        if told >= best:
            ahead = max(ahead, told - next_best)
    return _LEADING * min(ahead, _MOST_LEAD)


def _read(measure: Described, silent: frozenset[str]) -> _Read:
    spoken = frozenset(fold(word) for word in telling(measure.title).written.values())
    return _Read(
        measure,
        asked_words(measure.title, silent),
        words_of(measure.title, silent),
        words_of(measure.text),
        spoken & silent,
    )


def _weights(known: Iterable[_Read]) -> dict[str, float]:
    """What each key counts: the more, the fewer measures have it."""
    having: Counter[str] = Counter()
    total = 0
    asked: set[str] = set()
    for one in known:
        total += 1
        having.update(one.title.keys.keys() | one.text.keys.keys())
        asked.update(key for word in one.asked for key in word.keys)
    return {key: rarity(key, having[key], total) for key in asked}


def _candidates(
    known: Mapping[EntityId, _Read], weights: Mapping[str, float], given_up: Callable[[], bool]
) -> list[tuple[EntityId, EntityId]]:
    """Pairs of which one meets enough of the other's title, and those that name the same code."""
    by_title, by_text = _index(known, _COMMON_IN, title=True), _index(known, _COMMON_IN_TEXT, title=False)
    pairs = _same(known)
    for identity, one in known.items():
        if given_up():
            return []
        met: defaultdict[EntityId, float] = defaultdict(float)
        for word in one.asked:
            best: dict[EntityId, float] = {}
            for key, strength in word.keys.items():
                told = strength * min(weights[key], weights[word.stem])
                for index in (by_title, by_text):
                    for other in index.get(key, ()):
                        if told > best.get(other, 0.0):
                            best[other] = told
            for other, told in best.items():
                met[other] += told
        least = _ROUGHLY * math.fsum(weights[word.stem] for word in one.asked)
        pairs.update(
            (min(identity, other), max(identity, other))
            for other, told in met.items()
            if told >= least and other != identity
        )
    return sorted(pairs)


def _index(known: Mapping[EntityId, _Read], most: int, *, title: bool) -> dict[str, list[EntityId]]:
    """Key -> measures that have it in their title (or text), without keys that too many have."""
    having: defaultdict[str, list[EntityId]] = defaultdict(list)
    for identity, one in known.items():
        words = one.title if title else one.text
        for key in words.keys:
            having[key].append(identity)
    return {key: those for key, those in having.items() if len(those) <= most}


def _same(known: Mapping[EntityId, _Read]) -> set[tuple[EntityId, EntityId]]:
    groups: defaultdict[tuple[str, str], list[EntityId]] = defaultdict(list)
    for identity, one in known.items():
        if one.measure.code:
            groups["code", one.measure.code].append(identity)
    return {
        (one, other)
        for those in groups.values()
        if len(those) <= _COMMON_IN
        for at, one in enumerate(those)
        for other in those[at + 1 :]
    }


def _is_lineage(one: EntityId, other: EntityId, measures: Mapping[EntityId, Described]) -> bool:
    """Whether one was taken over from the other, or both from the same: alike, and meant to be two."""
    a, b = measures[one], measures[other]
    if a.ags == b.ags:
        return False
    return a.origin == other or b.origin == one or bool(a.origin and a.origin == b.origin)


def _are_elsewhere(one: _Read, other: _Read) -> bool:
    """Whether each title names its own places: the same idea twice, at two ends of the region."""
    same_code = bool(one.measure.code) and one.measure.code == other.measure.code
    return not same_code and bool(one.named and other.named) and one.named.isdisjoint(other.named)


def _compare(
    first: EntityId, second: EntityId, known: Mapping[EntityId, _Read], weights: Mapping[str, float]
) -> tuple[float, Twins]:
    """How much the words of both say alike, from 0 to 1, and the pair with all that speaks for it."""
    one, other = known[first], known[second]
    there = meet(one.asked, other.title, other.text, weights)
    back = meet(other.asked, one.title, one.text, weights)
    better, worse = (there, back) if there[0] >= back[0] else (back, there)
    told = _BETTER * better[0] + (1 - _BETTER) * worse[0]
    a, b = one.measure, other.measure
    if a.ags != b.ags:
        told *= _ACROSS
    same_code, same_address = bool(a.code and a.code == b.code), bool(a.address and a.address == b.address)
    named = a.ags != b.ags and (a.ags in b.places or b.ags in a.places)
    score = told + _SAME_CODE * same_code + _SAME_ADDRESS * same_address + _NAMED * named
    return told, Twins(first, second, min(score, 1.0), better[1], same_code, same_address, named)


def pair_digest(one: EntityId, other: EntityId) -> str:
    """SHA-256 of a pair, as `distinct_from` keeps what has been found to be two.

    A digest, since whoever reads the one measure need not know that there is the other.
    """
    return hashlib.sha256(f"{min(one, other)}:{max(one, other)}".encode()).hexdigest()
