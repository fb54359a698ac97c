"""THE field registry: every synchronised field of every kind, with type, merge rule and group.

The typed SQL tables, the wire's row arrays, validation, labels and history are all generated from
this one list. Ids are stable for ever: a field may be added, never renumbered or reused. A *slot* is
what merges as one unit: a single field, or a merge group (fields that only make sense together).
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from app.domain import catalogue as c
from app.domain.kinds import LINE as LINE
from app.domain.kinds import Field as Field
from app.domain.kinds import Kind as Kind
from app.domain.kinds import Merge as Merge
from app.domain.kinds import Slot as Slot
from app.domain.kinds import Type as Type

SCHEMA_VERSION = 5
"""2: from which measure a measure was taken over. 3: minutes as they were released. 4: measures that are one; names
of people are internal. 5: so are who speaks, whom minutes go to, and the paper of minutes as they were released."""

SHORT = 200
LONG = 2_000_000


def _text(number: int, name: str, limit: int = LINE, **more: object) -> Field:
    return Field(number, name, limit=limit, **more)  # type: ignore[arg-type]


def _enum(number: int, name: str, values: type[StrEnum], group: str | None = None) -> Field:
    return Field(number, name, Type.ENUM, group=group, values=values)


def _set(number: int, name: str, of: Type = Type.TEXT, values: type[StrEnum] | None = None) -> Field:
    return Field(number, name, of, Merge.SET, values=values)


def _whole(number: int, name: str, limit: int, group: str | None = None, low: int = 0) -> Field:
    return Field(number, name, Type.INT, group=group, limit=limit, low=low)


def _cents(number: int, name: str, group: str | None = None) -> Field:
    return Field(number, name, Type.CENTS, group=group, limit=10**15, low=-(10**15))


def _place(first: int) -> tuple[Field, Field, Field]:
    return (
        Field(first, "place_text", group="place", limit=SHORT),
        Field(first + 1, "lat", Type.FLOAT, group="place", low=-90, limit=90),
        Field(first + 2, "lon", Type.FLOAT, group="place", low=-180, limit=180),
    )


_ORDER_LIMIT = 400

MEASURE = Kind(
    "measure",
    "title",
    # identity
    _text(1, "title", SHORT),
    _text(2, "code", 80),
    _text(3, "bundle_code", 8),
    _text(4, "short_description", LONG),
    _text(5, "description", LONG),
    _text(6, "specifics", LONG),
    # why
    _text(7, "initial_situation", LONG),
    _text(8, "goals", LONG),
    _set(9, "target_groups", Type.ENUM, c.StakeholderGroup),
    _text(10, "vision_primary"),
    _text(11, "vision_secondary"),
    _whole(12, "dna_digital", 3),
    _whole(13, "dna_sustainable", 3),
    _whole(14, "dna_authentic", 3),
    _text(15, "dna_note", LONG),
    _set(16, "charter_guidelines", Type.ENUM, c.CharterGuideline),
    _set(17, "sdgs"),
    _set(18, "fields_of_action", Type.ENUM, c.FieldOfAction),
    _text(19, "local_field", SHORT),
    _set(20, "tags"),
    # who
    Field(21, "lead_ags", Type.AGS),
    _set(22, "participating_ags", Type.AGS),
    _text(23, "carrier_org", SHORT),
    _text(24, "responsible_unit", SHORT),
    _text(25, "responsible_contact", SHORT, internal=True),
    _set(26, "partners"),
    # where
    _enum(27, "spatial_scope", c.SpatialScope),
    *_place(28),
    # state
    _enum(31, "phase", c.Phase),
    _enum(32, "status", c.MeasureStatus, group="state"),
    _whole(33, "progress_percent", 100, group="state"),
    _text(34, "status_reason", LONG, group="state"),
    Field(35, "status_on", Type.PARTIAL_DATE, group="state"),
    _enum(36, "maturity", c.Maturity),
    _enum(37, "priority", c.Priority),
    _enum(38, "traffic_light", c.TrafficLight, group="light"),
    _text(39, "traffic_light_reason", LONG, group="light"),
    # when
    Field(40, "start", Type.PARTIAL_DATE, group="period"),
    Field(41, "end", Type.PARTIAL_DATE, group="period"),
    # money
    _cents(42, "total_cost_cents"),
    _text(43, "procurement_note", LONG, internal=True),
    # effect; dependencies are "kind:target" with a measure id or a bundle code as target
    _set(44, "dependencies"),
    # transfer
    _enum(45, "transferability", c.Transferability, group="transfer"),
    _text(46, "transfer_note", LONG, group="transfer"),
    _text(47, "licence", SHORT),
    _text(48, "repository_url"),
    _set(49, "knowledge_outputs"),
    _text(50, "success_factors", LONG),
    _text(51, "continuation", LONG),
    # checks
    _text(52, "data_protection_note", LONG, internal=True),
    _text(53, "security_note", LONG, internal=True),
    _text(54, "accessibility_note", LONG),
    # origin
    _set(55, "contribution_ids", Type.REF),
    _set(56, "sources"),
    _text(57, "internal_note", LONG, internal=True),
    _enum(58, "visibility", c.Visibility),
    # abgeguckt: from which measure, and which of its values have been looked at since (domain.lineage)
    Field(59, "adopted_from", Type.REF, group="lineage", since=2),
    Field(60, "adopted_ags", Type.AGS, group="lineage", since=2),
    _text(61, "adopted_title", SHORT, group="lineage", since=2),
    Field(62, "adopted_on", Type.PARTIAL_DATE, group="lineage", since=2),
    Field(63, "adopted_values", Type.HASH, Merge.SET, told=False, since=2),
    # one with another measure (domain.merging): where it has gone, what is proposed, what has been found to be two
    Field(64, "merged_into", Type.REF, group="merging", since=4),
    Field(65, "merged_on", Type.PARTIAL_DATE, group="merging", since=4),
    Field(66, "merge_with", Type.REF, group="proposal", internal=True, since=4),
    Field(67, "merge_stays", Type.BOOL, group="proposal", internal=True, since=4),
    Field(68, "distinct_from", Type.HASH, Merge.SET, told=False, since=4),
    root=True,
)

MILESTONE = Kind(
    "milestone",
    "title",
    _text(1, "title", SHORT),
    Field(2, "due", Type.PARTIAL_DATE),
    Field(3, "done_on", Type.PARTIAL_DATE, group="state"),
    _enum(4, "status", c.MilestoneStatus, group="state"),
)

COST_ITEM = Kind(
    "cost_item",
    "note",
    _whole(1, "year", 2200, group="amount"),
    _enum(2, "cost_type", c.CostType, group="amount"),
    _cents(3, "planned_cents", group="amount"),
    _text(4, "currency", 3, group="amount"),
    _cents(5, "actual_cents"),
    Field(6, "eligible", Type.BOOL),
    _text(7, "note", LONG),
)

FUNDING_ITEM = Kind(
    "funding_item",
    "file_ref",
    _enum(1, "source", c.FundingSource, group="amount"),
    _whole(2, "year", 2200, group="amount"),
    _cents(3, "amount_cents", group="amount"),
    _text(4, "currency", 3, group="amount"),
    _whole(5, "rate_percent", 100),
    _enum(6, "status", c.FundingStatus),
    _text(7, "file_ref", SHORT, internal=True),
    Field(8, "approved_on", Type.PARTIAL_DATE),
)

INDICATOR = Kind(
    "indicator",
    "name",
    _text(1, "name", SHORT),
    _enum(2, "level", c.IndicatorLevel),
    _text(3, "unit", 40),
    _text(4, "baseline"),
    _text(5, "target", group="goal"),
    Field(6, "target_on", Type.PARTIAL_DATE, group="goal"),
    _text(7, "method", LONG),
)

INDICATOR_VALUE = Kind(
    "indicator_value",
    None,
    Field(1, "indicator_id", Type.REF),
    Field(2, "measured_on", Type.PARTIAL_DATE, group="reading"),
    Field(3, "number", Type.FLOAT, group="reading", low=-(10**15), limit=10**15),
    _text(4, "text", LONG, group="reading"),
)

RISK = Kind(
    "risk",
    "title",
    _text(1, "title", SHORT),
    _whole(2, "likelihood", 3, group="weight"),
    _whole(3, "impact", 3, group="weight"),
    _text(4, "mitigation", LONG),
    _text(5, "owner", SHORT, internal=True),
)

DECISION = Kind(
    "decision",
    "subject",
    _text(1, "subject", LINE),
    _text(2, "body", SHORT),
    Field(3, "decided_on", Type.PARTIAL_DATE),
    _text(4, "paper_no", 80),
    _enum(5, "result", c.DecisionResult, group="vote"),
    _whole(6, "votes_yes", 10_000, group="vote"),
    _whole(7, "votes_no", 10_000, group="vote"),
    _whole(8, "votes_abstain", 10_000, group="vote"),
    _whole(9, "votes_biased", 10_000, group="vote"),
    _set(10, "measure_ids", Type.REF),
)

WORKSHOP = Kind(
    "workshop",
    "title",
    _text(1, "title", SHORT),
    _enum(2, "format", c.WorkshopFormat),
    _enum(3, "mode", c.WorkshopMode),
    Field(4, "starts_at", Type.LOCAL_TIME, group="time"),
    Field(5, "ends_at", Type.LOCAL_TIME, group="time"),
    *_place(6),
    Field(9, "ags", Type.AGS),
    _text(10, "purpose", LONG),
    _text(11, "host_org", SHORT),
    _text(12, "moderation", SHORT, internal=True),
    _text(13, "minute_taker", SHORT, internal=True),
    _enum(14, "minutes_kind", c.MinutesKind),
    _enum(15, "minutes_state", c.MinutesState),
    _text(16, "distribution", LONG, internal=True),
    _text(17, "summary", LONG),
    Field(18, "next_on", Type.PARTIAL_DATE),
    _set(19, "measure_ids", Type.REF),
    _enum(20, "visibility", c.Visibility),
    root=True,
)

STATION = Kind("station", "title", _text(1, "title", SHORT), Field(2, "sort", Type.ORDER, limit=_ORDER_LIMIT))

AGENDA_ITEM = Kind(
    "agenda_item",
    "title",
    _text(1, "title", SHORT),
    _whole(2, "minutes_planned", 1440),
    _text(3, "speaker", SHORT, internal=True),
    _text(4, "result", LONG),
    Field(5, "sort", Type.ORDER, limit=_ORDER_LIMIT),
    Field(6, "started_at", Type.INSTANT, group="clock"),
    Field(7, "ended_at", Type.INSTANT, group="clock"),
)

GROUP_COUNT = Kind(
    "group_count",
    None,
    _enum(1, "stakeholder_group", c.StakeholderGroup),
    _whole(2, "count", 1_000_000),
    named_by=("stakeholder_group",),
)

CONTRIBUTION = Kind(
    "contribution",
    "text",
    _enum(1, "kind", c.ContributionKind),
    _text(2, "text", LONG),
    Field(3, "agenda_item_id", Type.REF),
    Field(4, "station_id", Type.REF),
    _enum(5, "stakeholder_group", c.StakeholderGroup),
    Field(6, "cluster_id", Type.REF),
    Field(7, "parked", Type.BOOL),
    Field(8, "sort", Type.ORDER, limit=_ORDER_LIMIT),
    _set(9, "measure_ids", Type.REF),
    _set(10, "tags"),
    Field(11, "noted_at", Type.INSTANT),
)

CLUSTER = Kind(
    "cluster",
    "title",
    _text(1, "title", SHORT),
    _text(2, "colour", 40),
    Field(3, "sort", Type.ORDER, limit=_ORDER_LIMIT),
)

VOTE_ROUND = Kind(
    "vote_round",
    "title",
    _text(1, "title", SHORT),
    _enum(2, "method", c.VoteMethod, group="method"),
    _whole(3, "points_per_person", 1000, group="method"),
    _cents(4, "budget_total_cents", group="method"),
    Field(5, "closed_at", Type.INSTANT),
)

VOTE_RESULT = Kind(
    "vote_result",
    None,
    Field(1, "round_id", Type.REF),
    Field(2, "target_id", Type.REF),
    Field(3, "points", Type.INT, Merge.COUNTER),
    _cents(4, "amount_cents"),
    named_by=("round_id", "target_id"),
)

TASK = Kind(
    "task",
    "title",
    _text(1, "title", LINE),
    _text(2, "responsible", SHORT, internal=True),
    Field(3, "due", Type.PARTIAL_DATE),
    _enum(4, "status", c.TaskStatus),
    _text(5, "note", LONG),
    Field(6, "contribution_id", Type.REF),
    Field(7, "station_id", Type.REF),
    Field(8, "agenda_item_id", Type.REF),
    Field(9, "noted_at", Type.INSTANT),
)

ATTACHMENT = Kind(
    "attachment",
    "name",
    _text(1, "name", SHORT),
    _enum(2, "kind", c.AttachmentKind),
    _text(3, "caption"),
    # which bytes: they travel by themselves and are named by what they are
    Field(4, "sha256", Type.HASH, group="content"),
    _whole(5, "size", 2**40, group="content"),
    _text(6, "mime", 100, group="content"),
    # a small picture of it that goes ahead; none for what cannot be shown small
    Field(7, "preview_sha256", Type.HASH, group="preview"),
    _whole(8, "preview_size", 2**40, group="preview"),
)

MINUTES = Kind("minutes", None, Field(1, "text", Type.TEXT, Merge.TEXT, limit=LONG), named_by=())

# The minutes as they were released: a whole paper (app.reports.document), written once and changed by nobody.
# Two that were released at the same time on two laptops are two. The paper names people, so others than the owners
# read only that and when there was one (docs/adr/0028).
RELEASED_MINUTES = Kind(
    "released_minutes",
    None,
    Field(1, "number", Type.INT, limit=10_000, since=3),
    _text(2, "content", LONG, internal=True, searched=False, since=3),
    Field(3, "released_at", Type.INSTANT, since=3),
)

# A word of the catalogues, kept by the agency and read by everybody (domain.terms). Like any root it belongs to a town
# (`ags`): to none, so that only the agency edits it.
TERM = Kind(
    "term",
    None,
    Field(1, "list", Type.ENUM, values=c.TermList, since=4),
    _text(2, "label", LINE, searched=False, since=4),
    Field(3, "former", merge=Merge.SET, searched=False, since=4),
    Field(4, "retired", Type.BOOL, since=4),
    Field(5, "replaced_by", Type.REF, since=4),
    _text(6, "note", LONG, searched=False, since=4),
    _text(7, "code", 8, searched=False, since=4),
    Field(8, "ags", Type.AGS, since=4),
    Field(9, "visibility", Type.ENUM, values=c.Visibility, since=4),
    root=True,
)

KINDS: dict[str, Kind] = {
    k.name: k
    for k in (
        MEASURE, MILESTONE, COST_ITEM, FUNDING_ITEM, INDICATOR, INDICATOR_VALUE, RISK, DECISION,
        WORKSHOP, STATION, AGENDA_ITEM, GROUP_COUNT, CONTRIBUTION, CLUSTER, VOTE_ROUND, VOTE_RESULT,
        TASK, MINUTES, ATTACHMENT, RELEASED_MINUTES, TERM,
    )
}  # fmt: skip
"""Every kind by name. Participants are not here, hence they cannot be synchronised."""

DELETION_SLOT = 0
"""Slot id of the deletion register that every kind has."""


@cache
def internal_slots(kind: str) -> frozenset[int]:
    """Slots that only a record's owners read."""
    return frozenset(s.id for s in KINDS[kind].slots if any(f.internal for f in s.fields))
