"""The messages by which two ends find out where they differ, and mend it: digests, records, heals.

All are additive to protocol 1 (docs/adr/0008). A device asks them after a complete pull only.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.sync.wire import PROTOCOL, Author, FeedEntry, Page, Reply, Request, Scope, Whole

LEAF = 50
"""So many records of a range are told one by one."""
MAX_RANGES = 64
MAX_ASKED = 200
"""Ids in one request for records, and records in one heal."""
Bound = Annotated[str, Field(max_length=36)]
Range = Annotated[list[Bound], Field(min_length=2, max_length=2)]


class DigestRequest(Request):
    """What a scope shows in ranges of record ids: from the first id, to before the second ("" is open)."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    epoch: Annotated[str, Field(max_length=80)]
    scope: Scope
    ranges: Annotated[list[Range], Field(min_length=1, max_length=MAX_RANGES)]


class Part(Reply):
    """One range: its records with their digests if they are few, else parts of it in order of their ids.

    Attributes:
        ids: of the records, in order.
        ends: of the parts, each exclusive, "" for open; the first part begins where the range does.
        counts: records in each part.
        digests: of each record, or the sum over each part.
    """

    ids: list[str] = []
    ends: list[str] = []
    counts: list[Whole] = []
    digests: list[Whole] = []


class DigestReply(Reply):
    """One part per range asked for.

    Attributes:
        stale: the epoch or the grant has changed: nothing was read; an exchange tells more.
    """

    stale: bool = False
    parts: list[Part] = []


class RecordsRequest(Request):
    """Records to be read again, as a scope shows them."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    epoch: Annotated[str, Field(max_length=80)]
    scope: Scope
    ids: Annotated[list[Annotated[str, Field(max_length=36)]], Field(min_length=1, max_length=MAX_ASKED)]


class RecordsReply(Reply):
    """The states of those that the scope shows, like a page of its feed; the others are not there for it."""

    stale: bool = False
    pages: list[Page] = []
    feed: list[FeedEntry] = []
    authors: list[Author] = []


class HealRequest(Request):
    """States the agency told this device in an earlier epoch and no longer knows itself.

    Attributes:
        former: the agency's earlier epochs that this device has known.
        scope: the feed by which the device holds the records.
    """

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    epoch: Annotated[str, Field(max_length=80)]
    former: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=50)] = []
    scope: Scope
    pages: Annotated[list[Page], Field(max_length=50)]


class Healed(Reply):
    """What became of one state: merged, already known, or kept aside at the agency with a reason."""

    id: str
    outcome: str
    reason: str = ""


class HealReply(Reply):
    """One outcome per state that could be named."""

    stale: bool = False
    outcomes: list[Healed] = []
