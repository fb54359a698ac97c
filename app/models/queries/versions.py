"""Zwei Fassungen and the history: every version of a field, who wrote it, when, where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.domain.change import SlotValue
from app.domain.clock import Dot, VersionVector, wall_ms_of
from app.domain.encoding import encode_value
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.models import rows, settings
from app.models.queries.deletions import seen_by_deletions
from app.models.queries.lists import title_of
from app.models.queries.orphans import orphans
from app.models.queries.reader import Reader
from app.models.tables import author, change, entity, question, superseded


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote something: person, device, AGS; `mine` if it was this profile."""

    person: str
    device: str
    ags: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Fassung:
    """One version of a slot.

    Attributes:
        value: a group's values stand in slot order; for a deletion True (deleted) or False (kept).
        at: milliseconds UTC as the writer's clock claimed.
        receipt: number of the receipt, None while it waits or if it is somebody else's.
        waiting: own and not transferred yet.
        standing: still one of the current versions.
        origin: workshop id or "file:NAME:LINE" it came from, "".
    """

    dot: Dot
    value: SlotValue
    at: int
    writer: Writer
    receipt: int | None
    waiting: bool
    standing: bool
    shown: bool
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person has to decide.

    Attributes:
        slot: id of the slot; 0: deleted, but edited.
        slot_name: field or group name, "" for a deletion.
        versions: the standing versions, the provisionally shown one first; for a deletion its deleters
            first, then the last edit of others.
        context: hand back when deciding: it covers all versions shown.
    """

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    title: str
    root_title: str
    slot: int
    slot_name: str
    since: int
    versions: tuple[Fassung, ...]
    context: VersionVector


def questions(reader: Reader, root_id: EntityId | None = None, limit: int | None = None) -> list[Question]:
    """Open questions, oldest first; of one root, or only the first ones, if given."""
    with reader.snapshot() as connection:
        query = (
            select(question, entity.c.kind, entity.c.root_kind)
            .join_from(question, entity, entity.c.id == question.c.entity_id)
            .order_by(question.c.since, question.c.entity_id, question.c.slot)
            .limit(limit)
        )
        if root_id is not None:
            query = query.where(question.c.root_id == root_id)
        asked = [_question(connection, r) for r in connection.execute(query)]
        left = None if limit is None else max(0, limit - len(asked))
        return asked + [_orphan(connection, r) for r in orphans(connection, root_id)[:left]]


def _orphan(connection: Connection, r: Any) -> Question:
    """ "Gelöscht, aber bearbeitet" of a record whose root went: the root's deletion against its making."""
    root = rows.load(connection, r.root_kind, r.root_id)
    made = rows.load(connection, r.kind, r.entity_id)
    assert root is not None
    assert made is not None
    gone = [
        _as_deletion(_fassung(connection, d, v.value, v.hlc, True, True))
        for d, v in sorted(root[1].register(DELETION_SLOT).versions.items())
    ]
    return Question(
        kind=r.kind,
        id=r.entity_id,
        root_kind=r.root_kind,
        root_id=r.root_id,
        title=title_of(connection, r.kind, r.entity_id),
        root_title=title_of(connection, r.root_kind, r.root_id),
        slot=DELETION_SLOT,
        slot_name="",
        since=r.since,
        versions=(*gone, *_edits_beside(connection, made[1])),
        context=made[1].register(DELETION_SLOT).context,
    )


def _question(connection: Connection, r: Any) -> Question:
    loaded = rows.load(connection, r.kind, r.entity_id)
    assert loaded is not None
    state = loaded[1]
    register = state.register(r.slot)
    winner = register.winner
    order = sorted(register.versions, key=lambda d: d != (winner[0] if winner else None))
    versions = []
    for d in order:
        version = register.versions[d]
        shown = winner is not None and d == winner[0]
        said = _fassung(connection, d, version.value, version.hlc, True, shown)
        versions.append(_as_first_said(connection, r.entity_id, r.slot, said) if _is_put_back(d, order) else said)
    if r.slot == DELETION_SLOT:
        edits = _edits_beside(connection, state)
        told = [v for v, d in zip(versions, order, strict=True) if not (edits and _only_keeps(v, d, order))]
        versions = [_as_deletion(v) for v in told] + edits
    kind = KINDS[r.kind]
    return Question(
        kind=r.kind,
        id=r.entity_id,
        root_kind=r.root_kind,
        root_id=r.root_id,
        title=title_of(connection, r.kind, r.entity_id),
        root_title=title_of(connection, r.root_kind, r.root_id),
        slot=r.slot,
        slot_name="" if r.slot == DELETION_SLOT else kind.slot_by_id[r.slot].name,
        since=r.since,
        versions=tuple(versions),
        context=register.context,
    )


def _is_put_back(dot: Dot, among: Sequence[Dot]) -> bool:
    """Nobody contradicts themselves but by taking a decision back (`domain.undo`)."""
    return sum(other.replica == dot.replica for other in among) > 1


def _only_keeps(version: Fassung, dot: Dot, among: Sequence[Dot]) -> bool:
    """That a record is kept, put back with the question; the edit itself tells more."""
    return version.value is None and _is_put_back(dot, among)


