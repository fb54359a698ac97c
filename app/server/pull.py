"""One page of news for one device, everything in it read at the same moment."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, func, select

from app.domain.access import CONSORTIUM, REGION, SHARED, Scope
from app.domain.clock import flatten, unflatten
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.packing import unpack
from app.domain.text import TextState
from app.errors import GarbledText
from app.server.auth import Device
from app.server.records import stored_columns
from app.server.tables import device as devices
from app.server.tables import entity, quarantine, receipt
from app.server.tables import feed as feeds
from app.server.tables import replica as replicas
from app.sync.wire import Author, Decided, FeedEntry, Receipt, SyncRequest

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one kind, still as the bytes they rest as."""

    kind: str
    columns: Sequence[int]
    rows: list[bytes]


@dataclass(slots=True)
class News:
    """What the feeds had to say, up to the request's limits."""

    feed: list[FeedEntry] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)
    more: bool = False
    sheets: list[Sheet] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)


def accepted(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Flat vector of how far these replicas' changes are dealt with."""
    return flatten({row.replica: row.max_n for row in connection.execute(_REACH, {"of": numbers})})


_REACH = select(replicas.c.replica, replicas.c.max_n).where(
    replicas.c.replica.in_(bindparam("of", expanding=True)), replicas.c.max_n > 0
)


def own(connection: Connection, device: Device, numbers: Sequence[int]) -> list[int]:
    """Those of these replicas under which the device itself writes: others' doings are none of its business."""
    return list(connection.execute(_OWN, {"of": numbers, "by": device.id}).scalars())


_OWN = (
    select(replicas.c.replica)
    .where(replicas.c.replica.in_(bindparam("of", expanding=True)), replicas.c.device_id == bindparam("by"))
    .order_by(replicas.c.replica)
)


def receipts(connection: Connection, numbers: Sequence[int], receipted: Sequence[int]) -> list[Receipt]:
    """Receipts of these replicas that the device does not have yet, oldest first."""
    if not numbers:
        return []
    had = vector(receipted)
    rows = [row for r in numbers for row in connection.execute(_RECEIPTS, {"by": r, "after": had.get(r, 0)})]
    return [Receipt(no=no, replica=replica, n=n, at=at) for no, replica, n, at in sorted(rows, key=lambda row: row[:2])]


_RECEIPTS = select(receipt.c.no, receipt.c.replica, receipt.c.n_to, receipt.c.at).where(
    receipt.c.replica == bindparam("by"), receipt.c.n_to > bindparam("after")
)


def released(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """[replica, n, …] of these replicas' changes that were taken out of quarantine."""
    return [number for row in connection.execute(_RELEASED, {"of": numbers}) for number in row]


_RELEASED = (
    select(quarantine.c.replica, quarantine.c.n)
    .where(quarantine.c.replica.in_(bindparam("of", expanding=True)), quarantine.c.released_at.is_not(None))
    .order_by(quarantine.c.replica, quarantine.c.n)
)


def decided(connection: Connection, numbers: Sequence[int]) -> list[Decided]:
    """What the agency decided on these replicas' changes other than to merge them."""
    rows = connection.execute(_DECIDED, {"of": numbers})
    return [Decided(replica=r.replica, n=r.n, verdict=r.verdict, note=r.note) for r in rows]


_DECIDED = (
    select(quarantine.c.replica, quarantine.c.n, quarantine.c.verdict, quarantine.c.note)
    .where(quarantine.c.replica.in_(bindparam("of", expanding=True)), quarantine.c.verdict != "")
    .order_by(quarantine.c.replica, quarantine.c.n)
)


def vector(flat: Sequence[int]) -> dict[int, int]:
    """A vector as a device tells it; one that is none says nothing."""
    try:
        return unflatten(flat)
    except ValueError:
        return {}


def authors(connection: Connection, numbers: Iterable[int]) -> list[Author]:
    """Who writes under these replica ids."""
    rows = connection.execute(_WRITERS, {"of": sorted(numbers)})
    return [Author(replica=r.replica, person=r.person, device=r.name, ags=r.ags) for r in rows]


_WRITERS = (
    select(replicas.c.replica, devices.c.person, devices.c.name, devices.c.ags)
    .join(devices, devices.c.id == replicas.c.device_id)
    .where(replicas.c.replica.in_(bindparam("of", expanding=True)))
    .order_by(replicas.c.replica)
)


def pull(
    connection: Connection,
    device: Device,
    request: SyncRequest,
    page_bytes: int,
    known: Mapping[EntityId, int],
    writing: Sequence[int],
) -> News:
    """The next page: at most `request.limit` feed steps and about `page_bytes` of rows, at least one step.

    Args:
        known: digests of records that the device has, as long as they still are these (`server.echoes`).
        writing: the device's own replicas.
    """
    news = News()
    wanted: dict[EntityId, None] = {}
    room = page_bytes
    for scope in sorted(device.grant.scopes, key=_nearest_first):
        after = request.cursors.get(scope, 0)
        left = request.limit - len(news.feed)
        for row in _steps(connection, scope, after, left):
            is_known = known.get(row.id) == row.digest
            size = row.size if row.held and row.id not in wanted and not is_known else 0
            if len(news.feed) >= request.limit or (news.feed and size > room):
                news.more = True
                break
            # The state is served through this feed only while the record belongs to it.
            held = bool(row.held) and scope in orjson.loads(row.scopes)
            if held and not is_known and row.id not in wanted:
                wanted[row.id] = None
                room -= size
            digest = row.digest if held and is_known else 0
            news.feed.append(FeedEntry(scope=scope, seq=row.seq, kind=row.kind, id=row.id, held=held, digest=digest))
            after = row.seq
        news.cursors[scope] = after
    fill(connection, device, request.texts, list(wanted), news, writing if known else ())
    return news


def _nearest_first(scope: Scope) -> tuple[int, Scope]:
    """One's own records arrive before the region's."""
    order = {"municipality": 0, "workshop": 1, CONSORTIUM: 2, REGION: 3}
    return order.get(scope.partition(":")[0], 4), scope


def _steps(connection: Connection, scope: Scope, after: int, left: int) -> Sequence[Any]:
    """The next steps of a feed, one more than there is room for."""
    return connection.execute(_STEPS, {"of": scope, "after": after, "most": left + 1}).all()


_STEPS = (
    select(
        feeds.c.seq,
        feeds.c.held,
        entity.c.id,
        entity.c.kind,
        entity.c.scopes,
        entity.c.digest,
        func.length(entity.c.packed).label("size"),
    )
    .join(entity, entity.c.id == feeds.c.entity_id)
    .where(feeds.c.scope == bindparam("of"), feeds.c.seq > bindparam("after"))
    .order_by(feeds.c.seq)
    .limit(bindparam("most"))
)


_ROWS = select(entity).where(entity.c.id.in_(bindparam("ids", expanding=True)))


def fill(
    connection: Connection,
    device: Device,
    texts: Mapping[str, str],
    ids: Sequence[EntityId],
    news: News,
    writing: Iterable[int] = (),
) -> None:
    """The states of the records in the page, grouped by kind, and who wrote them and `writing` replicas' changes."""
    sheets: dict[tuple[str, int], Sheet] = {}
    writers = set(writing)
    rows: dict[EntityId, Row[Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        rows.update((row.id, row) for row in connection.execute(_ROWS, {"ids": ids[start : start + _CHUNK]}))
    own = device.grant.scopes - SHARED
    for entity_id in ids:
        row = rows[entity_id]
        packed: bytes = row.packed if row.shared is None or _meets(own, row.scopes) else row.shared
        sheet = sheets.get((row.kind, row.schema))
        if sheet is None:
            sheet = Sheet(row.kind, stored_columns(KINDS[row.kind], row.schema), [])
            sheets[row.kind, row.schema] = sheet
        if entity_id in texts:
            packed = _only_missing_text(sheet, packed, texts[entity_id])
        sheet.rows.append(packed)
        writers.update(orjson.loads(row.authors))
    news.sheets = list(sheets.values())
    news.authors = authors(connection, writers) if writers else []


def _meets(granted: frozenset[Scope], scopes: str) -> bool:
    return not granted.isdisjoint(orjson.loads(scopes))


def reads(device: Device, scopes: str) -> tuple[bool, bool]:
    """Whether a device may read a record with these scopes (JSON), and whether all of it."""
    return _meets(device.grant.scopes, scopes), _meets(device.grant.scopes - SHARED, scopes)


def _only_missing_text(sheet: Sheet, packed: bytes, version: str) -> bytes:
    """The row with texts cut down to what the device lacks; the whole row if its hint is no good."""
    row = orjson.loads(packed)
    clocks = row[-1]
    if "t" not in clocks:
        return packed
    state = unpack(KINDS[sheet.kind], sheet.columns, row)
    try:
        known = base64.b64decode(version, validate=True)
        clocks["t"] = {str(slot): _missing(text, known) for slot, text in state.texts.items()}
    except (binascii.Error, GarbledText):
        return packed
    return orjson.dumps(row)


def _missing(text: TextState, known: bytes) -> str | list[str]:
    """Where a packed row has a text's snapshot: one update with what is new, and updates that still wait."""
    blobs = [base64.b64encode(b).decode() for b in (text.since(known), *text.compacted().updates)]
    return blobs[0] if len(blobs) == 1 else blobs
