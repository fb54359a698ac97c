"""The agency as a web application: its routes, and every error as a problem document."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi_offline import FastAPIOffline
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.config import VERSION
from app.errors import AgencyBusy, MasswerkError
from app.server.config import Limits
from app.server.guard import Guarded
from app.server.metrics import Metrics
from app.server.problems import document, problem
from app.server.routes import (
    audits,
    carrying,
    exchange,
    files,
    operation,
    oversight,
    own_devices,
    sign_in,
    snapshot,
    waiting,
)
from app.server.routes.desk import Desk, TooManyRequests, TooSlow
from app.server.service import AgencyService

_log = logging.getLogger(__name__)
_STATUS: dict[type[MasswerkError], int] = {TooManyRequests: 429, TooSlow: 408}


def create_app(service: AgencyService, limits: Limits | None = None, shows_metrics: bool = False) -> FastAPI:
    """The web application for one agency."""
    desk = Desk(service, limits or Limits(), Metrics())
    app = FastAPIOffline(
        redoc_url=None,
        title="Maßwerk Agentur",
        version=VERSION,
        description="Protocol 1: changes up, records down, one round trip. JSON, in zstd or plain.",
    )
    _add_errors(app)
    app.add_middleware(Guarded, desk=desk)
    app.state.watch = desk.watch
    for routes in (operation, exchange, audits, waiting, snapshot, files, oversight, own_devices, carrying, sign_in):
        routes.add(app, desk)
    if shows_metrics:
        operation.add_metrics(app, desk)
    return app


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(MasswerkError)
    async def on_refused(_request: Request, error: MasswerkError) -> Response:
        return problem(error, _STATUS.get(type(error)))

    @app.exception_handler(SQLAlchemyError)
    async def on_database(_request: Request, error: SQLAlchemyError) -> Response:
        _log.error("database: %s", type(error).__name__)
        return problem(AgencyBusy(5))

    @app.exception_handler(HTTPException)
    async def on_http(_request: Request, error: HTTPException) -> Response:
        return document(error.status_code, "agency_refused", headers=dict(error.headers or {}))
