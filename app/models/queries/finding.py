"""Search across everything: what was found, by kind, with the words where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Connection, Select, literal, select, text

from app.domain.fields import KINDS, Merge
from app.domain.folding import fold
from app.domain.german import normalise_query
from app.domain.ids import EntityId
from app.domain.passages import Mark, Passage, marks_in, passage
from app.models import settings
from app.models.fresh import indexed_fields
from app.models.queries.lists import titles_of
from app.models.queries.reader import Reader
from app.models.tables import author, entity, kind_tables

_RANKED = 2_000
"""So many records are put in order by how well they fit; a beginning that fits more of them is too short to
say which is meant, and then the newest do as well as any."""


@dataclass(frozen=True, slots=True)
class Find:
    """A record that holds all the words.

    Attributes:
        title, marks: what it is called, and where the words stand in that.
        field: the field that `passage` is from; "" where the title says it all.
        ags, starts_at: where, and of a workshop when; "" for what is unknown and for parts.
    """

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    title: str
    root_title: str
    marks: tuple[Mark, ...] = ()
    field: str = ""
    passage: Passage | None = None
    ags: str = ""
    starts_at: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the region who writes here or whose changes have come here."""

    name: str
    ags: str
    marks: tuple[Mark, ...]


def find(reader: Reader, words: str, each: int = 5) -> list[Find]:
    """Records of every kind that hold all the words: at most `each` of a kind, the best of each first."""
    wanted = normalise_query(words)
    with reader.snapshot() as connection:
        rows: Iterable[Any] = ()
        if len(wanted) == 1 and len(wanted[0]) == 1:
            rows = _beginning(connection, wanted[0], each)
        else:
            for match in _expressions(wanted):
                rows = rows or _matches(connection, match)
        chosen: dict[str, list[Any]] = {}
        for row in rows:
            of_kind = chosen.setdefault(row.kind, [])
            if len(of_kind) < each:
                of_kind.append(row)
        return _told(connection, [row for rows in chosen.values() for row in rows], wanted)


def _expressions(wanted: Sequence[str]) -> list[str]:
    """What to ask the index, in turn until something is found.

    The beginning of a word asks for all words that begin so: with a single letter that is a good part of the
    index. Among others a single letter is therefore a word of its own ("Phase A"), or not yet worth asking for.
    """
    exact = " AND ".join(f'"{word}"*' if len(word) > 1 else f'"{word}"' for word in wanted)
    longer = " AND ".join(f'"{word}"*' for word in wanted if len(word) > 1)
    return [one for one in dict.fromkeys((exact, longer)) if one]


def _beginning(connection: Connection, letter: str, each: int) -> list[Any]:
    """A single letter alone: titles that begin with it, in their order."""
    found: list[Any] = []
    for kind in KINDS:
        table = kind_tables[kind]
        query = (
            select(entity.c.kind, entity.c.id, entity.c.root_kind, entity.c.root_id)
            .join_from(table, entity, entity.c.row == table.c.row)
            .where(table.c.gone == 0, table.c.sort_key >= letter, table.c.sort_key < letter + "\uffff")
            .order_by(table.c.sort_key)
            .limit(each)
        )
        found += connection.execute(query).all()
    return found


def _matches(connection: Connection, match: str) -> Sequence[Any]:
    """Rows of `entity`, best first. Weighing every record of a large region takes too long for a common word."""
    # SQLite counts on a little further than this and stops: it does not read all that fit.
    counted = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH :words LIMIT :most)"
    many = connection.execute(text(counted), {"words": match, "most": _RANKED + 1}).scalar_one() > _RANKED
    query = text(
        "SELECT e.kind, e.id, e.root_kind, e.root_id FROM search s JOIN entity e ON e.row = s.rowid "
        "WHERE search MATCH :words AND e.gone = 0 ORDER BY s.rowid DESC LIMIT :limit"
        if many
        else "SELECT e.kind, e.id, e.root_kind, e.root_id FROM search s JOIN entity e ON e.row = s.rowid "
        "WHERE search MATCH :words AND e.gone = 0 ORDER BY bm25(search, 8.0, 1.0) LIMIT :limit"
    )
    return connection.execute(query, {"words": match, "limit": _RANKED}).all()


