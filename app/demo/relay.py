"""A connection that breaks at the worst moment: passes bytes through and cuts the reply."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable


class CuttingRelay:
    """Relays one connection to `port`; after `cut` bytes of the reply it calls `then` and hangs up."""

    def __init__(self, port: int, cut: int, then: Callable[[], None]) -> None:
        self._target = port
        self._cut = cut
        self._then = then
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self.was_cut = False
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.close()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        with client, socket.create_connection(("127.0.0.1", self._target)) as server:
            up = threading.Thread(target=_pump, args=(client, server), daemon=True)
            up.start()
            passed = 0
            while passed < self._cut:
                data = server.recv(min(4096, self._cut - passed))
                if not data:
                    return
                client.sendall(data)
                passed += len(data)
            self._then()
            self.was_cut = True
            # Closing alone would leave the connection up while the other thread still reads from it.
            client.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        return
