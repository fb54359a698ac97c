"""Windows over long lists: measures by filter and order, workshops, tasks. Never the whole list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
)

from app.domain.catalogue import FieldOfAction
from app.domain.fields import KINDS
from app.domain.german import fts_query
from app.domain.ids import EntityId
from app.models.queries.reader import Reader
from app.models.tables import author, change, change_entity, entity, kind_tables, question, setting

measure = kind_tables["measure"]
workshop = kind_tables["workshop"]

Order = Literal["title", "lead", "status", "light", "start", "cost", "changed"]
Grouping = Literal["field", "lead", "bundle", "status"]


@dataclass(frozen=True, slots=True)
class MeasureFilter:
    """What a list of measures shows; empty parts do not filter.

    Attributes:
        text: words to be found anywhere in the record, as typed.
        ags: lead or participating municipality is one of these.
        not_statuses: statuses left out.
        untouched_since_ms: last change older than this instant.
        gone: the deleted ones instead of the living.
    """

    text: str = ""
    statuses: frozenset[str] = frozenset()
    not_statuses: frozenset[str] = frozenset()
    lights: frozenset[str] = frozenset()
    fields_of_action: frozenset[str] = frozenset()
    ags: frozenset[str] = frozenset()
    lead_ags: frozenset[str] = frozenset()
    bundle_code: str = ""
    untouched_since_ms: int | None = None
    open_questions: bool = False
    pending: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One row of the table. Codes as in `domain.catalogue`; dates encoded as in `domain.values`."""

    id: EntityId
    title: str
    code: str
    lead_ags: str
    participating: tuple[str, ...]
    fields_of_action: tuple[str, ...]
    status: str
    traffic_light: str
    start: str
    end: str
    cost_cents: int | None
    changed_at: int
    changed_by: str
    pending: bool
    open_question: bool
    frozen: bool


_CHILD = entity.alias("child")
_COST = kind_tables["cost_item"]
CLOSED = ("completed", "in_operation", "rejected")
STATUS_ORDER = (
    "idea", "in_review", "planned", "funding_review", "rework_required", "approved", "procurement",
    "in_progress", "paused", "completed", "in_operation", "rejected",
)  # fmt: skip
_FIELD_ORDER = {field.value: place for place, field in enumerate(FieldOfAction)}
LIGHT_ORDER = ("red", "yellow", "green", "grey")


def conditions(f: MeasureFilter, *, in_one_pass: bool = False) -> list[ColumnElement[bool]]:
    """What a row of the table of measures must meet; for the queries of this folder.

    Args:
        in_one_pass: whoever wants all rows in their order reads along the index that holds them so. SQLite
            would rather take one that leaves rows out, and then has to decipher each row it keeps: of the
            measures nobody has touched for long those are most, and it takes ten times as long.
    """
    m = measure.c
    lead: Any = literal_column("+measure.lead_ags") if in_one_pass else m.lead_ags
    changed: Any = literal_column("+measure.changed_at") if in_one_pass else m.changed_at
    found: list[ColumnElement[bool]] = [m.gone == int(f.gone)]
    if f.statuses:
        found.append(func.coalesce(m.status, "").in_(f.statuses))
    if f.not_statuses:
        found.append(func.coalesce(m.status, "").not_in(f.not_statuses))
    if f.lights:
        found.append(func.coalesce(m.traffic_light, "grey").in_(f.lights))
    if f.lead_ags:
        found.append(lead.in_(f.lead_ags))
    if f.ags:
        found.append(or_(lead.in_(f.ags), *(m.participating_ags.contains(f'"{a}"') for a in sorted(f.ags))))
    if f.fields_of_action:
        found.append(or_(*(m.fields_of_action.contains(f'"{c}"') for c in sorted(f.fields_of_action))))
    if f.bundle_code:
        found.append(m.bundle_code == f.bundle_code)
    if f.untouched_since_ms is not None:
        found.append(and_(changed < f.untouched_since_ms, func.coalesce(m.status, "").not_in(CLOSED)))
    if f.open_questions:
        found.append(exists(select(1).where(question.c.root_id == m.root_id)))
    if f.pending:
        found.append(_pending(m.root_id))
    words = fts_query(f.text)
    if words:
        found.append(
            text("measure.row IN (SELECT rowid FROM search WHERE search MATCH :words)").bindparams(words=words)  # type: ignore[arg-type]
        )
    return found


def _pending(root_id: Any) -> ColumnElement[bool]:
    return exists(
        select(1)
        .select_from(change_entity.join(change, change.c.seq == change_entity.c.seq))
        .where(change_entity.c.root_id == root_id, change.c.state == "pending")
    )


