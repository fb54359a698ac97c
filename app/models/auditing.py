"""What an audit asks of the local database: sums per scope, digests by id, states to heal with; and recounting.

The sums move with every record (`sums`); here they are computed again from the records themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from app.domain.digest import FORM, MASK, digest_of_row
from app.domain.draft import Key
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.packing import PackedRow, pack
from app.models import rows, settings
from app.models.arrivals import Arrived
from app.models.asking import Asking
from app.models.engine import reading, writing
from app.models.incoming import Step, take_batch
from app.models.leaving import evict
from app.models.settle import settle
from app.models.store import Store
from app.models.sums import scopes_in
from app.models.tables import cursor, entity
from app.models.upon import NOTHING, settled_upon, unhear, upon

SLICE = 200
"""Records looked at in one transaction: whoever types waits for no more than that."""
DAILY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Sum:
    """One scope: how far it was read, its records and the sum of their digests, where both were last equal."""

    seq: int
    records: int
    digest: int
    verified: int


def sums(store: Store) -> dict[str, Sum]:
    """Of every scope that is read here."""
    with reading(store.engine) as connection:
        found = _SUMS(connection)
    return {scope: Sum(*told) for scope, *told in found}


_SUMS = Asking(select(cursor.c.scope, cursor.c.seq, cursor.c.records, cursor.c.digest, cursor.c.verified))


def is_due(store: Store) -> bool:
    """Whether everything is to be compared, and computed anew, once again: daily, and after a crash."""
    with reading(store.engine) as connection:
        last = settings.get(connection, "recounted_at")
        form = settings.get(connection, "digest_form", str(FORM))
    age = store.clock() - int(last or store.clock())
    return not 0 <= age < DAILY_MS or form != str(FORM)


def verify(store: Store, scopes: Mapping[str, int]) -> None:
    """These scopes are equal to the agency's, at these feed numbers."""
    if not scopes:
        return
    known = sums(store)
    news = {s: n for s, n in scopes.items() if s in known and known[s].verified != n}
    if news:
        with store.gate.batch(), writing(store.engine, durable=False) as connection:
            connection.execute(_VERIFY, [{"of": scope, "upto": seq} for scope, seq in news.items()])
            if not settings.get(connection, "recounted_at"):
                settings.put(connection, recounted_at=store.clock(), digest_form=FORM)


_VERIFY = update(cursor).where(cursor.c.scope == bindparam("of")).values(verified=bindparam("upto"))


def suspect(connection: Connection) -> None:
    """The file had not been closed properly: the next exchange computes and compares everything anew."""
    settings.put(connection, recounted_at=0)


def recount(store: Store) -> int:
    """Computes every digest and sum anew; how many digests had been wrong."""
    totals: dict[str, list[int]] = {}
    wrong = 0
    for kind in KINDS:
        last = 0
        while found := _slice(store, kind, last):
            last = found[-1][0].row
            wrong += _check_slice(store, kind, found, totals)
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        for scope in connection.execute(select(cursor.c.scope)).scalars().all():
            records, digest = totals.get(scope, [0, 0])
            values = {"records": records, "digest": digest & MASK}
            connection.execute(update(cursor).where(cursor.c.scope == scope).values(**values))
        settings.put(connection, recounted_at=store.clock(), digest_form=FORM)
    return wrong


def _slice(store: Store, kind: str, after: int) -> list[rows.Found]:
    with reading(store.engine) as connection:
        return rows.load_slice(connection, kind, after, SLICE)


def _check_slice(store: Store, kind: str, found: Sequence[rows.Found], totals: dict[str, list[int]]) -> int:
    """Adds a slice to the totals. Only an exchange moves digests, and this is part of one: nobody interferes."""
    corrections = []
    for row, packed in found:
        digest = _digest(kind, row, packed)
        if digest != row.digest:
            corrections.append({"the_row": row.row, "digest": digest})
        for scope in scopes_in(row.held) if digest else ():
            total = totals.setdefault(scope, [0, 0])
            total[0] += 1
            total[1] += digest
    if corrections:
        with store.gate.batch(), writing(store.engine, durable=False) as connection:
            corrected = update(entity).where(entity.c.row == bindparam("the_row"))
            connection.execute(corrected.values(digest=bindparam("digest")), corrections)
    return len(corrections)


