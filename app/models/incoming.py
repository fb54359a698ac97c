"""What the agency sends goes into the database here: the same merge, the same settling as a local edit.

live = base + own changes not yet part of it. The agency's row is merged into the base; own pending
and quarantined changes are then applied again on top. Only when the agency's word covers a change,
read in the same snapshot as the rows, does it leave the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.access import SHARED
from app.domain.clock import includes
from app.domain.digest import digest_of
from app.domain.draft import Key
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState, merge
from app.domain.packing import PackedRow, columns, unpack
from app.models import arrivals, echoes, epochs, leaving, rows, settings
from app.models.arrivals import Arrived
from app.models.asking import Asking
from app.models.engine import among, listed, reading, writing
from app.models.fresh import Came, Fresh
from app.models.settle import NOWHERE, Settlement, add_unedited, settle
from app.models.sight import erase, hidden, is_narrow, within
from app.models.store import Store
from app.models.sums import hold, move_one
from app.models.tables import cursor, entity
from app.models.upon import NOTHING, Upon, settled_upon, unhear, upon

BATCH = 15
"""Records per transaction: larger batches let a typing person wait (benchmarks/capture.py: fifty, twice as long)."""
UNWATCHED = 17
"""So many times as many while nobody types."""
TOGETHER = 10
"""So many of these share a commit while nobody types: a page that several of them change is sealed only once."""


_CURSORS = Asking(select(cursor.c.scope, cursor.c.seq))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scope's feed: the record's state, its row as it came, or the digest by which what
    stands here is recognised (`models.echoes`); none of them if it left the scope.

    When a record appears in several scopes, each step carries the same state.
    """

    scope: str
    seq: int
    kind: str
    id: EntityId
    state: EntityState | None
    came: Came | None = None
    echo: int = 0

    @property
    def is_held(self) -> bool:
        return self.state is not None or self.came is not None

    @property
    def shown(self) -> EntityState | None:
        """The state told, however it came."""
        return self.state if self.came is None else self.came.state


def take_steps(store: Store, steps: Sequence[Step], arrived: Arrived, epoch: str) -> None:
    """Takes a page's steps in batches, each with its cursors in one transaction.

    Raises:
        Unlike: an echo is none of what stands here; the batches before it are taken.
    """

    def note(connection: Connection, batch: Sequence[Step]) -> None:
        move_cursors_within(connection, {s.scope: s.seq for s in batch})
        settings.put(connection, epoch=epoch)

    start = 0
    while start < len(steps):
        batch = _next_batch(steps, start, batch_size(store))
        start += len(batch)
        arrived.add(take_batch(store, batch, note))


def _next_batch(steps: Sequence[Step], start: int, size: int) -> Sequence[Step]:
    """So many steps, or as many echoes in a row as a page has: each costs a hundredth of a row."""
    end = start
    while end < len(steps) and steps[end].echo:
        end += 1
    return steps[start : max(end, start + size)]


def batch_size(store: Store) -> int:
    """How many records the next transaction may take: few while a person types."""
    return BATCH if store.gate.is_typing else BATCH * UNWATCHED


def take_batch(
    store: Store, batch: Sequence[Step], note: Callable[[Connection, Sequence[Step]], None], indexed: bool = True
) -> Arrived:
    """Takes some steps, and writes down by `note` that they are taken, in one transaction.

    Args:
        indexed: whether the full-text index gets new records now or later (`app.models.indexing`).

    Raises:
        Unlike: an echo is none of what stands here; nothing of this batch was taken.
    """
    part = Arrived()
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        states = _take_echoes(connection, [s for s in batch if s.echo])
        told = [s for s in batch if not s.echo] + states
        if told:
            _take_batch(connection, told, part, store.clock(), indexed)
        note(connection, batch)
    store.tell(part.keys)
    return part


def _take_echoes(connection: Connection, echoed: Sequence[Step]) -> list[Step]:
    """Keeps the books of records that stand here just as the agency says; the others' steps with their states."""
    if not echoed:
        return []
    told: dict[EntityId, echoes.Echo] = {}
    for step in echoed:
        told.setdefault(step.id, echoes.Echo(step.kind, step.echo, [])).scopes.append(step.scope)
    states = echoes.take(connection, told)
    return [replace(step, state=states[step.id], echo=0) for step in echoed if step.id in states]


def take_some(store: Store, following: Callable[[int], Sequence[Step]], note: Callable[[Connection], None]) -> Arrived:
    """Takes steps in one transaction, many while nobody types; what came.

    For steps that bring their rows: no file echoes anything. While somebody types, the full-text index has
    to wait (`app.models.indexing`).

    Args:
        following: gives at most so many of the next steps, none if nothing more shall be taken along. It may
            wait for them, but not for long once somebody types: who writes waits for this transaction.
        note: writes down what has been taken.
    """
    arrived = Arrived()
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        for _ in range(TOGETHER):
            batch = following(batch_size(store))
            if not batch:
                break
            part = Arrived()
            indexed = not store.gate.is_typing
            _take_batch(connection, batch, part, store.clock(), indexed, from_file=True)
            arrived.add(part)
            if store.gate.is_typing:
                break
        note(connection)
    store.tell(arrived.keys)
    return arrived


