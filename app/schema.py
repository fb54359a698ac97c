"""A schema as the statements of SQLite itself, read from a database that all revisions have been through.

A new database repeats the statements instead of walking the whole way through every revision: the result is the
same to the letter, and a profile or an agency is made in a few milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Statements in the order in which they were made, and the rows that the revisions themselves put in."""

    statements: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...]

    def build(self, driver: Any) -> None:
        """Lays the schema out in an empty database, over the driver's connection; the caller commits."""
        for statement in self.statements:
            driver.execute(statement)
        for insert, rows in self.rows:
            driver.executemany(insert, rows)


def drawn(driver: Any) -> Blueprint:
    """The schema of the database behind this connection of the driver, with the rows in it."""
    made = driver.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
    found = [(kind, name, sql) for kind, name, sql in made if not name.startswith("sqlite_")]
    virtual = tuple(name for _, name, sql in found if sql.upper().startswith("CREATE VIRTUAL TABLE"))
    # A virtual table makes the tables beneath it by itself.
    own = [each for each in found if not each[1].startswith(tuple(f"{name}_" for name in virtual))]
    tables = [name for kind, name, _ in own if kind == "table" and name not in virtual]
    filled = ((name, driver.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables)  # nosec B608
    rows = tuple(
        (f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(rows[0]))})', tuple(rows))  # nosec B608: names of our own
        for name, rows in filled
        if rows
    )
    return Blueprint(tuple(sql for _, _, sql in own), rows)
