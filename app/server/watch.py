"""Devices that wait for news: on the event loop while they wait, one thread that looks for all of them."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from psycopg import Error as PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3.dbapi2 import Error as SqliteError
from starlette.concurrency import run_in_threadpool

from app.errors import AgencyBusy, MasswerkError
from app.server import standing
from app.server.database import Database
from app.server.hints import listening
from app.server.metrics import Metrics
from app.server.standing import Standing
from app.sync.wire import WaitReply, WaitRequest

_log = logging.getLogger(__name__)
_GATHER_S = 0.05
"""Hints that come this close together are looked after once."""
_LOOK_S = 10.0
"""A look without any hint: should one be lost, waiting takes this much longer and nothing else happens."""
_LINGER_S = 1.0
"""How long the thread stays when nobody waits any more."""
_AGAIN_S = 2.0
_CROWDED_S = 60.0
_PER_DEVICE = 2
"""A device waits once; a second wait is one whose first got lost on the way, and the oldest makes room."""


@dataclass(eq=False, slots=True)
class _Waiter:
    """One device that waits, and the loop it waits on."""

    standing: Standing
    loop: asyncio.AbstractEventLoop
    told: asyncio.Future[WaitReply]

    def answer(self, outcome: WaitReply | Exception) -> None:
        """Ends the wait; from any thread, as often as one likes."""
        self.loop.call_soon_threadsafe(self._settle, outcome)

    def _settle(self, outcome: WaitReply | Exception) -> None:
        if self.told.done():
            return
        if isinstance(outcome, Exception):
            self.told.set_exception(outcome)
        else:
            self.told.set_result(outcome)


class Watch:
    """All devices that wait in this process. Its thread lives while somebody waits."""

    def __init__(self, database: Database, most: int, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self._most = most
        self._lock = threading.Lock()
        self._waiters: OrderedDict[_Waiter, None] = OrderedDict()
        self._thread: threading.Thread | None = None
        self._arrived = threading.Event()
        self._released = threading.Event()
        self._idle_since = 0.0

    @property
    def waiting(self) -> int:
        """How many devices wait at this moment."""
        return len(self._waiters)

    async def wait(self, token: str, asked: WaitRequest, gone: Callable[[], Awaitable[None]]) -> WaitReply:
        """What is new for this device, as soon as there is something; nothing when its time is up.

        Args:
            gone: returns when nobody is there any more to be told.

        Raises:
            TokenRevoked: unknown, or signed off, be it while it waits.
            AgencyBusy: too many wait already, or the agency is about to stop.
        """
        if self._released.is_set() or self.waiting >= self._most:
            raise AgencyBusy(_AGAIN_S if self._released.is_set() else _CROWDED_S)
        where, found = await run_in_threadpool(self._begin, token, asked)
        if found.news or found.renewed:
            return found
        loop = asyncio.get_running_loop()
        waiter = _Waiter(where, loop, loop.create_future())
        leaving = asyncio.ensure_future(gone())
        self._join(waiter)
        self._metrics.waiting.inc()
        try:
            until: set[asyncio.Future[Any]] = {waiter.told, leaving}
            await asyncio.wait(until, timeout=asked.seconds, return_when=asyncio.FIRST_COMPLETED)
            return waiter.told.result() if waiter.told.done() else WaitReply()
        finally:
            leaving.cancel()
            self._metrics.waiting.dec()
            self._leave(waiter)

    def release(self) -> None:
        """Asks everybody to come again in a moment, and takes nobody in any more; from any thread."""
        self._released.set()
        self._arrived.set()
        with self._lock:
            waiters = list(self._waiters)
        for waiter in waiters:
            waiter.answer(AgencyBusy(_AGAIN_S))

    def _begin(self, token: str, asked: WaitRequest) -> tuple[Standing, WaitReply]:
        with self._database.read() as connection:
            return standing.begin(connection, token, asked)

    def _join(self, waiter: _Waiter) -> None:
        with self._lock:
            others = [w for w in self._waiters if w.standing.device == waiter.standing.device]
            for oldest in others[: max(0, len(others) - _PER_DEVICE + 1)]:
                oldest.answer(WaitReply())
            self._waiters[waiter] = None
            # What was committed between its first look and now is found by the next one.
            self._arrived.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()

    def _leave(self, waiter: _Waiter) -> None:
        with self._lock:
            self._waiters.pop(waiter, None)
            self._idle_since = time.monotonic()

    def _run(self) -> None:
        while not self._is_over():
            try:
                with listening(self._database) as hints:
                    while not self._is_over():
                        self._arrived.clear()
                        self._look()
                        hints.wait(_LOOK_S if self.waiting else _LINGER_S, self._arrived)
                        self._released.wait(_GATHER_S)
            except (SQLAlchemyError, PostgresError, SqliteError, OSError) as error:
                _log.warning("watch: %s; looking again", type(error).__name__)
                self._released.wait(_AGAIN_S)

    def _is_over(self) -> bool:
        """Whether the thread may go; decided together with forgetting it, so that nobody waits unwatched."""
        with self._lock:
            lingers = not self._released.is_set() and time.monotonic() < self._idle_since + _LINGER_S
            over = not self._waiters and not lingers
            if over:
                self._thread = None
        return over

    def _look(self) -> None:
        with self._lock:
            waiters = list(self._waiters)
        if not waiters:
            return
        self._metrics.looks.inc()
        scopes = {scope for waiter in waiters for scope in waiter.standing.counters}
        with self._database.read() as connection:
            seen = standing.look(connection, scopes, (waiter.standing.device for waiter in waiters))
        for waiter in waiters:
            try:
                found = standing.news(waiter.standing, seen)
            except MasswerkError as error:
                waiter.answer(error)
            else:
                if found is not None:
                    waiter.answer(found)
