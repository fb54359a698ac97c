"""The agency's receipts for letters, on their way back; own letters that others carry; further parts of letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("receipt", sa.LargeBinary(), nullable=True))
    op.create_table(
        "own_letter",
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("vector", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False, server_default=""),
        sa.Column("accepted", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("aside", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("told_at", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("sha", name="pk_own_letter"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "letter_part",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("device", "sha", name="pk_letter_part"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("letter_part")
    op.drop_table("own_letter")
    op.drop_column("letter", "receipt")
