"""Digests of records and of scopes; those of older records are computed when sums are first compared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _number(name: str, first: str = "0") -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=first)


def upgrade() -> None:
    op.add_column("entity", _number("digest"))
    op.add_column("cursor", _number("records"))
    op.add_column("cursor", _number("digest"))
    op.add_column("cursor", _number("verified", "-1"))


def downgrade() -> None:
    for table, column in (("cursor", "verified"), ("cursor", "digest"), ("cursor", "records"), ("entity", "digest")):
        op.drop_column(table, column)
