"""The records one transaction touches: loaded and locked once, merged in memory, written once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import orjson
from sqlalchemy import Connection, bindparam, select

from app.domain.access import Scope, shared_view
from app.domain.births import Birth
from app.domain.digest import digest_of, digest_of_row
from app.domain.fields import KINDS, SCHEMA_VERSION, Kind
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.packing import columns, pack, unpack
from app.server import blob_refs
from app.server.database import upsert
from app.server.tables import entity

_CHUNK = 5000
MOST_BYTES = 16_000_000
"""A record's largest row: with it in a page, a device can still unpack the reply."""
NO_SCOPES: frozenset[Scope] = frozenset()


class WrongKind(Exception):
    """An id that is known as a record of another kind."""


class TooHeavy(Exception):
    """A record would outgrow what can be sent in one piece."""


@dataclass(slots=True)
class Record:
    """One record in this transaction: as stored, and as merged so far."""

    id: EntityId
    kind: str
    root_kind: str
    root_id: EntityId
    scopes: frozenset[Scope]
    schema: int
    packed: bytes | None
    digest: int = 0
    state: EntityState | None = None
    changed: bool = False
    birth: Birth | None = None
    """As it came into being in this transaction, while nothing else has been merged."""

    @property
    def deciding(self) -> EntityState:
        """A changed record's state, at least those slots that decide who sees it."""
        if self.birth is not None:
            return self.birth.view
        assert self.state is not None
        return self.state


@cache
def stored_columns(kind: Kind, schema: int) -> Sequence[int]:
    """Field ids of a row written under an older version of the registry."""
    return [f.id for f in kind.fields if f.since <= schema]


