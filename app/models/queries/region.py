"""The region as this device sees it: what every municipality shares, and lists of shared measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from app.domain.catalogue import MeasureStatus, Visibility
from app.domain.ids import EntityId
from app.models.queries.followed import followed
from app.models.queries.reader import Reader
from app.models.tables import kind_tables

measure = kind_tables["measure"]
_SOURCE = measure.alias("source")

SHARED = (Visibility.CONSORTIUM.value, Visibility.SCHOOL.value, Visibility.PUBLIC.value)
"""How far a measure must be visible to count as shared with others."""
_RUNNING = (MeasureStatus.IN_PROGRESS.value, MeasureStatus.IN_OPERATION.value)
_DONE = (MeasureStatus.COMPLETED.value, MeasureStatus.IN_OPERATION.value)
_ASKED = ("short_description", "fields_of_action", "status", "start", "responsible_unit")
"""What publishing asks for (`domain.rules.check_publish`)."""


@dataclass(frozen=True, slots=True)
class RegionFilter:
    """Which shared measures count; empty parts do not filter.

    Attributes:
        ags: led by one of these, or with their participation.
        followed: only those watched from this device.
        adopted: only those that somebody took over, as far as this device sees.
    """

    ags: frozenset[str] = frozenset()
    fields_of_action: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    maturities: frozenset[str] = frozenset()
    transferabilities: frozenset[str] = frozenset()
    followed: bool = False
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What one municipality shares. A measure of several counts at each of them.

    Attributes:
        shared: measures it leads or takes part in; `leading` those it leads.
        incomplete: of the shared ones those that lack something publishing asks for.
        lent: times that one of its measures was taken over by somebody else.
        taken: measures it took from others.
        changed_at: the latest change of a shared one, milliseconds UTC as its writer claimed, 0 for none.
        fields_of_action: how many have each Handlungsfeld.
    """

    ags: str
    shared: int = 0
    leading: int = 0
    running: int = 0
    done: int = 0
    incomplete: int = 0
    lent: int = 0
    taken: int = 0
    changed_at: int = 0
    fields_of_action: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """All municipalities by key, those without anything too if they were asked for, and the sum.

    Attributes:
        total: different measures, each counted once.
        transfers: how many were taken over from one municipality by another.
    """

    places: dict[str, PlaceFacts]
    total: int
    transfers: int


def region_facts(reader: Reader, keys: Sequence[str], wanted: RegionFilter = RegionFilter()) -> RegionFacts:
    """Counts for the municipalities `keys`; for a background thread, it reads all shared measures."""
    conditions = _conditions(reader, wanted)
    m = measure.c
    partners = func.coalesce(func.nullif(m.participating_ags, ""), "[]")
    owners = func.json_each(func.json_insert(partners, "$[#]", m.lead_ags)).table_valued("key", "value").alias("owner")
    lead = owners.c.key == func.json_array_length(partners)
    # whoever leads and is named as participating too counts once
    once = or_(lead, owners.c.value != m.lead_ags)
    counted = {
        "shared": func.count(),
        "leading": _sum(lead),
        "running": _sum(m.status.in_(_RUNNING)),
        "done": _sum(m.status.in_(_DONE)),
        "incomplete": _sum(or_(*(func.coalesce(m[name], "").in_(("", "[]")) for name in _ASKED))),
        "changed_at": func.max(m.changed_at),
    }
    with reader.snapshot() as connection:
        rows = connection.execute(
            select(owners.c.value.label("ags"), *(c.label(n) for n, c in counted.items()))
            .select_from(measure)
            .join(owners, true())
            .where(*conditions, once)
            .group_by(owners.c.value)
        ).all()
        fields = func.json_each(m.fields_of_action).table_valued("value").alias("field")
        by_field = connection.execute(
            select(owners.c.value, fields.c.value, func.count())
            .select_from(measure)
            .join(owners, true())
            .join(fields, true())
            .where(*conditions, once, m.fields_of_action.is_not(None))
            .group_by(owners.c.value, fields.c.value)
        ).all()
        moved = connection.execute(
            select(m.adopted_ags, m.lead_ags, func.count())
            .where(m.adopted_from > "", m.gone + 0 == 0, m.adopted_ags != m.lead_ags)
            .group_by(m.adopted_ags, m.lead_ags)
        ).all()
    total = sum(int(r.leading or 0) for r in rows)  # everybody's measures: each has one that leads
    return RegionFacts(_assembled(keys, rows, by_field, moved), total, sum(int(n) for *_, n in moved))


