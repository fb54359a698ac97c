"""Taking a device's changes: in order, each whole or not at all, and none ever holds up the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, bindparam, or_, select, update

from app.domain.access import DECIDING, Grant, Scope
from app.domain.births import Birth, birth_of
from app.domain.change import Change, Create, Op, fingerprint
from app.domain.clock import EMPTY, VersionVector, clamp
from app.domain.encoding import decode_change, decode_head
from app.domain.ids import EntityId
from app.domain.merge import EntityState, apply_all
from app.errors import FieldError, GarbledChange, GarbledText, ReplicaFork
from app.server import blob_refs, contexts, echoes, feed, handover_roots, orphans
from app.server.aside import Aside
from app.server.auth import Device
from app.server.database import add, upsert
from app.server.instant import told
from app.server.records import Record, Records, TooHeavy, WrongKind
from app.server.rights import is_allowed, merges_towns
from app.server.tables import agency, change_entity, change_log, quarantine, receipt
from app.server.tables import replica as replicas
from app.sync.wire import Outcome


@dataclass(slots=True)
class Arrival:
    """One change as it came, and what became of it; no outcome means that it was not looked at."""

    replica: int
    n: int
    raw: Any
    body: bytes
    outcome: Literal["applied", "known", "quarantined", "expected", "fork"] | None = None
    reason: str = ""
    change: Change | None = None
    is_new: bool = False
    mark: bytes = b""
    """Fingerprint of the body."""
    by_record: dict[EntityId, list[Op]] = field(default_factory=dict)
    is_altered: bool = False
    """Whether it was taken otherwise than it came: its clock or what it claims to have seen."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of the changes, and digests of records that the device knows with them (`server.echoes`)."""

    outcomes: list[Outcome]
    known: Mapping[EntityId, int] = field(default_factory=dict)


def push(
    connection: Connection,
    device: Device,
    changes: Sequence[Any],
    at: datetime,
    earlier: VersionVector = EMPTY,
    cursors: Mapping[Scope, int] | None = None,
) -> Pushed:
    """Take changes in the order given, up to the first gap or fork; the caller commits.

    Args:
        earlier: how far the device has sent each of its replicas' changes in earlier epochs.
        cursors: how far the device has read, if it takes echoes.

    Raises:
        ReplicaFork: a change comes under a replica that belongs to another device.
    """
    arrivals = [_read(raw) for raw in changes]
    named = [a for a in arrivals if a.replica]
    reach, silent = _bind(connection, device, named)
    came_to = dict(reach)
    unheard = {r: n for r, n in contexts.heard(connection, reach).items() if n > earlier.get(r, 0)}
    fresh = _number(named, reach, _stored_fingerprints(connection, named, reach), unheard)
    _recall(connection, [a for a in named if a.outcome == "known"])
    for arrival in fresh:
        _decode(arrival, at)
    seen = contexts.known(connection, [a.change for a in fresh if a.change], reach)
    for arrival in fresh:
        if arrival.change:
            made = contexts.believable(arrival.change, seen)
            arrival.is_altered |= made is not arrival.change
            arrival.change = made
    records = Records(connection)
    records.load(touched(fresh))
    aside = Aside.of(connection, [a.change for a in fresh if a.change])
    for arrival in fresh:
        _merge(connection, records, device.grant, arrival, aside)
    known: dict[EntityId, int] = {}
    if any(a.is_new for a in arrivals):
        _speak(connection, came_to, earlier, {a.replica for a in fresh} & silent)
        placed, before = _write(connection, records, device, arrivals, at)
        if cursors is not None:
            known = echoes.known_to(device, cursors, _as_they_came(records, fresh), placed, before)
    return Pushed([_told(a, reach) for a in arrivals if a.outcome], known)


