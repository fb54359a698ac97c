"""A test of the oracle: ways to build this wrongly, each of which the simulation has to notice.

A mutant is a patch of a named spot of the product, worn only while a world is played. One that survives is
a hole in the oracle.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, update

from app.domain import merge
from app.domain.change import SlotValue
from app.domain.clock import Dot, VersionVector, covers, includes, join
from app.domain.merge import Counter, EntityState, Register, Version
from app.models import confirming, epochs, incarnation, incoming, leaving, outbox, own_changes, settle
from app.models.engine import writing
from app.models.rows import open_slots
from app.models.store import Store
from app.models.tables import change, entity
from app.server import database
from app.server.tables import quarantine
from app.sync import exchange
from app.sync.audit import Audit

Mutant = Callable[[], AbstractContextManager[object]]
MUTANTS: dict[str, Mutant] = {}


def _mutant(build: Callable[[], Iterator[None]]) -> Callable[[], Iterator[None]]:
    MUTANTS[build.__name__.replace("_", "-")] = contextmanager(build)
    return build


# -- merging ---------------------------------------------------------------------------------------


@_mutant
def last_writer_wins() -> Iterator[None]:
    """One version per field, the one with the later clock."""
    write, both = Register.write, Register.merge

    def latest(register: Register) -> Register:
        winner = register.winner
        return register if winner is None else Register(dict([winner]), register.context)

    with (
        patch.object(Register, "write", lambda self, *given: latest(write(self, *given))),
        patch.object(Register, "merge", lambda self, other: latest(both(self, other))),
    ):
        yield


@_mutant
def counters_as_deltas() -> Iterator[None]:
    """What is heard twice counts twice."""

    def count(self: Counter, replica: int, ups: int, downs: int) -> Counter:
        up, down = self.totals.get(replica, (0, 0))
        return Counter({**self.totals, replica: (up + ups, down + downs)})

    with patch.object(Counter, "count", count):
        yield


@_mutant
def group_by_field() -> Iterator[None]:
    """Fields that only make sense together are put together from two people's words."""
    both = Register.merge

    def merged(self: Register, other: Register) -> Register:
        found = both(self, other)
        values = [v.value for _, v in sorted(found.versions.items())]
        if len(values) != 2 or not all(isinstance(v, tuple) and len(v) == len(values[0]) for v in values):  # type: ignore[arg-type]
            return found
        last = max(found.versions)
        mixed: SlotValue = tuple(a if b is None else b for a, b in zip(*values, strict=True))
        return Register({last: Version(mixed, found.versions[last].hlc)}, found.context)

    with patch.object(Register, "merge", merged):
        yield


@_mutant
def tombstone_beats_edit() -> Iterator[None]:
    """Once deleted is deleted, whatever somebody else wrote meanwhile."""

    def deletion_of(state: merge.EntityState) -> merge.Deletion:
        versions = state.register(0).versions.values()
        return merge.Deletion(any(v.value is not None for v in versions), False)

    with (
        patch("app.models.rows.deletion_of", deletion_of),
        patch("tests.simulation.ledger.deletion_of", deletion_of),
        patch("tests.simulation.ending.deletion_of", deletion_of),
    ):
        yield


@_mutant
def writes_ignore_what_was_seen() -> Iterator[None]:
    """A write replaces everything that stands, also what its author never saw."""

    def write(self: Register, dot: Dot, version: Version, context: VersionVector) -> Register:
        if covers(self.context, dot):
            return self
        return Register({dot: version}, join(join(self.context, context), {dot.replica: dot.n}))

    with patch.object(Register, "write", write):
        yield


# -- identities ------------------------------------------------------------------------------------


@_mutant
def replica_reused_after_restore() -> Iterator[None]:
    """A restored profile goes on with the numbers it had."""
    with patch.object(incarnation, "begin", lambda _connection: 0):
        yield


@_mutant
def new_identity_before_the_old_tail() -> Iterator[None]:
    """What was written under the new number is sent before what still waits under the old one."""
    rightly = outbox.next_batch

    def next_batch(store: Store, limit: int, max_bytes: int, after: int = 0) -> outbox.Batch:
        batch = rightly(store, 10_000, max_bytes)
        newest = sorted(batch.changes, key=lambda c: c[0] != outbox.standing(store).replicas[-1])
        return replace(batch, changes=tuple(newest[:limit]))

    with patch.object(outbox, "next_batch", next_batch):
        yield


# -- sending and receipts --------------------------------------------------------------------------


