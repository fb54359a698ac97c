"""Receipts are found by when they were given: the agency's desk shows how much each town brings by weeks."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_receipt_at", "receipt", ["at", "replica", "n_from", "n_to"])


def downgrade() -> None:
    op.drop_index("ix_receipt_at", "receipt")