def _ordered(query: Select[Any], order: Sequence[tuple[Order, bool]]) -> Select[Any]:
    """Several columns, each (name, descending); the title decides at last, by DIN 5007-1."""
    m = measure.c
    rank = {s: i for i, s in enumerate(STATUS_ORDER)}
    light = {s: i for i, s in enumerate(LIGHT_ORDER)}
    by: dict[str, Any] = {
        "title": m.sort_key,
        "lead": m.lead_ags,
        "status": _rank(m.status, rank),
        "light": _rank(func.coalesce(m.traffic_light, "grey"), light),
        "start": func.date_key(m.start),
        "cost": func.coalesce(m.total_cost_cents, -1),
        "changed": m.changed_at,
    }
    terms = [by[name].desc() if down else by[name].asc() for name, down in order]
    if not any(name == "title" for name, _ in order):
        terms.append(m.sort_key.asc())
    return query.order_by(*terms, m.row)


def _rank(column: Any, ranks: dict[str, int]) -> Any:
    from sqlalchemy import case

    return case(ranks, value=column, else_=len(ranks))


def count_measures(reader: Reader, f: MeasureFilter = MeasureFilter()) -> int:
    """How many measures the filter lets through."""
    with reader.snapshot() as connection:
        query = select(func.count()).select_from(measure).where(*conditions(f))
        return int(connection.execute(query).scalar_one())


def measure_ids(
    reader: Reader, f: MeasureFilter, order: Sequence[tuple[Order, bool]] = (), limit: int | None = None
) -> list[EntityId]:
    """All ids in list order (36 bytes each: a list of 100,000 is 4 MB and 0.1 s), for a page cache, or the first."""
    with reader.snapshot() as connection:
        met = conditions(f, in_one_pass=limit is None)
        (ids,) = _columns(connection, _ordered(select(measure.c.root_id).where(*met), order).limit(limit))
        return ids


def ids_by(
    reader: Reader, f: MeasureFilter, order: Sequence[tuple[Order, bool]], by: Grouping
) -> dict[str, list[EntityId]]:
    """Like `measure_ids`, by a code ("" for none); codes without measures are missing.

    A measure stands in one group only: with several Handlungsfelder in that which comes first in their list.
    """
    m = measure.c
    column = {"status": m.status, "lead": m.lead_ags, "bundle": m.bundle_code, "field": m.fields_of_action}[by]
    with reader.snapshot() as connection:
        query = select(m.root_id, column).where(*conditions(f, in_one_pass=True))
        ids, codes = _columns(connection, _ordered(query, order))
    found: dict[str, list[EntityId]] = {}
    for root_id, code in zip(ids, codes, strict=True):
        key = first_field(code) if by == "field" else code or ""
        found.setdefault(key, []).append(root_id)
    return found


def _columns(connection: Connection, query: Select[Any]) -> list[list[Any]]:
    """The columns of a long answer, each as one list.

    SQLite puts them together: row by row, the driver takes and gives back the interpreter a hundred thousand
    times, and whoever types meanwhile waits for their turn each time.
    """
    inner = query.subquery()  # keeps its order: these aggregates depend on it
    told = connection.execute(select(*(func.json_group_array(column) for column in inner.c))).one()
    return [orjson.loads(column) for column in told]


@lru_cache(maxsize=1024)
def first_field(stored: str | None) -> str:
    """Under which Handlungsfeld a measure stands in a grouped list."""
    codes = orjson.loads(stored) if stored else []
    return min(codes, key=lambda code: _FIELD_ORDER.get(code, len(_FIELD_ORDER)), default="")


def measure_lines(reader: Reader, ids: Sequence[EntityId]) -> dict[EntityId, MeasureLine]:
    """The rows of a window by id; ids that are not on this device are missing."""
    m = measure.c
    with reader.snapshot() as connection:
        own = orjson.loads(
            connection.execute(select(setting.c.value).where(setting.c.name == "replicas")).scalar() or "[]"
        )
        me = connection.execute(select(setting.c.value).where(setting.c.name == "person")).scalar() or ""
        query = (
            select(
                m.root_id, m.title, m.code, m.lead_ags, m.participating_ags, m.fields_of_action, m.status,
                m.traffic_light, m.start, m.end, m.total_cost_cents, m.changed_at,
                entity.c.changed_by, entity.c.frozen, author.c.person,
                _pending(m.root_id).label("pending"),
                exists(select(1).where(question.c.root_id == m.root_id)).label("open_question"),
                _planned(m.root_id).label("planned"),
            )
            .join_from(measure, entity, entity.c.row == m.row)
            .outerjoin(author, author.c.replica == entity.c.changed_by)
            .where(m.root_id.in_(ids))
        )  # fmt: skip
        return {r.root_id: _line(r, set(own), me) for r in connection.execute(query)}


def _planned(root_id: Any) -> Any:
    return (
        select(func.sum(_COST.c.planned_cents)).where(_COST.c.root_id == root_id, _COST.c.gone == 0).scalar_subquery()
    )


