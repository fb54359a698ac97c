"""First tables of the agency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLAG = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("receipts", _LONG, nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sqlite_strict=True,
    )
    op.create_table(
        "change_entity",
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("replica", _LONG, autoincrement=False, nullable=False),
        sa.Column("n", _LONG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "replica", "n", name=op.f("pk_change_entity")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change_log",
        sa.Column("replica", _LONG, autoincrement=False, nullable=False),
        sa.Column("n", _LONG, autoincrement=False, nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("receipt_no", _LONG, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("replica", "n", name=op.f("pk_change_log")),
        sqlite_strict=True,
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("ags", sa.Text(), nullable=False),
        sa.Column("workshops", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.Column("last_seen", sa.Text(), nullable=True),
        sa.Column("app_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "entity",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("root_kind", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        sa.Column("shared", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_entity_root_id"), "entity", ["root_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("replica", _LONG, autoincrement=False, nullable=False),
        sa.Column("n_to", _LONG, autoincrement=False, nullable=False),
        sa.Column("n_from", _LONG, nullable=False),
        sa.Column("no", _LONG, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("replica", "n_to", name=op.f("pk_receipt")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scope_counter",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("seq", _LONG, nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_scope_counter")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("seq", _LONG, nullable=False),
        sa.Column("held", _FLAG, nullable=False),
        sa.PrimaryKeyConstraint("scope", "entity_id", name=op.f("pk_feed")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_feed_entity_id_entity")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_feed_scope_seq"), "feed", ["scope", "seq"], unique=True)
    op.create_table(
        "invitation",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("ags", sa.Text(), nullable=False),
        sa.Column("workshops", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_invitation")),
        sa.ForeignKeyConstraint(["replaces"], ["device.id"], name=op.f("fk_invitation_replaces_device")),
        sa.ForeignKeyConstraint(["used_by"], ["device.id"], name=op.f("fk_invitation_used_by_device")),
        sqlite_strict=True,
    )
    op.create_table(
        "quarantine",
        sa.Column("replica", _LONG, autoincrement=False, nullable=False),
        sa.Column("n", _LONG, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("replica", "n", name=op.f("pk_quarantine")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_quarantine_device_id_device")),
        sqlite_strict=True,
    )
    op.create_table(
        "replica",
        sa.Column("replica", _LONG, autoincrement=False, nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("max_n", _LONG, nullable=False),
        sa.PrimaryKeyConstraint("replica", name=op.f("pk_replica")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_replica_device_id_device")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in (
        "replica",
        "quarantine",
        "invitation",
        "feed",
        "scope_counter",
        "receipt",
        "entity",
        "device",
        "change_log",
        "change_entity",
        "agency",
    ):
        op.drop_table(name)