@dataclass(slots=True)
class _Record:
    """What a batch says of one record, all its steps together."""

    kind: str
    held: str
    last: Step | None = None
    has_left: bool = False
    """Whether it has left a scope; also of a record made here that nobody has told us of while it was in there."""

    @property
    def came(self) -> Came | None:
        return None if self.last is None else self.last.came

    @property
    def is_unedited(self) -> bool:
        return self.came is not None

    @property
    def state(self) -> EntityState | None:
        return None if self.last is None else self.last.shown


def _take_batch(
    connection: Connection,
    batch: Sequence[Step],
    arrived: Arrived,
    now_ms: int,
    indexed: bool,
    from_file: bool = False,
) -> None:
    if _is_new(connection, batch):
        held = {scope: hold("", scope) for scope in {s.scope for s in batch}}
        added = _add(connection, [(s.came, held[s.scope]) for s in batch if s.came is not None], arrived, indexed)
        arrivals.note(connection, (), added, now_ms)
        return
    packed: dict[EntityId, tuple[Any, PackedRow]] = {}
    for kind in {s.kind for s in batch}:
        packed |= rows.load_packed(connection, kind, list({s.id for s in batch if s.kind == kind}))
    found = {i: (row, unpack(KINDS[row.kind], columns(KINDS[row.kind]), there)) for i, (row, there) in packed.items()}
    whole = {i for i, (row, _) in found.items() if from_file and row.held and not is_narrow(row.held)}
    said = _said(batch, found, epochs.is_healing(connection), whole)
    states = {i: record.state for i, record in said.items() if i not in found and not record.is_unedited}
    for i, record in ((i, record) for i, record in said.items() if i in found):
        # An echo of own words need not become a state a second time.
        is_same = record.came is not None and record.came.row == packed[i][1]
        states[i] = found[i][1] if is_same else record.state
    echoes = {
        i
        for i, state in states.items()
        if state is not None and i in found and said[i].held and state == found[i][1] == within(state, said[i].held)
    }
    above = upon(connection, [i for i in found if i not in echoes])
    settlements = [_echo(found[i], said[i].held) for i in echoes]
    for entity_id, state in states.items():
        if entity_id in echoes:
            continue
        record, key = said[entity_id], (said[entity_id].kind, entity_id)
        if state is not None and record.held:
            if entity_id in found and _is_known(connection, state, record.held, found[entity_id], above):
                continue
            settlements.append(_admit(state, record.held, found.get(entity_id), above.get(entity_id, NOTHING)))
            if entity_id not in found:
                arrived.new.add(key)
            elif not includes(found[entity_id][1].seen, state.seen):
                arrived.changed.add(key)
            arrived.roots[key] = (state.root_kind, state.root_id)
        elif entity_id in found and record.has_left:
            own = bool(above.get(entity_id, NOTHING).own)
            leaving.leave(connection, found[entity_id][0], record.held, own, arrived)
        elif entity_id in found and record.held != found[entity_id][0].held:
            _rehold(connection, found[entity_id][0], record.held)
    settle(connection, settlements, now_ms, indexed)
    unhear(connection, [s.new.id for s in settlements if s.covers_heard or s.new.id in echoes])
    unedited = [(r.came, r.held) for i, r in said.items() if i not in states and r.came is not None and r.held]
    added = _add(connection, unedited, arrived, indexed)
    arrivals.note(connection, settlements, added, now_ms)


def _is_new(connection: Connection, batch: Sequence[Step]) -> bool:
    """Whether all of a batch is unknown here and unedited since its birth, as nearly all that is read first is.

    Then no state is needed, and no step meets another.
    """
    ids = {s.id for s in batch if s.came is not None}
    return len(ids) == len(batch) and connection.execute(_KNOWN, {"ids": listed(ids)}).first() is None


_KNOWN = select(entity.c.row).where(entity.c.id.in_(among("ids"))).limit(1)


def _add(connection: Connection, unedited: Sequence[tuple[Came, str]], arrived: Arrived, indexed: bool) -> list[Fresh]:
    """Records that are new here and that nobody edited since their birth, each with the scopes that hold it."""
    add_unedited(connection, [(came.fresh, (held, came.digest)) for came, held in unedited], indexed)
    added = [came.fresh for came, _ in unedited]
    for fresh in added:
        key = (fresh.kind, fresh.id)
        arrived.new.add(key)
        arrived.roots[key] = fresh.root
    return added


