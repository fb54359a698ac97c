"""What a workshop's records are here, for the other laptops in the hall, and taking what those say of them.

Nothing of it is the agency's word: it never becomes a base, moves no cursor and confirms nothing. It is
merged into what stands here, and kept until the agency's own state holds it (docs/adr/0021).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, case, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.access import visibility
from app.domain.catalogue import Visibility
from app.domain.clock import includes
from app.domain.digest import digest_of
from app.domain.draft import Key
from app.domain.ids import EntityId
from app.domain.merge import EntityState, merge
from app.domain.packing import PackedRow, pack
from app.models import arrivals, rows
from app.models.engine import among, listed, reading, writing
from app.models.incoming import batch_size
from app.models.settle import NOWHERE, Settlement, settle
from app.models.store import Store
from app.models.tables import entity, heard
from app.models.upon import heard_of

WORKSHOP = "workshop"


def root_of(store: Store, workshop: EntityId) -> EntityState | None:
    """The workshop as the agency last knew it, which says whose it is; one it does not know, as it stands here."""
    with reading(store.engine) as connection:
        found = rows.load(connection, WORKSHOP, workshop)
    if found is None:
        return None
    row, live = found
    known = rows.decode_base(WORKSHOP, row.base) if row.base else live
    return None if row.frozen or visibility(live) is Visibility.PRIVATE else known


def digests(store: Store, workshop: EntityId, ids: Collection[EntityId] | None = None) -> dict[EntityId, int]:
    """The digests of a workshop's records as they stand here; only of some of them by `ids`."""
    query = _DIGESTS if ids is None else _DIGESTS.where(entity.c.id.in_(among("ids")))
    asked = {"root": workshop} if ids is None else {"root": workshop, "ids": listed(ids)}
    with reading(store.engine) as connection:
        found = connection.execute(query, asked).all()
        return {r.id: r.standing or _computed(connection, r.kind, r.id) for r in found}


_STANDING = case((entity.c.base.is_(None), entity.c.digest), else_=entity.c.ahead).label("standing")
_DIGESTS = select(entity.c.id, entity.c.kind, _STANDING).where(
    entity.c.root_id == bindparam("root"), entity.c.root_kind == WORKSHOP, entity.c.frozen == 0
)


def _computed(connection: Connection, kind: str, entity_id: EntityId) -> int:
    found = rows.load(connection, kind, entity_id)
    return 0 if found is None else digest_of(found[1])


def packed(store: Store, workshop: EntityId, ids: Collection[EntityId]) -> dict[str, list[PackedRow]]:
    """These records of the workshop as they stand here, by kind; the root first."""
    told: dict[str, list[PackedRow]] = {}
    with reading(store.engine) as connection:
        asked = {"root": workshop, "ids": listed(ids)}
        kinds = {r.id: r.kind for r in connection.execute(_DIGESTS.where(entity.c.id.in_(among("ids"))), asked)}
        for kind in sorted(set(kinds.values()), key=lambda name: name != WORKSHOP):
            loaded = rows.load_many(connection, kind, [i for i, k in kinds.items() if k == kind])
            told[kind] = [pack(state) for _, state in loaded.values()]
    return told


def take(store: Store, workshop: EntityId, states: Sequence[EntityState]) -> frozenset[Key]:
    """Merges what another laptop has said of the workshop's records; which of them were news.

    A state of anything else is left alone, whatever it claims.
    """
    keys: set[Key] = set()
    left = [s for s in states if _fits(s, workshop)]
    while left:
        batch = left[: batch_size(store)]
        left = left[len(batch) :]
        with store.gate.batch(), writing(store.engine, durable=False) as connection:
            part = _take(connection, workshop, batch, store.clock())
        store.tell(part)
        keys |= part
    return frozenset(keys)


def _fits(state: EntityState, workshop: EntityId) -> bool:
    return (
        state.root_kind == WORKSHOP and state.root_id == workshop and (state.kind == WORKSHOP) == (state.id == workshop)
    )


def _take(connection: Connection, workshop: EntityId, batch: Sequence[EntityState], now_ms: int) -> frozenset[Key]:
    found: dict[EntityId, tuple[Any, EntityState]] = {}
    for kind in {s.kind for s in batch}:
        found |= rows.load_many(connection, kind, [s.id for s in batch if s.kind == kind])
    taken = connection.execute(_OTHERS, {"ids": listed(s.id for s in batch)}).all()
    elsewhere = {r.id for r in taken if r.root_id != workshop or r.frozen or r.id not in found}
    known = heard_of(connection, [s.id for s in batch])
    settlements, kept = [], []
    for state in batch:
        row, live = found.get(state.id, (None, None))
        if state.id in elsewhere or (live is not None and not _says_more(live, state)):
            continue
        settlements.append(_settlement(row, live, state))
        said = merge(known[state.id], state) if state.id in known else state
        kept.append({"entity_id": state.id, "root_id": workshop, "row": rows.encode_base(said)})
    settle(connection, settlements, now_ms)
    arrivals.note(connection, settlements, (), now_ms)
    if kept:
        connection.execute(_KEEP, kept)
    return frozenset((s.new.kind, s.new.id) for s in settlements)


def _says_more(live: EntityState, state: EntityState) -> bool:
    """Whether something of it is not here; it can be although all of its changes are known here.

    An earlier program that brought them has passed over the fields that it does not know.
    """
    return not includes(live.seen, state.seen) or digest_of(merge(live, state)) != digest_of(live)


def _settlement(row: Any, live: EntityState | None, state: EntityState) -> Settlement:
    if live is None:
        return Settlement(None, None, state, rows.encode_base(None), "", False, 0, NOWHERE)
    base = row.base if row.base is not None else rows.encode_base(live)
    return Settlement(row.row, live, merge(live, state), base, row.held, False, row.digest, (row.held, row.digest))


_OTHERS = select(entity.c.id, entity.c.root_id, entity.c.frozen).where(entity.c.id.in_(among("ids")))
_insert = insert(heard)
_KEEP = _insert.on_conflict_do_update(index_elements=["entity_id"], set_={"row": _insert.excluded.row})
