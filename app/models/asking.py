"""Queries that every edit or exchange asks: put together once, and asked of the driver itself.

SQLAlchemy's own way to a few rows costs four to eight times as much as SQLite's (36 µs against 4 for a
setting). Hence only where it counts, and never where a statement depends on what is asked.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.dialects import sqlite

from app.models.engine import raw

_DIALECT = sqlite.dialect(paramstyle="qmark")


class Asking:
    """One query; what is bound in it by name is given by name, its rows are plain tuples."""

    def __init__(self, query: Select[Any]) -> None:
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self._sql = str(compiled)
        self._names: list[str] = list(compiled.positiontup or ())
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def __call__(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """All rows.

        Raises:
            KeyError: something bound was not given.
        """
        given = {**self._fixed, **values} if self._fixed else values
        return raw(connection).execute(self._sql, [given[name] for name in self._names]).fetchall()  # type: ignore[no-any-return]
