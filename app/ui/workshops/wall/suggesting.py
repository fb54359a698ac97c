"""Which cards are alike, and by which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.ids import EntityId
from app.domain.likeness import Alike, search_alike

_MOST_CARDS = 3000
"""The newest so many are compared; beyond that a suggestion comes too late to be one."""
_MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two cards that may belong together; `words` both of them say, none where the wording is the same."""

    first: EntityId
    second: EntityId
    words: tuple[tuple[str, str], ...]


def suggest(texts: Mapping[EntityId, str]) -> list[Suggestion]:
    """Pairs of cards, those with the same wording first, then the most alike."""
    groups: dict[str, list[EntityId]] = {}
    for card in list(texts)[-_MOST_CARDS:]:
        words = texts[card].split()[:_MOST_WORDS]
        groups.setdefault(" ".join(words).casefold(), []).append(card)
    same = [Suggestion(cards[0], other, ()) for cards in groups.values() for other in cards[1:]]
    alike = search_alike({cards[0]: text for text, cards in groups.items()})
    return same + [_suggestion(pair, texts) for pair in alike]


def _suggestion(pair: Alike, texts: Mapping[EntityId, str]) -> Suggestion:
    words = tuple((_as_written(a, texts[pair.first]), _as_written(b, texts[pair.second])) for a, b in pair.words)
    return Suggestion(pair.first, pair.second, words)


def _as_written(word: str, text: str) -> str:
    """The word in the letters of the card: they were folded together to be compared."""
    at = text.casefold().find(word)
    return text[at : at + len(word)] if at >= 0 else word
