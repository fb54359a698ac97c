"""The agency over HTTP: five routes, bodies in zstd, and a page that describes them without the internet."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Security
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.config import VERSION
from app.errors import AgencyBusy, MasswerkError, RequestTooLarge, TokenRevoked
from app.server.config import Limits
from app.server.problems import MEDIA_TYPE as PROBLEM
from app.server.problems import TITLES, document, problem
from app.server.rates import Rates
from app.server.service import AgencyService
from app.sync.wire import (
    ENCODING,
    MEDIA_TYPE,
    About,
    EnrolReply,
    EnrolRequest,
    HistoryReply,
    Problem,
    SyncReply,
    SyncRequest,
    decode_body,
    encode_bytes,
)

_log = logging.getLogger(__name__)
_M = TypeVar("_M", bound=BaseModel)
_BEARER = HTTPBearer(auto_error=False, scheme_name="device", description="The token from enrolment")
_Proceed = Callable[[Request], Awaitable[Response]]


class TooManyRequests(AgencyBusy):
    """One device or address asks more often than it may."""


def create_app(service: AgencyService, limits: Limits | None = None) -> FastAPI:
    """The web application for one agency."""
    bounds = limits or Limits()
    app = FastAPIOffline(
        redoc_url=None,
        title="Maßwerk Agentur",
        version=VERSION,
        description="Protocol 1: changes up, records down, one round trip. JSON, in zstd or plain.",
    )
    _add_errors(app)
    _add_routes(app, service, bounds)
    return app


def _add_routes(app: FastAPI, service: AgencyService, bounds: Limits) -> None:
    devices = Rates(bounds.requests_per_minute, bounds.burst)
    addresses = Rates(bounds.enrolments_per_minute, bounds.enrolments_per_minute)

    @app.get("/healthz", tags=["operation"], responses=_problems(503))
    def health() -> dict[str, str]:
        """Whether the agency can reach its database."""
        with service.database.read() as connection:
            connection.execute(text("SELECT 1"))
        return {"status": "ok", "version": VERSION}

    @app.get("/v1/about", tags=["protocol"], responses=_problems(503))
    def about() -> About:
        """Who answers here; needs no token."""
        return service.about()

    @app.post("/v1/enrol", tags=["protocol"], **_documented(EnrolRequest, EnrolReply, 403, 409, 426))
    async def enrol(request: Request) -> Response:
        """Trade an invitation code for this device's token."""
        _admit(addresses, request.client.host if request.client else "")
        message = await _message(request, EnrolRequest, bounds)
        return await _reply(request, lambda: service.enrol(message).model_dump_json().encode())

    @app.post("/v1/sync", tags=["protocol"], **_documented(SyncRequest, SyncReply, 401, 409, 426))
    async def sync(request: Request) -> Response:
        """Push changes; get their outcomes and a page of news. The same twice is the same as once."""
        token = _token(request)
        _admit(devices, token)
        message = await _message(request, SyncRequest, bounds)
        return await _reply(request, lambda: service.answer(token, message).body())

    @app.get("/v1/history/{kind}/{entity}", tags=["protocol"], **_documented(None, HistoryReply, 401, 404))
    async def history(request: Request, kind: str, entity: str) -> Response:
        """Every change of one record this device may read."""
        token = _token(request)
        _admit(devices, token)
        return await _reply(request, lambda: service.history(token, kind, entity).model_dump_json().encode())


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(MasswerkError)
    async def on_refused(_request: Request, error: MasswerkError) -> Response:
        return problem(error, 429 if isinstance(error, TooManyRequests) else None)

    @app.exception_handler(SQLAlchemyError)
    async def on_database(_request: Request, error: SQLAlchemyError) -> Response:
        _log.error("database: %s", type(error).__name__)
        return problem(AgencyBusy(5))

    @app.exception_handler(HTTPException)
    async def on_http(_request: Request, error: HTTPException) -> Response:
        return document(error.status_code, "agency_refused")

    @app.middleware("http")
    async def on_anything_else(request: Request, proceed: _Proceed) -> Response:
        try:
            return await proceed(request)
        except Exception as error:  # noqa: BLE001 - the one place where our own mistakes become a reply
            # Neither message nor traceback locals: either could hold what somebody wrote.
            _log.error("mistake: %s at %s", type(error).__name__, _place(error))
            return document(500, "masswerk")


def _place(error: BaseException) -> str:
    trace, last = error.__traceback__, ""
    while trace is not None:
        last = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRevoked(reason="missing")
    return token.strip()


def _admit(rates: Rates, who: str) -> None:
    wait = rates.wait(who, time.monotonic())
    if wait:
        raise TooManyRequests(wait)


async def _message(request: Request, model: type[_M], bounds: Limits) -> _M:
    """The body as a message; it is cut off as soon as it is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > bounds.body_bytes:
            raise RequestTooLarge(limit=bounds.body_bytes)
    encoding = request.headers.get("content-encoding", "")
    return await run_in_threadpool(decode_body, model, bytes(body), encoding)


async def _reply(request: Request, answer: Callable[[], bytes]) -> Response:
    """Work and compression both happen in a worker thread, so that other requests go on."""
    packs = ENCODING in request.headers.get("accept-encoding", "")
    body, encoding = await run_in_threadpool(lambda: encode_bytes(answer()) if packs else (answer(), ""))
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {code: {"model": Problem, "description": TITLES[code], "content": {PROBLEM: shape}} for code in codes}


def _documented(sent: type[BaseModel] | None, told: type[BaseModel], *codes: int) -> dict[str, Any]:
    """What the description says about a route whose bodies we read and write ourselves."""
    described: dict[str, Any] = {
        "response_class": Response,
        "responses": {
            200: {"model": told},
            **_problems(*sorted({*codes, 429, 503, *((400, 413, 422) if sent else ())})),
        },
    }
    if sent is not EnrolRequest:
        described["dependencies"] = [Security(_BEARER)]
    if sent:
        shape = {"schema": sent.model_json_schema()}
        described["openapi_extra"] = {"requestBody": {"required": True, "content": {MEDIA_TYPE: shape}}}
    return described