def _said(
    batch: Sequence[Step],
    found: Mapping[EntityId, tuple[Any, EntityState]],
    healing: bool,
    whole: Collection[EntityId],
) -> dict[EntityId, _Record]:
    """What a batch says by record.

    The file of a scope that many share leaves internal fields out, and was made at another moment than
    one's own scope's. Of records that one's own scope shows (`whole`) it says only that they are in there:
    its state would claim to know internal words that it does not bring.

    While a restored agency is being healed nothing leaves: what an old feed calls gone may be what is to
    be healed. The audit that follows sorts it out.
    """
    said: dict[EntityId, _Record] = {}
    for step in batch:
        before = found[step.id][0].held if step.id in found else ""
        record = said.setdefault(step.id, _Record(step.kind, before))
        if step.is_held:
            record.held = hold(record.held, step.scope)
            if step.id not in whole or step.scope not in SHARED:
                record.last = step
        elif not healing:
            record.held = leaving.release(record.held, step.scope)
            record.has_left = True
    return said


def _echo(found: tuple[Any, EntityState], held: str) -> Settlement:
    """The agency says just what stands here, own changes and all: nothing has to be kept beside it any more."""
    row, live = found
    return Settlement(row.row, live, live, None, held, False, digest_of(live), (row.held, row.digest))


def _is_known(
    connection: Connection,
    state: EntityState,
    held: str,
    found: tuple[Any, EntityState],
    above: Mapping[EntityId, Upon],
) -> bool:
    """Whether the agency only repeats what is here, as with every change of our own; saves the writing."""
    row, live = found
    if row.base is not None or live.id in above or not _covers(live, state):
        return False
    if within(live, held) is not live:
        return False  # the other way round
    if held != row.held or row.frozen:
        _rehold(connection, row, held)
    return True


def _covers(live: EntityState, told: EntityState) -> bool:
    """Whether what is told is older than what is here and speaks of no slot of which nothing is here: internal
    ones, after a scope that does not show them, or those that an earlier program had passed over.

    As old as this it differs (or it were an echo): what had lain aside was merged behind what came later.
    """
    return (
        told.seen != live.seen
        and includes(live.seen, told.seen)
        and told.registers.keys() <= live.registers.keys()
        and told.sets.keys() <= live.sets.keys()
        and told.counters.keys() <= live.counters.keys()
        and told.texts.keys() <= live.texts.keys()
    )


def _rehold(connection: Connection, row: Any, held: str) -> None:
    connection.execute(_REHOLD, {"at": row.row, "by": held})
    if held != row.held and (unseen := hidden(row.kind, held)):
        erase(connection, row.id, unseen)
    move_one(connection, (row.held, row.digest), (held, row.digest))


_REHOLD = update(entity).where(entity.c.row == bindparam("at")).values(held=bindparam("by"), frozen=0)


def _admit(state: EntityState, held: str, found: tuple[Any, EntityState] | None, above: Upon) -> Settlement:
    if found is None:
        return Settlement(None, None, within(state, held), None, held, False, digest_of(state), NOWHERE)
    row, live = found
    known = rows.decode_base(state.kind, row.base) if row.base is not None else live
    base = merge(known, state) if known.id else state
    return settled_upon(row, live, base, above, held)


def move_cursors_within(connection: Connection, cursors: Mapping[str, int]) -> None:
    """Where each scope has been read to, in the caller's transaction."""
    if cursors:
        connection.execute(_MOVE, [{"scope": scope, "seq": seq} for scope, seq in cursors.items()])


_PLACE = insert(cursor)
_MOVE = _PLACE.on_conflict_do_update(index_elements=["scope"], set_={"seq": _PLACE.excluded.seq})


def move_cursors(store: Store, cursors: Mapping[str, int], epoch: str) -> None:
    """Where each scope has been read to, after a page without news in it."""
    with reading(store.engine) as connection:
        held = dict(_CURSORS(connection))
        if settings.get(connection, "epoch") == epoch and all(held.get(s) == n for s, n in cursors.items()):
            return  # nothing new is the usual case, and costs no write
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        move_cursors_within(connection, cursors)
        settings.put(connection, epoch=epoch)


def take_grant(store: Store, role: str, ags: str, workshops: list[str], scopes: Sequence[str]) -> frozenset[Key]:
    """Stores what this device may do now; what no scope holds any longer leaves the device."""
    arrived = Arrived()
    encoded = settings.encode_grant(role, ags, workshops)
    with reading(store.engine) as connection:
        lost = [scope for scope, _ in _CURSORS(connection) if scope not in scopes]
        if not lost and settings.get(connection, "grant") == encoded:
            return frozenset()
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        settings.put(connection, grant=encoded)
        for scope in lost:
            _leave_scope(connection, scope, arrived)
    store.tell(arrived.keys)
    return arrived.keys


def _leave_scope(connection: Connection, scope: str, arrived: Arrived) -> None:
    holding = connection.execute(select(entity).where(entity.c.held.contains(f"|{scope}|", autoescape=True))).all()
    above = upon(connection, [row.id for row in holding])
    for row in holding:
        leaving.evict(connection, row, scope, bool(above.get(row.id, NOTHING).own), arrived)
    connection.execute(delete(cursor).where(cursor.c.scope == scope))
