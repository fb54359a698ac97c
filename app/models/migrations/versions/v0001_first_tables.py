"""The first tables, as they were: written out, so that no later change of the registry reaches back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TYPES: dict[str, type[sa.types.TypeEngine[object]]] = {"": sa.Text, "int": sa.Integer, "real": sa.REAL}  # type: ignore[dict-item]


def upgrade() -> None:
    _bookkeeping()
    _kinds()
    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5(title, body, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )


def downgrade() -> None:
    raise NotImplementedError("before the first tables there was nothing")


def _kind(name: str, fields: str) -> None:
    """A typed table of one kind: the columns that all have, then one per field ("name" or "name:type")."""
    split = (field.partition(":") for field in fields.split())
    op.create_table(
        name,
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed_at", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sort_key", sa.Text(), nullable=False, server_default=""),
        *(sa.Column(column, _TYPES[kind](), nullable=True) for column, _, kind in split),
        sa.PrimaryKeyConstraint("row", name=op.f(f"pk_{name}")),
        sqlite_strict=True,
    )
    op.create_index(f"ix_{name}_list", name, ["gone", "sort_key"])
    op.create_index(f"ix_{name}_root", name, ["root_id"])


def _kinds() -> None:
    _kind(
        "measure",
        "title code bundle_code short_description description specifics initial_situation "
        "goals target_groups vision_primary vision_secondary dna_digital:int "
        "dna_sustainable:int dna_authentic:int dna_note charter_guidelines sdgs "
        "fields_of_action local_field tags lead_ags participating_ags carrier_org "
        "responsible_unit responsible_contact partners spatial_scope place_text lat:real "
        "lon:real phase status progress_percent:int status_reason status_on maturity "
        "priority traffic_light traffic_light_reason start end total_cost_cents:int "
        "procurement_note dependencies transferability transfer_note licence "
        "repository_url knowledge_outputs success_factors continuation "
        "data_protection_note security_note accessibility_note contribution_ids sources "
        "internal_note visibility",
    )
    op.create_index("ix_measure_code", "measure", ["code"])
    op.create_index("ix_measure_lead_ags", "measure", ["lead_ags"])
    op.create_index("ix_measure_status", "measure", ["status"])
    op.create_index("ix_measure_traffic_light", "measure", ["traffic_light"])
    _kind(
        "milestone",
        "title due done_on status",
    )
    _kind(
        "cost_item",
        "year:int cost_type planned_cents:int currency actual_cents:int eligible:int note",
    )
    _kind(
        "funding_item",
        "source year:int amount_cents:int currency rate_percent:int status file_ref approved_on",
    )
    _kind(
        "indicator",
        "name level unit baseline target target_on method",
    )
    _kind(
        "indicator_value",
        "indicator_id measured_on number:real text",
    )
    _kind(
        "risk",
        "title likelihood:int impact:int mitigation owner",
    )
    _kind(
        "decision",
        "subject body decided_on paper_no result votes_yes:int votes_no:int "
        "votes_abstain:int votes_biased:int measure_ids",
    )
    _kind(
        "workshop",
        "title format mode starts_at ends_at place_text lat:real lon:real ags purpose "
        "host_org moderation minute_taker minutes_kind minutes_state distribution summary "
        "next_on measure_ids visibility",
    )
    op.create_index("ix_workshop_starts_at", "workshop", ["starts_at"])
    _kind(
        "station",
        "title sort",
    )
    _kind(
        "agenda_item",
        "title minutes_planned:int speaker result sort started_at ended_at",
    )
    _kind(
        "group_count",
        "stakeholder_group count:int",
    )
    _kind(
        "contribution",
        "kind text agenda_item_id station_id stakeholder_group cluster_id parked:int sort measure_ids tags noted_at",
    )
    _kind(
        "cluster",
        "title colour sort",
    )
    _kind(
        "vote_round",
        "title method points_per_person:int budget_total_cents:int closed_at",
    )
    _kind(
        "vote_result",
        "round_id target_id points:int amount_cents:int",
    )
    _kind(
        "task",
        "title responsible due status note contribution_id station_id agenda_item_id noted_at",
    )
    op.create_index("ix_task_due", "task", ["due"])
    _kind(
        "minutes",
        "text",
    )


def _bookkeeping() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entity",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("root_kind", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("clocks", sa.LargeBinary(), nullable=False),
        sa.Column("base", sa.LargeBinary(), nullable=True),
        sa.Column("held", sa.Text(), nullable=False, server_default=""),
        sa.Column("gone", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("frozen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed_at", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed_by", sa.Integer(), nullable=False, server_default="0"),
        sa.CheckConstraint("frozen IN (0, 1)", name=op.f("ck_entity_ck_entity_frozen")),
        sa.CheckConstraint("gone IN (0, 1)", name=op.f("ck_entity_ck_entity_gone")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_entity")),
        sa.UniqueConstraint("id", name=op.f("uq_entity_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_entity_kind", "entity", ["kind", "gone"])
    op.create_index("ix_entity_root", "entity", ["root_id", "kind"])
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("replica", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hlc", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False, server_default=""),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("inverse", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False, server_default="pending"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("receipt", sa.Integer(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False, server_default="do"),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('do', 'undo', 'redo')", name=op.f("ck_change_ck_change_role")),
        sa.CheckConstraint("state IN ('pending', 'confirmed', 'quarantined')", name=op.f("ck_change_ck_change_state")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        sa.UniqueConstraint("replica", "n", name=op.f("uq_change_replica")),
        sqlite_strict=True,
    )
    op.create_index("ix_change_state", "change", ["state", "seq"])
    op.create_table(
        "change_entity",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "entity_id", name=op.f("pk_change_entity")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_change_entity_entity_id", "change_entity", ["entity_id", "seq"])
    op.create_index("ix_change_entity_root_id", "change_entity", ["root_id", "seq"])
    op.create_table(
        "superseded",
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("replica", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hlc", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "slot", "replica", "n", name=op.f("pk_superseded")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question",
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "slot", name=op.f("pk_question")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "author",
        sa.Column("replica", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("ags", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("replica", name=op.f("pk_author")),
        sqlite_strict=True,
    )
    op.create_table(
        "cursor",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_cursor")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receipt",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("replica", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no", "replica", name=op.f("pk_receipt")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("root_kind", sa.Text(), nullable=False, server_default=""),
        sa.Column("root_id", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_log")),
        sqlite_strict=True,
    )
    op.create_index("ix_sync_log_at", "sync_log", ["at"])
    op.create_table(
        "participant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workshop_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False, server_default=""),
        sa.Column("function", sa.Text(), nullable=False, server_default=""),
        sa.Column("email", sa.Text(), nullable=False, server_default=""),
        sa.Column("stakeholder_group", sa.Text(), nullable=False, server_default=""),
        sa.Column("consent_photo", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("consent_contact", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("delete_after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sqlite_strict=True,
    )
    op.create_index("ix_participant_workshop_id", "participant", ["workshop_id"])
