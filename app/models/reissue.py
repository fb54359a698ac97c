"""Taking a new identity when somebody else writes as this one, with everything that nobody has heard yet.

A copied or restored profile gives numbers that its twin has given to other changes (docs/adr/0009). Own
changes that the agency has not taken are then issued anew under a fresh replica id, in one transaction:
what they name of each other is renamed with them, counters carry on from zero, texts are written again by
a new peer. Where a version stood before, it stands afterwards; undo still works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, select, update

from app.domain.change import Change, Count, Delete, Keep, Op, Remove, TextEdit, Write
from app.domain.clock import Dot, VersionVector, flatten, unflatten
from app.domain.draft import STOOD, Key
from app.domain.encoding import decode_change, encode_change
from app.domain.ids import EntityId, text_peer
from app.domain.merge import EntityState
from app.domain.text import TextDoc, TextState
from app.models import incarnation, rows, settings
from app.models.engine import reading, writing
from app.models.settle import Settlement, settle
from app.models.store import Store
from app.models.tables import change, change_entity, entity, superseded
from app.models.upon import NOTHING, unhear, upon


@dataclass(frozen=True, slots=True)
class Renewed:
    """The new identity, and how many changes carry it now."""

    replica: int
    changes: int


def renew(store: Store, replica: int, after: int) -> Renewed:
    """Begins a new identity; unconfirmed changes of `replica` beyond number `after` are issued anew under it."""
    with store.gate.batch(), writing(store.engine) as connection:
        own = _unconfirmed(connection)
        moving = [row for row in own if row.replica == replica and row.n > after]
        made = incarnation.begin(connection)
        renaming = _Renaming(connection, replica, after, made)
        following = [row for row in own if moving and row.seq >= moving[0].seq]
        touched: set[Key] = set()
        for row in following:
            touched |= renaming.rewrite(row, row in moving)
        _rename_history(connection, renaming)
        settings.put(connection, n=renaming.last)
        _fold_again(connection, touched, store.clock())
        connection.execute(delete(superseded).where(superseded.c.replica == replica, superseded.c.n > after))
    store.tell(frozenset(touched))
    return Renewed(made, renaming.last)


def last_settled(store: Store, replica: int) -> int:
    """How far the agency has taken this replica's changes, as far as this profile knows."""
    with reading(store.engine) as connection:
        query = select(func.max(change.c.n)).where(change.c.replica == replica, change.c.state != "pending")
        return int(connection.execute(query).scalar() or 0)


def _unconfirmed(connection: Connection) -> Sequence[Any]:
    return connection.execute(select(change).where(change.c.state != "confirmed").order_by(change.c.seq)).all()


@dataclass(slots=True)
class _Text:
    """One text being written again: as it was under the old peer, and under the new one."""

    old: TextState
    new: TextDoc


