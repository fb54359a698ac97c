"""Whoever refers to a file must have it: who wrote the reference, and which devices have shown the bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "blob_holder",
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sha", "device_id", name=op.f("pk_blob_holder")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_blob_holder_device_id_device")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.add_column("blob_ref", sa.Column("replica", _LONG, nullable=False, server_default="0"))
    op.execute("INSERT INTO blob_holder (sha, device_id) SELECT sha, device_id FROM blob WHERE device_id IS NOT NULL")


def downgrade() -> None:
    op.drop_column("blob_ref", "replica")
    op.drop_table("blob_holder")
