"""Measures that are one with another, and an index to find those that have gone into one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_FIELDS = ("merged_into", "merged_on", "merge_with", "merge_stays", "distinct_from")


def upgrade() -> None:
    for name in _FIELDS:
        of = sa.Integer() if name == "merge_stays" else sa.Text()
        op.add_column("measure", sa.Column(name, of, nullable=True))
    op.create_index("ix_measure_merged_into", "measure", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_measure_merged_into", "measure")
    for name in reversed(_FIELDS):
        op.drop_column("measure", name)
