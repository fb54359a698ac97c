"""What every route needs: who asks and how often, a bounded body, a packed reply, and its description."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from fastapi import Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.errors import AgencyBusy, RequestTooLarge, TokenRevoked
from app.server.config import Limits
from app.server.metrics import Metrics
from app.server.problems import MEDIA_TYPE as PROBLEM
from app.server.problems import TITLES
from app.server.rates import Rates
from app.server.service import AgencyService
from app.server.watch import Watch
from app.sync.sign_in_wire import SignInOffer
from app.sync.wire import ENCODING, MEDIA_TYPE, EnrolReply, Problem, decode_body, encode_bytes

_M = TypeVar("_M", bound=BaseModel)
BEARER = HTTPBearer(auto_error=False, scheme_name="device", description="The token from enrolment")


class TooManyRequests(AgencyBusy):
    """One device or address asks more often than it may."""


class TooSlow(AgencyBusy):
    """A body took longer than it may."""


class Desk:
    """One agency behind HTTP, with its limits and what it remembers of who asked how often."""

    def __init__(self, service: AgencyService, limits: Limits, metrics: Metrics) -> None:
        self.service = service
        self.limits = limits
        self.metrics = metrics
        self.watch = Watch(service.database, limits.waits, metrics)
        self._devices = Rates(limits.requests_per_minute, limits.burst)
        self._addresses = Rates(limits.enrolments_per_minute, limits.enrolments_per_minute)

    def device(self, request: Request) -> str:
        """The token a device shows; counted as one of its requests.

        Raises:
            TokenRevoked: it shows none.
            TooManyRequests: it asks too often.
        """
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        token = shown.strip()
        if scheme.lower() != "bearer" or not token:
            raise TokenRevoked(reason="missing")
        _admit(self._devices, token)
        return token

    def stranger(self, request: Request) -> None:
        """Counts one try of an address that has no token yet.

        Raises:
            TooManyRequests: it tries too often.
        """
        _admit(self._addresses, request.client.host if request.client else "")

    async def message(self, request: Request, model: type[_M]) -> _M:
        """The body as a message; it is cut off as soon as it is too large.

        Raises:
            RequestTooLarge: larger than may travel.
            TooSlow: it stops coming, or takes for ever.
        """
        body = bytearray()
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                async for part in request.stream():
                    body += part
                    if len(body) > self.limits.body_bytes:
                        raise RequestTooLarge(limit=self.limits.body_bytes)
        except TimeoutError as error:
            raise TooSlow(5) from error
        encoding = request.headers.get("content-encoding", "")
        return await run_in_threadpool(decode_body, model, bytes(body), encoding)


def _admit(rates: Rates, who: str) -> None:
    wait = rates.wait(who, time.monotonic())
    if wait:
        raise TooManyRequests(wait)


async def reply(request: Request, answer: Callable[[], bytes]) -> Response:
    """The JSON that `answer` makes; work and compression run in a worker thread, so that other requests go on."""
    packs = ENCODING in request.headers.get("accept-encoding", "")
    body, encoding = await run_in_threadpool(lambda: encode_bytes(answer()) if packs else (answer(), ""))
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """What the description says about refusals with these statuses; `PROBLEM_SHAPE` says once what they refer to."""
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {code: {"description": TITLES[code], "content": {PROBLEM: shape}} for code in codes}


PROBLEM_SHAPE: dict[int | str, dict[str, Any]] = {503: {"model": Problem, **problems(503)[503]}}
"""For one route of them all: each place that names the model costs the start as much as a route of its own."""


_FOR_STRANGERS = (EnrolReply, SignInOffer)


def documented(sent: type[BaseModel] | None, told: type[BaseModel], *codes: int) -> dict[str, Any]:
    """What the description says about a route whose bodies we read and write ourselves."""
    described: dict[str, Any] = {
        "response_class": Response,
        "responses": {
            200: {"model": told},
            **problems(*sorted({*codes, 429, 503, *((400, 413, 422) if sent else ())})),
        },
    }
    if told not in _FOR_STRANGERS:
        described["dependencies"] = [Security(BEARER)]
    if sent:
        shape = {"schema": _schema(sent)}
        described["openapi_extra"] = {"requestBody": {"required": True, "content": {MEDIA_TYPE: shape}}}
    return described


@cache
def _schema(sent: type[BaseModel]) -> dict[str, Any]:
    return _whole(sent.model_json_schema())


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that refers to nothing: a reference to its own definitions would lead out of it once it is embedded."""
    shapes = schema.pop("$defs", {})

    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            return filled(shapes[name]) if name else {key: filled(value) for key, value in part.items()}
        return [filled(each) for each in part] if isinstance(part, list) else part

    whole: dict[str, Any] = filled(schema)
    return whole
