"""A second line to the agency on which this device waits to hear that there is something to fetch.

A hint only: without it the schedule asks now and then, and nothing is different but the time it takes.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import AgencyBusy, AgencyRefused, MasswerkError

if TYPE_CHECKING:
    from app.sync.engine import Engine
    from app.sync.wire import WaitReply

WAIT_S = 50
SOON_S = 5.0
"""A wait that ends sooner without news was not ended by the agency's clock: something between us cuts it off."""
BACKOFF_FIRST_S = 2.0
BACKOFF_MOST_S = 300.0
REPEAT_S = 30.0
"""Pause when the agency says the same twice: a sync evidently does not bring what it speaks of."""
NO_ROUTE_S = 900.0
"""Pause when the agency does not know the question; it may be a newer one by then."""


class Waiter:
    """Waits in a thread of its own while it is allowed to, and falls silent when it has been told something.

    Args:
        woken: told what is new, on the waiter's thread; None: the agency refuses us, a sync will tell why.
            Afterwards nothing is waited for until `allow`.
    """

    def __init__(self, woken: Callable[[WaitReply | None], None]) -> None:
        self._woken = woken
        self._dice = random.SystemRandom()
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._allowed = False
        self._closed = False
        self._source: Engine | None = None
        self._engine: Engine | None = None
        self._not_before = 0.0
        self._failures = 0
        self._told: WaitReply | None = None

    def allow(self, source: Engine) -> None:
        """Wait, or wait on; from any thread.

        Args:
            source: the engine of the latest exchange; waiting gets a line of its own to the same agency.
        """
        with self._turn:
            self._source = source
            self._allowed = not self._closed
            if self._allowed and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="waiter", daemon=True)
                self._thread.start()
            self._turn.notify()

    def forbid(self) -> None:
        """Hangs up at once; from any thread."""
        with self._turn:
            self._allowed = False
            engine, self._engine = self._engine, None
            self._turn.notify()
        if engine is not None:
            engine.abort()

    def close(self) -> None:
        """Hangs up for good and ends the thread."""
        with self._turn:
            self._closed = True
        self.forbid()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while self._is_my_turn():
            engine = self._line()
            if engine is not None:
                self._ask(engine)

    def _is_my_turn(self) -> bool:
        """Blocks until there is something to wait for; False when it is over."""
        with self._turn:
            while not self._closed:
                pause = self._not_before - time.monotonic()
                if self._allowed and pause <= 0:
                    return True
                self._turn.wait(pause if self._allowed else None)
        return False

    def _line(self) -> Engine | None:
        """The line in use, or a new one; None if nobody wants it any more."""
        with self._turn:
            source, line = self._source, self._engine
        if line is not None or source is None:
            return line
        made = source.another()
        with self._turn:
            if self._allowed:
                self._engine = made
                return made
        return None

    def _ask(self, engine: Engine) -> None:
        began = time.monotonic()
        try:
            reply = engine.wait(WAIT_S)
        except AgencyRefused:
            self._speak(None)
        except AgencyBusy as error:
            self._rest(error.retry_after)
        except MasswerkError:
            self._rest()
        else:
            if reply is None:
                self._pause(NO_ROUTE_S)
            elif reply.news or reply.renewed:
                self._speak(reply)
            elif time.monotonic() - began < SOON_S:
                self._rest()
            else:
                self._failures = 0

    def _speak(self, reply: WaitReply | None) -> None:
        if reply is not None and reply == self._told:
            self._pause(REPEAT_S)
        self._told, self._failures = reply, 0
        with self._turn:
            wanted, self._allowed = self._allowed, False
        if wanted:
            self._woken(reply)

    def _rest(self, at_least: float = 0.0) -> None:
        """Longer and longer, with jitter; the line is made anew afterwards."""
        ceiling = min(BACKOFF_MOST_S, BACKOFF_FIRST_S * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self._pause(max(at_least, ceiling * (0.5 + self._dice.random() / 2)))
        with self._turn:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.abort()

    def _pause(self, seconds: float) -> None:
        self._not_before = time.monotonic() + seconds
