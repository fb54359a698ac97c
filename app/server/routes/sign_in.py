"""The routes by which the agency's own staff comes in with an account of their house, where that is set up."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server.routes.desk import Desk, documented, reply
from app.sync.sign_in_wire import SignInOffer, SignInRequest
from app.sync.wire import EnrolReply


def add(app: FastAPI, desk: Desk) -> None:
    """Adds both routes."""
    staff = desk.service.staff

    @app.get("/v1/signin", tags=["protocol"], **documented(None, SignInOffer, 404, 424))
    async def offer(request: Request) -> Response:
        """Where the browser is to go; needs no token."""
        desk.stranger(request)
        return await reply(request, lambda: staff.offer().model_dump_json().encode())

    @app.post("/v1/signin", tags=["protocol"], **documented(SignInRequest, EnrolReply, 403, 404, 409, 424, 426))
    async def sign_in(request: Request) -> Response:
        """Trade a code from the browser for this device's token."""
        desk.stranger(request)
        message = await desk.message(request, SignInRequest)
        return await reply(request, lambda: staff.sign_in(message).model_dump_json().encode())
