"""Taking back from devices what a restored agency has forgotten, without believing more than can be true.

A heal is a state, not a change: nobody can tell from it who wrote what (docs/adr/0008). So it counts only
from a device that may edit the root, that knows an earlier epoch of this very agency, and that claims
nothing of a replica beyond what others can have heard of it. Whatever is not taken is kept aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.domain.clock import VersionVector, clamp, includes, join, unflatten, vector_of
from app.domain.digest import digest_of
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState, Register, Version, merge
from app.domain.packing import unpack
from app.errors import ContentError
from app.server import feed, orphans
from app.server.auth import Device
from app.server.database import upsert
from app.server.instant import told
from app.server.records import Records, TooHeavy, WrongKind
from app.server.tables import former_epoch, hearsay
from app.server.tables import heal as heals
from app.server.tables import replica as replicas
from app.sync.audit_wire import Healed, HealRequest


@dataclass(slots=True)
class _Offer:
    """One state as it was offered, and what became of it."""

    kind: str
    id: EntityId
    columns: list[int]
    row: list[Any]
    state: EntityState | None = None
    reason: str = ""
    outcome: str = "kept"


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a replica has come, and how far others can know it from earlier epochs (None: no telling)."""

    max_n: int = 0
    earlier_n: int | None = None

    @property
    def limit(self) -> int | None:
        """The highest number anybody can have seen, once the replica itself has spoken in this epoch."""
        return None if self.earlier_n is None else max(self.max_n, self.earlier_n)


def heal(connection: Connection, device: Device, request: HealRequest, at: datetime) -> list[Healed]:
    """Merge what may be merged; the caller commits."""
    offers = sorted(_offers(request), key=lambda offer: not KINDS[offer.kind].is_root)
    knew_us = _has_known(connection, request.former)
    reach = _lock(connection, {r for o in offers if o.state for r in _claimed(o.state)})
    records = Records(connection)
    records.load(_touched(offers))
    for offer in offers:
        if offer.state is not None:
            offer.reason = "no_epoch" if not knew_us else _unbelievable(offer.state, reach)
            _take(connection, records, device, offer, at)
    _publish(connection, device, records, request.scope, offers)
    _note(connection, device, offers, reach, at)
    return [Healed(id=o.id, outcome=o.outcome, reason=o.reason) for o in offers]


def _offers(request: HealRequest) -> list[_Offer]:
    found: dict[EntityId, _Offer] = {}
    for page in request.pages:
        kind = KINDS.get(page.kind)
        for row in page.rows if kind else ():
            assert kind is not None
            name = row[0] if row and isinstance(row[0], str) else ""
            if not 0 < len(name) <= 36:
                continue
            offer = _Offer(kind.name, name, page.columns, row)
            try:
                offer.state = unpack(kind, page.columns, row)
            except ContentError:
                offer.reason = "garbled"
            found.setdefault(name, offer)
    return list(found.values())


def _has_known(connection: Connection, former: Sequence[str]) -> bool:
    known = select(former_epoch.c.epoch).where(former_epoch.c.epoch.in_(former)).limit(1)
    return connection.execute(known).first() is not None


def _lock(connection: Connection, numbers: set[int]) -> dict[int, _Reach]:
    """How far the replicas named have come; none of them writes until this transaction ends."""
    rows = connection.execute(
        select(replicas.c.replica, replicas.c.max_n, replicas.c.earlier_n)
        .where(replicas.c.replica.in_(sorted(numbers)))
        .order_by(replicas.c.replica)
        .with_for_update(read=True)
    )
    return {row.replica: _Reach(row.max_n, row.earlier_n) for row in rows}


def _touched(offers: Sequence[_Offer]) -> dict[EntityId, str]:
    found: dict[EntityId, str] = {}
    for offer in offers:
        if offer.state is not None:
            found[offer.id] = offer.kind
            if offer.state.root_id:
                found.setdefault(offer.state.root_id, offer.state.root_kind)
    return found


def _unbelievable(state: EntityState, reach: Mapping[int, _Reach]) -> str:
    """Why nobody can know what this state claims to; "" if one can.

    A context beyond what a replica has written would silence what it writes next.
    """
    for replica, n in _claimed(state).items():
        limit = reach.get(replica, _Reach()).limit
        if limit is not None and n > limit:
            return "beyond"
    return "" if all(includes(state.seen, vector) for vector in _contexts(state)) else "seen"


