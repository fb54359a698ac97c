"""Who writes under which replica id, as the agency tells it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.models.engine import reading, writing
from app.models.store import Store
from app.models.tables import author

_AUTHORS = select(author)


def learn_authors(store: Store, authors: Sequence[tuple[int, str, str, str]]) -> None:
    """Who writes under which replica id: (replica, person, device, ags)."""
    if not authors:
        return
    with reading(store.engine) as connection:
        known = {(a.replica, a.person, a.device, a.ags) for a in connection.execute(_AUTHORS)}
    if known.issuperset(authors):
        return
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        statement = insert(author)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["replica"],
                set_={c: statement.excluded[c] for c in ("person", "device", "ags")},
            ),
            [{"replica": r, "person": p, "device": d, "ags": a} for r, p, d, a in authors],
        )


def unknown(store: Store, replicas: Sequence[int]) -> frozenset[int]:
    """Those of them that nobody has named yet."""
    if not replicas:
        return frozenset()
    with reading(store.engine) as connection:
        named = connection.execute(select(author.c.replica).where(author.c.replica.in_(replicas))).scalars()
        return frozenset(replicas) - frozenset(named)
