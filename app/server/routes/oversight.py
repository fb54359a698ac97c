"""The routes of the agency's own desks, where any other device is refused; and those of whoever inherits words."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server.routes.desk import Desk, documented, reply
from app.sync.office_wire import (
    DecideRequest,
    DoneReply,
    HandoversReply,
    InviteReply,
    InviteRequest,
    LeadRequest,
    OfficeReply,
    RevokeRequest,
)


def add(app: FastAPI, desk: Desk) -> None:
    """Adds the routes of the office, and two for the owners of records."""
    oversight, inheritance = desk.service.oversight, desk.service.inheritance

    @app.get("/v1/office", tags=["office"], **documented(None, OfficeReply, 401, 403))
    async def overview(request: Request) -> Response:
        """All devices, open invitations, and what waits for a decision."""
        token = desk.device(request)
        return await reply(request, lambda: oversight.overview(token).model_dump_json().encode())

    @app.post("/v1/office/invite", tags=["office"], **documented(InviteRequest, InviteReply, 401, 403, 422, 426))
    async def invite(request: Request) -> Response:
        """A code that admits one device."""
        token = desk.device(request)
        message = await desk.message(request, InviteRequest)
        return await reply(request, lambda: oversight.invite(token, message).model_dump_json().encode())

    @app.post("/v1/office/revoke", tags=["office"], **documented(RevokeRequest, DoneReply, 401, 403, 426))
    async def revoke(request: Request) -> Response:
        """Sign a device off; its next request is refused. Or withdraw a code."""
        token = desk.device(request)
        message = await desk.message(request, RevokeRequest)
        return await reply(request, lambda: oversight.revoke(token, message).model_dump_json().encode())

    @app.post("/v1/office/lead", tags=["office"], **documented(LeadRequest, DoneReply, 401, 403, 422, 426))
    async def lead(request: Request) -> Response:
        """Say which workshops, of whichever town, a device helps to lead."""
        token = desk.device(request)
        message = await desk.message(request, LeadRequest)
        return await reply(request, lambda: oversight.lead(token, message).model_dump_json().encode())

    @app.post("/v1/office/decide", tags=["office"], **documented(DecideRequest, DoneReply, 401, 403, 409, 426))
    async def decide(request: Request) -> Response:
        """Take a change that was handed over, say that it was written otherwise, or send it back."""
        token = desk.device(request)
        message = await desk.message(request, DecideRequest)
        return await reply(request, lambda: oversight.decide(token, message).model_dump_json().encode())

    @app.get("/v1/handovers", tags=["protocol"], **documented(None, HandoversReply, 401))
    async def handovers(request: Request) -> Response:
        """Others' changes to records of this device's municipality that wait for its decision."""
        token = desk.device(request)
        return await reply(request, lambda: inheritance.waiting(token).model_dump_json().encode())

    @app.post("/v1/handovers/decide", tags=["protocol"], **documented(DecideRequest, DoneReply, 401, 403, 409, 426))
    async def decide_own(request: Request) -> Response:
        """Take one of them, say that it was written otherwise, or send it back."""
        token = desk.device(request)
        message = await desk.message(request, DecideRequest)
        return await reply(request, lambda: inheritance.decide(token, message).model_dump_json().encode())