def _contexts(state: EntityState) -> list[VersionVector]:
    """Everything by which a state speaks about changes of others; none may know more than the record has seen."""
    deletions = [v.value for v in state.register(DELETION_SLOT).versions.values() if v.value is not None]
    return [
        *(r.context for r in state.registers.values()),
        *(s.context for s in state.sets.values()),
        *(unflatten(value) for value in deletions if isinstance(value, tuple)),  # type: ignore[arg-type]
    ]


def _claimed(state: EntityState) -> dict[int, int]:
    """How far the state speaks of each replica; removals may speak of additions that never came."""
    ahead = vector_of(d for held in state.sets.values() for dots in held.removed.values() for d in dots)
    return join(state.seen, ahead)


def _take(connection: Connection, records: Records, device: Device, offer: _Offer, at: datetime) -> None:
    assert offer.state is not None
    if offer.reason:
        return
    try:
        before = records.state(offer.kind, offer.id)
        offer.reason = _refusal(records, device, offer.state, before)
        if offer.reason:
            return
        merged = merge(before, _clamped(offer.state, int(at.timestamp() * 1000)))
        if before.exists and digest_of(merged) == digest_of(before) and merged.registers == before.registers:
            offer.outcome = "known"
            return
        records.weigh([offer.id], len(orjson.dumps(offer.row)))
        if found := orphans.suspects(records, {offer.id: merged}):
            orphans.purge(connection, records, found)
        records.put([merged])
        offer.outcome = "merged"
    except WrongKind:
        offer.reason = "kind"
    except TooHeavy:
        offer.reason = "too_large"


def _refusal(records: Records, device: Device, state: EntityState, before: EntityState) -> str:
    """Why this device may not heal this record; judged by the root as the agency knows it, if it does."""
    if not state.exists or (before.exists and (before.root_kind, before.root_id) != (state.root_kind, state.root_id)):
        return "root"
    root = records.state(state.root_kind, state.root_id)
    if not root.exists and state.root_id == state.id:
        root = state
    if not root.exists:
        return "no_root"
    return "" if device.grant.may_edit(root) else "not_allowed"


def _clamped(state: EntityState, received_ms: int) -> EntityState:
    registers = {
        slot: Register(
            {d: Version(v.value, clamp(v.hlc, received_ms)) for d, v in register.versions.items()},
            register.context,
        )
        for slot, register in state.registers.items()
    }
    return replace(state, registers=registers)


def _publish(connection: Connection, device: Device, records: Records, scope: str, offers: Sequence[_Offer]) -> None:
    """Tell the feeds, also the one by which the device still held a record that has moved on meanwhile."""
    placed = feed.place(records)
    news = feed.steps(connection, records, placed)
    records.save(placed)
    for offer in offers:
        if offer.outcome == "kept" or scope not in device.grant.scopes:
            continue
        record = records.get(offer.id)
        shown = placed.get(offer.id) or (record.scopes if record else frozenset())
        if scope not in shown:
            news.append(feed.Step(offer.id, 0, frozenset(), frozenset((scope,))))
    feed.publish(connection, news)


def _note(
    connection: Connection, device: Device, offers: Sequence[_Offer], reach: Mapping[int, _Reach], at: datetime
) -> None:
    """Who healed what; and how far the replicas named are known by hearsay now."""
    rows = []
    heard: dict[int, int] = {}
    for offer in offers:
        body = {"columns": offer.columns, "row": offer.row, "reason": offer.reason}
        rows.append(
            {
                "device_id": device.id,
                "entity_id": offer.id,
                "kind": offer.kind,
                "outcome": offer.outcome,
                "body": orjson.dumps(body) if offer.outcome == "kept" else None,
                "received_at": told(at),
            }
        )
        if offer.outcome == "merged" and offer.state is not None:
            for replica, n in _claimed(offer.state).items():
                if n > max(reach.get(replica, _Reach()).max_n, heard.get(replica, 0)):
                    heard[replica] = n
    upsert(connection, heals, rows)
    known = {
        row.replica: row.n
        for row in connection.execute(select(hearsay).where(hearsay.c.replica.in_(sorted(heard))).with_for_update())
    }
    upsert(connection, hearsay, [{"replica": r, "n": n} for r, n in sorted(heard.items()) if n > known.get(r, 0)])
