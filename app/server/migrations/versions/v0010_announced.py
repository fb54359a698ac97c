"""How far a replica says, signed, that it has come: others may have heard that before the agency did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("replica", sa.Column("announced_n", _LONG, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("replica", "announced_n")