def _told(connection: Connection, rows: Sequence[Any], wanted: Sequence[str]) -> list[Find]:
    keys = [(r.kind, r.id) for r in rows] + [(r.root_kind, r.root_id) for r in rows]
    titles = titles_of(connection, keys)
    bodies = _bodies(connection, rows)
    places = _places(connection, [r.id for r in rows])
    found = []
    for r in rows:
        title = titles.get(r.id, "")
        marks = marks_in(title, wanted)
        field, piece = _passage(bodies.get(r.id, {}), wanted) if len(marks) < len(wanted) else ("", None)
        ags, starts_at = places.get(r.id, ("", ""))
        root_title = titles.get(r.root_id, "")
        found.append(Find(r.kind, r.id, r.root_kind, r.root_id, title, root_title, marks, field, piece, ags, starts_at))
    return found


def _places(connection: Connection, ids: Sequence[EntityId]) -> dict[EntityId, tuple[str, str]]:
    """(AGS, begin) of roots: what tells two of the same name apart."""
    measure, workshop = kind_tables["measure"], kind_tables["workshop"]
    found = connection.execute(
        select(measure.c.root_id, measure.c.lead_ags, literal(""))
        .where(measure.c.root_id.in_(ids))
        .union_all(select(workshop.c.root_id, workshop.c.ags, workshop.c.starts_at).where(workshop.c.root_id.in_(ids)))
    )
    return {root: (ags or "", at or "") for root, ags, at in found}


def _bodies(connection: Connection, rows: Sequence[Any]) -> dict[EntityId, dict[str, str]]:
    """The searched fields of the records beside their titles, by id and name."""
    found: dict[EntityId, dict[str, str]] = {}
    for kind in {r.kind for r in rows}:
        ids = [r.id for r in rows if r.kind == kind]
        for told in connection.execute(_fields_of(kind).where(entity.c.id.in_(ids))):
            values = told._mapping
            found[values["id"]] = {name: _plain(kind, name, values[name]) for name in values if name != "id"}
    return found


@cache
def _fields_of(kind: str) -> Select[Any]:
    table, (_, body) = kind_tables[kind], indexed_fields(KINDS[kind])
    columns = [table.c[name] for name in body]
    return select(entity.c.id, *columns).join_from(entity, table, table.c.row == entity.c.row)


def _plain(kind: str, name: str, value: Any) -> str:
    """A set of words is stored as a JSON list."""
    if value and KINDS[kind].slot_of[name].merge is Merge.SET:
        return ", ".join(str(one) for one in orjson.loads(value))
    return str(value or "")


def _passage(fields: dict[str, str], wanted: Sequence[str]) -> tuple[str, Passage | None]:
    for name, words in fields.items():
        piece = passage(words, wanted) if words else None
        if piece is not None:
            return name, piece
    return "", None


def people(reader: Reader, words: str, most: int = 5) -> list[Known]:
    """People of the region by any words of their names; each person of a municipality once."""
    wanted = normalise_query(words)
    if not wanted:
        return []
    with reader.snapshot() as connection:
        query = select(author.c.person, author.c.ags).group_by(author.c.person, author.c.ags)
        me = settings.person(connection)
        everybody = {(me.name, me.ags), *((str(name), str(ags)) for name, ags in connection.execute(query))}
    known = []
    for name, ags in sorted(everybody):
        parts = fold(name).split()
        if all(any(part.startswith(word) for part in parts) for word in wanted):
            known.append(Known(name, ags, marks_in(name, wanted)))
    return known[:most]
