"""How far devices say that their changes have come, before the changes themselves are here (ADR 0021)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, update

from app.errors import AgencyGarbled, TokenRevoked
from app.server import auth
from app.server.database import upsert
from app.server.tables import replica as replicas
from app.sync.signed import Signed, Word, read_word

MAX_REPLICAS = 200


def hear(connection: Connection, words: Sequence[Signed]) -> None:
    """Keeps how far devices say that they have come, each of its own replicas; other claims count for nothing."""
    for signed in words:
        try:
            word = read_word(signed)
            device = auth.identify(connection, auth.SignedBy(bytes.fromhex(word.signing)))
        except (AgencyGarbled, TokenRevoked):
            continue
        _note(connection, device.id, word)


def _note(connection: Connection, device: int, word: Word) -> None:
    said = dict(sorted(word.covers.items())[-MAX_REPLICAS:])
    new = [{"replica": r, "device_id": device, "max_n": 0} for r in sorted(said)]
    upsert(connection, replicas, new, change=False)
    if said:
        connection.execute(_ANNOUNCED, [{"r": r, "n": n, "by": device} for r, n in sorted(said.items())])


_ANNOUNCED = (
    update(replicas)
    .where(
        replicas.c.replica == bindparam("r"),
        replicas.c.device_id == bindparam("by"),
        replicas.c.announced_n < bindparam("n"),
    )
    .values(announced_n=bindparam("n"))
)
