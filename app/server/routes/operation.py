"""The routes of whoever runs the agency: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.config import VERSION
from app.errors import AgencyBusy
from app.server.config import is_loopback
from app.server.metrics import MEDIA_TYPE
from app.server.routes.desk import Desk, problems


def add(app: FastAPI, desk: Desk) -> None:
    """Adds the routes of operation."""

    @app.get("/healthz", tags=["operation"])
    async def alive() -> dict[str, str]:
        """Whether this process answers at all; if not, start it anew."""
        return {"status": "ok", "version": VERSION}

    @app.get("/readyz", tags=["operation"], responses=problems(503))
    def ready() -> dict[str, str]:
        """Whether it can do its work: the database is there, and has the tables of this version."""
        if not desk.service.database.is_current():
            raise AgencyBusy(5)
        return {"status": "ready", "version": VERSION}


def add_metrics(app: FastAPI, desk: Desk) -> None:
    """Adds the figures, for this computer only."""

    @app.get("/metrics", tags=["operation"], include_in_schema=False)
    def metrics(request: Request) -> Response:
        """The figures of all workers in the format of Prometheus."""
        if request.client is None or not is_loopback(request.client.host):
            raise HTTPException(404)
        return Response(desk.metrics.text(), media_type=MEDIA_TYPE)
