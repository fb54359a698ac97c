"""Letters to the agency: others' that are carried here, and who carries one's own (docs/adr/0021)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.access import Grant
from app.domain.clock import VersionVector, flatten, unflatten
from app.models import settings
from app.models.asking import Asking
from app.models.engine import reading, writing
from app.models.store import Store
from app.models.tables import change, entrusted, letter, letter_part, own_letter

HELD, TAKEN, REFUSED = "held", "taken", "refused"
PASSPORT_MS = 86_400_000
"""How old a pass grows before it is asked for anew."""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose letter it is: the signing key by which the agency knows the device, person, and the device's name."""

    device: str
    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is kept of one other device.

    Attributes:
        passport, announced, note: signed statements, as they came; `note` tells of the sealed letter.
        has_body: whether the sealed letter itself lies here.
        changes: in it.
        state: `HELD` until the agency has dealt with all that is kept here; `REFUSED` with a `reason`.
        receipt: the agency's signed word on the letter that was brought last, for its author.
    """

    author: Author
    passport: bytes
    announced: bytes
    note: bytes
    has_body: bool
    changes: int
    state: str
    reason: str
    receipt: bytes = b""


def letters(store: Store) -> list[Letter]:
    """All of them, without their bodies."""
    t = letter.c
    query = select(letter, t.body.is_not(None).label("has_body")).order_by(t.person, t.name, t.device)
    with reading(store.engine) as connection:
        return [
            Letter(
                Author(r.device, r.person, r.name), r.passport, r.announced, r.note or b"", bool(r.has_body),
                r.changes, r.state, r.reason, r.receipt or b"",
            )
            for r in connection.execute(query)
        ]  # fmt: skip


def any_held(store: Store) -> bool:
    """Whether something of others lies here that the agency has not been given."""
    with reading(store.engine) as connection:
        return bool(_HELD(connection))


_HELD = Asking(select(letter.c.device).where(letter.c.state == HELD).limit(1))


def body(store: Store, device: str) -> bytes:
    """The sealed letter of a device, b"" if it does not lie here."""
    with reading(store.engine) as connection:
        return connection.execute(select(letter.c.body).where(letter.c.device == device)).scalar() or b""


def keep_word(store: Store, author: Author, passport: bytes, announced: bytes) -> None:
    """How far an author says its changes have come; replaces what was known before."""
    _put(store, author, {"passport": passport, "announced": announced}, durable=False)


def keep_letter(
    store: Store,
    author: Author,
    passport: bytes,
    note: bytes,
    sealed: bytes,
    changes: int,
    parts: Collection[str] = (),
) -> None:
    """A sealed letter; on the disk when this returns. It replaces an earlier one, all of which it holds again.

    What its author has announced stays: that may be further by now than the letter goes.

    Args:
        parts: of several letters, all of which were kept by `keep_part`; `sealed` is b"" then.
    """
    values = {"passport": passport, "note": note, "body": sealed, "changes": changes}
    _put(store, author, values, durable=True, first={"announced": note}, parts=parts)


def keep_part(store: Store, device: str, sha: str, sealed: bytes) -> None:
    """One of several letters of a device, until the others are here, too; on the disk when this returns."""
    put = insert(letter_part).values(device=device, sha=sha, body=sealed)
    with store.gate.batch(), writing(store.engine) as connection:
        connection.execute(put.on_conflict_do_nothing())


def parts_here(store: Store, device: str) -> frozenset[str]:
    """Which of several letters of a device lie here, by SHA-256."""
    with reading(store.engine) as connection:
        return frozenset(connection.execute(select(letter_part.c.sha).where(letter_part.c.device == device)).scalars())


def part(store: Store, device: str, sha: str) -> bytes:
    """One of several letters of a device, b"" if it does not lie here."""
    query = select(letter_part.c.body).where(letter_part.c.device == device, letter_part.c.sha == sha)
    with reading(store.engine) as connection:
        return connection.execute(query).scalar() or b""


def _put(
    store: Store,
    author: Author,
    values: Mapping[str, object],
    durable: bool,
    first: Mapping[str, object] | None = None,
    parts: Collection[str] | None = None,
) -> None:
    values = {**values, "person": author.person, "name": author.name, "at": store.clock(), "state": HELD, "reason": ""}
    put = insert(letter).values(device=author.device, **values, **(first or {}))
    fresh = {name: put.excluded[name] for name in values}
    with store.gate.batch(), writing(store.engine, durable=durable) as connection:
        connection.execute(put.on_conflict_do_update(index_elements=["device"], set_=fresh))
        if parts is not None:
            old = (letter_part.c.device == author.device, letter_part.c.sha.not_in(parts))
            connection.execute(delete(letter_part).where(*old))


def tell(store: Store, told: Letter, state: str, reason: str = "") -> None:
    """What the agency said to a letter; unless more has come from its author meanwhile."""
    values: dict[str, object] = {"state": state, "reason": reason, "told_at": store.clock()}
    if state == TAKEN:
        values["body"] = None
    same = (
        letter.c.device == told.author.device,
        letter.c.announced == told.announced,
        func.coalesce(letter.c.note, b"") == told.note,
    )
    with store.gate.batch(), writing(store.engine) as connection:
        done = connection.execute(update(letter).where(*same).values(**values)).rowcount
        if done and state == TAKEN:
            connection.execute(delete(letter_part).where(letter_part.c.device == told.author.device))


def keep_receipt(store: Store, device: str, receipt: bytes) -> None:
    """The agency's word for a device of which something is kept here; until it is met again."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        connection.execute(update(letter).where(letter.c.device == device).values(receipt=receipt))


