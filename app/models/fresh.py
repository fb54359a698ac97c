"""Records that are new here, as tuples for prepared statements: the one way in which rows are added.

A row that nobody edited since its birth goes in as it came, without becoming a state first; every other
row is taken apart, and the columns that follow from its state go the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Connection

from app.domain.clock import wall_ms_of
from app.domain.digest import digest_of_row
from app.domain.fields import KINDS, Field, Kind, Merge, Type
from app.domain.german import normalise_for_index, title_sort_key
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.packing import HEAD, PackedRow, columns, pack
from app.domain.unpacking import is_untouched, unpack
from app.models import settings
from app.models.adding import Addition, add, addition
from app.models.rows import to_columns, to_entity
from app.models.tables import entity, kind_tables

SEARCH_LIMIT = 200_000
"""Characters of one record that are indexed; beyond that a record is a file, not a note."""
INDEX_FROM = "index_from"
"""Setting: the lowest row number that may be missing in the full-text index."""
_BOOKS = ("id", "kind", "root_kind", "root_id", "clocks", "gone", "changed_at", "changed_by")
_HEAD_CELLS = ("root_id", "gone", "changed_at", "sort_key")


@dataclass(frozen=True, slots=True)
class Fresh:
    """What follows from one record alone.

    Attributes:
        books: values of `entity`'s columns in the order of `_BOOKS`.
        cells: values of the kind's table: root id, gone, changed at, sort key, then all fields.
        terms: (title, body) as the full-text index stores them, if somebody has asked already.
    """

    kind: str
    id: EntityId
    books: tuple[Any, ...]
    cells: tuple[Any, ...]
    terms: tuple[str, str] | None = field(default=None, compare=False)

    @property
    def is_gone(self) -> bool:
        return bool(self.books[5])

    @property
    def root(self) -> tuple[str, EntityId]:
        return self.books[2], self.books[3]


@dataclass(frozen=True, slots=True)
class Came:
    """A row that nobody edited since its birth, its columns, and the digest of the state it stands for."""

    fresh: Fresh
    row: PackedRow
    digest: int

    @property
    def state(self) -> EntityState:
        """What the row stands for, where it meets something known."""
        kind = KINDS[self.fresh.kind]
        return unpack(kind, _ids(kind), self.row)


def as_it_came(kind: Kind, row: PackedRow, folded: bool = False) -> Came | None:
    """A row that nobody edited since its birth, its values in this version's order.

    None if it has to be unpacked: it was edited, does not fit, or is spelt in another way than `pack` does.

    Args:
        folded: whether its terms are made at once, rather than by whoever writes it.
    """
    clocks = row[-1]
    if not is_untouched(kind, _ids(kind), row) or not row[1] or not _is_spelt_alike(clocks):
        return None
    plan = _plan(kind)
    birth = clocks["b"]
    digest = digest_of_row(kind, row)
    cells = row[HEAD:-1]
    if not any(cells[at] is not None for at in plan.registers) or any(cells[at] is not None for at in plan.texts):
        return None  # its birth has no clock of its own, or a text nobody typed
    for at in plan.sets:
        if cells[at] is not None:
            cells[at] = orjson.dumps(cells[at]).decode() if cells[at] else None
    title = cells[plan.title] if plan.title is not None else None
    touched = wall_ms_of(birth[2])
    books = (row[0], kind.name, row[1], row[2], orjson.dumps(clocks), 0, touched, birth[0])
    typed = (row[2], 0, touched, title_sort_key((title or "")[:200]), *cells)
    terms = _terms_in(plan, cells) if folded else None
    return Came(Fresh(kind.name, row[0], books, typed, terms), row, digest)


def from_state(state: EntityState) -> Fresh:
    """The columns of any state."""
    kind = KINDS[state.kind]
    row = pack(state)
    common = to_entity(state, row)
    title = str(state.register(kind.slot_of[kind.title].id).value or "") if kind.title is not None else ""
    typed = to_columns(state, row, title_sort_key(title[:200]))
    typed |= {"gone": common["gone"], "changed_at": common["changed_at"]}
    books = tuple(common[name] for name in _BOOKS)
    return Fresh(state.kind, state.id, books, tuple(typed[name] for name in cell_names(kind)))


def book_values(fresh: Fresh) -> dict[str, Any]:
    """Columns of `entity` by name."""
    return dict(zip(_BOOKS, fresh.books, strict=True))


def cell_values(fresh: Fresh) -> dict[str, Any]:
    """Columns of the kind's table by name."""
    return dict(zip(cell_names(KINDS[fresh.kind]), fresh.cells, strict=True))


