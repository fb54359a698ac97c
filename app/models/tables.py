"""The tables: bookkeeping written out, one typed table per kind generated from the field registry."""

from __future__ import annotations

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from app.domain.fields import KINDS, Field, Kind, Merge, Type

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *parts: SchemaItem, rowid: bool = True) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


setting = _table("setting", Column("name", Text, primary_key=True), Column("value", Text, nullable=False), rowid=False)

entity = _table(
    "entity",
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("root_kind", Text, nullable=False),
    Column("root_id", Text, nullable=False),
    Column("clocks", LargeBinary, nullable=False),
    # The agency's state while changes of our own are not part of it yet; empty: unknown to the agency.
    Column("base", LargeBinary),
    # Of the agency's state (base, or the record itself where there is none beside it); 0: unknown to it.
    Column("digest", Integer, nullable=False, server_default="0"),
    # Of the record as it stands here with own changes in it, while there is a base beside it; 0: not known.
    Column("ahead", Integer, nullable=False, server_default="0"),
    Column("held", Text, nullable=False, server_default=""),
    Column("gone", Integer, nullable=False, server_default="0"),
    Column("frozen", Integer, nullable=False, server_default="0"),
    Column("changed_at", Integer, nullable=False, server_default="0"),
    Column("changed_by", Integer, nullable=False, server_default="0"),
    CheckConstraint("gone IN (0, 1)", name="gone"),
    CheckConstraint("frozen IN (0, 1)", name="frozen"),
    Index("ix_entity_root", "root_id", "kind"),
    Index("ix_entity_kind", "kind", "gone"),
)

