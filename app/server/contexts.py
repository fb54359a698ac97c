"""What a change claims to have seen, cut down to what can have been seen.

Everything a device knows of others it knows from here. A context beyond that is a mistake or worse: it
would silence words nobody has written yet. It is cut, not refused: after a restore an honest device may
have seen what is not back yet, and then the worst that follows is a question somebody has to answer.
What a device has healed (`app.server.heal`) can have been seen again, and what its author has announced
(`app.server.carrying`) may have been heard in a hall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from app.domain.change import Add, Change, Count, Create, Delete, Keep, Op, Remove, TextEdit, Write
from app.domain.clock import VersionVector
from app.server.tables import hearsay
from app.server.tables import replica as replicas


def known(connection: Connection, changes: Iterable[Change], reach: Mapping[int, int]) -> dict[int, int]:
    """How far every replica named in these changes has come; `reach` counts this request already."""
    named = {r for change in changes if claims(change) for op in change.ops for r in _named(op)} - reach.keys()
    found = dict(reach)
    numbers = sorted(named | reach.keys())
    if named:
        rows = connection.execute(
            select(replicas.c.replica, replicas.c.max_n, replicas.c.announced_n).where(
                replicas.c.replica.in_(sorted(named))
            )
        )
        found.update((row.replica, max(row.max_n, row.announced_n)) for row in rows)
    for replica, n in heard(connection, numbers).items():
        found[replica] = max(n, found.get(replica, 0))
    return found


def heard(connection: Connection, numbers: Iterable[int]) -> dict[int, int]:
    """How far these replicas are known from others' heals, where that says anything."""
    rows = connection.execute(_HEARD, {"numbers": sorted(numbers)})
    return {row.replica: row.n for row in rows}


_HEARD = select(hearsay).where(hearsay.c.replica.in_(bindparam("numbers", expanding=True)))


def believable(change: Change, reach: Mapping[int, int]) -> Change:
    """The change without what its author cannot have seen."""
    if not claims(change):
        return change
    ops = tuple(_cut(op, reach) for op in change.ops)
    same = all(cut is op or cut == op for cut, op in zip(ops, change.ops, strict=True))
    return change if same else replace(change, ops=ops)


def claims(change: Change) -> bool:
    """Whether it says anything of what its author had seen; first words, as most are, do not."""
    for op in change.ops:
        if op.__class__ is Write:
            if op.context:
                return True
        elif op.__class__ not in _BLIND:
            return True
    return False


_BLIND = frozenset((Create, Add, Count, TextEdit))
"""Operations that say nothing of what had been seen."""


def _named(op: Op) -> set[int]:
    match op:
        case Delete(seen=seen, context=context):
            return seen.keys() | context.keys()
        case Write(context=context) | Keep(context=context):
            return set(context)
        case Remove(dots=dots):
            return {d.replica for held in dots.values() for d in held}
        case _:
            return set()


def _cut(op: Op, reach: Mapping[int, int]) -> Op:
    match op:
        case Write(context=context) | Keep(context=context) if not context:
            return op  # a first word, as most are
        case Delete(seen=seen, context=context):
            return replace(op, seen=_least(seen, reach), context=_least(context, reach))
        case Write(context=context) | Keep(context=context):
            return replace(op, context=_least(context, reach))
        case Remove(dots=dots):
            kept = {e: tuple(d for d in held if d.n <= reach.get(d.replica, 0)) for e, held in dots.items()}
            return replace(op, dots=kept)
        case _:
            return op


def _least(claimed: VersionVector, reach: Mapping[int, int]) -> dict[int, int]:
    cut = {r: min(n, reach.get(r, 0)) for r, n in claimed.items()}
    return {r: n for r, n in cut.items() if n}