@_mutant
def outbox_pruned_on_the_answer() -> Iterator[None]:
    """What the agency has taken is let go before its rows have come back."""
    rightly = exchange.Exchange.take_outcomes

    def take_outcomes(self: exchange.Exchange, reply: Any) -> int:
        dealt = rightly(self, reply)
        confirming.confirm(self.store, self.dealt, [])
        return dealt

    with patch.object(exchange.Exchange, "take_outcomes", take_outcomes):
        yield


@_mutant
def receipt_taken_from_the_push() -> Iterator[None]:
    """ "Übertragen" is shown once the request has been answered, whatever the answer covers."""
    rightly = exchange.Exchange.ask

    def ask(self: exchange.Exchange, audit: bool = False) -> exchange.Asked:
        asked = rightly(self, audit)
        with writing(self.store.engine) as connection:
            for raw in asked.request.changes:
                told = (change.c.replica == raw[0], change.c.n == raw[1])
                connection.execute(update(change).where(*told).values(state="confirmed"))
        return asked

    with patch.object(exchange.Exchange, "ask", ask):
        yield


@_mutant
def quarantine_dropped() -> Iterator[None]:
    """What the agency may not take is thrown away."""
    rightly = database.upsert

    def upsert(connection: Connection, table: Any, rows: Any, change: bool = True) -> None:
        if table is not quarantine:
            rightly(connection, table, rows, change)

    with patch("app.server.push.upsert", upsert):
        yield


@_mutant
def quarantine_forgotten_by_its_author() -> Iterator[None]:
    """A refused change is taken for done and its words go from the author's screen."""

    def mark(store: Store, refused: Any) -> frozenset[Any]:
        with store.gate.batch(), writing(store.engine) as connection:
            for replica, n, _ in refused:
                told = (change.c.replica == replica, change.c.n == n)
                connection.execute(update(change).where(*told).values(state="confirmed"))
        return frozenset()

    with patch.object(confirming, "quarantine", mark):
        yield


# -- reading ---------------------------------------------------------------------------------------


@_mutant
def gaps_in_the_feed() -> Iterator[None]:
    """A step gets its number now and is seen later: whoever reads in between never reads it."""
    dice = random.Random(1)
    late: list[Any] = []
    rightly = database.upsert

    def upsert(connection: Connection, table: Any, rows: Any, change: bool = True) -> None:
        now, waiting = [*late], [row for row in rows if dice.random() < 0.3]
        late[:] = waiting
        rightly(connection, table, [*now, *(row for row in rows if row not in waiting)], change)

    with patch("app.server.feed.upsert", upsert):
        yield


@_mutant
def cursor_before_its_batch() -> Iterator[None]:
    """The place is kept in one transaction and what was read there in another."""
    rightly = incoming.take_steps

    def take_steps(store: Store, steps: Any, arrived: Any, epoch: str) -> None:
        incoming.move_cursors(store, {s.scope: s.seq for s in steps}, epoch)
        rightly(store, steps, arrived, epoch)

    with patch.object(incoming, "take_steps", take_steps):
        yield


@_mutant
def base_replaced_by_what_comes() -> Iterator[None]:
    """The agency's row takes the place of what is here, with own words that are not part of it yet."""

    def fold(base: merge.EntityState, own: Any) -> merge.EntityState:
        return base

    with patch.object(own_changes, "fold", fold):
        yield


@_mutant
def stays_after_its_scope_is_gone() -> Iterator[None]:
    """What left this device's scopes stays on it."""
    with patch.object(leaving, "forget", lambda *_: None):
        yield


@_mutant
def internal_words_kept_by_former_owners() -> Iterator[None]:
    """Who reads a record as others do from now on keeps the internal words of earlier."""
    with (
        patch.object(own_changes, "within", lambda state, _held: state),
        patch.object(incoming, "within", lambda state, _held: state),
    ):
        yield


@_mutant
def internal_words_kept_in_the_history() -> Iterator[None]:
    """What stood in a field goes from the record, and stays among what stood there earlier."""
    with patch.object(settle, "erase", lambda *_: None):
        yield


@_mutant
def gone_while_healing() -> Iterator[None]:
    """What a restored agency's old feed calls gone goes before it has been offered to it."""
    with patch("app.models.incoming.epochs.is_healing", lambda _: False):
        yield


@_mutant
def editable_after_it_left() -> Iterator[None]:
    """A record that left one's scopes with unsettled work goes on being edited."""
    rightly = leaving.leave

    def leave(connection: Connection, row: Any, *rest: Any) -> None:
        rightly(connection, row, *rest)
        connection.execute(update(entity).where(entity.c.row == row.row).values(frozen=0))

    with patch.object(leaving, "leave", leave):
        yield


