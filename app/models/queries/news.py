"""What others changed since the person last looked: one line per field, from what stood here to what stands now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from app.domain.clock import wall_ms_of
from app.domain.fields import DELETION_SLOT, KINDS, Slot
from app.domain.ids import EntityId
from app.domain.merge import EntityState, deletion_of
from app.models import rows, settings
from app.models.arrivals import LONGEST, LOOKED_AT, LOOKED_UPTO
from app.models.queries.followed import FOLLOWED
from app.models.queries.lists import titles_of
from app.models.queries.reader import Reader
from app.models.tables import arrival, author, entity

FieldValue = object
"""A scalar, or for a set its elements as a list."""


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One field of one record that others changed, or one record that is new, gone or back.

    Attributes:
        deed: "changed", "new", "gone" or "back".
        field: the first field that differs, "" unless changed; `more` says how many others of its group do.
        before: what stood here when the person last looked; a long text is cut.
        after: what stands here now.
        at: milliseconds UTC as the writer's clock claimed; when it arrived where no clock is kept.
        followed: the person watches the measure it is about.
    """

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    title: str
    root_title: str
    deed: str
    field: str
    before: FieldValue
    after: FieldValue
    more: int
    person: str
    ags: str
    at: int
    followed: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """The newest lines, how many records and fields there are in all, and the number of the last arrival seen.

    Attributes:
        looked_at: milliseconds UTC of the last look, 0 if there was none.
        upto: hand back to `services.today.look`.
    """

    lines: tuple[NewsLine, ...]
    total: int
    looked_at: int
    upto: int


def news(reader: Reader, limit: int = 8) -> News:
    """What arrived since the last look: what is followed first, then the newest."""
    with reader.snapshot() as connection:
        return news_in(connection, limit)


def news_in(connection: Connection, limit: int) -> News:
    """`news` within a snapshot."""
    told = settings.every(connection)
    since = int(told.get(LOOKED_UPTO, "0"))
    newest = int(connection.execute(select(func.max(arrival.c.id))).scalar() or 0)
    watched = frozenset(told.get(FOLLOWED, "").split())
    groups = sorted(_grouped(connection, since), key=lambda group: group.last.root_id not in watched)
    lines = tuple(replace(line, followed=line.root_id in watched) for line in islice(_lines(connection, groups), limit))
    return News(lines, len(groups), int(told.get(LOOKED_AT, "0")), max(newest, since))


@dataclass(slots=True)
class _Group:
    first: Any
    last: Any


def _grouped(connection: Connection, since: int) -> list[_Group]:
    """First and last arrival of every field, the newest field first; parts of new roots are left out."""
    query = (
        select(arrival, entity.c.kind, entity.c.root_kind, entity.c.root_id)
        .join_from(arrival, entity, entity.c.id == arrival.c.entity_id)
        .where(arrival.c.id > since)
        .order_by(arrival.c.id)
    )
    groups: dict[tuple[str, int | None], _Group] = {}
    for r in connection.execute(query):
        key = (r.entity_id, r.slot)
        held = groups.pop(key, None)
        groups[key] = _Group(r if held is None else held.first, r)
    new = {entity_id for entity_id, slot in groups if slot is None}
    kept = [
        g
        for (entity_id, slot), g in groups.items()
        if not (entity_id in new and slot is not None) and (g.last.root_id == entity_id or g.last.root_id not in new)
    ]
    return kept[::-1]


def _lines(connection: Connection, groups: Sequence[_Group]) -> Iterable[NewsLine]:
    """One by one, so that only those that are shown cost anything."""
    for group in groups:
        loaded = rows.load(connection, group.last.kind, group.last.entity_id)
        if loaded is None:
            continue
        line = _line(connection, group, loaded[1])
        if line is not None:
            yield line


def _line(connection: Connection, group: _Group, state: EntityState) -> NewsLine | None:
    last = group.last
    if last.slot is None and deletion_of(state).deleted:
        return None  # came and went
    titles = titles_of(connection, {(last.kind, last.entity_id), (last.root_kind, last.root_id)})
    who = connection.execute(select(author).where(author.c.replica == last.replica)).one_or_none()
    deed, field, before, after, more = "new", "", None, None, 0
    was = orjson.loads(group.first.before or "null")
    if last.slot == DELETION_SLOT:
        gone = deletion_of(state).deleted
        if gone == bool(was):
            return None
        deed = "gone" if gone else "back"
    elif last.slot is not None:
        found = _difference(KINDS[last.kind].slot_by_id.get(last.slot), was, state)
        if found is None:
            return None
        deed, (field, before, after, more) = "changed", found
    return NewsLine(
        last.kind, last.entity_id, last.root_kind, last.root_id, titles.get(last.entity_id, ""),
        titles.get(last.root_id, ""), deed, field, before, after, more,
        who.person if who else "", who.ags if who else "", wall_ms_of(last.hlc) if last.hlc else last.at,
    )  # fmt: skip


def _difference(slot: Slot | None, was: Any, state: EntityState) -> tuple[str, FieldValue, FieldValue, int] | None:
    """(first field that differs, before, after, how many more); None where all is as it was."""
    if slot is None:
        return None  # written by a newer version
    if slot.id in state.sets or (isinstance(was, list) and not slot.is_group):
        now: Any = list(state.set(slot.id).value)
        return None if now == was else (slot.fields[0].name, was, now, 0)
    value = state.register(slot.id).value
    if not slot.is_group:
        return None if _same(was, value) else (slot.fields[0].name, was, value, 0)
    none = [None] * len(slot.fields)
    before, after = was or none, list(value) if isinstance(value, tuple) else none
    differing = [(f.name, b, a) for f, b, a in zip(slot.fields, before, after, strict=True) if not _same(b, a)]
    return (*differing[0], len(differing) - 1) if differing else None


def _same(was: object, value: object) -> bool:
    """Whether a kept value is the one that stands; none and empty are the same, of a cut one nobody knows."""
    if isinstance(was, str) and len(was) >= LONGEST:
        return False
    return (None if was == "" else was) == (None if value == "" else value)
