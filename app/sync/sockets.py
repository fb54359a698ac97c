"""The connections under a session, made so that another thread can hang up."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
import weakref
from typing import Any

_GLANCE = 0.1
"""Seconds between two looks at whether a connection that is being made is still wanted."""

_UNHEARD_MS = 20_000
"""After so long without any sign that what was sent arrives, a line is dead, however long an answer may take."""


class Lines:
    """All connections of one session. Once cut, those open break and no new one is made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.are_cut = False
        self.made = 0
        """How many have been taken in: the same number as before means that nobody new is at the other end."""

    def cut(self) -> None:
        """Hangs up, from any thread: whoever waits for an answer is told at once that none will come."""
        with self._lock:
            self.are_cut = True
            for line in list(self._open):
                with contextlib.suppress(OSError):
                    # Past TLS, whose farewell would wait for the other side.
                    socket.socket.shutdown(line, socket.SHUT_RDWR)

    def add(self, line: socket.socket) -> None:
        """Takes a connection in. Raises OSError if the lines are cut already."""
        with self._lock:
            if self.are_cut:
                raise ConnectionAbortedError("lines are cut")
            self._open.add(line)
            self.made += 1

    @property
    def is_open(self) -> bool:
        """Whether a connection stands on which the other side has neither hung up nor spoken unasked."""
        with self._lock:
            return not self.are_cut and any(_is_quiet(line) for line in list(self._open))

    def connect(self, host: str, port: int, seconds: float, options: Any) -> socket.socket:
        """A new connection to the first address of `host` that answers within `seconds`.

        Raises:
            OSError: none does, or the lines were cut meanwhile.
        """
        failure: OSError = ConnectionRefusedError(f"no address of {len(host)} characters")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
            try:
                line = socket.socket(family, kind, protocol)
            except OSError as error:
                failure = error
                continue
            try:
                for option in options or ():
                    line.setsockopt(*option)
                if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; elsewhere the system gives up by itself as soon
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD_MS)
                self._reach(line, address, seconds)
            except OSError as error:
                line.close()
                failure = error
            else:
                return line
        raise failure

    def _reach(self, line: socket.socket, address: Any, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        line.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            line.connect(address)
        with selectors.DefaultSelector() as selector:
            selector.register(line, selectors.EVENT_WRITE)
            while not selector.select(_GLANCE):
                if self.are_cut:
                    raise ConnectionAbortedError("lines are cut")
                if time.monotonic() > deadline:
                    raise TimeoutError("connecting took too long")
        if code := line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(code, "connecting failed")
        line.settimeout(seconds)


def _is_quiet(line: socket.socket) -> bool:
    if line.fileno() < 0:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        return not selector.select(0)
