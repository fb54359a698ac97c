"""What was heard in the hall, letters carried for others, and who carries one's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("row", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", name="pk_heard"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_heard_root_id", "heard", ["root_id"])
    op.create_table(
        "letter",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("passport", sa.LargeBinary(), nullable=False),
        sa.Column("announced", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("state", sa.Text(), nullable=False, server_default="held"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("told_at", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("device", name="pk_letter"),
        sa.CheckConstraint("state IN ('held', 'taken', 'refused')", name="ck_letter_state"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entrusted",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vector", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_entrusted"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("entrusted")
    op.drop_table("letter")
    op.drop_index("ix_heard_root_id", "heard")
    op.drop_table("heard")