_COUNTED = ("shared", "leading", "running", "done", "incomplete", "changed_at")


def _assembled(keys: Sequence[str], rows: Any, by_field: Any, moved: Any) -> dict[str, PlaceFacts]:
    told = {str(r.ags): r for r in rows}
    fields: dict[str, list[tuple[str, int]]] = {}
    for ags, code, amount in by_field:
        fields.setdefault(str(ags), []).append((str(code), int(amount)))
    found = {}
    for ags in keys:
        r = told.get(ags)
        found[ags] = PlaceFacts(
            ags,
            lent=sum(int(n) for giver, _, n in moved if giver == ags),
            taken=sum(int(n) for _, taker, n in moved if taker == ags),
            fields_of_action=tuple(sorted(fields.get(ags, ()), key=lambda one: (-one[1], one[0]))),
            **{name: int(getattr(r, name, 0) or 0) for name in _COUNTED},
        )
    return found


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One shared measure in a list; codes as in `domain.catalogue`, `adopters` counts those visible here."""

    id: EntityId
    title: str
    code: str
    lead_ags: str
    participating: tuple[str, ...]
    fields_of_action: tuple[str, ...]
    status: str
    traffic_light: str
    maturity: str
    transferability: str
    short_description: str
    changed_at: int
    adopters: int
    followed: bool


def shared_measures(reader: Reader, wanted: RegionFilter, limit: int = 400) -> list[SharedLine]:
    """Shared measures by municipality and title."""
    conditions, watched, m = _conditions(reader, wanted), followed(reader), measure.c
    adopters = (
        select(func.count())
        .select_from(_SOURCE)
        .where(_SOURCE.c.adopted_from == m.root_id, _SOURCE.c.gone == 0)
        .scalar_subquery()
    )
    query = (
        select(
            m.root_id, m.title, m.code, m.lead_ags, m.participating_ags, m.fields_of_action, m.status,
            m.traffic_light, m.maturity, m.transferability, m.short_description, m.changed_at,
            adopters.label("adopters"),
        )
        .where(*conditions)
        .order_by(m.sort_key, m.row)
        .limit(limit)
    )  # fmt: skip
    with reader.snapshot() as connection:
        return [_line(r, r.root_id in watched) for r in connection.execute(query)]


def _line(r: Any, watched: bool) -> SharedLine:
    return SharedLine(
        r.root_id, r.title or "", r.code or "", r.lead_ags or "",
        tuple(orjson.loads(r.participating_ags)) if r.participating_ags else (),
        tuple(orjson.loads(r.fields_of_action)) if r.fields_of_action else (),
        r.status or "", r.traffic_light or "grey", r.maturity or "", r.transferability or "",
        r.short_description or "", r.changed_at, r.adopters, watched,
    )  # fmt: skip


def _conditions(reader: Reader, wanted: RegionFilter) -> list[ColumnElement[bool]]:
    m = measure.c
    found: list[ColumnElement[bool]] = [m.gone == 0, m.visibility.in_(SHARED)]
    if wanted.ags:
        found.append(
            or_(m.lead_ags.in_(wanted.ags), *(m.participating_ags.contains(f'"{a}"') for a in sorted(wanted.ags)))
        )
    if wanted.fields_of_action:
        found.append(or_(*(m.fields_of_action.contains(f'"{c}"') for c in sorted(wanted.fields_of_action))))
    for column, codes in (
        (m.status, wanted.statuses),
        (m.maturity, wanted.maturities),
        (m.transferability, wanted.transferabilities),
    ):
        if codes:
            found.append(column.in_(codes))
    if wanted.followed:
        watched = followed(reader)
        found.append(m.root_id.in_(watched) if watched else false())
    if wanted.adopted:
        taken = select(_SOURCE.c.adopted_from).where(and_(_SOURCE.c.gone == 0, _SOURCE.c.adopted_from.is_not(None)))
        found.append(m.root_id.in_(taken))
    return found


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
