"""Files of attachments: which records refer to which, and what is here as a whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("size", _LONG, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("unused_since", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_blob")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_blob_device_id_device")),
        sqlite_strict=True,
    )
    op.create_table(
        "blob_ref",
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("size", _LONG, nullable=False),
        sa.PrimaryKeyConstraint("sha", "entity_id", name=op.f("pk_blob_ref")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_blob_ref_entity_id"), "blob_ref", ["entity_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_blob_ref_entity_id"), "blob_ref")
    op.drop_table("blob_ref")
    op.drop_table("blob")
