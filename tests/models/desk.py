"""What a person does at a desk in these tests, in few words, and how the result is looked at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, select

from app.domain.ids import EntityId, new_id
from app.domain.merge import EntityState
from app.domain.packing import pack
from app.models import rows
from app.models.engine import reading
from app.models.store import Store
from app.models.tables import change, entity, kind_tables, question

KEY = bytes(range(32))
AGS = "05958004"


class Clock:
    """A clock that goes on by a millisecond whenever it is read."""

    def __init__(self, start_ms: int = 1_710_000_000_000) -> None:
        self.now_ms = start_ms

    def __call__(self) -> int:
        self.now_ms += 1
        return self.now_ms


def make_measure(store: Store, title: str = "Radweg", **values: object) -> EntityId:
    made = new_id()
    with store.change("measure.create") as draft:
        draft.create("measure", made, values={"title": title, "lead_ags": AGS} | values)
    return made


def edit(store: Store, entity_id: EntityId, kind: str = "measure", **values: object) -> None:
    with store.change(f"{kind}.edit") as draft:
        draft.set(kind, entity_id, values)


def live(store: Store, entity_id: EntityId, kind: str = "measure") -> EntityState | None:
    with reading(store.engine) as connection:
        found = rows.load(connection, kind, entity_id)
        return None if found is None else found[1]


def row_of(store: Store, entity_id: EntityId) -> Any:
    """The database's own row of a record, or None."""
    with reading(store.engine) as connection:
        return connection.execute(select(entity).where(entity.c.id == entity_id)).one_or_none()


def shown(store: Store, entity_id: EntityId, field: str, kind: str = "measure") -> Any:
    """What a list shows: the typed column."""
    table = kind_tables[kind]
    query = select(table.c[field]).join_from(entity, table, entity.c.row == table.c.row)
    with reading(store.engine) as connection:
        return connection.execute(query.where(entity.c.id == entity_id)).scalar_one_or_none()


def count(store: Store, table: Table) -> int:
    with reading(store.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def states_of_changes(store: Store) -> list[str]:
    with reading(store.engine) as connection:
        return list(connection.execute(select(change.c.state).order_by(change.c.seq)).scalars())


def questions(store: Store) -> list[tuple[str, int]]:
    with reading(store.engine) as connection:
        return [(q.entity_id, q.slot) for q in connection.execute(select(question))]


def found_by(store: Store, words: str) -> list[str]:
    """Ids of the records the full-text index finds."""
    with reading(store.engine) as connection:
        found = connection.exec_driver_sql(
            "SELECT e.id FROM search s JOIN entity e ON e.row = s.rowid WHERE search MATCH ?", (words,)
        )
        return [str(each) for each in found.scalars()]


def same(a: EntityState | None, b: EntityState | None) -> bool:
    """Whether two states would travel as the same row."""
    return (a is None) == (b is None) and (a is None or b is None or pack(a) == pack(b))
