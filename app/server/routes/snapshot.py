"""The routes of a first reading: which file, and the file itself from any byte on."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from app.server.routes.desk import Desk, documented, problems, reply
from app.sync.wire import SnapshotReply


def add(app: FastAPI, desk: Desk) -> None:
    """Adds both routes."""
    service = desk.service

    @app.get("/v1/snapshot/{scope}", tags=["protocol"], **documented(None, SnapshotReply, 401, 404))
    async def snapshot(request: Request, scope: str) -> Response:
        """The file with which this device reads a scope for the first time, if the scope is worth one."""
        token = desk.device(request)
        return await reply(request, lambda: service.snapshot(token, scope).model_dump_json().encode())

    @app.get(
        "/v1/snapshot/{scope}/{file}",
        tags=["protocol"],
        response_class=FileResponse,
        responses=problems(401, 404, 429, 503),
    )
    async def snapshot_file(request: Request, scope: str, file: str) -> Response:
        """Such a file; Range and If-Range are understood, and the entity tag is its name."""
        token = desk.device(request)
        path = await run_in_threadpool(service.snapshot_path, token, scope, file)
        headers = {"ETag": f'"{file}"', "Cache-Control": "private, no-store"}
        return FileResponse(path, media_type="application/octet-stream", headers=headers)
