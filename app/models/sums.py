"""How many records each scope holds here and the sum of their digests, moved with every record that moves."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.sqlite import insert

from app.domain.digest import MASK
from app.models.tables import cursor

Counted = tuple[str, int]
"""Of one record: by which scopes it is held, "|a|b|" or "", and its digest (0: it does not count)."""

_insert = insert(cursor).values(
    scope=bindparam("scope"), seq=0, records=bindparam("records"), digest=bindparam("digest")
)
_MOVE = _insert.on_conflict_do_update(
    index_elements=["scope"],
    set_={
        "records": cursor.c.records + _insert.excluded.records,
        "digest": (cursor.c.digest + _insert.excluded.digest).op("&")(MASK),
    },
)


class Sums:
    """What the records of one transaction change in the scopes' sums."""

    def __init__(self) -> None:
        self._moved: dict[str, list[int]] = {}

    def move(self, before: Counted, after: Counted) -> None:
        """One record counted as `before`, and counts as `after` from now on."""
        if before == after:
            return
        for (held, digest), sign in ((before, -1), (after, 1)):
            if digest:
                self.add(held, sign, sign * digest)

    def add(self, held: str, records: int, digest: int) -> None:
        """So many records more or less in each scope of "|a|b|", with the sum of their digests."""
        for scope in scopes_in(held):
            moved = self._moved.setdefault(scope, [0, 0])
            moved[0] += records
            moved[1] += digest

    def write(self, connection: Connection) -> None:
        """Moves the sums, in the caller's transaction."""
        moves = [
            {"scope": scope, "records": more, "digest": delta & MASK}
            for scope, (more, delta) in self._moved.items()
            if more or delta
        ]
        if moves:
            connection.execute(_MOVE, moves)


def move_one(connection: Connection, before: Counted, after: Counted) -> None:
    """`Sums` for a single record."""
    sums = Sums()
    sums.move(before, after)
    sums.write(connection)


def hold(held: str, *scopes: str) -> str:
    """`held` with further scopes in it."""
    return "|" + "|".join(sorted({*held.strip("|").split("|"), *scopes} - {""})) + "|"


def scopes_in(held: str) -> list[str]:
    """The scopes in "|a|b|"."""
    return [scope for scope in held.split("|") if scope]
