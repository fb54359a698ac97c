"""The order of the Steckbrief: which fields and parts stand in which section, and how wide they need to be.

Fields and their types come from `domain.fields`; here is only the order a person reads them in. Every field
of a measure stands in exactly one section (a test sees to it), so a new field cannot be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A list of children of a kind inside a section."""

    kind: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One section of the form.

    Attributes:
        rows: field names, pairs of fields that share a row, and lists of parts, from top to bottom.
        opened: whether it is open at the beginning.
    """

    key: str
    title: str
    rows: tuple[str | tuple[str, str] | Part, ...]
    opened: bool = False


TITLE = "title"
"""The title stands above the sections."""

PLANS = (
    Plan(
        "basis",
        "Basis",
        ("fields_of_action", "short_description", "responsible_unit", "tags", "visibility"),
        opened=True,
    ),
    Plan(
        "state",
        "Stand",
        (
            "status",
            "status_reason",
            "traffic_light",
            "traffic_light_reason",
            "progress_percent",
            "status_on",
            "phase",
            "maturity",
            "priority",
            Part("decision"),
        ),
        opened=True,
    ),
    Plan("time", "Zeit", (("start", "end"), Part("milestone")), opened=True),
    Plan(
        "money",
        "Geld",
        ("total_cost_cents", Part("cost_item"), Part("funding_item"), "procurement_note"),
        opened=True,
    ),
    Plan(
        "why",
        "Was und warum",
        (
            "description",
            "specifics",
            "initial_situation",
            "goals",
            "target_groups",
            "vision_primary",
            "vision_secondary",
            "dna_digital",
            "dna_sustainable",
            "dna_authentic",
            "dna_note",
            "charter_guidelines",
            "sdgs",
            "local_field",
        ),
    ),
    Plan(
        "who",
        "Wer",
        ("lead_ags", "participating_ags", "carrier_org", "responsible_contact", "partners", Part("task")),
    ),
    Plan("where", "Wo", ("spatial_scope", "place_text", ("lat", "lon"))),
    Plan("effect", "Wirkung", (Part("indicator"), Part("risk"), "dependencies")),
    Plan(
        "transfer",
        "Übertragbarkeit",
        (
            "transferability",
            "transfer_note",
            "licence",
            "repository_url",
            "knowledge_outputs",
            "success_factors",
            "continuation",
        ),
    ),
    Plan("files", "Anhänge", (Part("attachment"),)),
    Plan("checks", "Prüfungen", ("data_protection_note", "security_note", "accessibility_note")),
    Plan("origin", "Herkunft", ("bundle_code", "code", "adopted_from", "contribution_ids", "sources", "internal_note")),
)

#: Fields of the parts, in the order of their editor; what only workshops use stays out.
PART_ROWS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "milestone": ("title", "due", "status", "done_on"),
    "cost_item": ("year", "cost_type", "planned_cents", "actual_cents", "eligible", "note"),
    "funding_item": ("source", "year", "amount_cents", "rate_percent", "status", "file_ref", "approved_on"),
    "indicator": ("name", "level", "unit", "baseline", "target", "target_on", "method"),
    "indicator_value": ("measured_on", "number", "text"),
    "risk": ("title", "likelihood", "impact", "mitigation", "owner"),
    "decision": (
        *("subject", "body", "decided_on", "paper_no", "result"),
        *(("votes_yes", "votes_no"), ("votes_abstain", "votes_biased")),
    ),
    "task": ("title", "responsible", "due", "status", "note"),
}

#: Long texts that get the whole width, with their name above; other long texts stay beside their name.
WIDE = frozenset(
    {"short_description", "description", "specifics", "initial_situation", "goals", "dna_note"}
    | {"vision_primary", "vision_secondary"}
    | {"success_factors", "continuation", "internal_note", "procurement_note", "transfer_note"}
    | {"data_protection_note", "security_note", "accessibility_note"}
)

#: Line fields that may hold a paragraph.
PARAGRAPHS = frozenset({"vision_primary", "vision_secondary", "baseline", "target", "subject"})


def section_of(field: str) -> str:
    """The key of the section a field or a list of parts stands in."""
    for plan in PLANS:
        for row in plan.rows:
            names = (row.kind,) if isinstance(row, Part) else (row,) if isinstance(row, str) else row
            if field in names:
                return plan.key
    return ""
