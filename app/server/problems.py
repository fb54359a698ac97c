"""Errors as RFC 9457 problem documents: a code of `app.errors`, never any content."""

from __future__ import annotations

import math
from typing import Any

import orjson
from starlette.responses import Response

from app.errors import AgencyBusy, AgencyGarbled, MasswerkError
from app.sync.wire import Problem

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "agency_garbled": 400,
    "token_revoked": 401,  # nosec B105: a status, no secret
    "invitation_invalid": 403,
    "agency_only": 403,
    "sign_in_unknown": 404,
    "sign_in_refused": 403,
    "sign_in_not_staff": 403,
    "sign_in_away": 424,
    "not_own_device": 403,
    "invite_invalid": 422,
    "handover_reason": 422,
    "handover_unreadable": 409,
    "no_record": 404,
    "blob_unknown": 404,
    "blob_offset": 409,
    "blob_wrong_sum": 422,
    "blob_quota": 507,
    "replica_fork": 409,
    "request_too_large": 413,
    "too_much": 413,
    "protocol_too_old": 426,
}
TITLES = {
    400: "The body is not what it says it is",
    401: "This device is not known here, or was signed off",
    403: "Not for this device, or an invitation that is unknown, used or expired",
    404: "There is nothing here for this device",
    405: "Not with this method",
    408: "The body took too long",
    409: "Something else stands here already",
    413: "Send less at once",
    422: "The body does not have the shape of protocol 1",
    424: "The provider of accounts cannot be asked",
    426: "This protocol is too old",
    429: "Too many requests: come back later",
    500: "A mistake of ours; nothing was changed",
    507: "This device has sent as much as it may",
    503: "The agency is busy: come back later",
}


def status_of(error: MasswerkError) -> int:
    """The HTTP status that says the same as the error."""
    if isinstance(error, AgencyBusy):
        return 503
    if isinstance(error, AgencyGarbled) and error.params.get("reason") == "shape":
        return 422
    return STATUS.get(error.code, 500)


def problem(error: MasswerkError, status: int | None = None) -> Response:
    """The reply for an error."""
    code = "request_too_large" if error.code == "too_much" else error.code
    number = status or status_of(error)
    headers = {}
    if isinstance(error, AgencyBusy):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if number == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return document(number, code, dict(error.params), headers)


def document(
    status: int, code: str, params: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """A problem document as a reply."""
    body = Problem(title=TITLES.get(status, ""), status=status, code=code, params=params or {})
    return Response(orjson.dumps(body.model_dump()), status_code=status, media_type=MEDIA_TYPE, headers=headers)
