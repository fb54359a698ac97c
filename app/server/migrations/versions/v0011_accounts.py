"""Devices whose person has signed in with an account of the agency's house."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("subject", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("device", "subject")
