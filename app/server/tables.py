"""The agency's tables, the same on SQLite (STRICT) and PostgreSQL.

Instants are RFC 3339 texts in UTC, records are packed rows as JSON bytes: what travels is what rests.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Long = BigInteger().with_variant(Integer(), "sqlite")
"""63-bit numbers: replica ids, change numbers, feed numbers."""
Flag = SmallInteger().with_variant(Integer(), "sqlite")

agency = Table(
    "agency",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("receipts", Long, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("digest_form", Integer, nullable=False, server_default="0"),
    sqlite_strict=True,
)
"""One row: who this is, which incarnation of the database, the last receipt number, and in which form the
digests of records and scopes are kept (0: they have to be computed first)."""

former_epoch = Table(
    "former_epoch",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("ended_at", Text, nullable=False),
    sqlite_strict=True,
)
"""Earlier incarnations of this database: what a device learned in one of them it may heal."""

device = Table(
    "device",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("former_hash", LargeBinary),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("ags", Text, nullable=False),
    Column("workshops", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("last_seen", Text),
    Column("app_version", Text, nullable=False),
    Column("waiting", Long, nullable=False, server_default="0"),
    Column("subject", Text),
    Index(None, "former_hash", unique=True),
    sqlite_strict=True,
)
"""One row per enrolled device; `workshops` is a JSON list of ids. The token itself is never stored; the former
one counts until the next renewal. `waiting`: changes it has last said to have for us. `subject`: the account
(issuer and name there) with which its person has signed in, NULL for devices that were invited."""

invitation = Table(
    "invitation",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("role", Text, nullable=False),
    Column("ags", Text, nullable=False),
    Column("workshops", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    Column("used_by", Integer, ForeignKey("device.id")),
    Column("replaces", Integer, ForeignKey("device.id")),
    sqlite_strict=True,
)
"""Codes that admit one device each; `replaces` names the device whose replicas the new one inherits."""

replica = Table(
    "replica",
    metadata,
    Column("replica", Long, primary_key=True, autoincrement=False),
    Column("device_id", Integer, ForeignKey("device.id"), nullable=False),
    Column("max_n", Long, nullable=False),
    Column("earlier_n", Long),
    Column("announced_n", Long, nullable=False, server_default="0"),
    sqlite_strict=True,
)
"""Who writes under which number, and how far (`max_n`). `earlier_n` is set once the replica has written in
this epoch: up to there others can know its changes from earlier epochs; NULL: it has not been heard yet.
`announced_n`: up to there its device says, signed, that it has written; others may have heard that in a hall."""

hearsay = Table(
    "hearsay",
    metadata,
    Column("replica", Long, primary_key=True, autoincrement=False),
    Column("n", Long, nullable=False),
    sqlite_strict=True,
)
"""How far a replica is known from others' heals alone: its changes themselves may never come."""

heal = Table(
    "heal",
    metadata,
    Column("device_id", Integer, ForeignKey("device.id"), primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("body", LargeBinary),
    Column("received_at", Text, nullable=False),
    sqlite_strict=True,
)
"""Who healed what last. A refused heal keeps its row (with columns) in `body`, for a person to look at."""

change_log = Table(
    "change_log",
    metadata,
    Column("replica", Long, primary_key=True, autoincrement=False),
    Column("n", Long, primary_key=True, autoincrement=False),
    Column("received_at", Text, nullable=False),
    Column("receipt_no", Long, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""Every change as it came, merged or not. Rows are only ever added."""

change_entity = Table(
    "change_entity",
    metadata,
    Column("entity_id", Text, primary_key=True),
    Column("replica", Long, primary_key=True, autoincrement=False),
    Column("n", Long, primary_key=True, autoincrement=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Which merged changes touched a record."""

entity = Table(
    "entity",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("root_kind", Text, nullable=False),
    Column("root_id", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("authors", Text, nullable=False),
    Column("packed", LargeBinary),
    Column("shared", LargeBinary),
    Column("digest", Long, nullable=False, server_default="0"),
    Index(None, "root_id"),
    sqlite_strict=True,
)
"""The merged state of every record.

`scopes` and `authors` (replica ids) are JSON lists. `packed` is NULL for a root that is only known
from its children; `digest` is that of `app.domain.digest`. `shared` is
the row without internal fields, where that differs and others may read it.
"""

feed = Table(
    "feed",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("entity_id", Text, ForeignKey("entity.id"), primary_key=True),
    Column("seq", Long, nullable=False),
    Column("held", Flag, nullable=False),
    Column("digest", Long, nullable=False, server_default="0"),
    Index(None, "scope", "seq", unique=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Per scope the latest step of every record: its state is news (`held`), or it left the scope (digest 0)."""

scope_counter = Table(
    "scope_counter",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("seq", Long, nullable=False),
    Column("records", Long, nullable=False, server_default="0"),
    Column("digest", Long, nullable=False, server_default="0"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""The last number of each feed, how many records it shows now, and the sum of their digests (mod 2**62)."""

receipt = Table(
    "receipt",
    metadata,
    Column("replica", Long, primary_key=True, autoincrement=False),
    Column("n_to", Long, primary_key=True, autoincrement=False),
    Column("n_from", Long, nullable=False),
    Column("no", Long, nullable=False),
    Column("at", Text, nullable=False),
    Index("ix_receipt_at", "at", "replica", "n_from", "n_to"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""One number per request that brought something new, one row per replica in it."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("replica", Long, primary_key=True, autoincrement=False),
    Column("n", Long, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("device_id", Integer, ForeignKey("device.id"), nullable=False),
    Column("released_at", Text),
    Column("verdict", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("decided_at", Text),
    Column("decided_by", Integer),
    sqlite_strict=True,
)
"""Changes that were kept but not merged, and why. Until somebody decides they are handovers: released (merged
after all), or with a verdict of `app.server.handover` and its reason in `note`. `decided_by` is a
device, NULL where the operator did it at this machine."""

handover_root = Table(
    "handover_root",
    metadata,
    Column("replica", Long, primary_key=True, autoincrement=False),
    Column("n", Long, primary_key=True, autoincrement=False),
    Column("root_id", Text, primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Of changes whose author had no right to them, while nobody has decided: the roots they touch."""

courier_secret = Table(
    "courier_secret",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("raw", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""One row: from it follow the keys with which the agency signs courier files and opens those for it."""

courier_key = Table(
    "courier_key",
    metadata,
    Column("device_id", Integer, ForeignKey("device.id"), primary_key=True, autoincrement=False),
    Column("signing", LargeBinary, nullable=False, unique=True),
    Column("sealing", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""The public keys of devices that may bring courier files."""

blob = Table(
    "blob",
    metadata,
    Column("sha", Text, primary_key=True),
    Column("size", Long, nullable=False),
    Column("at", Text, nullable=False),
    Column("device_id", Integer, ForeignKey("device.id")),
    Column("unused_since", Text),
    sqlite_strict=True,
)
"""Whole files of attachments, named by their SHA-256; the bytes lie in the data folder (`blob_files`)."""

blob_ref = Table(
    "blob_ref",
    metadata,
    Column("sha", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("size", Long, nullable=False),
    Column("replica", Long, nullable=False, server_default="0"),
    Index(None, "entity_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Which living records refer to which file, and who wrote that (0: before anybody asked); written with every
record (`blob_refs`)."""

blob_holder = Table(
    "blob_holder",
    metadata,
    Column("sha", Text, primary_key=True),
    Column("device_id", Integer, ForeignKey("device.id"), primary_key=True, autoincrement=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Devices that have shown that they have a file, or were given it: knowing its name alone opens nothing."""
