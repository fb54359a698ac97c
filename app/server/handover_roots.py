"""Which handovers are whose: those on roots that a municipality owns are its to decide on, and the agency's."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, case, delete, func, select

from app.domain.access import Grant, municipality_scope
from app.domain.catalogue import Role
from app.domain.change import Change
from app.domain.clock import Dot
from app.server.database import upsert
from app.server.records import Records
from app.server.rights import roots_of
from app.server.tables import entity, handover_root


def note(connection: Connection, records: Records, refused: Iterable[Change]) -> None:
    """Remembers which roots these changes touch; their authors had no right to all of them."""
    rows = [
        {"replica": change.replica, "n": change.n, "root_id": root}
        for change in refused
        for _, root in sorted(roots_of(records, change))
    ]
    upsert(connection, handover_root, rows, change=False)


def settled(connection: Connection, replica: int, n: int) -> None:
    """Somebody has decided."""
    connection.execute(delete(handover_root).where(handover_root.c.replica == replica, handover_root.c.n == n))


def decides(grant: Grant) -> bool:
    """Whether a device may decide on handovers because of what its municipality owns."""
    return bool(grant.ags) and grant.role is not Role.AGENCY and grant.owns((grant.ags,))


def owned(connection: Connection, grant: Grant) -> frozenset[Dot]:
    """Changes all of whose roots belong to this device's municipality at this moment.

    One that also touches others' records is the agency's alone: it would tell their words.
    """
    if not decides(grant):
        return frozenset()
    rows = connection.execute(_OWNED, {"own": f'%"{municipality_scope(grant.ags)}"%'})
    return frozenset(Dot(row.replica, row.n) for row in rows)


_MINE = func.sum(case((entity.c.scopes.like(bindparam("own")), 1), else_=0))
_OWNED = (
    select(handover_root.c.replica, handover_root.c.n)
    .join(entity, entity.c.id == handover_root.c.root_id, isouter=True)
    .group_by(handover_root.c.replica, handover_root.c.n)
    .having(func.count() == _MINE)
)