@dataclass(slots=True)
class _Renaming:
    """From (replica, n) beyond `after` to (made, 1), (made, 2), …"""

    connection: Connection
    replica: int
    after: int
    made: int
    last: int = 0
    names: dict[int, int] = field(default_factory=dict)
    texts: dict[tuple[EntityId, int], _Text] = field(default_factory=dict)

    def rewrite(self, row: Any, moves: bool) -> frozenset[Key]:
        """Puts one change of the log under its new name (if it moves) and renames what it speaks of."""
        told = decode_change(orjson.loads(row.body))
        inverses = orjson.loads(row.inverse) if row.inverse is not None else [None] * len(told.ops)
        said = [(self._op(op, moves, row.seq), self._inverse(op, i)) for op, i in zip(told.ops, inverses, strict=True)]
        kept = [(op, inverse) for op, inverse in said if op is not None]
        if not kept:
            self.names[row.n] = self.last
            self.connection.execute(delete(change_entity).where(change_entity.c.seq == row.seq))
            self.connection.execute(delete(change).where(change.c.seq == row.seq))
            return frozenset(told.entities)
        renamed = replace(told, ops=tuple(op for op, _ in kept))
        if moves:
            self.last += 1
            self.names[row.n] = self.last
            renamed = replace(renamed, replica=self.made, n=self.last)
        if renamed != told:
            self._write(row, renamed, [inverse for _, inverse in kept], moves)
        return frozenset(told.entities)

    def _write(self, row: Any, renamed: Change, inverses: list[Any], moves: bool) -> None:
        values: dict[str, Any] = {
            "replica": renamed.replica,
            "n": renamed.n,
            "body": orjson.dumps(encode_change(renamed)),
            "inverse": None if row.inverse is None else orjson.dumps(inverses),
        }
        if moves:
            values |= {"state": "pending", "reason": ""}
        self.connection.execute(update(change).where(change.c.seq == row.seq).values(**values))

    def _op(self, op: Op, moves: bool, seq: int) -> Op | None:
        match op:
            case Write(context=context) | Keep(context=context):
                return replace(op, context=self._vector(context))
            case Delete(seen=seen, context=context):
                return replace(op, seen=self._vector(seen), context=self._vector(context))
            case Remove(dots=dots):
                return replace(op, dots={e: tuple(sorted(map(self._dot, held))) for e, held in dots.items()})
            case Count() if moves:
                ups, downs = self._counted(op)
                return replace(op, ups=op.ups - ups, downs=op.downs - downs)
            case TextEdit() if moves:
                return self._typed(op, seq)
        return op

    def _vector(self, vector: VersionVector) -> VersionVector:
        n = vector.get(self.replica, 0)
        if n <= self.after:
            return vector
        renamed = {r: m for r, m in vector.items() if r != self.replica}
        if self.after:
            renamed[self.replica] = self.after
        if known := max((new for old, new in self.names.items() if old <= n), default=0):
            renamed[self.made] = known
        return renamed

    def _dot(self, dot: Dot) -> Dot:
        moved = dot.replica == self.replica and dot.n in self.names
        return Dot(self.made, self.names[dot.n]) if moved else dot

    def _inverse(self, op: Op, inverse: Any) -> Any:
        if isinstance(op, Keep) and isinstance(inverse, list):
            return flatten(self._vector(unflatten(inverse)))
        if isinstance(op, Keep | Delete) and isinstance(inverse, dict):
            stood = inverse[STOOD]
            return {STOOD: [flatten(self._vector(unflatten(v))) if isinstance(v, list) else v for v in stood]}
        return inverse

    def _counted(self, op: Count) -> tuple[int, int]:
        """This replica's total before the first change that moves: it stays under the old name."""
        query = (
            select(change.c.body)
            .join(change_entity, change_entity.c.seq == change.c.seq)
            .where(change_entity.c.entity_id == op.id, change.c.replica == self.replica, change.c.n <= self.after)
            .order_by(change.c.n.desc())
        )
        for body in self.connection.execute(query).scalars():
            for told in decode_change(orjson.loads(body)).ops:
                if isinstance(told, Count) and (told.id, told.slot) == (op.id, op.slot):
                    return told.ups, told.downs
        return 0, 0

    def _typed(self, op: TextEdit, seq: int) -> TextEdit | None:
        """The same edit by the new peer; None if it changed nothing."""
        text = self.texts.get((op.id, op.slot))
        if text is None:
            before, heard = self._text_before(op, seq)
            peer = text_peer(self.made, op.id, op.slot, 0)
            text = self.texts[op.id, op.slot] = _Text(heard, TextDoc(before, peer))
        text.old = text.old.with_update(op.update)
        text.new.replace_all(text.old.text)
        typed = text.new.take_update()
        return None if typed is None else replace(op, update=typed)

    def _text_before(self, op: TextEdit, seq: int) -> tuple[TextState, TextState]:
        """What the text was before the first change that moves; also with what was heard of it in the hall.

        Own words may stand among heard ones: those are then written along, rather twice than not at all.
        """
        found = rows.load(self.connection, op.kind, op.id)
        if found is None or found[0].base is None:
            return TextState(), TextState()
        base = rows.decode_base(op.kind, found[0].base)
        earlier = select(change.c.replica, change.c.n).where(change.c.seq < seq)
        dots = {Dot(r, n) for r, n in self.connection.execute(earlier)}
        above = upon(self.connection, [op.id]).get(op.id, NOTHING)
        own = replace(above, own=[made for made in above.own if made.dot in dots], heard=None)
        state = own.fold(base if base.id else EntityState(op.kind, op.id))
        before = state.texts.get(op.slot, TextState())
        told = above.heard.texts.get(op.slot) if above.heard is not None else None
        return before, before if told is None else before.merge(told)


def _rename_history(connection: Connection, renaming: _Renaming) -> None:
    for old, new in renaming.names.items():
        this = (superseded.c.replica == renaming.replica, superseded.c.n == old)
        connection.execute(update(superseded).where(*this).values(replica=renaming.made, n=new))


def _fold_again(connection: Connection, touched: set[Key], now_ms: int) -> None:
    ids = [entity_id for _, entity_id in touched]
    # What was heard of these may repeat own words under the names they had: it comes again, from the agency.
    unhear(connection, ids)
    above = upon(connection, ids)
    settlements = []
    for kind, entity_id in sorted(touched):
        found = rows.load(connection, kind, entity_id)
        if found is None or found[0].base is None:
            continue
        row, live = found
        base = rows.decode_base(kind, row.base)
        new = above.get(entity_id, NOTHING).fold(base if base.id else EntityState(kind, entity_id))
        counted = (row.held, row.digest)
        settlements.append(Settlement(row.row, live, new, row.base, row.held, bool(row.frozen), row.digest, counted))
    settle(connection, settlements, now_ms)


def outrun(store: Store, accepted: VersionVector) -> int | None:
    """This profile's present replica, if the agency knows changes of it that were never made here."""
    with reading(store.engine) as connection:
        identity = settings.identity(connection)
    return identity.replica if accepted.get(identity.replica, 0) > identity.n else None


def is_own(store: Store, replica: int) -> bool:
    """Whether this profile has ever written under the replica."""
    with reading(store.engine) as connection:
        return replica in settings.identity(connection).replicas


def keep_known(store: Store, replica: int) -> None:
    """Changes of this replica that are part of what the agency has told need not be issued anew."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        for row in _unconfirmed(connection):
            if row.replica == replica and _is_in_bases(connection, row):
                connection.execute(update(change).where(change.c.seq == row.seq).values(state="confirmed"))


def _is_in_bases(connection: Connection, row: Any) -> bool:
    query = (
        select(entity.c.kind, entity.c.base)
        .join(change_entity, change_entity.c.entity_id == entity.c.id)
        .where(change_entity.c.seq == row.seq)
    )
    told = connection.execute(query).all()
    bases = [rows.decode_base(kind, base) if base is not None else None for kind, base in told]
    return bool(told) and all(b is None or b.seen.get(row.replica, 0) >= row.n for b in bases)
