"""Attachments: their records; the bytes lie in a database of their own (`models.blobs`)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed_at", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sort_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=True),
        sa.Column("preview_sha256", sa.Text(), nullable=True),
        sa.Column("preview_size", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_attachment")),
        sqlite_strict=True,
    )
    op.create_index("ix_attachment_list", "attachment", ["gone", "sort_key"])
    op.create_index("ix_attachment_root", "attachment", ["root_id"])


def downgrade() -> None:
    op.drop_index("ix_attachment_root", "attachment")
    op.drop_index("ix_attachment_list", "attachment")
    op.drop_table("attachment")
