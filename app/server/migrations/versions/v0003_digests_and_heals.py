"""Digests of records and scopes, earlier epochs, and what was healed from devices.

Digests are computed when the agency is opened next (`app.server.digests`): how, is not history.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str, kind: sa.types.TypeEngine[int] = _LONG) -> sa.Column[int]:
    return sa.Column(name, kind, nullable=False, server_default="0")


def upgrade() -> None:
    op.add_column("agency", _number("digest_form", sa.Integer()))
    op.add_column("entity", _number("digest"))
    op.add_column("feed", _number("digest"))
    op.add_column("scope_counter", _number("records"))
    op.add_column("scope_counter", _number("digest"))
    op.add_column("replica", sa.Column("earlier_n", _LONG, nullable=True))
    op.create_table(
        "former_epoch",
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_former_epoch")),
        sqlite_strict=True,
    )
    op.create_table(
        "hearsay",
        sa.Column("replica", _LONG, autoincrement=False, nullable=False),
        sa.Column("n", _LONG, nullable=False),
        sa.PrimaryKeyConstraint("replica", name=op.f("pk_hearsay")),
        sqlite_strict=True,
    )
    op.create_table(
        "heal",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_heal_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "entity_id", name=op.f("pk_heal")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("heal", "hearsay", "former_epoch"):
        op.drop_table(table)
    for table, column in (
        ("replica", "earlier_n"),
        ("scope_counter", "digest"),
        ("scope_counter", "records"),
        ("feed", "digest"),
        ("entity", "digest"),
        ("agency", "digest_form"),
    ):
        op.drop_column(table, column)