def _as_first_said(connection: Connection, entity_id: EntityId, slot: int, put_back: Fassung) -> Fassung:
    """A version that was put back, with who first wrote these words and when, as far as this device has heard it."""
    t, value = superseded.c, orjson.dumps(encode_value(put_back.value)).decode()
    query = (
        select(superseded)
        .where(t.entity_id == entity_id, t.slot == slot, t.value == value)
        .order_by((t.replica == put_back.dot.replica).asc(), t.hlc.desc())
    )
    found = connection.execute(query).all()
    if not found:
        return put_back
    own = found[0].replica == put_back.dot.replica
    said = found[-1] if own else found[0]  # own words are repeated by every undo, the first time is the true one
    first = _fassung(connection, Dot(said.replica, said.n), put_back.value, said.hlc, True, put_back.shown)
    return replace(first, dot=put_back.dot)


def _as_deletion(version: Fassung) -> Fassung:
    return replace(version, value=version.value is not None)


def _edits_beside(connection: Connection, state: EntityState) -> list[Fassung]:
    """The last edit that no deletion had seen, told as the version that keeps the record."""
    seen = seen_by_deletions(state)
    edits = [
        (version.hlc, d, slot)
        for slot, register in state.registers.items()
        if slot != DELETION_SLOT
        for d, version in register.versions.items()
        if seen.get(d.replica, 0) < d.n
    ]
    if edits:
        hlc, d, _ = max(edits)
        return [_fassung(connection, d, False, hlc, True, True)]
    for d in state.register(DELETION_SLOT).versions:
        seen[d.replica] = max(seen.get(d.replica, 0), d.n)
    others = [Dot(r, n) for r, n in state.seen.items() if seen.get(r, 0) < n]
    return [_fassung(connection, max(others), False, 0, True, True)] if others else []


def _fassung(connection: Connection, dot: Dot, value: SlotValue, hlc: int, standing: bool, shown: bool) -> Fassung:
    own = connection.execute(
        select(change.c.state, change.c.receipt, change.c.origin).where(
            change.c.replica == dot.replica, change.c.n == dot.n
        )
    ).one_or_none()
    return Fassung(
        dot=dot,
        value=value,
        at=wall_ms_of(hlc),
        writer=writer_of(connection, dot.replica),
        receipt=own.receipt if own else None,
        waiting=bool(own and own.state == "pending"),
        standing=standing,
        shown=shown,
        origin=own.origin if own else "",
    )


def writer_of(connection: Connection, replica: int) -> Writer:
    """Who writes under a replica id."""
    if replica in settings.identity(connection).replicas:
        me = settings.person(connection)
        return Writer(me.name, me.device, me.ags, True)
    found = connection.execute(select(author).where(author.c.replica == replica)).one_or_none()
    return Writer(found.person, found.device, found.ags, False) if found else Writer("", "", "", False)


def history(reader: Reader, kind: str, entity_id: EntityId, field: str) -> list[Fassung]:
    """Every version of a field that this device has seen, newest first by the writers' clocks."""
    slot = KINDS[kind].slot_of[field]
    with reader.snapshot() as connection:
        loaded = rows.load(connection, kind, entity_id)
        if loaded is None:
            return []
        register = loaded[1].register(slot.id)
        winner = register.winner
        found = [
            _fassung(connection, d, v.value, v.hlc, True, winner is not None and d == winner[0])
            for d, v in register.versions.items()
        ]
        older = connection.execute(
            select(superseded).where(superseded.c.entity_id == entity_id, superseded.c.slot == slot.id)
        )
        for r in older:
            value = orjson.loads(r.value)
            told = tuple(value) if isinstance(value, list) else value
            found.append(_fassung(connection, Dot(r.replica, r.n), told, r.hlc, False, False))
    return sorted(found, key=lambda f: (f.at, f.dot), reverse=True)


@dataclass(frozen=True, slots=True)
class Decided:
    """A question that was decided here, and can be reopened by writing the other version again."""

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    title: str
    slot_name: str
    at: int


def decided(reader: Reader, limit: int = 50) -> list[Decided]:
    """Questions decided on this device, newest first."""
    from app.domain.encoding import decode_change

    with reader.snapshot() as connection:
        query = (
            select(change.c.body, change.c.hlc)
            .where(change.c.action.like("version.%"), change.c.reversed_by.is_(None), change.c.role != "undo")
            .order_by(change.c.seq.desc())
            .limit(limit)
        )
        found = []
        for body, hlc in connection.execute(query):
            made = decode_change(orjson.loads(body))
            # Bringing back names what comes along, too; the question was about the first.
            decisions = made.ops if made.action == "version.decide" else made.ops[:1]
            for op in decisions:
                slot = getattr(op, "slot", 0)
                row = connection.execute(select(entity).where(entity.c.id == op.id)).one_or_none()
                if row is None:
                    continue
                name = KINDS[op.kind].slot_by_id[slot].name if slot else ""
                title = title_of(connection, row.root_kind, row.root_id) or title_of(connection, op.kind, op.id)
                found.append(Decided(op.kind, op.id, row.root_kind, row.root_id, title, name, wall_ms_of(hlc)))
        return found
