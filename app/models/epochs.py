"""The agency's epochs as this profile has known them, and what follows when a new one begins.

A new epoch means that the agency's database came back from a backup: it may have forgotten what it said
and what it was told. Until the first comparison after that (docs/adr/0008) the profile is *healing*: own
changes wait, because they may speak of what the agency does not know again yet, and nothing leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import orjson
from sqlalchemy import Connection, delete, func, select, update

from app.domain.clock import VersionVector
from app.models import gaps, settings
from app.models.engine import reading, writing
from app.models.store import Store
from app.models.tables import change, cursor, receipt


def begin(store: Store, epoch: str, accepted: VersionVector) -> int:
    """The agency was restored: read everything again, and send again what it no longer knows.

    Nothing is thrown away: bases stay and are merged, changes it has lost become pending, also those
    that waited there (a gap in the numbers would hold up all that follows). Cursors go back to 0
    instead of away, so that a scope lost meanwhile is still noticed.
    Returns the number of changes to be sent again.
    """
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        connection.execute(update(cursor).values(seq=0, verified=-1))
        former = [e for e in [*known(connection), settings.get(connection, "epoch")] if e and e != epoch]
        settings.put(
            connection,
            epoch=epoch,
            former_epochs=orjson.dumps(list(dict.fromkeys(former))[-50:]).decode(),
            healing=Healing.WAITS.value,
            earlier=settings.get(connection, "sent", "{}"),
        )
        replicas = settings.identity(connection).replicas
        again = sum(_send_again(connection, r, accepted.get(r, 0)) for r in replicas)
        connection.execute(delete(receipt).where(receipt.c.no.in_(_lost_receipts(connection, accepted))))
    return again


def send_again(store: Store, replica: int, after: int) -> int:
    """The agency lacks changes of ours that we thought it had: they wait anew. Returns how many."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        return _send_again(connection, replica, after) + gaps.fill(connection, replica, after)


def send_released(store: Store, released: Sequence[tuple[int, int]]) -> int:
    """Own changes (replica, n) that waited at the agency and are merged there by now wait anew; how many."""
    if not released:
        return 0
    with reading(store.engine) as connection:
        waiting = select(change.c.replica, change.c.n).where(change.c.state == "quarantined")
        aside = {(replica, n) for replica, n in connection.execute(waiting)}
    news = [dot for dot in released if dot in aside]
    if not news:
        return 0  # told each time, taken once
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        for replica, n in news:
            this = (change.c.replica == replica, change.c.n == n)
            connection.execute(update(change).where(*this).values(state="pending", reason=""))
    return len(news)


def _send_again(connection: Connection, replica: int, after: int) -> int:
    result = connection.execute(
        update(change)
        .where(change.c.replica == replica, change.c.n > after, change.c.state != "pending")
        .values(state="pending", receipt=None, reason="")
    )
    return result.rowcount


def _lost_receipts(connection: Connection, accepted: VersionVector) -> list[int]:
    return [r.no for r in connection.execute(select(receipt)) if r.n > accepted.get(r.replica, 0)]


def known(connection: Connection) -> list[str]:
    """The agency's earlier epochs in which this profile has read from it, oldest first."""
    told: list[str] = orjson.loads(settings.get(connection, "former_epochs", "[]"))
    return told


def former(store: Store) -> list[str]:
    """`known`, for the next heal."""
    with reading(store.engine) as connection:
        return known(connection)


class Healing(StrEnum):
    """What a new epoch has left to be done."""

    WAITS = "1"
    """Nothing has been compared since it began: own changes wait, and nothing leaves."""
    UNCOMPARED = "uncompared"
    """Both ends know different fields and cannot compare: own changes go, but nothing leaves until they can."""
    NONE = ""


def is_healing(connection: Connection) -> bool:
    """Whether a new epoch began and this profile has not been compared with the agency since."""
    return settings.get(connection, "healing") != Healing.NONE


def healing_in(told: Mapping[str, str]) -> Healing:
    """How far it is, among settings read before."""
    return Healing(told.get("healing", ""))


def end_healing(store: Store, left: Healing = Healing.NONE) -> None:
    """From now on own changes are sent again, and, if nothing is left, records that leave a scope leave at once."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        settings.put(connection, healing=left.value)


def note_sent(store: Store, sent: Mapping[int, int]) -> None:
    """Changes up to these numbers leave the device now: from here on others may have seen them."""
    with reading(store.engine) as connection:
        told = _decoded(settings.get(connection, "sent", "{}"))
    if all(told.get(replica, 0) >= n for replica, n in sent.items()):
        return
    told |= {replica: max(n, told.get(replica, 0)) for replica, n in sent.items()}
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        settings.put(connection, sent=_encoded(told))


def earlier_in(told: Mapping[str, str]) -> dict[int, int]:
    """How far own changes had been sent, by replica, when the present epoch began: others may know those."""
    return _decoded(told.get("earlier", "{}"))


def may_be_known(connection: Connection) -> None:
    """Counts everything written here so far as sent in an earlier epoch, because nobody can tell any more."""
    last = {r: n for r, n in connection.execute(_LAST) if n}
    for name in ("sent", "earlier"):
        told = _decoded(settings.get(connection, name, "{}"))
        told |= {r: max(n, told.get(r, 0)) for r, n in last.items()}
        settings.put(connection, **{name: _encoded(told)})


_LAST = select(change.c.replica, func.max(change.c.n)).group_by(change.c.replica)


def _decoded(raw: str) -> dict[int, int]:
    return {int(replica): n for replica, n in orjson.loads(raw).items()}


def _encoded(vector: Mapping[int, int]) -> str:
    return orjson.dumps({str(replica): n for replica, n in vector.items()}).decode()