def _as_they_came(records: Records, fresh: Sequence[Arrival]) -> list[Record]:
    """Records that only changes have touched which were applied just as their author wrote them."""
    odd = {e for a in fresh if a.outcome != "applied" or a.is_altered for e in _named(a)}
    touched = {e for a in fresh for e in a.by_record} - odd
    return [record for record in records.changed if record.id in touched]


def _named(arrival: Arrival) -> Iterable[EntityId]:
    """Ids of what a change touches; of one that cannot be read nobody knows."""
    return (op.id for op in arrival.change.ops) if arrival.change else ()


def _read(raw: Any) -> Arrival:
    """The change with its name; one that does not even tell whose it is gets replica 0 and a made-up n."""
    try:
        body = orjson.dumps(raw)
    except orjson.JSONEncodeError:  # nested deeper than JSON is written
        raw = raw[:2] if isinstance(raw, list) else None
        body = orjson.dumps(repr(raw)[:200])
    try:
        replica, n = decode_head(raw)
    except GarbledChange:
        derived = int.from_bytes(fingerprint(body)[:6], "big")
        return Arrival(0, derived, None, body, "quarantined", "head", is_new=True)
    return Arrival(replica, n, raw, body, mark=fingerprint(body))


def _bind(connection: Connection, device: Device, arrivals: Sequence[Arrival]) -> tuple[dict[int, int], set[int]]:
    """How far each replica in the request has come; one seen for the first time becomes this device's.

    Also which of them have not written in this epoch yet.
    """
    first = {a.replica: a.n for a in reversed(arrivals)}
    new = [{"replica": r, "device_id": device.id, "max_n": 0} for r in sorted(first)]
    upsert(connection, replicas, new, change=False)
    rows = connection.execute(
        select(replicas).where(replicas.c.replica.in_(first)).order_by(replicas.c.replica).with_for_update()
    ).all()
    for row in rows:
        if row.device_id != device.id:
            raise ReplicaFork(replica=str(row.replica), n=first[row.replica])
    return {row.replica: row.max_n for row in rows}, {row.replica for row in rows if row.earlier_n is None}


def _stored_fingerprints(
    connection: Connection, arrivals: Sequence[Arrival], reach: Mapping[int, int]
) -> dict[tuple[int, int], bytes]:
    ranges: dict[int, list[int]] = {}
    for a in arrivals:
        if a.n <= reach[a.replica]:
            ranges.setdefault(a.replica, []).append(a.n)
    if not ranges:
        return {}
    log = change_log.c
    within = (log.replica.__eq__(r) & log.n.between(min(ns), max(ns)) for r, ns in ranges.items())
    rows = connection.execute(select(log.replica, log.n, log.fingerprint).where(or_(*within)))
    return {(row.replica, row.n): row.fingerprint for row in rows}


def _number(
    arrivals: Sequence[Arrival],
    reach: dict[int, int],
    stored: dict[tuple[int, int], bytes],
    unheard: Mapping[int, int],
) -> list[Arrival]:
    """Those that are next in their replica's line; the others get their outcome. Moves `reach` on.

    Nothing is looked at after a gap or a fork: what follows, under whatever replica of the device, may
    speak of what is missing or means something else here.

    Args:
        unheard: numbers up to which a heal speaks of a replica although nobody can have heard of them:
            its changes may not fall silent below contexts that somebody made up, so they count as a fork.
    """
    fresh: list[Arrival] = []
    for a in arrivals:
        if a.n <= reach[a.replica]:
            a.outcome = "known" if stored[a.replica, a.n] == a.mark else "fork"
        elif a.n == reach[a.replica] + 1 and a.n <= unheard.get(a.replica, 0):
            a.outcome = "fork"
        elif a.n == reach[a.replica] + 1:
            reach[a.replica] = a.n
            stored[a.replica, a.n] = a.mark
            a.is_new = True
            fresh.append(a)
        else:
            a.outcome = "expected"
        if a.outcome in ("fork", "expected"):
            break
    return fresh


