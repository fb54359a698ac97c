"""The catalogues as this device knows them, and where their words are used."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, case, func, or_, select, true

from app.domain.bundles import BUNDLES
from app.domain.catalogue import TermList
from app.domain.fields import KINDS, Merge
from app.domain.folding import fold
from app.domain.ids import EntityId
from app.domain.terms import Term, Vocabulary
from app.models.queries import lists
from app.models.queries.reader import Reader
from app.models.tables import kind_tables

_TERM, _MEASURE = kind_tables["term"].c, kind_tables["measure"]
FIELDS: dict[TermList, tuple[str, ...]] = {
    TermList.TAG: ("tags",),
    TermList.VISION: ("vision_primary", "vision_secondary"),
    TermList.LOCAL_FIELD: ("local_field",),
}
"""Where in a measure the words of a list stand."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of a list, in the catalogue or only in use.

    Attributes:
        term: None for a word that no term knows.
        now: what it is called today, if that is another word.
        uses: measures in which this very word stands.
        late: words it was called before that are still in use, with the number of measures.
    """

    word: str
    term: Term | None
    offered: bool
    now: str
    uses: int
    late: tuple[tuple[str, int], ...]


def get(reader: Reader, term: EntityId) -> Term | None:
    """One term; None if it is not on this device."""
    with reader.snapshot() as connection:
        row = connection.execute(_ALL.where(_TERM.root_id == term)).one_or_none()
        return None if row is None else _term(row)


def vocabulary(reader: Reader, of: TermList) -> Vocabulary:
    """The terms of a list."""
    with reader.snapshot() as connection:
        return _vocabulary(connection, of)


def suggestions(reader: Reader, field: str) -> list[str]:
    """What a field of a measure offers to whoever types: terms in force, and words in use that no term knows."""
    of = next((one for one, fields in FIELDS.items() if field in fields), None)
    if of is None:
        return lists.all_tags(reader, "measure", field)
    with reader.snapshot() as connection:
        return _vocabulary(connection, of).offered(_uses(connection, of))


def entries(reader: Reader, of: TermList) -> list[Entry]:
    """Every term of a list and every word in use, by the alphabet."""
    with reader.snapshot() as connection:
        known, uses = _vocabulary(connection, of), _uses(connection, of)
    found = []
    named = {term.label for term in known.terms.values()}
    for term in known.terms.values():
        now = known.in_force(term).label
        late = [(word, uses[word]) for word in sorted(term.former - named) if uses[word]]
        if now != term.label and uses[term.label]:
            late.insert(0, (term.label, uses[term.label]))
        found.append(Entry(term.label, term, known.is_offered(term), now, uses[term.label], tuple(late)))
    loose = [word for word in uses if known.term(word) is None]
    found += [Entry(word, None, True, word, uses[word], ()) for word in loose]
    return sorted(found, key=lambda entry: (fold(entry.word), entry.word))


def using(reader: Reader, of: TermList, word: str) -> tuple[EntityId, ...]:
    """Living measures in which a word stands."""
    m = _MEASURE.c
    holds = []
    for field in FIELDS[of]:
        column = m[field]
        is_set = KINDS["measure"].by_name[field].merge is Merge.SET
        holds.append(column.contains(orjson.dumps(word).decode(), autoescape=True) if is_set else column == word)
    with reader.snapshot() as connection:
        query = select(m.root_id).where(m.gone != 1, or_(*holds)).order_by(m.sort_key, m.row)
        return tuple(connection.execute(query).scalars())


def bundle_terms(reader: Reader) -> dict[str, Term]:
    """What the agency has written about bundles, by code."""
    with reader.snapshot() as connection:
        known = _vocabulary(connection, TermList.BUNDLE)
    return {term.code: term for term in known.terms.values() if term.code}


@dataclass(frozen=True, slots=True)
class BundleFigures:
    """One of the sixteen bundles with its Bausteine as far as this device sees them.

    Attributes:
        title, note: what the agency has written, else what sources say.
        named: the agency has written it.
        measures: living measures of the bundle, `towns` their leads.
        running, done: how many of them are under way, completed or in operation.
        cost_cents: sum of their total costs, None if none says any.
    """

    code: str
    title: str
    note: str
    named: bool
    is_lead_project: bool
    published_cents: int | None
    builds_on: tuple[str, ...]
    measures: int
    towns: int
    running: int
    done: int
    cost_cents: int | None


def bundles(reader: Reader) -> list[BundleFigures]:
    """All sixteen in their order."""
    m = _MEASURE.c
    running, done = _how_many("in_progress", "procurement"), _how_many("completed", "in_operation")
    query = select(
        m.bundle_code, func.count(), func.count(func.distinct(m.lead_ags)), running, done, func.sum(m.total_cost_cents)
    ).where(m.gone == 0, m.bundle_code > "")
    written = bundle_terms(reader)
    with reader.snapshot() as connection:
        counted = {row[0]: row[1:] for row in connection.execute(query.group_by(m.bundle_code))}
    found = []
    for code, known in BUNDLES.items():
        measures, towns, under_way, finished, cost = counted.get(code, (0, 0, 0, 0, None))
        term = written.get(code)
        found.append(
            BundleFigures(
                code, term.label if term else known.title or "", term.note if term else known.description or "",
                term is not None, known.is_lead_project, known.total_cost_cents, known.builds_on,
                measures, towns, under_way or 0, finished or 0, cost,
            )
        )  # fmt: skip
    return found


def _how_many(*statuses: str) -> ColumnElement[int]:
    return func.sum(case((_MEASURE.c.status.in_(statuses), 1), else_=0))


@dataclass(frozen=True, slots=True)
class Baustein:
    """A measure of a bundle."""

    id: EntityId
    title: str
    code: str
    ags: str
    status: str


def bausteine(reader: Reader, bundle: str) -> list[Baustein]:
    """The measures of a bundle, by town and code."""
    m = _MEASURE.c
    query = select(m.root_id, m.title, m.code, m.lead_ags, m.status).where(m.gone == 0, m.bundle_code == bundle)
    with reader.snapshot() as connection:
        return [
            Baustein(row.root_id, row.title or "", row.code or "", row.lead_ags or "", row.status or "")
            for row in connection.execute(query.order_by(m.lead_ags, m.code, m.sort_key, m.row))
        ]


_ALL = select(
    _TERM.root_id, _TERM.list, _TERM.label, _TERM.former, _TERM.retired, _TERM.replaced_by, _TERM.note, _TERM.code
).where(_TERM.gone == 0)


def _vocabulary(connection: Connection, of: TermList) -> Vocabulary:
    return Vocabulary(_term(row) for row in connection.execute(_ALL.where(_TERM.list == of.value)))


def _term(row: Any) -> Term:
    return Term(
        id=row.root_id,
        list=TermList(row.list),
        label=row.label or "",
        former=frozenset(orjson.loads(row.former)) if row.former else frozenset(),
        retired=bool(row.retired),
        replaced_by=row.replaced_by or "",
        note=row.note or "",
        code=row.code or "",
    )


def _uses(connection: Connection, of: TermList) -> Counter[str]:
    """Word -> measures in which it stands."""
    found: Counter[str] = Counter()
    for field in FIELDS[of]:
        column: Any = _MEASURE.c[field]
        query = select(column, func.count()).where(_MEASURE.c.gone != 1, column > "").group_by(column)
        if KINDS["measure"].by_name[field].merge is Merge.SET:
            elements = func.json_each(column).table_valued("value").alias("elements")
            word = elements.c.value
            query = select(word, func.count()).select_from(_MEASURE).join(elements, true())
            query = query.where(_MEASURE.c.gone != 1).group_by(word)
        for word, amount in connection.execute(query):
            found[str(word)] += amount
    return found
