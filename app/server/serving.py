"""The server around the application: one process or several that say when they are ready, or a thread."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import pauses
from app.server import log, metrics
from app.server.api import create_app
from app.server.config import ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.signin import provider_of
from app.server.workers import Workers

_STOP_S = 10
_KEPT_S = 240
"""A device's line stays open between its exchanges: calling anew costs it three round trips."""
_QUEUE = 256
"""Connections that may wait to be accepted."""
_AT_ONCE = 4
"""So many a worker takes at a time: asyncio would empty the whole queue into whoever wakes up first."""


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to us: it would raise them again after stopping in good order."""

    def __init__(self, config: uvicorn.Config, ending: threading.Event, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending
        self._on_ready = on_ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(_QUEUE)
        self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        return self._ending.is_set() or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.watch.release()  # those who wait would hold up the end for most of a minute
        await super().shutdown(sockets)


class _Patient(HttpToolsProtocol):
    """A connection that is closed when headers do not come: whoever sends them byte by byte would keep it for ever."""

    header_seconds: float
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        if self._late is None and _is_idle(self.cycle):
            self._expect()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._relax()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._relax()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._late = self.loop.call_later(self.header_seconds, self.transport.close)

    def _relax(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def _is_idle(cycle: Any) -> bool:
    """Whether a connection answers nothing at the moment (uvicorn says None before the first request)."""
    return cycle is None or bool(cycle.response_complete)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a worker process is told at its start; it travels through a pipe, for it may hold a password."""

    database: str
    files: Path
    settings: ServeSettings
    log_level: int
    snapshots: Path | None


def serve(
    service: AgencyService,
    settings: ServeSettings,
    port_file: Path | None = None,
    on_ready: Callable[[str], None] = lambda _address: None,
) -> None:
    """Answer until SIGTERM or SIGINT, then finish what was begun.

    Raises:
        OSError: the address cannot be listened on, or a worker does not start.
    """
    listening = _listen(settings)
    port = listening.getsockname()[1]

    def tell() -> None:
        if port_file is not None:
            _write_whole(port_file, f"{port}\n")
        on_ready(address(settings, port))

    try:
        if settings.workers == 1:
            ending = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ending.set())
            pauses.calm()
            _server(create_app(service, settings.limits, settings.metrics), settings, ending, tell).run(
                sockets=[listening]
            )
        else:
            url = service.database.url.render_as_string(hide_password=False)
            service.database.close()
            files, snapshots = service.blobs.files.folder, service.snapshot_folder
            given = _Given(url, files, settings, logging.getLogger().level, snapshots)
            with metrics.shared():
                Workers(listening, _work, given, settings.workers, _STOP_S + 5, metrics.forget).run(tell)
    finally:
        listening.close()
        if port_file is not None:
            port_file.unlink(missing_ok=True)


def _work(listening: socket.socket, given: _Given, ready: Callable[[], None], ending: threading.Event) -> None:
    """One worker of several. Limits are per worker, so each keeps its part of them."""
    log.begin(given.log_level, given.settings.log)
    service = AgencyService(
        Database(given.database), snapshots=given.snapshots, files=given.files, provider=provider_of(given.settings)
    )
    try:
        app = create_app(service, given.settings.limits.shared_by(given.settings.workers), given.settings.metrics)
        pauses.calm()
        _server(app, given.settings, ending, ready).run(sockets=[listening])
    finally:
        service.database.close()


@contextmanager
def serving(service: AgencyService, settings: ServeSettings | None = None) -> Iterator[str]:
    """The agency on a free port of this computer, in a thread; yields its address."""
    chosen = settings or ServeSettings(port=0)
    with serving_app(create_app(service, chosen.limits, chosen.metrics), chosen) as at:
        yield at


@contextmanager
def serving_app(app: ASGIApp, settings: ServeSettings) -> Iterator[str]:
    """Any application in a thread, until the block ends; yields its address."""
    listening = _listen(settings)
    ending = threading.Event()
    server = _server(app, settings, ending, lambda: None)
    thread = threading.Thread(target=server.run, args=([listening],), name="agency", daemon=True)
    thread.start()
    try:
        # The socket listens already: whoever connects before the thread is ready waits in its queue.
        yield address(settings, listening.getsockname()[1])
    finally:
        ending.set()
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
        listening.listen(_QUEUE)
    except OSError:
        listening.close()
        raise
    return listening


def _server(
    app: ASGIApp, settings: ServeSettings, ending: threading.Event, on_ready: Callable[[], None]
) -> uvicorn.Server:
    return _Server(
        uvicorn.Config(
            app,
            http=type("_Connection", (_Patient,), {"header_seconds": settings.limits.header_seconds}),
            limit_concurrency=settings.limits.connections,
            log_config=None,
            log_level=logging.WARNING,
            access_log=False,
            loop="asyncio",  # the same everywhere; uvloop hangs in closing after a broken TLS handshake
            lifespan="off",
            ws="none",
            server_header=False,
            backlog=_AT_ONCE if settings.workers > 1 else _QUEUE,
            timeout_graceful_shutdown=_STOP_S,
            timeout_keep_alive=_KEPT_S,
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.key,
        ),
        ending,
        on_ready,
    )


def _write_whole(path: Path, content: str) -> None:
    """So that whoever waits for the file never reads half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(content, encoding="ascii")
    part.replace(path)
