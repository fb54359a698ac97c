"""A workshop while it is held: its cards and tasks as light rows, its agenda, head counts, who wrote text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Select, select

from app.domain.fields import KINDS
from app.domain.ids import EntityId, text_peer
from app.domain.text import TextState
from app.models import settings
from app.models.queries.reader import Reader
from app.models.tables import author, change, change_entity, entity, kind_tables, question

_CARD = kind_tables["contribution"]
_TASK = kind_tables["task"]
_MOST_IDS = 400
_GENERATIONS = 4
_BIRTH = {kind: str(KINDS[kind].by_name["noted_at"].id) for kind in ("contribution", "task")}
"""`noted_at` is written once, when a card is made: its clock tells who made it."""


class CardLine(NamedTuple):
    """A card or a task as it stands in a column; a tuple, for ten thousand of them are made when a workshop opens.

    Attributes:
        record: "contribution" or "task".
        kind: `ContributionKind` code, or "task".
        noted_at: when it was written, as its device's clock claimed (RFC 3339 UTC).
        person: who wrote it, "" if unknown; `mine` if it was this profile.
        pending: own changes to it are not transferred yet.
        open_question: it has two versions.
        cluster: the heading it hangs under at the wall; parked cards are in the Themenspeicher.
        measures: what it became.
    """

    record: str
    id: EntityId
    kind: str
    text: str
    station: EntityId | None
    agenda_item: EntityId | None
    sort: str
    tags: tuple[str, ...]
    noted_at: str
    responsible: str
    due: str
    status: str
    person: str
    mine: bool
    pending: bool
    open_question: bool
    cluster: EntityId | None = None
    parked: bool = False
    measures: tuple[EntityId, ...] = ()


def card_lines(reader: Reader, workshop: EntityId, ids: Sequence[EntityId] | None = None) -> list[CardLine]:
    """Living cards and tasks of a workshop in the order they were written; only some of them by `ids`."""
    with reader.snapshot() as connection:
        context = _Context.of(connection, workshop, ids)
        found: list[CardLine] = []
        for batch in _batches(ids):
            for query, make in ((_cards(workshop), _card), (_tasks(workshop), _task)):
                if batch is not None:
                    query = query.where(entity.c.id.in_(batch))
                found += [make(row, context) for row in connection.execute(query)]
    return sorted(found, key=lambda line: (line.noted_at, line.id))


@dataclass(frozen=True, slots=True)
class _Context:
    me: str
    own: frozenset[int]
    persons: dict[int, str]
    pending: frozenset[EntityId]
    asked: frozenset[EntityId]

    @classmethod
    def of(cls, connection: Connection, workshop: EntityId, ids: Sequence[EntityId] | None) -> _Context:
        waiting = (
            select(change_entity.c.entity_id)
            .join_from(change_entity, change, change.c.seq == change_entity.c.seq)
            .where(change_entity.c.root_id == workshop, change.c.state == "pending")
        )
        asked = select(question.c.entity_id).where(question.c.root_id == workshop)
        if ids is not None and len(ids) <= _MOST_IDS:
            # A workshop may have thousands waiting; for one new card nobody needs to read them all.
            waiting = waiting.where(change_entity.c.entity_id.in_(ids))
            asked = asked.where(question.c.entity_id.in_(ids))
        return cls(
            settings.person(connection).name,
            frozenset(settings.identity(connection).replicas),
            {int(r.replica): str(r.person) for r in connection.execute(select(author))},
            frozenset(connection.execute(waiting).scalars()),
            frozenset(connection.execute(asked).scalars()),
        )


def _batches(ids: Sequence[EntityId] | None) -> Iterable[Sequence[EntityId] | None]:
    if ids is None:
        yield None
        return
    for start in range(0, len(ids), _MOST_IDS):
        yield ids[start : start + _MOST_IDS]


def _cards(workshop: EntityId) -> Select[Any]:
    c = _CARD.c
    return select(
        entity.c.id, entity.c.clocks, c.kind, c.text, c.station_id, c.agenda_item_id, c.sort, c.tags,
        c.noted_at, c.cluster_id, c.parked, c.measure_ids,
    ).join_from(_CARD, entity, entity.c.row == c.row).where(c.root_id == workshop, c.gone == 0)  # fmt: skip


def _tasks(workshop: EntityId) -> Select[Any]:
    c = _TASK.c
    return select(
        entity.c.id, entity.c.clocks, c.title, c.station_id, c.agenda_item_id, c.noted_at, c.responsible,
        c.due, c.status,
    ).join_from(_TASK, entity, entity.c.row == c.row).where(c.root_id == workshop, c.gone == 0)  # fmt: skip


def _card(row: Any, context: _Context) -> CardLine:
    card, clocks, kind, text, station, item, sort, tags, noted_at, cluster, parked, measures = row
    mine, person = _maker(clocks, _BIRTH["contribution"], context)
    return CardLine(
        "contribution", card, kind or "idea", text or "", station, item,
        sort or "", tuple(orjson.loads(tags)) if tags else (), noted_at or "", "", "", "",
        person, mine, card in context.pending, card in context.asked,
        cluster, bool(parked), tuple(orjson.loads(measures)) if measures else (),
    )  # fmt: skip


def _task(row: Any, context: _Context) -> CardLine:
    task, clocks, title, station, item, noted_at, responsible, due, status = row
    mine, person = _maker(clocks, _BIRTH["task"], context)
    return CardLine(
        "task", task, "task", title or "", station, item, "",
        (), noted_at or "", responsible or "", due or "", status or "open",
        person, mine, task in context.pending, task in context.asked,
    )  # fmt: skip


def _maker(clocks: bytes, birth: str, context: _Context) -> tuple[bool, str]:
    told = orjson.loads(clocks)
    single = told.get("f", {}).get(birth) or told.get("b")
    replica = int(single[0]) if single else 0
    mine = replica in context.own
    return mine, context.me if mine else context.persons.get(replica, "")


def task_persons(reader: Reader) -> list[str]:
    """Names that tasks were given to on this device, to be recognised while typing."""
    with reader.snapshot() as connection:
        query = select(_TASK.c.responsible).where(_TASK.c.responsible != "", _TASK.c.gone == 0).distinct()
        return [str(name) for name in connection.execute(query).scalars()]


def text_writers(reader: Reader, entity_id: EntityId, field: int, before: bytes, after: TextState) -> list[str]:
    """Who wrote in a text between two of its versions (`TextState.version`), this profile left out."""
    then, now = _ends(before), _ends(after.version)
    grown = {peer for peer, end in now.items() if end > then.get(peer, 0)}
    if not grown:
        return []
    with reader.snapshot() as connection:
        own = frozenset(settings.identity(connection).replicas)
        return sorted(
            str(r.person)
            for r in connection.execute(select(author))
            if r.replica not in own
            and any(text_peer(int(r.replica), entity_id, field, g) in grown for g in range(_GENERATIONS))
        )


def _ends(version: bytes) -> dict[int, int]:
    """Peer -> number of operations, out of an encoded version vector."""
    numbers: list[int] = []
    value = shift = 0
    for byte in version:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            numbers.append(value)
            value = shift = 0
    pairs = numbers[1:]
    return dict(zip(pairs[::2], pairs[1::2], strict=True))
