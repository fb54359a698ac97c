"""The agency's word on changes of ours: taken, with receipts kept and changes let go of, or set aside there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.clock import VersionVector
from app.domain.draft import Key
from app.models import incoming
from app.models.asking import Asking
from app.models.engine import among, listed, reading, writing
from app.models.letting_go import let_go
from app.models.store import Store
from app.models.tables import change, change_entity, entity, receipt

CONFIRMED = 500
"""Changes marked per transaction: a small statement each, unless a record has to be folded for it."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the agency's word settled: number of changes, keys of their records, receipt numbers."""

    changes: int
    keys: frozenset[Key]
    receipts: tuple[int, ...]


def confirm(store: Store, accepted: VersionVector, receipts: Sequence[tuple[int, int, int, str]]) -> Confirmed:
    """Stores receipts (no, replica, n, at) and lets go of the changes that the agency's word covers.

    To be called only after every row of the same snapshot has been taken.
    """
    settled = 0
    keys: set[Key] = set()
    while _has_to_confirm(store, accepted, receipts):
        with store.gate.batch(), writing(store.engine, durable=False) as connection:
            _keep_receipts(connection, receipts)
            covered, is_all = _covered(connection, accepted)
            if not covered:
                break
            _mark_confirmed(connection, covered)
            touched = let_go(connection, covered, store.clock())
        store.tell(frozenset(touched))
        keys |= touched
        settled += len(covered)
        if is_all:
            break
    return Confirmed(settled, frozenset(keys), tuple(r[0] for r in receipts))


def _has_to_confirm(store: Store, accepted: VersionVector, receipts: Sequence[tuple[int, int, int, str]]) -> bool:
    with reading(store.engine) as connection:
        told = [no for no, _, _, _ in receipts]
        found = connection.execute(_KNOWN, {"told": listed(told)}) if told else ()
        known = {(no, replica, n) for no, replica, n in found}
        unknown = any((no, replica, n) not in known for no, replica, n, _ in receipts)
        return unknown or any(_ANY(connection, by=r, to=n) for r, n in accepted.items())


_KNOWN = select(receipt.c.no, receipt.c.replica, receipt.c.n).where(receipt.c.no.in_(among("told")))
_KEPT = insert(receipt)
_KEEP = _KEPT.on_conflict_do_update(
    index_elements=["no", "replica"], set_={"n": _KEPT.excluded.n, "at": _KEPT.excluded.at}
)


def _keep_receipts(connection: Connection, receipts: Sequence[tuple[int, int, int, str]]) -> None:
    """A restored agency gives a number once more: what it says now counts."""
    if receipts:
        connection.execute(_KEEP, [{"no": no, "replica": r, "n": n, "at": at} for no, r, n, at in receipts])


def _covered(connection: Connection, accepted: VersionVector) -> tuple[list[Any], bool]:
    """Changes that are settled now, as many as one transaction takes, and whether that is all of them."""
    found: list[Any] = []
    for replica, n in accepted.items():
        found.extend(connection.execute(_DEALT, {"by": replica, "to": n, "most": CONFIRMED - len(found)}))
        if len(found) >= CONFIRMED:
            break
    taken = _at_most(connection, found, incoming.BATCH) if len(found) > 1 else found
    return taken, len(taken) == len(found) < CONFIRMED


_WAITS = (
    change.c.state == "pending",
    # The plus keeps SQLite from going through all that was ever dealt with: what waits is at hand by its state.
    change.c.replica.op("+")(0) == bindparam("by"),
    change.c.n <= bindparam("to"),
)
_ANY = Asking(select(change.c.seq).where(*_WAITS).limit(1))
_dealt = change.alias()
_LAST = select(func.max(_dealt.c.seq)).where(_dealt.c.replica == bindparam("by"), _dealt.c.n <= bindparam("to"))
_DEALT = (
    select(change.c.seq, change.c.replica, change.c.n)
    # Nor need it look at the bodies of what waits behind the last one, thousands after days alone.
    .where(*_WAITS, change.c.seq <= _LAST.scalar_subquery())
    .order_by(change.c.seq)
    .limit(bindparam("most"))
)
_TO_FOLD = (
    select(change_entity.c.seq, func.count())
    .join_from(change_entity, entity, entity.c.id == change_entity.c.entity_id)
    .where(change_entity.c.seq.in_(among("seqs")), entity.c.base.is_not(None))
    .group_by(change_entity.c.seq)
)


def _at_most(connection: Connection, found: list[Any], records: int) -> list[Any]:
    """So many of the changes, from the front, that no more records than that have to be folded; at least one."""
    sizes = {
        int(seq): int(count) for seq, count in connection.execute(_TO_FOLD, {"seqs": listed(c.seq for c in found)})
    }
    total = 0
    for i, c in enumerate(found):
        total += sizes.get(c.seq, 0)
        if i and total > records:
            return found[:i]
    return found


def _mark_confirmed(connection: Connection, covered: Sequence[Any]) -> None:
    connection.execute(_CONFIRM, {"seqs": listed(c.seq for c in covered)})


_FIRST = select(func.min(receipt.c.no)).where(receipt.c.replica == change.c.replica, receipt.c.n >= change.c.n)
_CONFIRM = (
    update(change)
    .where(change.c.seq.in_(among("seqs")))
    .values(state="confirmed", receipt=_FIRST.correlate(change).scalar_subquery())
)


def quarantine(store: Store, refused: Sequence[tuple[int, int, str]]) -> frozenset[Key]:
    """Marks own changes (replica, n, reason) as waiting at the agency; their words stay visible here."""
    keys: set[Key] = set()
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        for replica, n, reason in refused:
            connection.execute(
                update(change)
                .where(change.c.replica == replica, change.c.n == n)
                .values(state="quarantined", reason=reason)
            )
            keys |= {
                (k, e)
                for k, e in connection.execute(
                    select(entity.c.kind, entity.c.id)
                    .join_from(change_entity, entity, entity.c.id == change_entity.c.entity_id)
                    .join(change, change.c.seq == change_entity.c.seq)
                    .where(change.c.replica == replica, change.c.n == n)
                )
            }
    store.tell(frozenset(keys))
    return frozenset(keys)
