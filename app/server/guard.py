"""Around every request: counted and timed, kept from crowding the others out, and no mistake of ours gets out."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import AgencyBusy
from app.server.problems import document, problem
from app.server.routes.desk import Desk
from app.server.routes.waiting import PATH as WAITING

_log = logging.getLogger(__name__)
_COME_BACK_S = 2.0


class Guarded:
    """The application inside; our own mistakes become a problem document and are logged without content."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._metrics = desk.metrics
        self._most = desk.limits.at_once
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == WAITING:
            await self._answer(scope, receive, send)
        elif self._running >= self._most:
            self._metrics.requests.labels("crowded", 503).inc()
            await problem(AgencyBusy(_COME_BACK_S))(scope, receive, send)
        else:
            self._running += 1
            began = time.perf_counter()
            try:
                with self._metrics.running.track_inprogress():
                    await self._answer(scope, receive, send)
            finally:
                self._running -= 1
                self._metrics.seconds.labels(_route(scope)).observe(time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the one place where our own mistakes become a reply
            # Neither message nor traceback locals: either could hold what somebody wrote.
            _log.error("mistake: %s at %s", type(error).__name__, _place(error))
            if not status:
                await document(500, "masswerk")(scope, receive, sending)
        finally:
            route, ms = _route(scope), round((time.perf_counter() - began) * 1000)
            self._metrics.requests.labels(route, status or "none").inc()
            _log.info("%s: %d in %d ms", route, status, ms, extra={"route": route, "status": status, "ms": ms})


def _route(scope: Scope) -> str:
    """The pattern of the path; never the path itself, which may hold an id."""
    return getattr(scope.get("route"), "path", "other")


def _place(error: BaseException) -> str:
    trace, last = error.__traceback__, ""
    while trace is not None:
        last = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last
