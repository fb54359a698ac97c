"""Everything that is random or reads a clock in the real world, from one seed here: ids, secrets, times."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TypeVar
from unittest.mock import patch

from app.domain import ids
from app.server import auth, service

_T = TypeVar("_T")
NOON = 1_773_500_000_000
"""Milliseconds since 1970 at which every world begins: a day in March 2026."""
YEAR_MS = 365 * 24 * 3_600_000


class Chance:
    """One world's identities and secrets: the same for the same seed and the same order of asking."""

    def __init__(self, seed: int, clock: Callable[[], int]) -> None:
        self._seed = seed
        self._clock = clock
        self._count = 0

    def _bits(self, many: int) -> int:
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}.{self._count}".encode()).digest()
        return int.from_bytes(digest, "big") >> (256 - many)

    def entity(self) -> ids.EntityId:
        """A UUIDv7 of this world's time."""
        low = self._bits(74)
        number = self._clock() << 80 | 7 << 76 | (low >> 62) << 64 | 2 << 62 | low & (1 << 62) - 1
        text = f"{number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def replica(self) -> int:
        return self._bits(62) + 1

    def token_hex(self, size: int = 32) -> str:
        return f"{self._bits(8 * size):0{2 * size}x}"

    def token_urlsafe(self, size: int = 32) -> str:
        return self.token_hex(size)

    def choice(self, options: Sequence[_T]) -> _T:
        return options[self._bits(32) % len(options)]


@contextmanager
def drawn_from(chance: Chance) -> Iterator[None]:
    """The product takes its ids and the agency's secrets from this world meanwhile."""
    secrets = SimpleNamespace(token_hex=chance.token_hex, token_urlsafe=chance.token_urlsafe, choice=chance.choice)
    with ids.drawn_from(chance), patch.object(auth, "secrets", secrets), patch.object(service, "secrets", secrets):
        yield


def instant(at_ms: int) -> datetime:
    """The agency's way to tell the time."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def weighted(dice: random.Random, table: Sequence[tuple[_T, int]]) -> _T:
    """One of the options, each as often as its weight says."""
    point = dice.randrange(sum(weight for _, weight in table))
    for option, weight in table:
        point -= weight
        if point < 0:
            return option
    raise AssertionError("the weights do not add up")
