"""What hangs together: roots of changed records, parts of a root, what went with a deletion, own rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.domain.access import Grant
from app.domain.fields import DELETION_SLOT
from app.domain.ids import EntityId
from app.models import rows, settings
from app.models.queries.reader import Reader
from app.models.tables import entity, kind_tables

_AT_ONCE = 500


def my_grant(reader: Reader) -> Grant:
    """What this device may do."""
    with reader.snapshot() as connection:
        return settings.grant(connection)


def myself(reader: Reader) -> settings.Person:
    """Who works here, for which municipality."""
    with reader.snapshot() as connection:
        return settings.person(connection)


def roots_of(reader: Reader, keys: Iterable[tuple[str, EntityId]], root_kind: str) -> frozenset[EntityId]:
    """Roots of one kind that the given records are or hang below; also roots that have just left this device."""
    asked = frozenset(keys)
    ids = sorted({i for _, i in asked})
    found = {i for kind, i in asked if kind == root_kind}
    with reader.snapshot() as connection:
        for start in range(0, len(ids), _AT_ONCE):
            query = select(entity.c.root_id).where(
                entity.c.id.in_(ids[start : start + _AT_ONCE]), entity.c.root_kind == root_kind
            )
            found.update(connection.execute(query).scalars())
    return frozenset(found)


def living_parts(reader: Reader, roots: Sequence[EntityId]) -> dict[EntityId, list[tuple[str, EntityId]]]:
    """Parts (kind, id) of each root that are not deleted; roots without parts have an empty list."""
    found: dict[EntityId, list[tuple[str, EntityId]]] = {root: [] for root in roots}
    with reader.snapshot() as connection:
        for start in range(0, len(roots), _AT_ONCE):
            query = select(entity.c.root_id, entity.c.kind, entity.c.id).where(
                entity.c.root_id.in_(roots[start : start + _AT_ONCE]),
                entity.c.id != entity.c.root_id,
                entity.c.gone == 0,
            )
            for root, kind, part in connection.execute(query):
                found[root].append((kind, part))
    return found


def gone_with(reader: Reader, root_kind: str, root_id: EntityId) -> list[tuple[str, EntityId]]:
    """Parts that the same change deleted as the root: what "Wiederherstellen" brings back with it."""
    with reader.snapshot() as connection:
        root = rows.load(connection, root_kind, root_id)
        if root is None:
            return []
        deletions = root[1].register(DELETION_SLOT).versions.keys()
        query = select(entity.c.kind, entity.c.id).where(
            entity.c.root_id == root_id, entity.c.id != root_id, entity.c.gone == 1
        )
        found: list[tuple[str, EntityId]] = []
        for kind, part in connection.execute(query).all():
            loaded = rows.load(connection, kind, part)
            if loaded is not None and deletions & loaded[1].register(DELETION_SLOT).versions.keys():
                found.append((kind, part))
        return found


def users_of(reader: Reader, measures: Sequence[EntityId]) -> list[str]:
    """Titles of living measures that depend on one of these and are none of them."""
    m = kind_tables["measure"].c
    with reader.snapshot() as connection:
        found: set[tuple[str, str]] = set()
        for one in measures[:_AT_ONCE]:
            query = select(m.root_id, m.title).where(
                m.gone == 0, m.dependencies.contains(f":{one}"), m.root_id.not_in(measures[:_AT_ONCE])
            )
            found.update((str(r.root_id), str(r.title)) for r in connection.execute(query))
    return sorted(title for _, title in found)