change = _table(
    "change",
    Column("seq", Integer, primary_key=True),
    Column("replica", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("hlc", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("origin", Text, nullable=False, server_default=""),
    Column("body", LargeBinary, nullable=False),
    Column("inverse", LargeBinary),
    # pending -> confirmed (receipt stored) or quarantined (waits at the agency)
    Column("state", Text, nullable=False, server_default="pending"),
    Column("reason", Text, nullable=False, server_default=""),
    # what the agency has said to it
    Column("note", Text, nullable=False, server_default=""),
    Column("receipt", Integer),
    Column("role", Text, nullable=False, server_default="do"),
    Column("reversed_by", Integer),
    UniqueConstraint("replica", "n"),
    CheckConstraint("state IN ('pending', 'confirmed', 'quarantined')", name="state"),
    CheckConstraint("role IN ('do', 'undo', 'redo')", name="role"),
    Index("ix_change_state", "state", "seq"),
)

change_entity = _table(
    "change_entity",
    Column("seq", Integer, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("root_id", Text, nullable=False),
    Index("ix_change_entity_entity_id", "entity_id", "seq"),
    Index("ix_change_entity_root_id", "root_id", "seq"),
    rowid=False,
)

superseded = _table(
    "superseded",
    Column("entity_id", Text, primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("replica", Integer, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("hlc", Integer, nullable=False),
    Column("value", Text, nullable=False),
    rowid=False,
)

arrival = _table(
    "arrival",
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("entity_id", Text, nullable=False),
    # None: the record itself is new here.
    Column("slot", Integer),
    Column("replica", Integer, nullable=False, server_default="0"),
    Column("hlc", Integer, nullable=False, server_default="0"),
    Column("before", Text),
    Index("ix_arrival_entity_id", "entity_id"),
)
"""What others changed, as it arrived: whose word, and what stood here until then (`app.models.arrivals`)."""

question = _table(
    "question",
    Column("entity_id", Text, primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("root_id", Text, nullable=False),
    Column("since", Integer, nullable=False),
    rowid=False,
)

author = _table(
    "author",
    Column("replica", Integer, primary_key=True),
    Column("person", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("ags", Text, nullable=False),
)

cursor = _table(
    "cursor",
    Column("scope", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    # How many records this scope holds here, the sum of their digests (mod 2**62), and the feed number at
    # which both were last found equal to the agency's.
    Column("records", Integer, nullable=False, server_default="0"),
    Column("digest", Integer, nullable=False, server_default="0"),
    Column("verified", Integer, nullable=False, server_default="-1"),
    rowid=False,
)

receipt = _table(
    "receipt",
    Column("no", Integer, primary_key=True),
    Column("replica", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("at", Text, nullable=False),
    rowid=False,
)

courier_file = _table(
    "courier_file",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("written_at", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("answered_at", Integer),
    Index("ix_courier_file_written_at", "written_at"),
    rowid=False,
)
"""Courier files written here, and when the answer to each was read."""

heard = _table(
    "heard",
    Column("entity_id", Text, primary_key=True),
    Column("root_id", Text, nullable=False),
    Column("row", LargeBinary, nullable=False),
    Index("ix_heard_root_id", "root_id"),
    rowid=False,
)
"""What others have said of a record in the hall and the agency has not told yet: a packed state."""

letter = _table(
    "letter",
    Column("device", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    # Signed: the agency's word on the author, the author's how far its changes have come, and on the sealed letter.
    Column("passport", LargeBinary, nullable=False),
    Column("announced", LargeBinary, nullable=False),
    Column("note", LargeBinary),
    Column("body", LargeBinary),
    # Signed by the agency: what it has taken of this device, on its way back to it.
    Column("receipt", LargeBinary),
    Column("changes", Integer, nullable=False, server_default="0"),
    Column("at", Integer, nullable=False, server_default="0"),
    # held -> taken (the agency has it) or refused
    Column("state", Text, nullable=False, server_default="held"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("told_at", Integer, nullable=False, server_default="0"),
    CheckConstraint("state IN ('held', 'taken', 'refused')", name="state"),
    rowid=False,
)
"""Other devices' letters to the agency, carried here; a device is named by its signing key."""

letter_part = _table(
    "letter_part",
    Column("device", Text, primary_key=True),
    Column("sha", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    rowid=False,
)
"""What did not fit into a device's letter: further letters, named by their SHA-256; `letter.note` lists them."""

entrusted = _table(
    "entrusted",
    Column("device", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("vector", Text, nullable=False),
    Column("at", Integer, nullable=False),
    rowid=False,
)
"""Which devices have an own letter, and up to which own changes it goes."""

own_letter = _table(
    "own_letter",
    Column("sha", Text, primary_key=True),
    Column("vector", Text, nullable=False),
    # The agency's receipt, once somebody has brought it back: under which epoch, up to where, how many it keeps aside.
    Column("epoch", Text, nullable=False, server_default=""),
    Column("accepted", Text, nullable=False, server_default="[]"),
    Column("aside", Integer, nullable=False, server_default="0"),
    Column("told_at", Text, nullable=False, server_default=""),
    rowid=False,
)
"""Own letters that others have, up to which own changes each goes, and what the agency has said to it."""

sync_log = _table(
    "sync_log",
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("root_kind", Text, nullable=False, server_default=""),
    Column("root_id", Text, nullable=False, server_default=""),
    Index("ix_sync_log_at", "at"),
    Index("ix_sync_log_root", "root_id", "at"),
)

participant = _table(
    "participant",
    Column("id", Text, primary_key=True),
    Column("workshop_id", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("institution", Text, nullable=False, server_default=""),
    Column("function", Text, nullable=False, server_default=""),
    Column("email", Text, nullable=False, server_default=""),
    Column("stakeholder_group", Text, nullable=False, server_default=""),
    Column("consent_photo", Integer, nullable=False, server_default="0"),
    Column("consent_contact", Integer, nullable=False, server_default="0"),
    Column("delete_after", Text, nullable=False),
)
"""Personal: outside the field registry, hence never sent anywhere."""

_SQL_TYPES = {Type.INT: Integer, Type.CENTS: Integer, Type.BOOL: Integer, Type.FLOAT: REAL}
_AGE = ("gone", "changed_at", "status", "lead_ags", "participating_ags")
"""All that "not touched for so long" asks of a measure, so that it reads no rows."""
_INDEXED = {
    "measure": (("status",), ("traffic_light",), ("lead_ags",), ("code",), ("adopted_from",), ("merged_into",), _AGE),
    "workshop": (("starts_at",),),
    "contribution": (),
    "task": (("status", "gone", "due"),),
}


_LISTED = {
    "measure": (
        "root_id", "status", "traffic_light", "lead_ags", "fields_of_action", "participating_ags", "bundle_code",
        "start", "end", "total_cost_cents", "changed_at",
    ),
}  # fmt: skip
"""What the index of a list holds beside the order: all that the list is filtered, sorted and grouped by.

A row of a measure fills a third of a page and has to be deciphered; an index that knows the answer spares that
for every row of a hundred thousand (ten times as fast).
"""


def _column(field: Field) -> Column[object]:
    if field.merge is Merge.COUNTER:
        return Column(field.name, Integer)
    if field.merge is Merge.SET:
        return Column(field.name, Text)
    return Column(field.name, _SQL_TYPES.get(field.type, Text))


def _kind_table(kind: Kind) -> Table:
    extra = (Index(f"ix_{kind.name}_{'_'.join(cols)}", *cols) for cols in _INDEXED.get(kind.name, ()))
    return _table(
        kind.name,
        Column("row", Integer, primary_key=True),
        Column("root_id", Text, nullable=False),
        Column("gone", Integer, nullable=False, server_default="0"),
        Column("changed_at", Integer, nullable=False, server_default="0"),
        Column("sort_key", Text, nullable=False, server_default=""),
        *(_column(f) for f in kind.fields),
        Index(f"ix_{kind.name}_list", "gone", "sort_key", *_LISTED.get(kind.name, ())),
        Index(f"ix_{kind.name}_root", "root_id"),
        *extra,
    )


kind_tables: dict[str, Table] = {name: _kind_table(kind) for name, kind in KINDS.items()}
"""One typed table per kind: sets as JSON lists, texts as plain text, clocks in `entity`."""

SEARCH_SQL = (
    "CREATE VIRTUAL TABLE search USING fts5(title, body, content='', contentless_delete=1, "
    "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
)
"""Full-text index over normalised words (domain.german); rowid = entity.row."""
