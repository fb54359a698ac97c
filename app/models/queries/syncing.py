"""The truth about the transfer: what waits, what has a receipt, what was refused, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from app.domain.change import slot_id
from app.domain.encoding import decode_change
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.ids import EntityId
from app.models import rows, settings
from app.models.queries.hall import receipts_back
from app.models.queries.lists import titles_of
from app.models.queries.orphans import orphans
from app.models.queries.reader import Reader
from app.models.tables import change, change_entity, entity, kind_tables, question, receipt, sync_log


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status line says.

    Attributes:
        pending: own changes without a stored receipt.
        refused: own changes that wait at the agency with a reason.
        questions: slots with two or more versions, deletions of edited records included.
        receipt: number of the last stored receipt, None before the first.
        receipt_at: its time (RFC 3339 UTC) as the agency said, "" before the first.
        synced_at: milliseconds UTC of the last completed exchange on this device, 0 before the first.
        joined: whether this profile belongs to an agency.
        handovers: changes of others that wait for a decision of this municipality.
        others_questions: those of `questions` that only others may answer; of more than `_LOOKED_AT` records none.
    """

    pending: int
    refused: int
    questions: int
    receipt: int | None
    receipt_at: str
    synced_at: int
    joined: bool
    agency_name: str
    person: settings.Person
    handovers: int = 0
    others_questions: int = 0

    @property
    def to_decide(self) -> int:
        """What waits for a person here."""
        return self.questions - self.others_questions + self.handovers


def standing(reader: Reader) -> Standing:
    with reader.snapshot() as connection:
        count = select(func.count()).select_from(change)
        last = connection.execute(select(receipt).order_by(receipt.c.no.desc()).limit(1)).one_or_none()
        membership = settings.membership(connection)
        return Standing(
            pending=int(connection.execute(count.where(change.c.state == "pending")).scalar_one()),
            refused=int(connection.execute(count.where(change.c.state == "quarantined")).scalar_one()),
            questions=int(connection.execute(select(func.count()).select_from(question)).scalar_one())
            + len(orphans(connection)),
            receipt=None if last is None else int(last.no),
            receipt_at="" if last is None else str(last.at),
            synced_at=int(settings.get(connection, "synced_at", "0")),
            joined=membership.joined,
            agency_name=membership.name,
            person=settings.person(connection),
            handovers=int(settings.get(connection, "handovers", "0")),
            others_questions=_others_questions(connection),
        )


_LOOKED_AT = 100


def _others_questions(connection: Connection) -> int:
    """Questions about records that this device only reads: who wrote both versions is to answer them."""
    grant = settings.grant(connection)
    if grant.owns(()):  # the agency, and who works alone, may answer all
        return 0
    asked = (
        select(question.c.root_id, entity.c.root_kind, func.count().label("n"))
        .join_from(question, entity, entity.c.id == question.c.entity_id)
        .group_by(question.c.root_id, entity.c.root_kind)
        .limit(_LOOKED_AT + 1)
    )
    found = connection.execute(asked).all()
    if len(found) > _LOOKED_AT:
        return 0
    roots = [(row.n, rows.load(connection, row.root_kind, row.root_id)) for row in found]
    return sum(n for n, root in roots if root is not None and not grant.may_edit(root[1]))


