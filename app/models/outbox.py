"""What waits to be sent, read from the change log."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, func, select

from app.domain.fields import KINDS, Merge
from app.models import epochs, marks, rereading, rows, settings
from app.models.asking import Asking
from app.models.engine import reading
from app.models.store import Store
from app.models.tables import change, cursor, entity, receipt
from app.models.way import Way, way_in

TEXT_HINTS = 5
"""So many recently changed texts tell the agency their version; the others come whole."""


_CURSORS = Asking(select(cursor.c.scope, cursor.c.seq, cursor.c.verified))
_RECEIPTED = Asking(select(receipt.c.replica, func.max(receipt.c.n)).group_by(receipt.c.replica))
_PENDING = (change.c.state == "pending", change.c.seq > bindparam("after"))
_WAITING = Asking(select(func.count()).where(*_PENDING))
_NEXT = select(change.c.seq, change.c.body).where(*_PENDING).order_by(change.c.seq).limit(bindparam("most"))


@dataclass(frozen=True, slots=True)
class Batch:
    """The next changes to send, in order of their making, and how many wait in all.

    Attributes:
        changes: encoded changes (`domain.encoding.encode_change`).
        last: log number of the last of them, to continue after.
    """

    changes: tuple[list[Any], ...]
    last: int
    waiting: int


def count_waiting(store: Store, after: int = 0) -> int:
    """How many changes wait to be sent, of those after log number `after`."""
    with reading(store.engine) as connection:
        return _count(connection, after)


def _count(connection: Connection, after: int) -> int:
    return int(_WAITING(connection, after=after)[0][0])


def next_batch(store: Store, limit: int, max_bytes: int, after: int = 0) -> Batch:
    """At most `limit` pending changes of at most `max_bytes` (but at least one), after log number `after`."""
    with reading(store.engine) as connection:
        left = _count(connection, after)
        bodies: list[bytes] = []
        size, last = 0, after
        for seq, body in connection.execute(_NEXT, {"after": after, "most": limit}) if left else ():
            if bodies and size + len(body) > max_bytes:
                break
            bodies.append(body)
            size += len(body)
            last = seq
    return Batch(tuple(orjson.loads(b) for b in bodies), last, left)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far this profile has read and what it may prove, for the next request.

    Attributes:
        earlier: how far own changes had been sent when the agency's epoch began.
        unverified: some scope has moved since it was last compared with the agency's.
        healing: whether a new epoch began, and nothing has been compared since.
        scopes: what this device may read; `begun` are those whose file is being read for the first time.
    """

    membership: settings.Membership
    person: settings.Person
    replicas: tuple[int, ...]
    cursors: dict[str, int]
    receipted: dict[int, int]
    courier: settings.Courier
    earlier: dict[int, int]
    unverified: bool
    healing: epochs.Healing
    way: Way = field(default_factory=Way)
    scopes: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    token_at: int = 0
    """When the token was given, in milliseconds by this device's clock; 0: not known."""


def standing(store: Store) -> Standing:
    """Read in one snapshot."""
    with reading(store.engine) as connection:
        told = settings.every(connection)
        unread = rereading.places_in(told)
        cursors = _CURSORS(connection)
        return Standing(
            settings.membership_in(told),
            settings.person_in(told),
            settings.identity_in(told).replicas,
            {scope: seq for scope, seq, _ in cursors},
            {int(r): int(n) for r, n in _RECEIPTED(connection)},
            settings.courier_in(told),
            epochs.earlier_in(told),
            any(verified != seq and scope not in unread for scope, seq, verified in cursors),
            epochs.healing_in(told),
            way_in(told),
            settings.grant_in(told).scopes,
            marks.begun_in(told),
            int(told.get("token_at", "0")),
        )


def text_versions(store: Store, kinds: Sequence[str] = ("minutes",)) -> dict[str, str]:
    """Versions (base64) of the agency's state of recently changed long texts, by record id."""
    found: dict[str, str] = {}
    with reading(store.engine) as connection:
        for name in kinds:
            slot = next(s.id for s in KINDS[name].slots if s.merge is Merge.TEXT)
            for entity_id in connection.execute(_RECENT, {"of": name}).scalars():
                loaded = rows.load(connection, name, entity_id)
                assert loaded is not None
                row, live = loaded
                state = live if row.base is None else rows.decode_base(name, row.base)
                if slot in state.texts:
                    found[entity_id] = base64.b64encode(state.texts[slot].version).decode()
    return found


_RECENT = (
    select(entity.c.id)
    .where(entity.c.kind == bindparam("of"), entity.c.gone == 0)
    .order_by(entity.c.changed_at.desc(), entity.c.row.desc())
    .limit(TEXT_HINTS)
)


def newest(store: Store) -> int:
    """Log number of the last own change, 0 before the first: another number says that somebody has edited."""
    with reading(store.engine) as connection:
        return int(connection.execute(select(func.max(change.c.seq))).scalar() or 0)
