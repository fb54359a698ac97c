"""The only writer of the local database: takes changes, keeps the log, undoes, tells who listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, insert, select, update

from app.domain.change import Change, Op
from app.domain.clock import Dot, tick
from app.domain.draft import Draft, Key
from app.domain.encoding import decode_change, encode_change
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.undo import changes_beside, put_beside, reverse
from app.errors import NotAllowed
from app.models import rows, settings
from app.models.blobs import Blobs
from app.models.engine import reading, writing
from app.models.gate import WriteGate
from app.models.settle import NOWHERE, Settlement, note_touched, settle
from app.models.tables import change as change_table

Listener = Callable[[frozenset[Key]], None]


def wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undo or redo did.

    Attributes:
        action: code of the change taken back or done again.
        overtaken: operations left alone because somebody has written there since.
    """

    action: str
    keys: frozenset[Key]
    overtaken: tuple[Op, ...]


class Store:
    """One profile's database. Thread-safe: readers read, writers pass the gate one by one."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], int] = wall_clock_ms,
        on_close: Callable[[], None] | None = None,
        blobs: Blobs | None = None,
    ) -> None:
        self.engine = engine
        self.blobs = blobs
        """The bytes of attachments; None for a database without a folder around it."""
        self.gate = WriteGate(clock)
        self.clock = clock
        self.exchanging = threading.Lock()
        """Held by whoever takes what the agency says: over the network or out of a file, one at a time."""
        self._on_close = on_close or engine.dispose
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` with the keys of records after every commit, on the writing thread.

        Returns what ends it.
        """
        self._listeners = [*self._listeners, listener]
        return lambda: self._forget(listener)

    def _forget(self, listener: Listener) -> None:
        self._listeners = [known for known in self._listeners if known != listener]

    def tell(self, keys: frozenset[Key]) -> None:
        for listener in self._listeners:
            listener(keys)

    def close(self) -> None:
        """Gives the database and the profile back; a second call does nothing."""
        self._on_close()

    # -- changes ---------------------------------------------------------------------------------

    @contextmanager
    def change(self, action: str, origin: str = "") -> Iterator[Draft]:
        """One user action: everything done to the draft is on disk when the block ends, or nothing.

        Raises:
            UserError: a value does not fit, a record is missing, the role may not; nothing was written.
            StoreError: the disk is full or the file damaged; nothing was written.
        """
        with self.gate.edit(), writing(self.engine) as connection:
            draft = self._draft(connection)
            yield draft
            made = draft.change(action, origin)
            if made is not None:
                self._take(connection, draft, made, "do")
        if made is not None:
            self.tell(frozenset(made.entities))

    def undo(self) -> Reversal | None:
        """Takes back the last own change as a new change; None if there is nothing to undo."""
        return self._reverse("undo")

    def redo(self) -> Reversal | None:
        """Does again what the last undo took back; None after any newer change."""
        return self._reverse("redo")

    def undo_action(self) -> str | None:
        """Action code of what undo would take back, for the menu."""
        with reading(self.engine) as connection:
            found = _reversible(connection, "undo")
            return None if found is None else str(found.action)

    def redo_action(self) -> str | None:
        """Action code of what redo would do again, for the menu."""
        with reading(self.engine) as connection:
            found = _reversible(connection, "redo")
            return None if found is None else str(found.action)

    def _reverse(self, role: str) -> Reversal | None:
        with self.gate.edit(), writing(self.engine) as connection:
            found = _reversible(connection, role)
            if found is None:
                return None
            draft = self._draft(connection)
            done = decode_change(orjson.loads(found.body))
            inverses = orjson.loads(found.inverse)
            overtaken = reverse(draft, done, inverses, _restorations(connection, found.seq))
            made = draft.change(done.action, done.origin)
            seq = self._take(connection, draft, made, role) if made is not None else -1
            if made is not None:
                self._put_beside(connection, done, inverses, made, role)
            connection.execute(update(change_table).where(change_table.c.seq == found.seq).values(reversed_by=seq))
        keys = frozenset(made.entities) if made is not None else frozenset()
        self.tell(keys)
        return Reversal(done.action, keys, tuple(overtaken))

    def _put_beside(
        self, connection: Connection, done: Change, inverses: list[object], first: Change, role: str
    ) -> None:
        """The other versions of questions that are open again; redo finds the first change, not these."""
        for place in range(1, changes_beside(inverses) + 1):
            draft = self._draft(connection)
            put_beside(draft, done, inverses, first, place)
            made = draft.change(done.action, done.origin)
            if made is not None:
                self._take(connection, draft, made, role, reversible=False)

    # -- settings --------------------------------------------------------------------------------

    def put_settings(self, **values: str | int) -> None:
        """Stores small facts of the profile."""
        with self.gate.edit(is_typed=False), writing(self.engine, records=False) as connection:
            settings.put(connection, **values)

    # -- inside ----------------------------------------------------------------------------------

    def _draft(self, connection: Connection) -> Draft:
        identity = settings.identity(connection)
        grant = settings.grant(connection)

        def load(kind: str, entity: EntityId) -> EntityState | None:
            found = rows.load(connection, kind, entity)
            if found is not None and found[0].frozen:
                raise NotAllowed("edit", "left_scope", kind=kind, id=entity)
            return None if found is None else found[1]

        dot = Dot(identity.replica, identity.n + 1)
        return Draft(dot, tick(identity.hlc, self.clock()), load, grant.may_edit)

    def _take(self, connection: Connection, draft: Draft, made: Change, role: str, *, reversible: bool = True) -> int:
        """Change log, counters and records, in the caller's transaction; returns the log number."""
        settings.put(connection, n=made.n, hlc=made.hlc)
        body = orjson.dumps(encode_change(made))
        result = connection.execute(
            _LOG,
            {
                "replica": made.replica,
                "n": made.n,
                "hlc": made.hlc,
                "action": made.action,
                "origin": made.origin,
                "body": body,
                "inverse": orjson.dumps(draft.inverses) if reversible and _can_reverse(made) else None,
                "role": role,
            },
        )
        assert result.inserted_primary_key is not None
        seq = int(result.inserted_primary_key[0])
        note_touched(connection, seq, [(e, draft.states[(k, e)].root_id) for k, e in made.entities])
        settle(
            connection,
            [_settlement(connection, draft, key) for key in made.entities],
            self.clock(),
        )
        return seq


