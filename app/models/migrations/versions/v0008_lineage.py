"""From which measure a measure was taken over, and an index to find those taken from one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FIELDS = ("adopted_from", "adopted_ags", "adopted_title", "adopted_on", "adopted_values")


def upgrade() -> None:
    for name in _FIELDS:
        op.add_column("measure", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_measure_adopted_from", "measure", ["adopted_from"])


def downgrade() -> None:
    op.drop_index("ix_measure_adopted_from", "measure")
    for name in reversed(_FIELDS):
        op.drop_column("measure", name)