def own_vector(store: Store) -> dict[int, int]:
    """How far this profile's own changes have come, per replica it has ever used."""
    with reading(store.engine) as connection:
        query = select(change.c.replica, func.max(change.c.n)).group_by(change.c.replica)
        return {int(r): int(n) for r, n in connection.execute(query)}


def entrust(store: Store, keeper: Author, vector: VersionVector, sealed: Mapping[str, VersionVector]) -> None:
    """Another device has everything up to there in own letters: SHA-256 -> up to where each goes."""
    told = orjson.dumps(flatten(vector)).decode()
    put = insert(entrusted).values(
        device=keeper.device, person=keeper.person, name=keeper.name, vector=told, at=store.clock()
    )
    fresh = {name: put.excluded[name] for name in ("person", "name", "vector", "at")}
    rows = [{"sha": sha, "vector": orjson.dumps(flatten(covered)).decode()} for sha, covered in sealed.items()]
    with store.gate.batch(), writing(store.engine) as connection:
        connection.execute(put.on_conflict_do_update(index_elements=["device"], set_=fresh))
        connection.execute(insert(own_letter).on_conflict_do_nothing(), rows)


def take_receipt(store: Store, sha: str, epoch: str, accepted: VersionVector, aside: int, told_at: str) -> bool:
    """The agency's word on an own letter; whether it was news. One that was not sealed here says nothing of here.

    It confirms nothing: that is for the own exchange, which brings the agency's states along.
    """
    same = own_letter.c.sha == sha
    values = {"epoch": epoch, "accepted": orjson.dumps(flatten(accepted)).decode(), "aside": aside, "told_at": told_at}
    with reading(store.engine) as connection:
        found = connection.execute(select(own_letter.c.told_at).where(same)).scalar()
    if found is None or found >= told_at:
        return False
    with store.gate.batch(), writing(store.engine) as connection:
        connection.execute(update(own_letter).where(same).values(**values))
    return True


def forget_entrusted(store: Store) -> None:
    """Nothing waits any more: who carries what, and what was said to it, does not matter now."""
    with reading(store.engine) as connection:
        if _WAITING(connection) or not _ENTRUSTED(connection):
            return
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        connection.execute(delete(entrusted))
        connection.execute(delete(own_letter))


_WAITING = Asking(select(change.c.seq).where(change.c.state == "pending").limit(1))
_ENTRUSTED = Asking(select(entrusted.c.device).limit(1))


def entrusted_to(store: Store) -> dict[str, dict[int, int]]:
    """By device: up to where the own letter it has goes."""
    with reading(store.engine) as connection:
        found = connection.execute(select(entrusted.c.device, entrusted.c.vector))
        return {r.device: unflatten(orjson.loads(r.vector)) for r in found}


def own_grant(store: Store) -> Grant:
    """What the agency has last said that this device may do."""
    with reading(store.engine) as connection:
        return settings.grant(connection)


def passport(store: Store) -> str:
    """This device's pass as its agency signed it, "" without one."""
    with reading(store.engine) as connection:
        return settings.get(connection, "passport")


def keep_passport(store: Store, told: str) -> None:
    """A pass that the agency has given just now, for the grant it has told."""
    with reading(store.engine) as connection:
        grant = settings.get(connection, "grant")
    store.put_settings(passport=told, passport_at=store.clock(), passport_grant=grant)


def needs_passport(store: Store) -> bool:
    """Whether the pass is missing, was given for another grant, or is a day old."""
    with reading(store.engine) as connection:
        told = settings.every(connection)
    if not (told.get("courier_agency") and told.get("courier_secret")):
        return False
    age = store.clock() - int(told.get("passport_at", "0"))
    return not told.get("passport") or told.get("passport_grant") != told.get("grant") or not 0 <= age < PASSPORT_MS
