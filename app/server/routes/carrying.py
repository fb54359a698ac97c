"""The routes for laptops that meet in a hall: passes, and letters that one brings for another."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server import carrying
from app.server.routes.desk import Desk, documented, reply
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.signed import Signed


def add(app: FastAPI, desk: Desk) -> None:
    """Adds both."""
    service = desk.service

    @app.get("/v1/pass", tags=["hall"], **documented(None, Signed, 401, 403))
    async def passport(request: Request) -> Response:
        """This device's pass, signed: who it is and what it may do."""
        token = desk.device(request)
        return await reply(request, lambda: carrying.passport(service, token).model_dump_json().encode())

    @app.post("/v1/carry", tags=["hall"], **documented(CarryRequest, CarryReply, 401, 426))
    async def carry(request: Request) -> Response:
        """Signed words of other devices, and a sealed letter of one of them. The same twice is once."""
        token = desk.device(request)
        message = await desk.message(request, CarryRequest)
        return await reply(request, lambda: carrying.carry(service, token, message).model_dump_json().encode())
