"""The routes of attachments' bytes: how far a file is, its next piece, and a range of it."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI, Request, Security
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response

from app.errors import AgencyBusy, AgencyGarbled, RequestTooLarge
from app.server.config import Limits
from app.server.routes.desk import BEARER, Desk, problems

_HERE = {"responses": problems(401, 404, 429, 503), "dependencies": [Security(BEARER)], "tags": ["files"]}
_TAKEN = _HERE | {"responses": problems(401, 404, 409, 413, 422, 429, 503, 507)}
_PATH = "/v1/blob/{sha}"
_ANY_TYPE = "application/octet-stream"


def add(app: FastAPI, desk: Desk) -> None:
    """Adds the three routes of a file; all answer alike to whoever may not read it and where there is none."""
    blobs, limits = desk.service.blobs, desk.limits

    @app.head(_PATH, **_HERE)  # type: ignore[arg-type]
    async def offset(request: Request, sha: str) -> Response:
        """How much of the file is here; all of it if the offset is the length."""
        token = desk.device(request)
        have, length = await run_in_threadpool(blobs.offset, token, sha)
        return _standing(200, have, length)

    @app.patch(_PATH, status_code=204, **_TAKEN)
    async def append(request: Request, sha: str) -> Response:
        """The next piece, beginning at Upload-Offset, of a file of Upload-Length bytes."""
        token = desk.device(request)
        at, length = _number(request, "Upload-Offset"), _number(request, "Upload-Length")
        piece, whole = await _piece(request, limits)
        have, length = await run_in_threadpool(blobs.append, token, sha, at, length, piece, limits)
        if not whole:
            raise AgencyBusy(1)  # what came is kept; whoever is so slow goes on from there
        return _standing(204, have, length)

    @app.get(_PATH, response_class=FileResponse, **_HERE)  # type: ignore[arg-type]
    async def read(request: Request, sha: str) -> Response:
        """The file, or the ranges asked for; its name is its ETag, so If-Range always holds."""
        token = desk.device(request)
        await run_in_threadpool(blobs.readable, token, sha)
        headers = {"ETag": f'"{sha}"', "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return FileResponse(blobs.files.whole(sha), media_type=_ANY_TYPE, headers=headers)


def _standing(status: int, have: int, length: int) -> Response:
    told = {"Upload-Offset": str(have), "Upload-Length": str(length), "Cache-Control": "no-store"}
    return Response(status_code=status, headers=told)


def _number(request: Request, name: str) -> int:
    told = request.headers.get(name, "")
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise AgencyGarbled(reason="shape", at=name)
    return int(told)


async def _piece(request: Request, limits: Limits) -> tuple[bytes, bool]:
    """The body, and whether all of it came in time; what came before a cut counts.

    Raises:
        RequestTooLarge: more than one piece may have.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(limits.piece_seconds):
            async for part in request.stream():
                body += part
                if len(body) > limits.piece_bytes:
                    raise RequestTooLarge(limit=limits.piece_bytes)
    except (TimeoutError, ClientDisconnect):
        return bytes(body), False
    return bytes(body), True
