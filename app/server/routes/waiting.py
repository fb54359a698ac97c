"""The route on which a device waits for news: a hint, so that an open screen need not ask all the time."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server.routes.desk import Desk, documented, reply
from app.sync.wire import WaitReply, WaitRequest

PATH = "/v1/wait"


def add(app: FastAPI, desk: Desk) -> None:
    """Adds the one route; whoever waits holds a connection, but no thread and no database connection."""

    @app.post(PATH, tags=["protocol"], **documented(WaitRequest, WaitReply, 401))
    async def wait(request: Request) -> Response:
        """Answered as soon as one of the device's scopes has news, or without any when the time is up."""
        token = desk.device(request)
        message = await desk.message(request, WaitRequest)
        found = await desk.watch.wait(token, message, lambda: _hung_up(request))
        return await reply(request, lambda: found.model_dump_json().encode())


async def _hung_up(request: Request) -> None:
    """Returns when the device is no longer there."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
