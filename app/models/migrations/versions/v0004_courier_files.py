"""The kept list of courier files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courier_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_courier_file"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_courier_file_written_at", "courier_file", ["written_at"])


def downgrade() -> None:
    op.drop_index("ix_courier_file_written_at", "courier_file")
    op.drop_table("courier_file")
