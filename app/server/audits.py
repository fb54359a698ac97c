"""Where a device and the agency are compared: digests beside a pull, and records read again by id."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, select

from app.domain.fields import SCHEMA_VERSION
from app.server import digests as kept
from app.server.auth import Device
from app.server.pull import News, fill
from app.server.tables import agency, entity, feed
from app.sync.audit_wire import DigestRequest, HealRequest, RecordsReply, RecordsRequest
from app.sync.wire import FeedEntry, Page, SyncRequest

_NO_HINTS: dict[str, str] = {}


def digests(connection: Connection, device: Device, request: SyncRequest, news: News) -> dict[str, list[int]]:
    """The digests that go with a complete pull: of the scopes that moved, or of all if the device asks.

    Nothing where both ends know different fields: their states differ then without anything being wrong.
    """
    if news.more or request.schema_version != SCHEMA_VERSION:
        return {}
    scopes = device.grant.scopes
    if not request.audit:
        scopes = frozenset(s for s in scopes if news.cursors.get(s, 0) != request.cursors.get(s))
    return kept.of_scopes(connection, scopes) if scopes else {}


def holds(connection: Connection, device: Device, request: DigestRequest | RecordsRequest | HealRequest) -> bool:
    """Whether what the device compares with is still so: this epoch, and a scope it may read."""
    present = connection.execute(select(agency.c.epoch)).scalar_one()
    return request.epoch == present and request.scope in device.grant.scopes


def records(connection: Connection, device: Device, request: RecordsRequest) -> RecordsReply:
    """The records asked for, as far as the scope shows them."""
    steps = connection.execute(
        select(feed.c.seq, feed.c.held, entity.c.id, entity.c.kind, entity.c.scopes)
        .join(entity, entity.c.id == feed.c.entity_id)
        .where(feed.c.scope == request.scope, feed.c.entity_id.in_(sorted(set(request.ids))))
        .order_by(feed.c.seq)
    ).all()
    shown = [row for row in steps if row.held and request.scope in orjson.loads(row.scopes)]
    news = News()
    fill(connection, device, _NO_HINTS, [row.id for row in shown], news)
    entries = [FeedEntry(scope=request.scope, seq=r.seq, kind=r.kind, id=r.id, held=True) for r in shown]
    return RecordsReply(pages=_pages(news), feed=entries, authors=news.authors)


def _pages(news: News) -> list[Page]:
    sheets = news.sheets
    return [Page(kind=s.kind, columns=list(s.columns), rows=[orjson.loads(row) for row in s.rows]) for s in sheets]