def _digest(kind: str, row: Any, live: PackedRow) -> int:
    """Of the agency's state: the base, or the record itself."""
    if row.base == b"":
        return 0
    return digest_of_row(KINDS[kind], live if row.base is None else rows.base_row(kind, row.base))


class Held:
    """The digests of one scope's records here, in order of their ids, with sums over any range."""

    def __init__(self, found: Iterable[tuple[EntityId, int]]) -> None:
        pairs = sorted(found)
        self._ids = [i for i, _ in pairs]
        self._digests = [d for _, d in pairs]
        self._sums = [0, *accumulate(self._digests)]

    def within(self, low: str, high: str) -> dict[EntityId, int]:
        """Id -> digest from `low` to before `high` ("" is open)."""
        start, end = self._range(low, high)
        return dict(zip(self._ids[start:end], self._digests[start:end], strict=True))

    def count(self, low: str, high: str) -> tuple[int, int]:
        """(records, sum of digests) from `low` to before `high`."""
        start, end = self._range(low, high)
        return end - start, (self._sums[end] - self._sums[start]) & MASK

    def _range(self, low: str, high: str) -> tuple[int, int]:
        return bisect_left(self._ids, low), bisect_left(self._ids, high) if high else len(self._ids)


def held(store: Store, scope: str) -> Held:
    """What the agency has shown here through this scope."""
    query = select(entity.c.id, entity.c.digest).where(_in(scope), entity.c.digest > 0)
    with reading(store.engine) as connection:
        return Held((row.id, row.digest) for row in connection.execute(query))


def _in(scope: str) -> Any:
    return entity.c.held.contains(f"|{scope}|", autoescape=True)


def digests(store: Store, ids: Sequence[EntityId]) -> dict[EntityId, int]:
    """The digests kept of these records."""
    with reading(store.engine) as connection:
        found = connection.execute(select(entity.c.id, entity.c.digest).where(entity.c.id.in_(ids)))
        return {row.id: row.digest for row in found}


def agency_rows(store: Store, ids: Sequence[EntityId]) -> dict[Key, PackedRow]:
    """What these records are as the agency told them, packed; roots first."""
    found: dict[Key, PackedRow] = {}
    with reading(store.engine) as connection:
        known = connection.execute(select(entity.c.id, entity.c.kind).where(entity.c.id.in_(ids)))
        kinds = {row.id: row.kind for row in known}
        for kind in sorted(set(kinds.values()), key=lambda name: not KINDS[name].is_root):
            loaded = rows.load_many(connection, kind, [i for i, k in kinds.items() if k == kind])
            for entity_id, (row, live) in sorted(loaded.items()):
                if row.base != b"":
                    found[kind, entity_id] = pack(live) if row.base is None else rows.base_row(kind, row.base)
    return found


def take_again(store: Store, steps: Sequence[Step], arrived: Arrived) -> None:
    """Merges records that were read again by id: as from a feed, but no cursor moves."""
    for start in range(0, len(steps), SLICE):
        arrived.add(take_batch(store, steps[start : start + SLICE], _no_note))


def _no_note(connection: Connection, steps: Sequence[Step]) -> None:
    """Where records are read by id there is no place to keep."""


def yield_to(store: Store, states: Sequence[EntityState]) -> frozenset[Key]:
    """The agency's state replaces what was known of it here; own changes stay on top.

    Only for what the agency has been offered and keeps aside (docs/adr/0008).
    """
    keys = frozenset((s.kind, s.id) for s in states)
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        above = upon(connection, [s.id for s in states])
        settlements = []
        for state in states:
            found = rows.load(connection, state.kind, state.id)
            if found is not None:
                row, live = found
                settlements.append(settled_upon(row, live, state, above.get(state.id, NOTHING), row.held))
        settle(connection, settlements, store.clock())
        unhear(connection, [s.new.id for s in settlements if s.covers_heard])
    store.tell(keys)
    return keys


def sweep(store: Store, scope: str, ids: Sequence[EntityId], arrived: Arrived) -> int:
    """Records that a scope does not show any more leave it here; with unsettled own work they stay, frozen."""
    part = Arrived()
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        found = connection.execute(select(entity).where(entity.c.id.in_(ids), _in(scope))).all()
        above = upon(connection, [row.id for row in found])
        for row in found:
            evict(connection, row, scope, bool(above.get(row.id, NOTHING).own), part)
    store.tell(part.keys)
    arrived.add(part)
    return len(found)
