"""The agency as a web application: its routes, and every error as a problem document."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi_offline import FastAPIOffline
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.config import VERSION
from app.errors import AgencyBusy, MasswerkError
from app.server.config import Limits
from app.server.problems import document, problem
from app.server.routes import exchange, operation
from app.server.routes.desk import Desk, TooManyRequests
from app.server.service import AgencyService

_log = logging.getLogger(__name__)
_Proceed = Callable[[Request], Awaitable[Response]]


def create_app(service: AgencyService, limits: Limits | None = None) -> FastAPI:
    """The web application for one agency."""
    app = FastAPIOffline(
        redoc_url=None,
        title="Maßwerk Agentur",
        version=VERSION,
        description="Protocol 1: changes up, records down, one round trip. JSON, in zstd or plain.",
    )
    _add_errors(app)
    desk = Desk(service, limits or Limits())
    for routes in (operation, exchange):
        routes.add(app, desk)
    return app


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
