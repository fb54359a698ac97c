"""Which roots a handover touches, so that their owners may decide on it, and who did."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "handover_root",
        sa.Column("replica", _LONG, nullable=False, autoincrement=False),
        sa.Column("n", _LONG, nullable=False, autoincrement=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("replica", "n", "root_id", name=op.f("pk_handover_root")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.add_column("quarantine", sa.Column("decided_by", sa.Integer(), nullable=True))
    _note_open_ones()


def _note_open_ones() -> None:
    """The roots of what waits already."""
    connection = op.get_bind()
    waiting = sa.text(
        "SELECT replica, n, body FROM quarantine"
        " WHERE released_at IS NULL AND verdict = '' AND reason = 'not_allowed' ORDER BY replica, n"
    )
    for replica, n, body in connection.execute(waiting).all():
        for root in sorted(_roots(connection, json.loads(bytes(body)))):
            values = {"replica": replica, "n": n, "root": root}
            connection.execute(sa.text("INSERT INTO handover_root VALUES (:replica, :n, :root)"), values)


def _roots(connection: sa.Connection, change: list[Any]) -> set[str]:
    """A change ends with its operations: [sign, kind, id, …], of a creation [sign, kind, id, root kind, root id]."""
    found = set()
    for each in change[-1]:
        known = sa.text("SELECT root_id FROM entity WHERE id = :id AND root_id <> ''")
        root = connection.execute(known, {"id": each[2]}).scalar()
        if root:
            found.add(root)
        if each[0] == "c":
            found.add(each[4])
    return found


def downgrade() -> None:
    op.drop_column("quarantine", "decided_by")
    op.drop_table("handover_root")
