"""The routes devices speak with: who answers, coming in, changes up and records down, one record's history."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server.routes.desk import PROBLEM_SHAPE, Desk, documented, reply
from app.sync.wire import About, EnrolReply, EnrolRequest, HistoryReply, SyncReply, SyncRequest, TokenReply


def add(app: FastAPI, desk: Desk) -> None:
    """Adds the routes of the exchange."""
    service = desk.service

    @app.get("/v1/about", tags=["protocol"], responses=PROBLEM_SHAPE)
    def about() -> About:
        """Who answers here; needs no token."""
        return service.about()

    @app.post("/v1/enrol", tags=["protocol"], **documented(EnrolRequest, EnrolReply, 403, 409, 426))
    async def enrol(request: Request) -> Response:
        """Trade an invitation code for this device's token."""
        desk.stranger(request)
        message = await desk.message(request, EnrolRequest)
        return await reply(request, lambda: service.enrol(message).model_dump_json().encode())

    @app.post("/v1/sync", tags=["protocol"], **documented(SyncRequest, SyncReply, 401, 409, 426))
    async def sync(request: Request) -> Response:
        """Push changes; get their outcomes and a page of news. The same twice is the same as once."""
        token = desk.device(request)
        message = await desk.message(request, SyncRequest)

        def answer() -> bytes:
            found = service.answer(token, message)
            desk.metrics.received(outcome.outcome for outcome in found.head.outcomes)
            return found.body()

        return await reply(request, answer)

    @app.post("/v1/token", tags=["protocol"], **documented(None, TokenReply, 401))
    async def renew(request: Request) -> Response:
        """A new token for this device; the one it shows counts until the next renewal."""
        token = desk.device(request)
        return await reply(request, lambda: service.renew(token).model_dump_json().encode())

    @app.get("/v1/history/{kind}/{entity}", tags=["protocol"], **documented(None, HistoryReply, 401, 404))
    async def history(request: Request, kind: str, entity: str) -> Response:
        """Every change of one record this device may read."""
        token = desk.device(request)
        return await reply(request, lambda: service.history(token, kind, entity).model_dump_json().encode())
