"""A line to a server that somebody cuts after so many bytes, again and again."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Line:
    """`up` and `down` are how many bytes a connection may carry before it is cut; None for no end."""

    address: str
    up: int | None = None
    down: int | None = None
    cuts: int = 0


@contextmanager
def cutting(server: str) -> Iterator[Line]:
    """A proxy on loopback before `server`; its limits hold for connections made afterwards."""
    target = urlsplit(server)
    listening = socket.create_server(("127.0.0.1", 0))
    line = Line(f"http://127.0.0.1:{listening.getsockname()[1]}")
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            far = socket.create_connection((target.hostname or "", target.port or 0))
            for source, sink, most in ((near, far, line.up), (far, near, line.down)):
                threads.append(threading.Thread(target=_carry, args=(line, source, sink, most), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield line
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join()
        for thread in threads:
            thread.join()


def _carry(line: Line, source: socket.socket, sink: socket.socket, most: int | None) -> None:
    left = most
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            part = data if left is None else data[:left]
            sink.sendall(part)
            if left is not None:
                left -= len(part)
                if left <= 0:
                    line.cuts += 1
                    break
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    source.close()
