""" "Gibt es das schon?" over everything visible on this device, by way of the full-text index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import nlargest

import orjson
from sqlalchemy import Connection, select

from app.domain.ids import EntityId
from app.domain.precedents import Asked, Known, Reason, asked_words, find_precedents
from app.models.queries.reader import Reader
from app.models.tables import kind_tables

_MEASURE = kind_tables["measure"]
_MOST_WORDS = 10
_COMPARED = 60
"""So many measures are compared word by word: those that have the rarest of the typed words."""
_TOO_COMMON = 0.15
"""A word that more than this share of many measures has leads to none by itself."""
_MANY = 500
_MOST_ROWS = 5_000
"""Of a word that more records have, the newest so many."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A measure that may be what somebody is about to begin; `reasons` say why."""

    id: EntityId
    title: str
    lead_ags: str
    status: str
    score: float
    reasons: tuple[Reason, ...]


def suggest(
    reader: Reader,
    typed: str,
    silent: frozenset[str] = frozenset(),
    without: EntityId = "",
    limit: int = 5,
    given_up: Callable[[], bool] = lambda: False,
) -> list[Suggested]:
    """Living measures that say nearly the same as a title, the most alike first.

    Args:
        silent: folded words that say nothing here, such as place names.
        without: the measure whose title is being typed.
        given_up: asked between two steps; then nothing is suggested.
    """
    asked = asked_words(typed, silent)[:_MOST_WORDS]
    if not asked:
        return []
    with reader.snapshot() as connection:
        living = frozenset(_numbers(connection, _LIVING))
        rows = _rows_by_key(connection, asked, living, given_up)
        if given_up():
            return []
        chosen = _likeliest(rows, len(living))
        heads = _heads(connection, chosen, without)
    known = {identity: Known(head[0], head[3]) for identity, head in heads.items()}
    found = find_precedents(asked, known, lambda key: len(rows.get(key, ())), len(living))
    return [Suggested(one.id, *heads[one.id][:3], one.score, one.reasons) for one in found[:limit]]


def _rows_by_key(
    connection: Connection, asked: list[Asked], living: frozenset[int], given_up: Callable[[], bool]
) -> dict[str, frozenset[int]]:
    """Key -> rows of living measures that have a word beginning with it, or a part of one.

    Cards and parts of measures are in the same index; asking each row's table whether it is a measure would
    read as many pages, while all rows of measures stand together in one small index.
    """
    found: dict[str, frozenset[int]] = {}
    for key in dict.fromkeys(key for word in asked for key in word.keys):
        if given_up():
            return {}
        found[key] = living.intersection(_numbers(connection, _HAVING, f'"{key}"*', _MOST_ROWS))
    return found


def _numbers(connection: Connection, query: str, *given: object) -> list[int]:
    """Plain numbers of the driver: there are many thousands of them, and nothing else is read."""
    return [number for (number,) in connection.exec_driver_sql(query, given).cursor.fetchall()]


_LIVING = "SELECT row FROM measure WHERE gone = 0"
_HAVING = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?"


def _likeliest(rows: dict[str, frozenset[int]], total: int) -> list[int]:
    """The rows that have the rarest keys, the newest first among equals."""
    scores: dict[int, float] = {}
    for those in rows.values():
        if total > _MANY and len(those) > total * _TOO_COMMON:
            continue
        worth = 1 / len(those) ** 0.5 if those else 0.0
        for row in those:
            scores[row] = scores.get(row, 0.0) + worth
    return nlargest(_COMPARED, scores, key=lambda row: (scores[row], row))


def _heads(connection: Connection, rows: list[int], without: EntityId) -> dict[EntityId, tuple[str, str, str, str]]:
    """Id -> title, lead, status, text to compare."""
    m = _MEASURE.c
    query = select(m.root_id, m.title, m.lead_ags, m.status, m.short_description, m.tags).where(m.row.in_(rows))
    return {
        r.root_id: (r.title or "", r.lead_ags or "", r.status or "", _text(r.short_description, r.tags))
        for r in connection.execute(query)
        if r.root_id != without
    }


def _text(description: str | None, tags: str | None) -> str:
    return " ".join([(description or "")[:600], *(orjson.loads(tags) if tags else ())])
