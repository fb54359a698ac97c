"""The routes by which a person looks after their own devices."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server.own_devices import OwnDevices
from app.server.routes.desk import Desk, documented, reply
from app.sync.office_wire import DoneReply
from app.sync.own_devices_wire import OwnDevicesReply, SignOffRequest


def add(app: FastAPI, desk: Desk) -> None:
    """Adds them."""
    own = OwnDevices(desk.service.database, desk.service.now)

    @app.get("/v1/devices", tags=["devices"], **documented(None, OwnDevicesReply, 401))
    async def devices(request: Request) -> Response:
        """The devices of the person who asks; nobody else's."""
        token = desk.device(request)
        return await reply(request, lambda: own.tell(token).model_dump_json().encode())

    @app.post("/v1/devices/sign-off", tags=["devices"], **documented(SignOffRequest, DoneReply, 401, 403, 426))
    async def sign_off(request: Request) -> Response:
        """Sign off another device of one's own; its next request is refused."""
        token = desk.device(request)
        message = await desk.message(request, SignOffRequest)
        return await reply(request, lambda: own.sign_off(token, message).model_dump_json().encode())
