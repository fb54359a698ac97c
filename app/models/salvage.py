"""What can still be read of a damaged database: its change log above all, row by row, page by page.

SQLCipher seals every page, so what can be read is what was written. Whatever cannot be read is left
out; nothing here writes to the damaged file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from app.models import wal
from app.models.durable import copy_database, remove_database
from app.models.tables import courier_file, entrusted, letter, letter_part, own_letter, participant

_STRIDE = 200


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One own change as the log kept it."""

    replica: int
    n: int
    hlc: int
    action: str
    origin: str
    body: bytes
    inverse: bytes | None
    role: str


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was read.

    Attributes:
        settings: the profile's small facts, empty if they cannot be read.
        changes: own changes in order of their making, with gaps where pages are damaged.
        outside: rows of those tables that no change log tells of (`OUTSIDE`), by table, as far as a
            table could be read from end to end.
    """

    settings: dict[str, str]
    changes: tuple[LoggedChange, ...]
    outside: dict[str, list[dict[str, Any]]]


NOTHING = Salvage({}, (), {})
OUTSIDE = (participant, courier_file, letter, letter_part, entrusted, own_letter)
"""Tables whose rows neither the change log nor the agency can give back."""


def salvage(damaged: Path, key: bytes, most: int) -> Salvage:
    """Reads a damaged database, with its log, on a copy beside it.

    Args:
        most: so many rows the change log can have at most; asked for one by one if it does not say.

    Raises:
        OSError: there is no room for the copy.
    """
    if not damaged.exists() or not damaged.stat().st_size:
        return NOTHING
    copy = damaged.with_name(damaged.name + ".salvage")
    try:
        copy_database(damaged, copy)
        wal.mend(copy)
        torn = _Torn(copy, key)
        try:
            return _read(torn, most)
        finally:
            torn.close()
    finally:
        remove_database(copy)


def _read(torn: _Torn, most: int) -> Salvage:
    facts = torn.rows("SELECT name, value FROM setting")
    if facts is None:
        facts = [found for name in _FACTS for found in torn.rows(_ONE_FACT, name) or ()]
    outside: dict[str, list[dict[str, Any]]] = {}
    for table in OUTSIDE:
        columns = ", ".join(c.name for c in table.columns)
        found = torn.rows(f"SELECT {columns} FROM {table.name}")  # nosec B608: names of our own
        if found is not None:
            outside[table.name] = [dict(zip(table.columns.keys(), row, strict=True)) for row in found]
    return Salvage({str(name): str(value) for name, value in facts}, tuple(_changes(torn, most)), outside)


_FACTS = (
    "replicas", "n", "hlc", "person", "device", "ags", "agency_url", "agency", "agency_name", "token", "grant",
    "courier_secret", "courier_agency", "courier_epoch",
)  # fmt: skip
_ONE_FACT = "SELECT name, value FROM setting WHERE name = ?"
_CHANGES = (
    "SELECT replica, n, hlc, action, origin, body, inverse, role FROM change WHERE seq BETWEEN ? AND ? ORDER BY seq"
)


def _changes(torn: _Torn, most: int) -> list[LoggedChange]:
    found: list[LoggedChange] = []
    for start in range(1, _last(torn, most) + 1, _STRIDE):
        rows = torn.rows(_CHANGES, start, start + _STRIDE - 1)
        if rows is None:
            rows = _one_by_one(torn, start)
        found += [LoggedChange(*row) for row in rows]
    return found


def _one_by_one(torn: _Torn, start: int) -> list[tuple[Any, ...]]:
    """The rows of one stride as far as each can be read; none if no sample can, as below a damaged root."""
    samples = range(start, start + _STRIDE, _STRIDE // 10)
    if all(torn.rows(_CHANGES, seq, seq) is None for seq in samples):
        return []
    return [row for seq in range(start, start + _STRIDE) for row in torn.rows(_CHANGES, seq, seq) or ()]


def _last(torn: _Torn, most: int) -> int:
    """The log's last number; by the table, by an index, or the most it can be."""
    by_state = "SELECT max(seq) FROM change INDEXED BY ix_change_state WHERE state = ?"
    whole = torn.rows("SELECT max(seq) FROM change")
    if whole is not None:
        return int(whole[0][0] or 0)
    told = [torn.rows(by_state, state) for state in ("pending", "confirmed", "quarantined")]
    return most if None in told else max(int(rows[0][0] or 0) for rows in told if rows)


class _Torn:
    """A database that fails in places: after a failure it is opened anew, and reading goes on elsewhere."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._connection: sqlcipher.Connection | None = None

    def rows(self, query: str, *values: object) -> Sequence[tuple[Any, ...]] | None:
        """What the query finds; None if a page that it needs is damaged."""
        try:
            found: list[tuple[Any, ...]] = self._opened().execute(query, values).fetchall()
        except (sqlcipher.Error, UnicodeDecodeError):
            # SQLCipher answers nothing more on a connection that has met a broken seal.
            self.close()
            return None
        return found

    def _opened(self) -> sqlcipher.Connection:
        if self._connection is None:
            self._connection = sqlcipher.connect(str(self._path), isolation_level=None)
            self._connection.execute("PRAGMA cipher_log_level = NONE")
            self._connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            # A file shorter than its head says is refused otherwise, although its first pages are whole.
            self._connection.execute("PRAGMA writable_schema = ON")
        return self._connection

    def close(self) -> None:
        """Gives the copy back; the next question opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
