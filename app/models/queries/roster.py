"""All living measures in memory, by what a list of them is filtered, sorted and grouped by.

Read from the encrypted database, a pass over a hundred thousand measures takes a tenth of a second and more, and half
a second after a rest, when its pages have to be deciphered anew. Here it takes a few milliseconds. A roster is read in
one go, is never changed, and is true as long as nothing is written (`Reader.recall`).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from threading import Lock
from typing import Any

import orjson
from sqlalchemy import Connection, Select, func, select, text

from app.domain.german import fts_query
from app.domain.ids import EntityId
from app.domain.partial_date import date_sort_key
from app.models.queries.lists import CLOSED, LIGHT_ORDER, STATUS_ORDER, Grouping, MeasureFilter, Order, first_field
from app.models.queries.lists import measure as table
from app.models.queries.reader import Reader
from app.models.tables import change, change_entity, question

_NAME, _TITLE = "roster", "title"
_KEPT_ORDERS = 6
_CODES = (
    "status", "traffic_light", "lead_ags", "fields_of_action", "participating_ags", "bundle_code", "start", "end",
)  # fmt: skip
_GROUPED = {"status": "status", "lead": "lead_ags", "bundle": "bundle_code", "field": "fields_of_action"}
Sorted = Sequence[tuple[Order, bool]]


class _Codes:
    """A column in which few values repeat: each value once, and which of them every measure has."""

    def __init__(self, stored: Iterable[Any]) -> None:
        known: dict[Any, int] = {}
        self.codes = array("I", [known.setdefault(value, len(known)) for value in stored])
        self.values = tuple(known)

    def where(self, is_met: Callable[[Any], bool]) -> int:
        """A mask of the measures whose value meets a condition."""
        met = [is_met(value) for value in self.values]
        return _mask(map(met.__getitem__, self.codes))

    def ranks(self, key: Callable[[Any], Any]) -> list[int]:
        """For every measure the place of its value among all, by a key."""
        keys = [key(value) for value in self.values]
        place = {one: number for number, one in enumerate(sorted(set(keys)))}
        ranks = [place[one] for one in keys]
        return [ranks[code] for code in self.codes]


class Roster:
    """The measures in the order of their titles (DIN 5007-1), then of their rows.

    A mask is a whole number with one byte for each of them, 1 where it is meant: masks are combined by `&` and `|`.
    """

    def __init__(self, connection: Connection) -> None:
        columns = _read(connection)
        self.ids: list[EntityId] = columns["root_id"]
        self._codes = {name: _Codes(columns[name]) for name in _CODES}
        self._costs = array("q", [-1 if cost is None else cost for cost in columns["total_cost_cents"]])
        self._changed, self._rows = array("q", columns["changed_at"]), array("q", columns["row"])
        self._titles = array("I", columns[_TITLE])
        rows, ids = self._rows, self.ids
        self._places = array("i", [-1]) * (max(rows, default=0) + 1)
        for place, row in enumerate(rows):
            self._places[row] = place
        self._all = _mask(1 for _ in ids)
        self._orders: dict[tuple[tuple[Order, bool], ...], list[int]] = {}
        self._keeping = Lock()

    # Filters

    def mask(self, connection: Connection, f: MeasureFilter) -> int:
        """The living measures a filter lets through, as `lists.conditions` says; `gone` is not looked at."""
        met, codes = self._all, self._codes
        if f.statuses:
            met &= codes["status"].where(lambda value: (value or "") in f.statuses)
        if f.not_statuses:
            met &= codes["status"].where(lambda value: (value or "") not in f.not_statuses)
        if f.lights:
            met &= codes["traffic_light"].where(lambda value: ("grey" if value is None else value) in f.lights)
        if f.lead_ags:
            met &= codes["lead_ags"].where(lambda value: value in f.lead_ags)
        if f.ags:
            taking_part = codes["participating_ags"].where(_holds(f.ags))
            met &= codes["lead_ags"].where(lambda value: value in f.ags) | taking_part
        if f.fields_of_action:
            met &= codes["fields_of_action"].where(_holds(f.fields_of_action))
        if f.bundle_code:
            met &= codes["bundle_code"].where(lambda value: value == f.bundle_code)
        if f.untouched_since_ms is not None:
            met &= _mask(map(f.untouched_since_ms.__gt__, self._changed))
            met &= codes["status"].where(lambda value: (value or "") not in CLOSED)
        for rows in _found(f):
            met &= self._of_rows(connection, rows)
        return met

    def _of_rows(self, connection: Connection, found: Any) -> int:
        """The measures among the rows of an answer."""
        inner = found.subquery()
        rows = orjson.loads(connection.execute(select(func.json_group_array(inner.c[0]))).scalar_one())
        met, places, end = bytearray(len(self.ids)), self._places, len(self._places)
        for row in rows:
            if row < end and places[row] >= 0:
                met[places[row]] = 1
        return int.from_bytes(met, "little")

    def count(self, mask: int) -> int:
        """How many measures are meant."""
        return mask.bit_count()

    # Lists

    def listed(self, mask: int, order: Sorted) -> list[EntityId]:
        """Their ids in an order, as `lists.measure_ids` gives them."""
        chosen, arranged = self._arranged(mask, order)
        return list(compress(self.ids if arranged is None else map(self.ids.__getitem__, arranged), chosen))

    def grouped(self, mask: int, order: Sorted, by: Grouping) -> dict[str, list[EntityId]]:
        """Their ids in an order by a code, as `lists.ids_by` gives them."""
        column = self._codes[_GROUPED[by]]
        found: dict[str, list[EntityId]] = {}
        keys = [first_field(value) if by == "field" else value or "" for value in column.values]
        add = [found.setdefault(key, []).append for key in keys]
        chosen, arranged = self._arranged(mask, order)
        places = range(len(self.ids)) if arranged is None else arranged
        ids, codes = self.ids, column.codes
        for place in compress(places, chosen):
            add[codes[place]](ids[place])
        return {key: members for key, members in found.items() if members}

    def tally(self, name: str) -> dict[str, int]:
        """How many measures have each value of a column, "" for none."""
        column, tally = self._codes[name], dict[str, int]()
        counts = [0] * len(column.values)
        for code in column.codes:
            counts[code] += 1
        for value, count in zip(column.values, counts, strict=True):
            tally[value or ""] = tally.get(value or "", 0) + count
        return tally

    def years(self, mask: int) -> tuple[int, int] | None:
        """First and last year named by any start or end among them; None if there are no dates."""
        chosen, years = mask.to_bytes(len(self.ids), "little"), set[str]()
        for column in (self._codes["start"], self._codes["end"]):
            years |= {(column.values[code] or "")[:4] for code in set(compress(column.codes, chosen))}
        told = [int(year) for year in years if year.isdigit()]
        return (min(told), max(told)) if told else None

    def _arranged(self, mask: int, order: Sorted) -> tuple[bytes, list[int] | None]:
        """Who is meant, in an order, and the places in that order; None where they stand so already."""
        chosen = mask.to_bytes(len(self.ids), "little")
        if not order or order[0] == ("title", False):
            return chosen, None
        arranged = self._orders.get(tuple(order))
        if arranged is None:
            arranged = self._sort(order)
            with self._keeping:
                while len(self._orders) >= _KEPT_ORDERS:
                    del self._orders[next(iter(self._orders))]
                self._orders[tuple(order)] = arranged
        return bytes(map(chosen.__getitem__, arranged)), arranged

    def _sort(self, order: Sorted) -> list[int]:
        """From the last key to the first: what is equal stays as it stood."""
        places = list(range(len(self.ids)))
        if any(name == "title" for name, _ in order):
            places.sort(key=self._rows.__getitem__)
        for name, down in reversed(order):
            places.sort(key=self._keys(name).__getitem__, reverse=down)
        return places

    def _keys(self, name: Order) -> Sequence[int]:
        status = {code: place for place, code in enumerate(STATUS_ORDER)}
        light = {code: place for place, code in enumerate(LIGHT_ORDER)}
        codes = self._codes
        match name:
            case "title":
                return self._titles
            case "cost":
                return self._costs
            case "changed":
                return self._changed
            case "lead":
                return codes["lead_ags"].ranks(lambda value: (value is not None, value or ""))
            case "status":
                return codes["status"].ranks(lambda value: status.get(value, len(status)))
            case "light":
                return codes["traffic_light"].ranks(
                    lambda value: light.get("grey" if value is None else value, len(light))
                )
            case "start":
                return codes["start"].ranks(date_sort_key)


def fresh(reader: Reader) -> Roster | None:
    """The roster, if one was read and is still true."""
    roster: Roster | None = reader.recall(_NAME)
    return roster


def kept(reader: Reader) -> Roster:
    """The roster as things stand; if it is not true, it is read anew: half a second for a hundred thousand measures."""
    roster: Roster = fresh(reader) or reader.remember(_NAME, Roster)
    return roster


def _read(connection: Connection) -> dict[str, list[Any]]:
    """The columns in the order of titles and rows, and as `_TITLE` which titles sort alike: those of one number.

    Along the index of the list, which has no rows: sorting by them in the database takes twice as long, and few
    titles are the same.
    """
    m = table.c
    names = (*_CODES, "total_cost_cents", "changed_at", "row", "root_id")
    held = select(*(m[name] for name in names)).where(m.gone == 0).order_by(m.sort_key).subquery()
    told = connection.execute(select(*(func.json_group_array(column) for column in held.c))).one()
    columns: dict[str, list[Any]] = dict(zip(names, map(orjson.loads, told), strict=True))
    twice = select(m.sort_key).where(m.gone == 0).group_by(m.sort_key).having(func.count() > 1)
    alike = dict[int, str]()
    for row, key in connection.execute(select(m.row, m.sort_key).where(m.gone == 0, m.sort_key.in_(twice))):
        alike[row] = key
    number, last, titles = 0, None, list[int]()
    for row in columns["row"]:
        key = alike.get(row)
        number += key is None or key != last
        last = key
        titles.append(number)
    columns[_TITLE] = titles
    if alike:
        arranged = sorted(range(len(titles)), key=lambda place: (titles[place], columns["row"][place]))
        columns = {name: [column[place] for place in arranged] for name, column in columns.items()}
    return columns


def _mask(met: Iterable[bool | int]) -> int:
    return int.from_bytes(bytes(met), "little")


def _holds(codes: frozenset[str]) -> Callable[[str | None], bool]:
    """Whether a stored list holds one of these codes."""
    wanted = [f'"{code}"' for code in codes]
    return lambda stored: any(code in stored for code in wanted) if stored else False


def _found(f: MeasureFilter) -> list[Select[Any] | Any]:
    """The questions of a filter that only the database can answer, each for rows."""
    asked: list[Select[Any] | Any] = []
    if f.open_questions:
        asked.append(select(table.c.row).where(table.c.root_id.in_(select(question.c.root_id))))
    if f.pending:
        waiting = (
            select(change_entity.c.root_id)
            .join(change, change.c.seq == change_entity.c.seq)
            .where(change.c.state == "pending")
        )
        asked.append(select(table.c.row).where(table.c.root_id.in_(waiting)))
    words = fts_query(f.text)
    if words:
        match = text("SELECT rowid AS row FROM search WHERE search MATCH :words").bindparams(words=words)
        asked.append(match.columns(table.c.row))
    return asked