def index_terms(fresh: Fresh) -> tuple[str, str]:
    """(title, body) as the full-text index stores them."""
    if fresh.terms is not None:
        return fresh.terms
    return _terms_in(_plan(KINDS[fresh.kind]), fresh.cells[len(_HEAD_CELLS) :])


def _terms_in(plan: _Plan, fields: Sequence[Any]) -> tuple[str, str]:
    title = fields[plan.title] if plan.title is not None else None
    return terms_of(title, [fields[at] for at in plan.body])


def terms_of(title: str | None, body: Sequence[str | None]) -> tuple[str, str]:
    """(title, body) as the full-text index stores them, from the columns that it covers."""
    text = " ".join(part for part in body if part)
    return normalise_for_index(title or ""), normalise_for_index(text[:SEARCH_LIMIT])


def indexed_fields(kind: Kind) -> tuple[str | None, tuple[str, ...]]:
    """(title column or None, columns of the body) that the full-text index covers."""
    plan = _plan(kind)
    return kind.title, tuple(kind.fields[at].name for at in plan.body)


Added = tuple[Fresh, bytes | None, str, bool, int, int]
"""A record's columns, base, scopes held, frozen, digest, digest ahead."""


def insert(connection: Connection, rows: Sequence[Added], first: int, indexed: bool) -> None:
    """Adds records under the row numbers from `first` on.

    Args:
        indexed: whether the full-text index gets them now or later (`app.models.indexing`).
    """
    entities = [
        (n, *f.books, base, held, int(frozen), *digests)
        for n, (f, base, held, frozen, *digests) in enumerate(rows, first)
    ]
    add(connection, _BOOKS_ADDED, entities)
    by_kind: dict[str, list[tuple[Any, ...]]] = {}
    for n, (f, *_) in enumerate(rows, first):
        by_kind.setdefault(f.kind, []).append((n, *f.cells))
    for kind, cells in by_kind.items():
        add(connection, _cells_added(KINDS[kind]), cells)
    if not indexed:
        _postpone(connection, first)
    else:
        add(connection, TERMS_ADDED, [(n, *index_terms(f)) for n, (f, *_) in enumerate(rows, first) if not f.is_gone])


def _postpone(connection: Connection, first: int) -> None:
    """Notes that rows from this number on are not indexed yet."""
    known = settings.get(connection, INDEX_FROM)
    if not known or int(known) > first:
        settings.put(connection, **{INDEX_FROM: first})


_BOOKS_ADDED = addition(entity.name, ("row", *_BOOKS, "base", "held", "frozen", "digest", "ahead"))
TERMS_ADDED = addition("search", ("rowid", "title", "body"))


@cache
def _cells_added(kind: Kind) -> Addition:
    return addition(kind_tables[kind.name].name, ("row", *cell_names(kind)))


@cache
def cell_names(kind: Kind) -> tuple[str, ...]:
    """Columns of the kind's table in the order of `Fresh.cells`."""
    return (*_HEAD_CELLS, *(f.name for f in kind.fields))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where in a kind's fields stands what."""

    registers: tuple[int, ...]
    sets: tuple[int, ...]
    texts: tuple[int, ...]
    title: int | None
    body: tuple[int, ...]


@cache
def _plan(kind: Kind) -> _Plan:
    def places(merge: Merge) -> tuple[int, ...]:
        return tuple(at for at, f in enumerate(kind.fields) if f.merge is merge)

    title = None if kind.title is None else next(at for at, f in enumerate(kind.fields) if f.name == kind.title)
    body = tuple(at for at, f in enumerate(kind.fields) if _is_searched(f) and at != title)
    return _Plan(places(Merge.REGISTER), places(Merge.SET), places(Merge.TEXT), title, body)


def _is_searched(field: Field) -> bool:
    return field.type is Type.TEXT and field.searched and field.merge is not Merge.COUNTER


@cache
def _ids(kind: Kind) -> tuple[int, ...]:
    return tuple(columns(kind))


def _is_spelt_alike(clocks: dict[str, Any]) -> bool:
    """Whether `pack` would write these clocks byte by byte the same."""
    names = list(clocks)
    return names == ["b"] or (names == ["b", "v"] and clocks["v"] != clocks["b"][:2])