_LOG = insert(change_table)


def _settlement(connection: Connection, draft: Draft, key: Key) -> Settlement:
    new = draft.states[key]
    # The draft has looked in this very transaction: what it did not find is not here.
    unknown = key in draft.before and draft.before[key] is None
    found = None if unknown else rows.load(connection, *key)
    if found is None:
        return Settlement(None, None, new, rows.encode_base(None), "", False, 0, NOWHERE)
    row, old = found
    base = row.base if row.base is not None else rows.encode_base(old)
    return Settlement(row.row, old, new, base, row.held, bool(row.frozen), row.digest, (row.held, row.digest))


def _can_reverse(made: Change) -> bool:
    return not all(type(op).__name__ == "TextEdit" for op in made.ops)


def _restorations(connection: Connection, after: int) -> frozenset[Dot]:
    """Own undos and redos since a change: what they put back counts as that change's own words."""
    t = change_table
    query = select(t.c.replica, t.c.n).where(t.c.seq > after, t.c.role.in_(("undo", "redo")))
    return frozenset(Dot(r.replica, r.n) for r in connection.execute(query))


def _reversible(connection: Connection, role: str) -> Any:
    """The change that undo or redo would take; a newer deed ends what can be redone."""
    t = change_table
    last = select(t.c.seq, t.c.body, t.c.inverse, t.c.action, t.c.role).order_by(t.c.seq.desc()).limit(1)
    reversible = (t.c.reversed_by.is_(None), t.c.inverse.is_not(None))
    if role == "undo":
        return connection.execute(last.where(*reversible, t.c.role.in_(("do", "redo")))).one_or_none()
    found = connection.execute(last.where(*reversible, t.c.role == "undo")).one_or_none()
    if found is None:
        return None
    newer = connection.execute(
        select(t.c.seq).where(t.c.seq > found.seq, t.c.role == "do", t.c.inverse.is_not(None)).limit(1)
    ).first()
    return None if newer else found