class Records:
    """The records of one write transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[EntityId, Record] = {}
        self._placeholders: set[EntityId] = set()
        self._waiting: dict[EntityId, dict[EntityId, str]] = {}
        self._weights: dict[EntityId, int] = {}

    def load(self, kinds: Mapping[EntityId, str]) -> None:
        """Fetch these records (id -> presumed kind) and the roots they hang below."""
        if self._connection.dialect.name == "postgresql":
            self._lock(kinds)
        self._fetch(kinds)
        roots = {r.root_id for r in self._known.values() if r.root_id} - self._known.keys()
        self._fetch(roots)
        placed = {i for i, record in self._known.items() if record.root_id}
        self._fetch_waiting((kinds.keys() | roots) - placed)

    def look_at(self, ids: Iterable[EntityId]) -> None:
        """Fetch these, too, without taking hold of them."""
        self._fetch(set(ids) - self._known.keys())

    def _lock(self, kinds: Mapping[EntityId, str]) -> None:
        """Take row locks in sorted order, so that concurrent merges of one record wait for each other.

        A record or root that nobody has written yet gets an empty row first: two transactions that
        both create it, or a child and its root, then meet at that row instead of missing each other.
        """
        roots = self._connection.execute(
            select(entity.c.root_id, entity.c.root_kind).where(entity.c.id.in_(kinds), entity.c.root_id != "")
        )
        wanted = dict(kinds) | {row.root_id: row.root_kind for row in roots}
        empty = {"root_kind": "", "root_id": "", "scopes": "[]", "schema": 0, "authors": "[]", "packed": None}
        rows = [{"id": i, "kind": wanted[i], **empty} for i in sorted(wanted)]
        upsert(self._connection, entity, rows, change=False)
        locked = select(entity.c.id, entity.c.packed.is_(None).label("empty"))
        locked = locked.where(entity.c.id.in_(wanted)).order_by(entity.c.id).with_for_update()
        self._placeholders = {row.id for row in self._connection.execute(locked) if row.empty}

    def _fetch(self, ids: Collection[EntityId]) -> None:
        wanted = sorted(ids)
        for start in range(0, len(wanted), _CHUNK):
            found = self._connection.execute(_STORED, {"ids": wanted[start : start + _CHUNK]})
            for entity_id, kind, root_kind, root_id, scopes, schema, packed, digest in found:
                placed = frozenset(orjson.loads(scopes))
                self._known[entity_id] = Record(entity_id, kind, root_kind, root_id, placed, schema, packed, digest)

    def _fetch_waiting(self, unplaced: Collection[EntityId]) -> None:
        """Records that were written before their root."""
        if not unplaced:
            return
        found = self._connection.execute(_BELOW, {"roots": sorted(unplaced)}).all()
        self._fetch({row.id for row in found} - self._known.keys())
        for row in found:
            self._waiting.setdefault(row.root_id, {})[row.id] = row.kind

    def waiting_below(self, root: EntityId) -> Mapping[EntityId, str]:
        """Records (id -> kind) that named this root before anybody had written it."""
        return self._waiting.get(root, {})

    def get(self, entity_id: EntityId) -> Record | None:
        """The record, if anybody has written it."""
        return self._known.get(entity_id)

    def state(self, kind: str, entity_id: EntityId) -> EntityState:
        """What is known of a record; empty if nothing is.

        Raises:
            WrongKind: the id belongs to a record of another kind.
        """
        record = self._known.get(entity_id)
        if record is None:
            return EntityState(kind, entity_id)
        if record.kind != kind:
            raise WrongKind(kind)
        if record.state is None and record.birth is not None:
            record.state = unpack(KINDS[kind], columns(KINDS[kind]), record.birth.row)
        elif record.state is None:
            assert record.packed is not None
            of = KINDS[kind]
            record.state = unpack(of, stored_columns(of, record.schema), orjson.loads(record.packed))
        return record.state

    def weigh(self, entity_ids: Iterable[EntityId], size: int) -> None:
        """Count a change's bytes to the records it touches; exact again once they are written.

        Raises:
            TooHeavy: one of them would become too large for anybody to read.
        """
        for entity_id in entity_ids:
            record = self._known.get(entity_id)
            stored = len(record.packed or b"") if record else 0
            weight = self._weights.get(entity_id, stored) + size
            if weight > MOST_BYTES:
                raise TooHeavy(entity_id)
            self._weights[entity_id] = weight

    def put(self, states: Iterable[EntityState]) -> None:
        """The merged states of one change."""
        for state in states:
            record = self._known.get(state.id)
            if record is None:
                record = Record(state.id, state.kind, "", "", NO_SCOPES, SCHEMA_VERSION, None)
                self._known[state.id] = record
            record.state, record.changed, record.digest, record.birth = state, True, digest_of(state), None
            record.root_kind, record.root_id = state.root_kind, state.root_id

    def put_births(self, births: Iterable[Birth]) -> None:
        """Records of one change that nobody had written."""
        for birth in births:
            at = birth.view
            digest = digest_of_row(KINDS[at.kind], birth.row)
            self._known[at.id] = Record(
                at.id, at.kind, at.root_kind, at.root_id, NO_SCOPES, SCHEMA_VERSION, None, digest, None, True, birth
            )

    @property
    def changed(self) -> list[Record]:
        """What has to be written: roots first, so that readers meet them before their children."""
        found = [record for record in self._known.values() if record.changed]
        return sorted(found, key=lambda record: not KINDS[record.kind].is_root)

    def save(self, scopes: Mapping[EntityId, frozenset[Scope]]) -> None:
        """Write the merged records with the scopes they now belong to."""
        upsert(self._connection, entity, [_row(r, scopes[r.id]) for r in self.changed])
        blob_refs.note(self._connection, (r.state for r in self.changed if r.state is not None))
        idle = self._placeholders - {r.id for r in self.changed} - {r.root_id for r in self.changed}
        if idle:
            gone = entity.delete().where(entity.c.id.in_(sorted(idle)), entity.c.packed.is_(None))
            below = select(entity.c.root_id).where(entity.c.packed.is_not(None))
            self._connection.execute(gone.where(entity.c.id.not_in(below)))


_STORED = select(
    entity.c.id,
    entity.c.kind,
    entity.c.root_kind,
    entity.c.root_id,
    entity.c.scopes,
    entity.c.schema,
    entity.c.packed,
    entity.c.digest,
).where(entity.c.id.in_(bindparam("ids", expanding=True)), entity.c.packed.is_not(None))
_BELOW = select(entity.c.id, entity.c.kind, entity.c.root_id).where(
    entity.c.root_id.in_(bindparam("roots", expanding=True))
)


def _row(record: Record, scopes: frozenset[Scope]) -> dict[str, object]:
    shared: bytes | None = None
    if record.birth is not None:
        authors, packed = record.birth.view.seen, orjson.dumps(record.birth.row)
        if record.birth.shared is not None:
            shared = orjson.dumps(record.birth.shared)
    else:
        state = record.state
        assert state is not None
        authors, packed = state.seen, orjson.dumps(pack(state))
        if (view := shared_view(state)) is not state:
            shared = orjson.dumps(pack(view))
    return {
        "id": record.id,
        "kind": record.kind,
        "root_kind": record.root_kind,
        "root_id": record.root_id,
        "scopes": orjson.dumps(sorted(scopes)).decode(),
        "schema": SCHEMA_VERSION,
        "authors": orjson.dumps(sorted(authors)).decode(),
        "packed": packed,
        "shared": shared,
        "digest": record.digest,
    }
