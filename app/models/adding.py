"""Many rows added by one statement, so that another thread can work while they are written.

`executemany` gives the interpreter away and asks for it back at every row. Where a thread beside it reads or
folds words, each row then waits for that thread's turn to end, which takes longer than the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from app.models.engine import raw

AT_ONCE = 250
"""Rows of one statement: some 20 ms with their words, and far below the values that SQLite takes (250,000)."""


@dataclass(frozen=True, slots=True)
class Addition:
    """How rows are added to one table: a single one, and `AT_ONCE` of them."""

    one: str
    many: str


def addition(table: str, names: Sequence[str]) -> Addition:
    """Adds rows that give these columns in this order."""
    quoted = ", ".join(f'"{name}"' for name in names)
    begin = f"INSERT INTO {table} ({quoted}) VALUES "  # nosec B608: names of our own
    row = f"({', '.join('?' * len(names))})"
    return Addition(begin + row, begin + ", ".join([row] * AT_ONCE))


def add(connection: Connection, to: Addition, rows: Sequence[tuple[Any, ...]]) -> None:
    """Adds the rows in their order."""
    whole = len(rows) - len(rows) % AT_ONCE
    for start in range(0, whole, AT_ONCE):
        raw(connection).execute(to.many, tuple(chain.from_iterable(rows[start : start + AT_ONCE])))
    if whole < len(rows):
        raw(connection).executemany(to.one, rows[whole:])
