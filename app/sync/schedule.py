"""When to try next: pure arithmetic, no clock and no thread of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

AFTER_EDIT = 1.0
"""Seconds between an edit and the sync it starts while edits follow each other: they travel together, and still
are on other screens within two seconds."""
LONE_EDIT = 0.2
"""Seconds between an edit and its sync when none was sent within the last `AFTER_EDIT`. Forms and minutes save when
somebody rests or leaves the field, so most edits come alone; whoever goes on is then waited for again."""
SPREAD = 0.3
"""Seconds over which devices spread when all of them are woken by the same change."""
EVERY = 180.0
"""Seconds between syncs when nothing happens here, to fetch what happened elsewhere."""
PROBE = 20.0
"""Longest pause between attempts while there is no network: a connection is noticed that soon."""
BACKOFF_FIRST = 2.0
BACKOFF_MOST = 300.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is known about trying again.

    Attributes:
        due: instant (monotonic seconds) of the next attempt, None while paused.
        failures: attempts in a row that found no agency.
        edits: whether the next attempt takes edits along.
        alone_from: instant from which an edit counts as one that comes alone.
    """

    due: float | None = 0.0
    failures: int = 0
    paused: bool = False
    edits: bool = False
    alone_from: float = 0.0

    def edited(self, now: float) -> Schedule:
        """Something of ours waits: try soon, unless we are backing off from a failing agency."""
        if self.paused or self.failures:
            return self
        soon = now + (LONE_EDIT if now >= self.alone_from else AFTER_EDIT)
        return replace(self, due=soon if self.due is None else min(self.due, soon), edits=True)

    def woken(self, now: float, chance: float) -> Schedule:
        """The agency says that there is something to fetch.

        Args:
            chance: uniform in [0, 1).
        """
        if self.paused or self.failures or self.due is None:
            return self
        return replace(self, due=min(self.due, now + chance * SPREAD))

    def asked(self, now: float) -> Schedule:
        """A person wants it now; that also ends a pause."""
        return replace(self, due=now, paused=False)

    def succeeded(self, now: float, waiting: bool) -> Schedule:
        if self.paused:
            return Schedule(None, 0, True)
        alone_from = now + AFTER_EDIT if self.edits else self.alone_from
        return Schedule(now + (AFTER_EDIT if waiting else EVERY), 0, False, alone_from=alone_from)

    def unreachable(self, now: float, chance: float, retry_after: float = 0.0) -> Schedule:
        """Exponential backoff with full jitter, honouring what the agency asked for.

        Args:
            chance: uniform in [0, 1).
        """
        failures = self.failures + 1
        if self.paused:
            return Schedule(None, failures, True)
        ceiling = min(BACKOFF_MOST if retry_after else PROBE, BACKOFF_FIRST * 2.0 ** min(failures, 10))
        pause = max(retry_after, BACKOFF_FIRST / 2 + chance * ceiling)
        return Schedule(now + pause, failures, False)

    def refused(self) -> Schedule:
        """The agency said no: only a person can change that."""
        return Schedule(None, self.failures, self.paused)

    def reconnected(self, now: float) -> Schedule:
        """The network came back: forget the backoff."""
        return self if self.paused else Schedule(now, 0, False)

    def pause(self) -> Schedule:
        return replace(self, due=None, paused=True)

    def resume(self, now: float) -> Schedule:
        return replace(self, due=now, paused=False)
