"""What rows that have not been taken in would do here: told, not done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState, deletion_of, merge
from app.models import rows
from app.models.engine import reading
from app.models.incoming import Step
from app.models.queries.lists import titles_of
from app.models.store import Store
from app.models.sums import scopes_in
from app.models.tables import entity


class Manner(StrEnum):
    """What would become of a record."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A record that would come, change, or go (deleted, or not shown to this device any more)."""

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    root_title: str
    manner: Manner


def foresee(store: Store, steps: Sequence[Step]) -> list[Foreseen]:
    """What these steps of feeds would do, each record once, in their order; what is known here already is left out."""
    latest = {(step.kind, step.id): step for step in steps}
    with reading(store.engine) as connection:
        found: list[Foreseen] = []
        for step in latest.values():
            loaded = rows.load(connection, step.kind, step.id)
            here = loaded[1] if loaded is not None else None
            shown = step.shown
            manner = _manner(here, shown) if shown is not None else None
            if shown is None and not step.echo and here is not None and _leaves(connection, step):
                manner = Manner.GONE
            known = shown or here
            if manner is not None and known is not None:
                found.append(Foreseen(step.kind, step.id, known.root_kind, known.root_id, "", manner))
        titles = titles_of(connection, [(one.root_kind, one.root_id) for one in found])
    titles |= {state.id: _title(state) for step in latest.values() if (state := step.shown) is not None}
    return [
        Foreseen(one.kind, one.id, one.root_kind, one.root_id, titles.get(one.root_id, ""), one.manner) for one in found
    ]


def _manner(here: EntityState | None, coming: EntityState) -> Manner | None:
    if here is None or not here.exists:
        return None if deletion_of(coming).deleted else Manner.NEW
    after = merge(here, coming)
    if after == here:
        return None
    if deletion_of(after).deleted and not deletion_of(here).deleted:
        return Manner.GONE
    return Manner.CHANGED


def _leaves(connection: Connection, step: Step) -> bool:
    """Whether the scope is the only one that holds the record here."""
    held = connection.execute(select(entity.c.held).where(entity.c.id == step.id)).scalar()
    return set(scopes_in(held or "")) <= {step.scope}


def _title(state: EntityState) -> str:
    kind = KINDS[state.kind]
    return str(state.register(kind.slot_of[kind.title].id).value or "")[:200] if kind.title is not None else ""
