"""The line to the agency, kept from one exchange to the next: calling anew costs three round trips."""

from __future__ import annotations

import time

from app.models.outbox import standing
from app.models.store import Store
from app.models.way import Way
from app.sync.engine import Engine
from app.sync.http_agency import HttpAgency

KEPT_S = 200.0
"""An idle line older than this is not trusted to lead anywhere: networks forget, laptops sleep."""


class Line:
    """Makes each exchange's engine over the same connection while it lasts. One exchange at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._called: tuple[str, str, Way, str] = ("", "", Way(), "")
        self._agency: HttpAgency | None = None
        self._used = 0.0

    def engine(self, url: str = "") -> Engine | None:
        """The engine for one exchange, None while the profile belongs to no agency.

        Args:
            url: another address for this one than the one the profile has joined by.
        """
        known = standing(self._store)
        membership = known.membership
        if not membership.joined:
            self.close()
            return None
        return Engine(self._store, self._reach(url or membership.url, membership.token, known.way, membership.agency))

    def _reach(self, url: str, token: str, way: Way, agency: str) -> HttpAgency:
        now = time.time()  # goes on while a laptop sleeps
        idle = not 0.0 <= now - self._used <= KEPT_S
        if self._agency is None or self._agency.is_cut or idle or self._called != (url, token, way, agency):
            self.close()
            self._agency, self._called = HttpAgency(url, token, way=way, agency=agency), (url, token, way, agency)
        self._used = now
        return self._agency

    def close(self) -> None:
        """Hangs up; the next engine calls anew."""
        if self._agency is not None:
            self._agency.close()
            self._agency = None