@dataclass(frozen=True, slots=True)
class Touched:
    """One field of one record that a change touched; `slot` "" for creation, deletion, bringing back."""

    kind: str
    id: EntityId
    slot: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One root with what of it is not settled yet.

    Attributes:
        changes: number of own changes.
        touched: fields touched, each once, in order.
        state: "pending" or "quarantined" (then `reason` says why).
        note: what the agency said when it sent the change back (`reason` "returned").
        made_at: milliseconds UTC of the latest of them, by this device's clock.
        arrived: the agency has all of them, as it has said in a receipt that another laptop brought back.
    """

    root_kind: str
    root_id: EntityId
    title: str
    changes: int
    touched: tuple[Touched, ...]
    state: str
    reason: str
    made_at: int
    note: str = ""
    arrived: bool = False


def waiting(reader: Reader, limit: int = 500) -> list[Waiting]:
    """Unsettled own changes by record, latest first."""
    with reader.snapshot() as connection:
        columns = (
            change.c.seq, change.c.replica, change.c.n, change.c.hlc,
            change.c.state, change.c.reason, change.c.note,
        )  # fmt: skip
        told = receipts_back(connection)
        query = (
            select(*columns, change_entity.c.root_id, change_entity.c.entity_id)
            .join_from(change, change_entity, change.c.seq == change_entity.c.seq)
            .where(change.c.state != "confirmed")
            .order_by(change.c.seq.desc())
            .limit(limit * 10)
        )
        groups: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        touched: dict[int, dict[EntityId, list[Touched]]] = {}
        for r in connection.execute(query):
            key = (r.root_id, r.state, r.reason, r.note)
            group = groups.setdefault(key, {"seqs": set(), "touched": {}, "at": r.hlc >> 16, "arrived": True})
            group["arrived"] &= any(one.covers(r.replica, r.n) for one in told)
            group["seqs"].add(r.seq)
            if r.seq not in touched:
                touched[r.seq] = _touched(connection, r.seq)
            group["touched"] |= dict.fromkeys(touched[r.seq].get(r.entity_id, ()))
        shown = list(groups.items())[:limit]
        kinds = _kinds(connection, [root_id for (root_id, *_), _ in shown])
        titles = titles_of(connection, ((kind, root_id) for root_id, kind in kinds.items()))
        return [
            Waiting(
                kinds.get(root_id, ""), root_id, titles.get(root_id, ""), len(g["seqs"]), tuple(g["touched"]),
                state, reason, g["at"], note, g["arrived"] and state == "pending",
            )
            for (root_id, state, reason, note), g in shown
        ]  # fmt: skip


def _touched(connection: Connection, seq: int) -> dict[EntityId, list[Touched]]:
    """What a change touches, by record: an import touches thousands, each of them once."""
    body = connection.execute(select(change.c.body).where(change.c.seq == seq)).scalar_one()
    found: dict[EntityId, list[Touched]] = {}
    for op in decode_change(orjson.loads(body)).ops:
        slot = slot_id(op)
        name = "" if slot in (None, DELETION_SLOT) else KINDS[op.kind].slot_by_id[slot].name
        found.setdefault(op.id, []).append(Touched(op.kind, op.id, name))
    return found


def _kinds(connection: Connection, ids: Sequence[EntityId]) -> dict[EntityId, str]:
    query = select(entity.c.id, entity.c.kind).where(entity.c.id.in_(ids))
    return {row.id: row.kind for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A stored receipt: its number, when the agency gave it (RFC 3339 UTC), how many own changes it covers."""

    no: int
    at: str
    changes: int


def receipts(reader: Reader, limit: int = 50) -> list[ReceiptLine]:
    with reader.snapshot() as connection:
        covered = select(func.count()).where(change.c.receipt == receipt.c.no).correlate(receipt).scalar_subquery()
        query = select(receipt.c.no, func.max(receipt.c.at), func.max(covered)).group_by(receipt.c.no)
        return [
            ReceiptLine(int(no), str(at), int(n))
            for no, at, n in connection.execute(query.order_by(receipt.c.no.desc()).limit(limit))
        ]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the kept log: code and parameters (told in German by the labels), and its record."""

    at: int
    code: str
    params: dict[str, str | int]
    root_kind: str
    root_id: EntityId


def log(reader: Reader, limit: int = 200) -> list[LogLine]:
    """The latest lines, newest first."""
    with reader.snapshot() as connection:
        query = select(sync_log).order_by(sync_log.c.id.desc()).limit(limit)
        return [
            LogLine(r.at, r.code, orjson.loads(r.params), r.root_kind, r.root_id) for r in connection.execute(query)
        ]


def counts(reader: Reader) -> dict[str, int]:
    """Living records by kind."""
    with reader.snapshot() as connection:
        return {
            name: int(connection.execute(select(func.count()).select_from(t).where(t.c.gone == 0)).scalar_one())
            for name, t in kind_tables.items()
        }
