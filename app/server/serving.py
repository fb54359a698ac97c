"""The server around the application: a process that says when it is ready, or a thread beside other work."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.server.api import create_app
from app.server.config import ServeSettings
from app.server.service import AgencyService

_STOP_S = 10
_KEPT_S = 240
"""A device's line stays open between its exchanges: calling anew costs it three round trips."""


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to us: it would raise them again after stopping in good order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(
    service: AgencyService,
    settings: ServeSettings,
    port_file: Path | None = None,
    on_ready: Callable[[str], None] = lambda _address: None,
) -> None:
    """Answer until SIGTERM or SIGINT, then finish what was begun.

    Raises:
        OSError: the address cannot be listened on.
    """
    listening = _listen(settings)
    server = _server(create_app(service, settings.limits), settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    port = listening.getsockname()[1]
    if port_file is not None:
        _write_whole(port_file, f"{port}\n")
    on_ready(address(settings, port))
    try:
        server.run(sockets=[listening])
    finally:
        if port_file is not None:
            port_file.unlink(missing_ok=True)


@contextmanager
def serving(service: AgencyService, settings: ServeSettings | None = None) -> Iterator[str]:
    """The agency on a free port of this computer, in a thread; yields its address."""
    chosen = settings or ServeSettings(port=0)
    with serving_app(create_app(service, chosen.limits), chosen) as at:
        yield at


@contextmanager
def serving_app(app: ASGIApp, settings: ServeSettings) -> Iterator[str]:
    """Any application in a thread, until the block ends; yields its address."""
    listening = _listen(settings)
    server = _server(app, settings)
    thread = threading.Thread(target=server.run, args=([listening],), name="agency", daemon=True)
    thread.start()
    try:
        # The socket listens already: whoever connects before the thread is ready waits in its queue.
        yield address(settings, listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def address(settings: ServeSettings, port: int) -> str:
    """What a device enters to reach the agency."""
    scheme = "https" if settings.certificate else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{port}"


def _listen(settings: ServeSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio sends at once (no 40 ms of Nagle) only if it knows that it is TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # there the option would let a second server share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(256)
    except OSError:
        listening.close()
        raise
    return listening


def _server(app: ASGIApp, settings: ServeSettings) -> uvicorn.Server:
    return _Server(
        uvicorn.Config(
            app,
            log_config=None,
            log_level=logging.WARNING,
            access_log=False,
            loop="asyncio",  # the same everywhere; uvloop hangs in closing after a broken TLS handshake
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=_STOP_S,
            timeout_keep_alive=_KEPT_S,
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.key,
        )
    )


def _write_whole(path: Path, content: str) -> None:
    """So that whoever waits for the file never reads half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(content, encoding="ascii")
    part.replace(path)
