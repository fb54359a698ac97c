"""The routes of whoever runs the agency: is it there."""

from __future__ import annotations

from fastapi import FastAPI
from sqlalchemy import text

from app.config import VERSION
from app.server.routes.desk import Desk, problems


def add(app: FastAPI, desk: Desk) -> None:
    """Adds the routes of operation."""

    @app.get("/healthz", tags=["operation"], responses=problems(503))
    def health() -> dict[str, str]:
        """Whether the agency can reach its database."""
        with desk.service.database.read() as connection:
            connection.execute(text("SELECT 1"))
        return {"status": "ok", "version": VERSION}
