"""The index of the list of measures answers what the list is filtered, sorted and grouped by."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HELD = (
    "root_id",
    "status",
    "traffic_light",
    "lead_ags",
    "fields_of_action",
    "participating_ags",
    "bundle_code",
    "start",
    "end",
    "total_cost_cents",
    "changed_at",
)


def upgrade() -> None:
    op.drop_index("ix_measure_list", "measure")
    op.create_index("ix_measure_list", "measure", ["gone", "sort_key", *_HELD])


def downgrade() -> None:
    op.drop_index("ix_measure_list", "measure")
    op.create_index("ix_measure_list", "measure", ["gone", "sort_key"])
