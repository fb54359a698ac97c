"""A record's own log of what arrived, newest first, without reading the whole log."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sync_log_root", "sync_log", ["root_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_sync_log_root", "sync_log")
