"""A proxy between client and agency that does to whole exchanges what bad networks do, one fault per request.

It understands just enough HTTP/1.1 to know where a message ends (every message of ours tells its length);
with `raw=True` it only counts bytes, which is what a fault sees of TLS.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

_PART = 65_536


@dataclass(frozen=True)
class Fault:
    """What happens to one request and its reply; the default is nothing.

    Attributes:
        delay: seconds before the reply goes on its way.
        rate: bytes per second downwards, 0 for as fast as it goes.
        up: so many bytes of the request reach the agency, then the line is cut.
        down: so many bytes of the reply reach the client, then the line is cut.
        reset: the cut is a reset (RST) instead of an end.
        silent: "before" or "after" the agency has done it nothing comes any more.
        twice: the agency gets the request twice; the first reply is thrown away.
        stale: an earlier reply to the same path comes instead; the agency has done it all the same.
        status: a proxy in front answers this; "after" in `silent` means that the agency has done it.
    """

    delay: float = 0.0
    rate: int = 0
    up: int = -1
    down: int = -1
    reset: bool = False
    silent: str = ""
    twice: bool = False
    stale: bool = False
    status: int = 0


NONE = Fault()


class _Ended(Exception):
    """One side hung up, or the fault asks for it."""


class FaultProxy:
    """Applies `faults` to the requests in their order and passes everything after them."""

    def __init__(self, port: int, faults: Sequence[Fault] = (), raw: bool = False) -> None:
        self._port, self._raw = port, raw
        self._lock = threading.Lock()
        self._faults = list(faults)
        self._closed = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._earlier: dict[bytes, bytes] = {}
        self.met = 0
        self.requests = 0
        self.bytes_up = self.bytes_down = self.largest_up = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    @property
    def is_through(self) -> bool:
        """Whether every fault has happened."""
        return not self._faults

    def close(self) -> None:
        self._closed.set()
        with self._lock:
            open_now = [self._listening, *self._sockets]
        for each in open_now:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(near,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", self._port))
        with self._lock:
            self._sockets |= {near, far}
        try:
            if self._raw:
                self._pump(near, far)
            else:
                while True:
                    self._exchange(near, far)
        except (OSError, _Ended):
            return
        finally:
            with self._lock:
                self._sockets -= {near, far}
            near.close()
            far.close()

    def _next(self) -> Fault:
        with self._lock:
            self.requests += 1
            if not self._faults:
                return NONE
            fault = self._faults.pop(0)
            self.met += fault != NONE
            return fault

    # One request and its reply

    def _exchange(self, near: socket.socket, far: socket.socket) -> None:
        request = _message(near)
        fault = self._next()
        self.bytes_up += len(request)
        self.largest_up = max(self.largest_up, len(request))
        path = request.split(b" ", 2)[1]
        if fault.up >= 0:
            far.sendall(request[: fault.up])
            self._hang_up(near, far, fault)
        if fault.silent == "before":
            self._wait_until_given_up(near)
        if fault.status and not fault.silent:
            self._say(near, _refusal(fault.status))
            return
        reply = self._ask(far, request)
        if fault.twice:
            reply = self._ask(far, request)
        earlier = self._earlier.get(path, reply)
        self._earlier[path] = reply
        if fault.status:
            self._say(near, _refusal(fault.status))
            return
        if fault.silent == "after":
            self._wait_until_given_up(near)
        self._closed.wait(fault.delay)
        if fault.down >= 0:
            self._say(near, reply[: fault.down])
            self._hang_up(near, far, fault)
        self._say(near, earlier if fault.stale else reply, fault.rate)

    def _ask(self, far: socket.socket, request: bytes) -> bytes:
        far.sendall(request)
        return _message(far)

    def _say(self, near: socket.socket, reply: bytes, rate: int = 0) -> None:
        step = max(1, rate // 20) if rate else len(reply) or 1
        for start in range(0, len(reply), step):
            near.sendall(reply[start : start + step])
            if rate and self._closed.wait(1 / 20):
                raise _Ended
        self.bytes_down += len(reply)

    def _wait_until_given_up(self, near: socket.socket) -> None:
        """Silence, until the client has had enough of it."""
        while near.recv(_PART):
            pass
        raise _Ended

    def _hang_up(self, near: socket.socket, far: socket.socket, fault: Fault) -> None:
        if fault.reset:
            for each in (near, far):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _Ended

    # Bytes without meaning

    def _pump(self, near: socket.socket, far: socket.socket) -> None:
        fault = self._next()
        down = threading.Thread(target=self._pour, args=(far, near, fault.down, fault), daemon=True)
        down.start()
        self._pour(near, far, fault.up, fault)
        down.join(timeout=10)

    def _pour(self, source: socket.socket, target: socket.socket, most: int, fault: Fault) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while part := source.recv(_PART):
                if 0 <= most < passed + len(part):
                    target.sendall(part[: most - passed])
                    break
                target.sendall(part)
                passed += len(part)
        for each in (source, target):
            with contextlib.suppress(OSError):
                if fault.reset:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                each.shutdown(socket.SHUT_RDWR)


def _message(source: socket.socket) -> bytes:
    """One whole HTTP message."""
    message = bytearray()
    while (end := message.find(b"\r\n\r\n")) < 0:
        message += _part(source)
    length = 0
    for line in bytes(message[:end]).lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(message) < end + 4 + length:
        message += _part(source)
    return bytes(message)


def _part(source: socket.socket) -> bytes:
    part = source.recv(_PART)
    if not part:
        raise _Ended
    return part


def _refusal(status: int) -> bytes:
    """As an nginx says it: HTML, not a problem document."""
    body = f"<html><h1>{status}</h1></html>".encode()
    told = {429: b"Retry-After: 1\r\n", 502: b"", 503: b"Retry-After: 1\r\n", 413: b""}[status]
    head = b"HTTP/1.1 %d x\r\n%bContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, told, len(body))
    return head + body


@contextmanager
def proxy_to(port: int, faults: Sequence[Fault] = (), raw: bool = False) -> Iterator[FaultProxy]:
    """A proxy to a port of this computer while the block lasts."""
    made = FaultProxy(port, faults, raw)
    try:
        yield made
    finally:
        made.close()
