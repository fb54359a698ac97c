"""Minutes as they were released: whole papers that stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "released_minutes",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed_at", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sort_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("released_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_released_minutes")),
        sqlite_strict=True,
    )
    op.create_index("ix_released_minutes_list", "released_minutes", ["gone", "sort_key"])
    op.create_index("ix_released_minutes_root", "released_minutes", ["root_id"])


def downgrade() -> None:
    op.drop_index("ix_released_minutes_root", "released_minutes")
    op.drop_index("ix_released_minutes_list", "released_minutes")
    op.drop_table("released_minutes")
