"""What arrived from others, and indexes for what is due and what nobody has touched for long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AGE = ["gone", "changed_at", "status", "lead_ags", "participating_ags"]


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer()),
        sa.Column("replica", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("hlc", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("before", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sqlite_strict=True,
    )
    op.create_index("ix_arrival_entity_id", "arrival", ["entity_id"])
    op.create_index("ix_measure_" + "_".join(_AGE), "measure", _AGE)
    op.drop_index("ix_task_due", "task")
    op.create_index("ix_task_status_gone_due", "task", ["status", "gone", "due"])


def downgrade() -> None:
    op.drop_index("ix_task_status_gone_due", "task")
    op.create_index("ix_task_due", "task", ["due"])
    op.drop_index("ix_measure_" + "_".join(_AGE), "measure")
    op.drop_table("arrival")
