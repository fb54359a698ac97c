"""Points by rank: a ballot names some cards in order, the first gets the most points (a Borda count of k places)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isqrt

PLACES = 3
"""Places of a ballot where nobody said how many."""
MOST_PLACES = 10


def ballot_points(places: int) -> int:
    """What one full ballot gives: 3 + 2 + 1 for three places."""
    return places * (places + 1) // 2


def places_of(points: int) -> int:
    """How many places a ballot of so many points has; `PLACES` if nobody said.

    Args:
        points: what a round gives to each person.
    """
    return (isqrt(8 * points + 1) - 1) // 2 if points > 0 else PLACES


def place_points(place: int, places: int) -> int:
    """What a place is worth, counted from 1: as many points as places for the first, one for the last."""
    return max(0, places - place + 1)


def ranks(amounts: Mapping[str, int]) -> dict[str, int]:
    """The rank of each, 1 for the most; equal amounts share one, and the ranks behind them are left out."""
    found: dict[str, int] = {}
    rank, before = 0, None
    for number, (key, amount) in enumerate(_falling(amounts.items()), 1):
        rank = rank if amount == before else number
        found[key], before = rank, amount
    return found


def _falling(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(pairs, key=lambda pair: -pair[1])
