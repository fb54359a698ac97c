"""The routes by which a device finds out where it differs from the agency, and mends it."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server.routes.desk import Desk, documented, reply
from app.sync.audit_wire import DigestReply, DigestRequest, HealReply, HealRequest, RecordsReply, RecordsRequest


def add(app: FastAPI, desk: Desk) -> None:
    """Adds the three routes of an audit."""
    service = desk.service

    @app.post("/v1/digest", tags=["audit"], **documented(DigestRequest, DigestReply, 401, 426))
    async def digest(request: Request) -> Response:
        """What a scope shows, by ranges of ids."""
        token = desk.device(request)
        message = await desk.message(request, DigestRequest)
        return await reply(request, lambda: service.digest(token, message).model_dump_json().encode())

    @app.post("/v1/records", tags=["audit"], **documented(RecordsRequest, RecordsReply, 401, 426))
    async def records(request: Request) -> Response:
        """Records by id, as a scope shows them."""
        token = desk.device(request)
        message = await desk.message(request, RecordsRequest)
        return await reply(request, lambda: service.records(token, message).model_dump_json().encode())

    @app.post("/v1/heal", tags=["audit"], **documented(HealRequest, HealReply, 401, 426))
    async def heal(request: Request) -> Response:
        """Give back what a restored agency has forgotten."""
        token = desk.device(request)
        message = await desk.message(request, HealRequest)
        return await reply(request, lambda: service.heal(token, message).model_dump_json().encode())
