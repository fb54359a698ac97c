"""How often somebody may ask: a token bucket per device or address, in memory."""

from __future__ import annotations

import hashlib

_MOST = 10_000


class Rates:
    """Buckets by name. Used from the event loop only."""

    def __init__(self, per_minute: int, burst: int) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._buckets: dict[bytes, tuple[float, float]] = {}

    def wait(self, who: str, now: float) -> float:
        """Seconds until this one may ask; 0 if it may now, which is then counted."""
        key = hashlib.sha256(who.encode("utf-8", "surrogatepass")).digest()[:16]
        level, since = self._buckets.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - since) * self._per_second)
        wait = 0.0 if level >= 1 else (1 - level) / self._per_second
        self._buckets[key] = (level if wait else level - 1, now)
        if len(self._buckets) > _MOST:
            del self._buckets[next(iter(self._buckets))]  # whoever has not asked for longest
        return wait