def _recall(connection: Connection, known: Sequence[Arrival]) -> None:
    """Tell again what waits in quarantine: the first reply may have been lost."""
    if not known:
        return
    waiting = quarantine.c
    rows = connection.execute(
        select(waiting.replica, waiting.n, waiting.reason).where(
            waiting.replica.in_({a.replica for a in known}), waiting.released_at.is_(None)
        )
    )
    reasons = {(row.replica, row.n): row.reason for row in rows}
    for a in known:
        if (a.replica, a.n) in reasons:
            a.outcome, a.reason = "quarantined", reasons[a.replica, a.n]


def _decode(arrival: Arrival, at: datetime) -> None:
    try:
        change = decode_change(arrival.raw)
    except (GarbledChange, FieldError) as error:
        arrival.outcome, arrival.reason = "quarantined", str(error.params.get("reason", error.code))
    else:
        hlc = clamp(change.hlc, int(at.timestamp() * 1000))
        arrival.is_altered = hlc != change.hlc
        arrival.change = replace(change, hlc=hlc) if arrival.is_altered else change


def touched(arrivals: Sequence[Arrival]) -> dict[EntityId, str]:
    """Records that the changes write, and roots they name, with their kinds."""
    found: dict[EntityId, str] = {}
    for arrival in arrivals:
        for op in arrival.change.ops if arrival.change else ():
            found[op.id] = op.kind
            if op.__class__ is Create:
                found.setdefault(op.root_id, op.root_kind)
    return found


def _merge(connection: Connection, records: Records, grant: Grant, arrival: Arrival, aside: Aside) -> None:
    """Apply one change to the records in memory, or set it aside with a reason."""
    if arrival.change is None:
        return
    try:
        arrival.by_record = by_record = by_record_of(arrival.change)
        births = _births(records, arrival.change, by_record)
        merged = merged_states(records, arrival.change, by_record, births, aside)
        arrival.is_altered |= any(aside.before(arrival.change, entity_id) for entity_id in by_record)
        allowed = is_allowed(records, grant, arrival.change, merged)
        allowed = allowed and not merges_towns(records, grant, arrival.change)
        arrival.reason = "" if allowed else "not_allowed"
        if not arrival.reason and (found := orphans.suspects(records, merged)):
            orphans.purge(connection, records, found)
            merged = merged_states(records, arrival.change, by_record, births, aside)
        records.weigh(merged, len(arrival.body))
    except WrongKind:
        arrival.reason = "kind"
    except TooHeavy:
        arrival.reason = "too_large"
    except GarbledText:
        arrival.reason = "garbled_text"
    else:
        if not arrival.reason:
            records.put(state for state in merged.values() if state.id not in births)
            records.put_births(births.values())
    arrival.outcome = "quarantined" if arrival.reason else "applied"
    if arrival.reason:
        aside.put(arrival.change)


def merged_states(
    records: Records,
    change: Change,
    by_record: Mapping[EntityId, Sequence[Op]],
    births: Mapping[EntityId, Birth],
    aside: Aside,
) -> dict[EntityId, EntityState]:
    """Every record the change touches, as it is after it; of those just born, what decides whose they are.

    Raises:
        WrongKind: an id is used for two kinds.
        GarbledText: a text update is damaged.
    """
    return {
        entity_id: births[entity_id].view
        if entity_id in births
        else apply_all(
            records.state(ops[0].kind, entity_id), ops, change.dot, change.hlc, aside.before(change, entity_id)
        )
        for entity_id, ops in by_record.items()
    }


def by_record_of(change: Change) -> dict[EntityId, list[Op]]:
    """Raises WrongKind if an id is used for two kinds."""
    found: dict[EntityId, list[Op]] = {}
    entity_id, kind, ops = "", "", list[Op]()
    for op in change.ops:
        if op.id != entity_id:
            entity_id, ops = op.id, found.setdefault(op.id, [])
            kind = ops[0].kind if ops else op.kind
        if op.kind != kind:
            raise WrongKind(op.kind)
        ops.append(op)
    return found


