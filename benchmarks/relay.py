"""A TCP relay on this computer that counts what passes and may hold it back: a line of a given length."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_PART = 65_536


@dataclass
class Direction:
    """What passed one way, in the order it came."""

    parts: list[bytes] = field(default_factory=list)

    def bodies(self) -> int:
        """Bytes of the HTTP bodies in it; every message here tells its length."""
        stream, found = b"".join(self.parts), 0
        while stream:
            head, _, rest = stream.partition(b"\r\n\r\n")
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            found += length
            stream = rest[length:]
        return found


class Relay:
    """Passes everything to a port of this computer, each way `delay` seconds late."""

    def __init__(self, port: int, delay: float = 0.0) -> None:
        self._port = port
        self.delay = delay
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.reset()
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def reset(self) -> None:
        """Begins to count anew."""
        with self._lock:
            self.up, self.down = Direction(), Direction()
            self.round_trips = 0
            self._asks = False

    @property
    def bytes_up(self) -> int:
        return sum(len(p) for p in self.up.parts)

    @property
    def bytes_down(self) -> int:
        return sum(len(p) for p in self.down.parts)

    def close(self) -> None:
        for each in (self._listening, *self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._port))
            for each in (near, far):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets.append(each)
            self._carry(near, far, upwards=True)
            self._carry(far, near, upwards=False)

    def _carry(self, source: socket.socket, sink: socket.socket, upwards: bool) -> None:
        """Two threads: one reads as things come, one hands them on when they are due."""
        due: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

        def read() -> None:
            part = b"x"
            while part:
                try:
                    part = source.recv(_PART)
                except OSError:
                    part = b""
                self._count(part, upwards)
                due.put((time.perf_counter() + self.delay, part))

        def hand_on() -> None:
            pause = threading.Event()
            while True:
                at, part = due.get()
                if (wait := at - time.perf_counter()) > 0:
                    pause.wait(wait)
                try:
                    if not part:
                        sink.shutdown(socket.SHUT_WR)
                        return
                    sink.sendall(part)
                except OSError:
                    return

        for work in (read, hand_on):
            threading.Thread(target=work, daemon=True).start()

    def _count(self, part: bytes, upwards: bool) -> None:
        """A round trip begins where somebody speaks up after the other side was heard, or first of all."""
        if not part:
            return
        with self._lock:
            (self.up if upwards else self.down).parts.append(part)
            if upwards and not self._asks:
                self.round_trips += 1
            self._asks = upwards


@contextmanager
def relay(port: int, delay: float = 0.0) -> Iterator[Relay]:
    """A relay to this port for as long as the block runs."""
    made = Relay(port, delay)
    try:
        yield made
    finally:
        made.close()