def _line(r: Any, own: set[int], me: str) -> MeasureLine:
    return MeasureLine(
        id=r.root_id,
        title=r.title or "",
        code=r.code or "",
        lead_ags=r.lead_ags or "",
        participating=tuple(orjson.loads(r.participating_ags)) if r.participating_ags else (),
        fields_of_action=tuple(orjson.loads(r.fields_of_action)) if r.fields_of_action else (),
        status=r.status or "",
        traffic_light=r.traffic_light or "grey",
        start=r.start or "",
        end=r.end or "",
        cost_cents=r.total_cost_cents if r.total_cost_cents is not None else r.planned,
        changed_at=r.changed_at,
        changed_by=me if r.changed_by in own else (r.person or ""),
        pending=bool(r.pending),
        open_question=bool(r.open_question),
        frozen=bool(r.frozen),
    )


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """One row of the list of workshops."""

    id: EntityId
    title: str
    format: str
    starts_at: str
    ends_at: str
    place: str
    ags: str
    minutes_state: str
    cards: int
    people: int
    pending: bool
    open_question: bool


def _of(table: Table, root_id: Any, total: Any) -> Any:
    """A total over the living records of a kind below a root."""
    return select(total).where(table.c.root_id == root_id, table.c.gone == 0).scalar_subquery()


def workshop_lines(reader: Reader, words: str = "", gone: bool = False) -> list[WorkshopLine]:
    """All workshops, latest first."""
    w, cards, heads = workshop.c, kind_tables["contribution"], kind_tables["group_count"]
    match = fts_query(words)
    with reader.snapshot() as connection:
        query = (
            select(
                w.root_id, w.title, w.format, w.starts_at, w.ends_at, w.place_text, w.ags, w.minutes_state,
                _of(cards, w.root_id, func.count()).label("cards"),
                _of(heads, w.root_id, func.coalesce(func.sum(heads.c.count), 0)).label("people"),
                _pending(w.root_id).label("pending"),
                exists(select(1).where(question.c.root_id == w.root_id)).label("open_question"),
            )
            .where(w.gone == int(gone))
            .order_by(func.coalesce(w.starts_at, "~").desc(), w.sort_key)
        )  # fmt: skip
        if match:
            query = query.where(
                text("workshop.row IN (SELECT rowid FROM search WHERE search MATCH :words)").bindparams(words=match)
            )
        return [
            WorkshopLine(
                r.root_id, r.title or "", r.format or "", r.starts_at or "", r.ends_at or "", r.place_text or "",
                r.ags or "", r.minutes_state or "draft", r.cards, r.people, bool(r.pending), bool(r.open_question),
            )
            for r in connection.execute(query)
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the search found: the record and where it belongs."""

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    title: str
    root_title: str


def search(reader: Reader, words: str, limit: int = 40, kinds: frozenset[str] = frozenset()) -> list[Hit]:
    """Records of every kind that hold all the words, titles first, best first."""
    match = fts_query(words)
    if not match:
        return []
    with reader.snapshot() as connection:
        found = connection.execute(
            text(
                "SELECT e.kind, e.id, e.root_kind, e.root_id, e.row FROM search s JOIN entity e ON e.row = s.rowid "
                "WHERE search MATCH :words AND e.gone = 0 ORDER BY bm25(search, 8.0, 1.0) LIMIT :limit"
            ),
            {"words": match, "limit": limit * (4 if kinds else 1)},
        ).all()
        hits = [
            Hit(
                r.kind,
                r.id,
                r.root_kind,
                r.root_id,
                title_of(connection, r.kind, r.id),
                title_of(connection, r.root_kind, r.root_id),
            )
            for r in found
            if not kinds or r.kind in kinds
        ]
    return hits[:limit]


_TITLES = {
    name: select(entity.c.id, kind_tables[name].c[kind.title])
    .join_from(entity, kind_tables[name], kind_tables[name].c.row == entity.c.row)
    .where(entity.c.id.in_(bindparam("ids", expanding=True)))
    for name, kind in KINDS.items()
    if kind.title is not None
}


def titles_of(connection: Any, keys: Iterable[tuple[str, EntityId]]) -> dict[EntityId, str]:
    """What records are called, or the beginning of a long text, by id; missing without a name or a record here."""
    by_kind: dict[str, list[EntityId]] = {}
    for kind, entity_id in keys:
        if kind in _TITLES:
            by_kind.setdefault(kind, []).append(entity_id)
    found: dict[EntityId, str] = {}
    for kind, ids in by_kind.items():
        found |= {i: str(t)[:200] for i, t in connection.execute(_TITLES[kind], {"ids": ids}) if t}
    return found


def title_of(connection: Any, kind: str, entity_id: EntityId) -> str:
    """What a record is called; the beginning of a long text."""
    return titles_of(connection, [(kind, entity_id)]).get(entity_id, "")


def titles(reader: Reader, keys: Sequence[tuple[str, EntityId]]) -> dict[EntityId, str]:
    """Titles of several records by id; missing where the record is not on this device."""
    with reader.snapshot() as connection:
        return titles_of(connection, keys)


def all_tags(reader: Reader, kind: str = "measure", name: str = "tags") -> list[str]:
    """Every element in use in a set field, for completion."""
    with reader.snapshot() as connection:
        elements = func.json_each(kind_tables[kind].c[name]).table_valued("value").alias("elements")
        query = select(elements.c.value).select_from(kind_tables[kind]).join(elements, true()).distinct()
        return sorted(str(v) for v in connection.execute(query).scalars())