def _births(records: Records, change: Change, by_record: Mapping[EntityId, Sequence[Op]]) -> dict[EntityId, Birth]:
    """Records that begin with this change, as far as their rows can be written without a state in between."""
    found: dict[EntityId, Birth] = {}
    for entity_id, ops in by_record.items():
        if records.get(entity_id) is None and ops[0].kind != blob_refs.KIND:
            birth = birth_of(change, ops, DECIDING)
            if birth is not None:
                found[entity_id] = birth
    return found


def _speak(connection: Connection, came_to: Mapping[int, int], earlier: VersionVector, spoken: set[int]) -> None:
    """Once a replica has written in this epoch, it is certain how far others can know it from earlier ones."""
    if not spoken:
        return
    connection.execute(
        update(replicas)
        .where(replicas.c.replica == bindparam("r"), replicas.c.earlier_n.is_(None))
        .values(earlier_n=bindparam("m")),
        [{"r": r, "m": max(came_to[r], earlier.get(r, 0))} for r in sorted(spoken)],
    )


def _write(
    connection: Connection, records: Records, device: Device, arrivals: Sequence[Arrival], at: datetime
) -> _Written:
    """Put everything down; the feed numbers come last, because they are locked until commit."""
    placed = feed.place(records)
    news = feed.steps(connection, records, placed)
    records.save(placed)
    new = [a for a in arrivals if a.is_new]
    _log(connection, [a for a in new if a.replica], told(at))
    aside = [
        {
            "replica": a.replica,
            "n": a.n,
            "reason": a.reason[:80],
            "body": a.body,
            "received_at": told(at),
            "device_id": device.id,
        }
        for a in new
        if a.outcome == "quarantined"
    ]
    upsert(connection, quarantine, aside, change=False)
    handover_roots.note(connection, records, [a.change for a in new if a.change and a.reason == "not_allowed"])
    return placed, feed.publish(connection, news)


_Written = tuple[Mapping[EntityId, frozenset[Scope]], feed.Before]
"""Which scopes the records belong to now, and where they stood in the feeds before."""


def _log(connection: Connection, new: Sequence[Arrival], at: str) -> None:
    """Receipt, change log and its index; nothing if the request brought nothing that has a name."""
    if not new:
        return
    spans: dict[int, list[int]] = {}
    for a in new:
        spans.setdefault(a.replica, []).append(a.n)
    connection.execute(
        update(replicas).where(replicas.c.replica == bindparam("r")).values(max_n=bindparam("m")),
        [{"r": r, "m": ns[-1]} for r, ns in sorted(spans.items())],
    )
    no = connection.execute(
        update(agency).values(receipts=agency.c.receipts + 1).returning(agency.c.receipts)
    ).scalar_one()
    told = [{"replica": r, "n_to": ns[-1], "n_from": ns[0], "no": no, "at": at} for r, ns in spans.items()]
    add(connection, receipt, told)
    add(connection, change_log, [_log_row(a, no, at) for a in new])
    touched = [
        {"entity_id": entity_id, "replica": a.replica, "n": a.n}
        for a in new
        if a.outcome == "applied"
        for entity_id in a.by_record
    ]
    add(connection, change_entity, touched)


def _log_row(arrival: Arrival, no: int, at: str) -> dict[str, object]:
    return {
        "replica": arrival.replica,
        "n": arrival.n,
        "received_at": at,
        "receipt_no": no,
        "fingerprint": arrival.mark,
        "body": arrival.body,
    }


def _told(arrival: Arrival, reach: Mapping[int, int]) -> Outcome:
    assert arrival.outcome is not None
    n = arrival.n if arrival.replica else 0
    if arrival.outcome == "expected":
        n = reach[arrival.replica] + 1
    return Outcome(replica=arrival.replica, n=n, outcome=arrival.outcome, reason=arrival.reason)
