"""Digests at the agency: sums per scope, their parts by range of ids, and computing all of them anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, select, update

from app.domain.access import Scope, shared_view
from app.domain.digest import FORM, MASK, digest_of, digest_of_row
from app.domain.fields import KINDS, SCHEMA_VERSION, internal_slots
from app.domain.packing import pack, unpack
from app.server.records import stored_columns
from app.server.tables import agency, entity, feed, scope_counter
from app.sync.audit_wire import LEAF, Part

FAN_OUT = 64
"""Parts of a range: two answers find one record among 3,000, three among 100,000."""
_CHUNK = 1000


def of_scopes(connection: Connection, scopes: Iterable[Scope]) -> dict[str, list[int]]:
    """[records, sum of digests] of each scope, [0, 0] for one that nobody has written to."""
    found = {scope: [0, 0] for scope in sorted(scopes)}
    for row in connection.execute(_SUMS, {"of": list(found)}):
        found[row.scope] = [row.records, row.digest]
    return found


_SUMS = select(scope_counter.c.scope, scope_counter.c.records, scope_counter.c.digest).where(
    scope_counter.c.scope.in_(bindparam("of", expanding=True))
)


def split(connection: Connection, scope: Scope, ranges: Sequence[Sequence[str]]) -> list[Part]:
    """What a scope shows in each range of ids: record by record if it is few, else the sums of its parts."""
    return [_part(connection, scope, low, high) for low, high in ranges]


def _part(connection: Connection, scope: Scope, low: str, high: str) -> Part:
    query = select(feed.c.entity_id, feed.c.digest).where(
        feed.c.scope == scope, feed.c.held == 1, feed.c.entity_id >= low
    )
    if high:
        query = query.where(feed.c.entity_id < high)
    rows = connection.execute(query.order_by(feed.c.entity_id)).all()
    if len(rows) <= LEAF:
        return Part(ids=[row.entity_id for row in rows], digests=[row.digest for row in rows])
    size = -(-len(rows) // FAN_OUT)
    ends, counts, sums = [], [], []
    for start in range(0, len(rows), size):
        inside = rows[start : start + size]
        ends.append(rows[start + size].entity_id if start + size < len(rows) else high)
        counts.append(len(inside))
        sums.append(sum(row.digest for row in inside) & MASK)
    return Part(ends=ends, counts=counts, digests=sums)


def bring_up(connection: Connection) -> bool:
    """Compute every digest anew if they are kept in another form than this version's; whether they were."""
    if connection.execute(select(agency.c.digest_form)).scalar_one() == FORM:
        return False
    recount(connection)
    connection.execute(update(agency).values(digest_form=FORM))
    return True


def recount(connection: Connection) -> None:
    """Compute digests, sums and what others may read from the records themselves, in one transaction."""
    digests: dict[str, tuple[int, str]] = {}
    last = ""
    while rows := _next(connection, last):
        found = [{"the_id": row.id, "digest": _digest(row)} for row in rows]
        digests.update((row.id, (int(f["digest"]), row.scopes)) for row, f in zip(rows, found, strict=True))
        changed = update(entity).where(entity.c.id == bindparam("the_id")).values(digest=bindparam("digest"))
        connection.execute(changed, found)
        stripped = [_stripped(row) for row in rows if internal_slots(row.kind)]
        if stripped:
            connection.execute(_STRIP, stripped)
        last = rows[-1].id
    _recount_feeds(connection, digests)


def _next(connection: Connection, after: str) -> Sequence[Any]:
    query = select(entity.c.id, entity.c.kind, entity.c.schema, entity.c.scopes, entity.c.packed)
    query = query.where(entity.c.packed.is_not(None), entity.c.id > after)
    return connection.execute(query.order_by(entity.c.id).limit(_CHUNK)).all()


def _digest(row: Any) -> int:
    kind, packed = KINDS[row.kind], orjson.loads(row.packed)
    if row.schema == SCHEMA_VERSION:
        return digest_of_row(kind, packed)
    return digest_of(unpack(kind, stored_columns(kind, row.schema), packed))


def _stripped(row: Any) -> dict[str, object]:
    """A record as it is kept now: whole, and without the fields that have become internal."""
    state = unpack(KINDS[row.kind], stored_columns(KINDS[row.kind], row.schema), orjson.loads(row.packed))
    view = shared_view(state)
    shared = None if view is state else orjson.dumps(pack(view))
    return {"the_id": row.id, "to": SCHEMA_VERSION, "whole": orjson.dumps(pack(state)), "view": shared}


_STRIP = (
    update(entity)
    .where(entity.c.id == bindparam("the_id"))
    .values(schema=bindparam("to"), packed=bindparam("whole"), shared=bindparam("view"))
)


def _recount_feeds(connection: Connection, digests: dict[str, tuple[int, str]]) -> None:
    this = (feed.c.scope == bindparam("the_scope"), feed.c.entity_id == bindparam("the_id"))
    for scope in connection.execute(select(scope_counter.c.scope)).scalars().all():
        records, total = 0, 0
        rows = []
        for entity_id, held in connection.execute(
            select(feed.c.entity_id, feed.c.held).where(feed.c.scope == scope)
        ).all():
            digest, scopes = digests.get(entity_id, (0, "[]"))
            # A record that left shows nothing, whatever the step says: it is served as gone then.
            shown = digest if held and scope in orjson.loads(scopes) else 0
            records += shown > 0
            total += shown
            rows.append({"the_scope": scope, "the_id": entity_id, "digest": shown})
        if rows:
            connection.execute(update(feed).where(*this).values(digest=bindparam("digest")), rows)
        sums = {"records": records, "digest": total & MASK}
        connection.execute(update(scope_counter).where(scope_counter.c.scope == scope).values(**sums))
