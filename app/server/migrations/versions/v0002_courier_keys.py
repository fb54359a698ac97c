"""Keys for the exchange by courier file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courier_secret",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_courier_secret")),
        sqlite_strict=True,
    )
    op.create_table(
        "courier_key",
        sa.Column("device_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signing", sa.LargeBinary(), nullable=False),
        sa.Column("sealing", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_courier_key_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_courier_key")),
        sa.UniqueConstraint("signing", name=op.f("uq_courier_key_signing")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("courier_key")
    op.drop_table("courier_secret")
