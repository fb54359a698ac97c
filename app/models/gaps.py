"""Numbers whose changes are lost for good: an empty change takes each place, so that what follows can be sent.

The agency takes a replica's changes in unbroken order and asks for the number it expects. After a rescue
(`models.rescue`) that very change may lie on a damaged page. The empty one is set aside there as unreadable
and stays visible as what it is; only the agency's question shows that it has not got the real one.
"""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.fields import SCHEMA_VERSION
from app.models.tables import change

LOST = "change.lost"
"""Action of a change that stands for one that nobody can read any more."""


def fill(connection: Connection, replica: int, after: int) -> int:
    """Fills the numbers behind `after` up to the next one that is here; how many those were."""
    mine = (change.c.replica == replica, change.c.n > after)
    following = connection.execute(
        select(change.c.seq, change.c.n, change.c.hlc).where(*mine).order_by(change.c.n).limit(1)
    ).first()
    if following is None or following.n == after + 1:
        return 0
    # The rescue left the log's numbers free for what was missing: sent in their order they come first.
    lost = [
        {
            "seq": following.seq - (following.n - n), "replica": replica, "n": n, "hlc": following.hlc,
            "action": LOST, "body": orjson.dumps([replica, n, following.hlc, LOST, "", SCHEMA_VERSION, []]),
        }
        for n in range(after + 1, following.n)
    ]  # fmt: skip
    return connection.execute(insert(change).on_conflict_do_nothing(), lost).rowcount


def count(connection: Connection) -> int:
    """How many changes of this profile are lost for good."""
    return int(connection.execute(select(func.count()).where(change.c.action == LOST)).scalar_one())
