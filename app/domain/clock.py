"""Causality: dots, version vectors, and the hybrid clock that is only ever shown, never trusted.

A *dot* (replica, n) names one change. A *version vector* maps a replica to the highest n seen of it.
Numbers are gapless per replica, so "at most n" means "all of them". After Preguiça, Almeida et al.,
"Dotted Version Vectors" (2010-2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

VersionVector = Mapping[int, int]
EMPTY: VersionVector = {}

MAX_HLC = 2**62
MAX_N = 2**53
"""More changes than a replica can make; whole numbers below it survive every JSON reader."""
_COUNTER_BITS = 16


class Dot(NamedTuple):
    """Names one change: the n-th of a replica, counted from 1."""

    replica: int
    n: int


def covers(context: VersionVector, dot: tuple[int, int]) -> bool:
    """Whether whoever knew `context` had seen the change `dot`."""
    return context.get(dot[0], 0) >= dot[1]


def includes(big: VersionVector, small: VersionVector) -> bool:
    """Whether everything in `small` was seen by `big`."""
    return all(big.get(r, 0) >= n for r, n in small.items())


def join(a: VersionVector, b: VersionVector) -> dict[int, int]:
    """The least vector that includes both."""
    joined = dict(a)
    for r, n in b.items():
        if joined.get(r, 0) < n:
            joined[r] = n
    return joined


def flatten(vector: VersionVector) -> list[int]:
    """As a flat list [replica, n, …], sorted, for wire and disk."""
    return [x for r in sorted(vector) for x in (r, vector[r])]


def unflatten(flat: Sequence[int]) -> dict[int, int]:
    """Inverse of `flatten`. Raises ValueError for anything that `flatten` does not give."""
    if not isinstance(flat, list | tuple) or len(flat) % 2:
        raise ValueError("a version vector is pairs")
    vector: dict[int, int] = {}
    last = 0
    for i in range(0, len(flat), 2):
        r, n = flat[i], flat[i + 1]
        if not (type(r) is type(n) is int and last < r < 2**63 and 0 < n < MAX_N):
            raise ValueError("a version vector is pairs of positive integers in order of the replicas")
        vector[r] = n
        last = r
    return vector


def vector_of(dots: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The least vector that covers all the dots."""
    vector: dict[int, int] = {}
    for r, n in dots:
        if vector.get(r, 0) < n:
            vector[r] = n
    return vector


def tick(last: int, wall_ms: int) -> int:
    """The next hybrid logical clock value: 47 bits of milliseconds, 16 bits of counter.

    Monotone on one device whatever the wall clock does. Breaks ties for display only (Kulkarni 2014).
    """
    return max(last + 1, wall_ms << _COUNTER_BITS)


def wall_ms_of(hlc: int) -> int:
    """Milliseconds since 1970 as the writing device's clock claimed."""
    return hlc >> _COUNTER_BITS


def clamp(hlc: int, received_ms: int, tolerance_ms: int = 600_000) -> int:
    """What a receiver makes of a clock from the future: its own time. The past is left alone."""
    if wall_ms_of(hlc) > received_ms + tolerance_ms:
        return received_ms << _COUNTER_BITS
    return hlc
