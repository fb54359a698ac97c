"""How far the feeds have come, seen from devices that wait: what would a sync bring them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, literal, select, union_all

from app.domain.access import Scope
from app.errors import TokenRevoked
from app.server import auth
from app.server.tables import agency, device, feed, scope_counter
from app.sync.wire import WaitReply, WaitRequest

_CHUNK = 200

Rights = tuple[Any, ...]
"""What of a device's row decides on what it may read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a device stood when it began to wait."""

    device: int
    rights: Rights
    epoch: str
    counters: Mapping[Scope, int]
    """Latest number of every scope it may read, 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where everything stands at one later moment."""

    epoch: str
    counters: Mapping[Scope, int]
    rights: Mapping[int, Rights | None]
    """None: signed off."""


def begin(connection: Connection, token: str, asked: WaitRequest) -> tuple[Standing, WaitReply]:
    """Where the device stands, and what a sync would bring it already now.

    Raises:
        TokenRevoked: unknown or signed off.
    """
    known = auth.identify(connection, token)
    row = connection.execute(select(device).where(device.c.id == known.id)).one()
    epoch: str = connection.execute(select(agency.c.epoch)).scalar_one()
    counters = _counters(connection, known.grant.scopes)
    standing = Standing(known.id, _rights(row), epoch, {s: counters.get(s, 0) for s in known.grant.scopes})
    renewed = asked.epoch not in ("", epoch)
    return standing, WaitReply(news={} if renewed else _unread(connection, standing, asked.cursors), renewed=renewed)


def look(connection: Connection, scopes: Iterable[Scope], devices: Iterable[int]) -> Look:
    """Where these scopes and devices stand now."""
    epoch: str = connection.execute(select(agency.c.epoch)).scalar_one()
    rights: dict[int, Rights | None] = {}
    for chunk in _chunks(sorted(set(devices))):
        for row in connection.execute(select(device).where(device.c.id.in_(chunk))):
            rights[row.id] = None if row.revoked_at is not None else _rights(row)
    return Look(epoch, _counters(connection, scopes), rights)


def news(standing: Standing, seen: Look) -> WaitReply | None:
    """What has come since the device began to wait; None if nothing.

    Raises:
        TokenRevoked: the device was signed off meanwhile.
    """
    rights = seen.rights.get(standing.device)
    if rights is None:
        raise TokenRevoked()
    if seen.epoch != standing.epoch or rights != standing.rights:
        return WaitReply(renewed=True)
    moved = {s: n for s, had in standing.counters.items() if (n := seen.counters.get(s, 0)) > had}
    return WaitReply(news=moved) if moved else None


def _rights(row: Row[Any]) -> Rights:
    return (row.token_hash, row.role, row.ags, row.workshops)


def _counters(connection: Connection, scopes: Iterable[Scope]) -> dict[Scope, int]:
    found: dict[Scope, int] = {}
    for chunk in _chunks(sorted(set(scopes))):
        rows = connection.execute(select(scope_counter).where(scope_counter.c.scope.in_(chunk)))
        found.update({row.scope: row.seq for row in rows})
    return found


def _unread(connection: Connection, standing: Standing, cursors: Mapping[str, int]) -> dict[str, int]:
    """Scopes with steps beyond the cursors. The feed decides: a counter may be ahead of what is left to read."""
    behind = {s: cursors.get(s, 0) for s, n in standing.counters.items() if n > cursors.get(s, 0)}
    found: list[str] = []
    for chunk in _chunks(sorted(behind)):
        asked = (
            select(literal(scope)).where(exists().where(feed.c.scope == scope, feed.c.seq > behind[scope]))
            for scope in chunk
        )
        found.extend(connection.execute(union_all(*asked)).scalars())
    return {scope: standing.counters[scope] for scope in found}


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    return (items[i : i + _CHUNK] for i in range(0, len(items), _CHUNK))
