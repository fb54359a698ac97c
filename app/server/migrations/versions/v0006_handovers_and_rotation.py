"""What the agency decides on quarantined changes, tokens that are replaced, and how much a device has still to send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("quarantine", sa.Column("verdict", sa.Text(), nullable=False, server_default=""))
    op.add_column("quarantine", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("quarantine", sa.Column("decided_at", sa.Text(), nullable=True))
    op.add_column("device", sa.Column("waiting", _LONG, nullable=False, server_default="0"))
    op.add_column("device", sa.Column("former_hash", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_device_former_hash"), "device", ["former_hash"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_device_former_hash"), "device")
    for name in ("former_hash", "waiting"):
        op.drop_column("device", name)
    for name in ("decided_at", "note", "verdict"):
        op.drop_column("quarantine", name)