@_mutant
def evicted_with_unsent_work() -> Iterator[None]:
    """A record that left one's scopes goes at once, with what was not sent yet."""
    rightly = leaving.leave

    def leave(connection: Connection, row: Any, held: str, own: bool, arrived: Any) -> None:
        rightly(connection, row, held, False, arrived)

    with patch.object(leaving, "leave", leave):
        yield


# -- two registries of fields ----------------------------------------------------------------------


@_mutant
def not_read_again_after_an_update() -> Iterator[None]:
    """What an earlier program has passed over stays unknown to the newer one."""
    with patch("app.sync.engine.rereading.rewind", lambda _store, _version: False):
        yield


@_mutant
def sets_an_earlier_program_passed_over_are_taken_for_known() -> Iterator[None]:
    """Read again by the newer program, what was seen before is looked at for new registers only."""

    def older(live: EntityState, told: EntityState) -> bool:
        return includes(live.seen, told.seen) and told.registers.keys() <= live.registers.keys()

    with patch.object(incoming, "_covers", older):
        yield


# -- after a restore of the agency -----------------------------------------------------------------


@_mutant
def no_journal_after_restore() -> Iterator[None]:
    """What was confirmed once is not sent again."""
    with patch.object(epochs, "_send_again", lambda *_: 0):
        yield


@_mutant
def base_wiped_on_epoch_change() -> Iterator[None]:
    """A new epoch begins with an empty profile, as far as nothing waits."""
    rightly = epochs.begin

    def begin(store: Store, epoch: str, accepted: VersionVector) -> int:
        again = rightly(store, epoch, accepted)
        with store.gate.batch(), writing(store.engine) as connection:
            rows = connection.execute(entity.select()).all()
            own = own_changes.own_changes(connection, [row.id for row in rows])
            for row in rows:
                if not own.get(row.id):
                    settle.forget(connection, row.kind, row.row, row.id)
        return again

    with patch.object(epochs, "begin", begin):
        yield


@_mutant
def outbox_pruned_on_epoch_change() -> Iterator[None]:
    """What the restored agency says to have is let go before anything has been read again."""
    rightly = epochs.begin

    def begin(store: Store, epoch: str, accepted: VersionVector) -> int:
        again = rightly(store, epoch, accepted)
        with store.gate.batch(), writing(store.engine) as connection:
            replicas = {r for (r,) in connection.execute(change.select().with_only_columns(change.c.replica))}
            for r in sorted(replicas):
                last = accepted.get(r, 0)
                told = (change.c.replica == r, change.c.n > last)
                connection.execute(update(change).where(*told).values(state="confirmed"))
        return again

    with patch.object(epochs, "begin", begin):
        yield


@_mutant
def digests_never_compared() -> Iterator[None]:
    """After a restore of the agency nobody looks whether both ends are equal."""
    with patch.object(Audit, "_differing", lambda *_: []):
        yield


@_mutant
def heal_never_offered() -> Iterator[None]:
    """What the restored agency has forgotten is found, and kept to oneself."""
    with patch.object(Audit, "_heal", lambda *_: set[str]()):
        yield


# -- settling --------------------------------------------------------------------------------------


@_mutant
def questions_never_close() -> Iterator[None]:
    """A question stays although a person has decided."""
    rightly = settle._ask

    def ask(connection: Connection, s: settle.Settlement, now_ms: int) -> None:
        if open_slots(s.new) or s.old is None:
            rightly(connection, s, now_ms)

    with patch.object(settle, "_ask", ask):
        yield


@_mutant
def index_not_kept() -> Iterator[None]:
    """The full-text index keeps the words a record had when it came."""
    rightly = settle._update

    def update_(connection: Connection, differing: Any) -> None:
        saying = connection.exec_driver_sql

        def say(_: Connection, sql: str, *more: Any) -> Any:
            return None if "search" in sql else saying(sql, *more)

        with patch.object(type(connection), "exec_driver_sql", say):
            rightly(connection, differing)

    with patch.object(settle, "_update", update_):
        yield


def mutation(name: str) -> Mutant:
    """The mutant of that name.

    Raises:
        KeyError: there is none; the message lists those there are.
    """
    if name not in MUTANTS:
        raise KeyError(f"{name}: {', '.join(MUTANTS)}")
    return MUTANTS[name]
