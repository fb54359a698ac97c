"""The words of the catalogues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed_at", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sort_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("list", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("former", sa.Text(), nullable=True),
        sa.Column("retired", sa.Integer(), nullable=True),
        sa.Column("replaced_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("ags", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_term")),
        sqlite_strict=True,
    )
    op.create_index("ix_term_list", "term", ["gone", "sort_key"])
    op.create_index("ix_term_root", "term", ["root_id"])


def downgrade() -> None:
    op.drop_index("ix_term_root", "term")
    op.drop_index("ix_term_list", "term")
    op.drop_table("term")
