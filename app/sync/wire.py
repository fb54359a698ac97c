"""The messages of protocol 1: pydantic envelope, changes and rows as arrays, JSON in zstd.

The envelope is validated by pydantic; changes and rows inside it by `domain.encoding` and
`domain.packing`, one by one, so that one that cannot be read never holds up the rest.
A change to these shapes is a protocol change: golden files in tests/sync/golden, and an ADR.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import orjson
import zstandard
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.access import MAX_CODE
from app.errors import AgencyGarbled

PROTOCOL = "1.0"
MEDIA_TYPE = "application/json"
ENCODING = "zstd"
MAX_CHANGES = 500
MAX_BODY = 32 * 1024 * 1024
"""Largest body after decompression, in bytes; larger ones are refused before they are unpacked."""

PIECE_TYPE = "application/offset+octet-stream"
PIECE_BYTES = 4 * 1024 * 1024
"""Largest piece of a file in one request."""

Whole = Annotated[int, Field(ge=0, lt=2**63)]
Scope = Annotated[str, Field(max_length=80)]
Dots = list[Whole]
"""A flat version vector [replica, n, …]."""
CourierKeys = Annotated[str, Field(pattern=r"^([0-9a-f]{128})?$", exclude_if=lambda told: not told)]
"""Public halves for courier files, signing then sealing; where there is nothing to tell, it stays away."""
Pair = Annotated[list[Whole], Field(min_length=2, max_length=2)]
_UNSAID = Field(exclude_if=lambda value: not value)
"""Of a field added since: it is written only when it says something."""


class Request(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Reply(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class About(Reply):
    """Who answers at an address."""

    agency: str
    name: str
    protocol: str
    epoch: str


class EnrolRequest(Request):
    """An invitation code and what the new device calls itself."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    code: Annotated[str, Field(min_length=4, max_length=MAX_CODE)]
    replica: Whole
    person: Annotated[str, Field(min_length=1, max_length=200)]
    device: Annotated[str, Field(min_length=1, max_length=200)]
    courier: CourierKeys = ""


class GrantShape(Reply):
    """Role and reach of a device; `scopes` are the feeds it may read."""

    role: Literal["coordinator", "facilitator", "consortium", "reader", "agency"]
    ags: str
    workshops: list[str]
    scopes: list[str]


class EnrolReply(Reply):
    """The device's secret, shown once, and what it may do."""

    agency: str
    name: str
    epoch: str
    token: str
    grant: GrantShape
    courier: CourierKeys = ""


class SyncRequest(Request):
    """What this device has to say and how far it has read.

    Attributes:
        epoch: the agency's incarnation as last seen; "" at the first contact.
        replicas: all replica ids this profile has ever used, the current one last.
        changes: encoded changes in order of their making, at most MAX_CHANGES.
        cursors: last feed number read, per scope; a scope not named starts at 0.
        receipted: flat vector up to which receipts are stored here already.
        texts: versions (base64) of long texts held here, as a hint: the agency may then answer
            with the missing operations instead of the whole text.
        courier: this device's public keys, until the agency has answered with its own.
        earlier: flat vector up to which the device has sent changes in earlier epochs, when some of those
            come again: so far others can have heard of them (ADR 0008).
        audit: tell the digests of all scopes, not only of those that moved.
        echoes: of records of which only these very changes are news, the digest is enough (ADR 0018).
        waiting: own changes that the device has still to send, these among them.
    """

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    app_version: Annotated[str, Field(max_length=40)] = ""
    epoch: Annotated[str, Field(max_length=80)] = ""
    replicas: Annotated[list[Whole], Field(min_length=1, max_length=200)]
    changes: Annotated[list[Any], Field(max_length=MAX_CHANGES)] = []
    cursors: dict[Scope, Whole] = {}
    receipted: Dots = []
    texts: Annotated[dict[str, str], Field(max_length=200)] = {}
    limit: Annotated[int, Field(ge=1, le=5000)] = 500
    schema_version: Whole = 1
    client_time: Annotated[str, Field(max_length=40)] = ""
    courier: CourierKeys = ""
    earlier: Annotated[Dots, _UNSAID] = []
    audit: Annotated[bool, _UNSAID] = False
    echoes: Annotated[bool, _UNSAID] = False
    waiting: Annotated[Whole, _UNSAID] = 0


class Outcome(Reply):
    """What became of one pushed change.

    applied: merged now. known: was merged before. quarantined: kept at the agency with a reason,
    not merged, holds nothing up. expected: a gap; `n` is the number the agency waits for. fork: other
    content under the same number. Nothing was looked at after a gap or a fork.
    """

    replica: Whole
    n: Whole
    outcome: Literal["applied", "known", "quarantined", "expected", "fork"]
    reason: str = ""


class Page(Reply):
    """States of one kind, as packed rows whose values stand in the order of `columns`."""

    kind: str
    columns: list[Whole]
    rows: list[list[Any]]


class FeedEntry(Reply):
    """One step of a scope's feed: the record's state is in a page (`held`) or it left the scope.

    Attributes:
        digest: of a held record that no page brings: what the device has read with the request's changes
            on top, and nothing else.
    """

    scope: str
    seq: Whole
    kind: str
    id: str
    held: bool
    digest: Annotated[Whole, _UNSAID] = 0


class Receipt(Reply):
    """The agency's word that everything of `replica` up to `n` is in its database."""

    no: Whole
    replica: Whole
    n: Whole
    at: str


class Author(Reply):
    """Who writes under a replica id."""

    replica: Whole
    person: str
    device: str
    ags: str


class Decided(Reply):
    """What the agency decided on a change of the request's replicas that it had kept aside, and why.

    changed: it has written it otherwise itself. returned: it was not taken.
    """

    replica: Whole
    n: Whole
    verdict: str
    note: str = ""


class SyncReply(Reply):
    """Results of the push and one page of news, read in one database snapshot.

    Attributes:
        reset: the request named another epoch: nothing was pushed or read; begin again with this
            epoch, without cursors, and send again what `accepted` does not cover.
        accepted: flat vector of the request's replicas: how far each one's changes are dealt with
            (merged or quarantined), read in the same snapshot as the rows.
        released: [replica, n, …] of the request's replicas: quarantined changes that the agency has merged
            after all.
        decided: those that it has not merged and will not.
        handovers: how many changes of others wait for a decision of this device's municipality.
        digests: per scope [records, sum of digests] as this device may see them, read in the same
            snapshot, once there is no more; only for the same registry of fields (ADR 0008).
        more: there is another page; only a reply without more proves that one's own changes are in
            the rows received.
        courier: the agency's public keys, where the request brought the device's.
        since: `place` of the request's cursors: whether this is an answer to another question.
    """

    agency: str
    epoch: str
    protocol: str = PROTOCOL
    reset: bool = False
    outcomes: list[Outcome] = []
    accepted: Dots = []
    receipts: list[Receipt] = []
    released: Annotated[list[Whole], Field(exclude_if=lambda value: not value)] = []
    decided: Annotated[list[Decided], _UNSAID] = []
    pages: list[Page] = []
    feed: list[FeedEntry] = []
    cursors: dict[str, Whole] = {}
    more: bool = False
    grant: GrantShape
    authors: list[Author] = []
    server_time: str = ""
    courier: CourierKeys = ""
    digests: Annotated[dict[str, Pair], _UNSAID] = {}
    since: Annotated[Whole, _UNSAID] = 0
    handovers: Annotated[Whole, _UNSAID] = 0


def place(cursors: Mapping[str, int]) -> int:
    """These cursors as one number of at most 32 bits, never 0."""
    return zlib.crc32(orjson.dumps(dict(cursors), option=orjson.OPT_SORT_KEYS)) or 1


class TokenReply(Reply):
    """The device's new secret. The one it asked with counts until the next renewal."""

    token: str


class HistoryEntry(Reply):
    """One change that touched a record: the encoded change and when the agency received it."""

    change: list[Any]
    received_at: str
    receipt: Whole


class HistoryReply(Reply):
    """All known changes of one record, oldest first, and who wrote them."""

    entries: list[HistoryEntry] = []
    authors: list[Author] = []


MAX_WAIT = 55
"""Longest wait in seconds: below the minute after which proxies like to hang up."""


class WaitRequest(Request):
    """A question that is answered as soon as there is something to fetch. A hint: nothing depends on it.

    Attributes:
        epoch: as in SyncRequest.
        cursors: last feed number read, per scope; a scope not named starts at 0.
        seconds: how long the agency may keep the question.
    """

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    epoch: Annotated[str, Field(max_length=80)] = ""
    cursors: Annotated[dict[Scope, Whole], Field(max_length=2000)] = {}
    seconds: Annotated[int, Field(ge=1, le=MAX_WAIT)] = 50


class WaitReply(Reply):
    """What a sync would bring.

    Attributes:
        news: the scopes with something new, and each one's latest feed number.
        renewed: epoch or grant are others than at the beginning of the wait.
    """

    news: dict[str, Whole] = {}
    renewed: bool = False


class SnapshotReply(Reply):
    """The file with which a scope is read for the first time (`sync.frames`).

    Attributes:
        file: its name, the hash of the whole; "" if the scope is too small to be worth one.
        seq: the feed number up to which it tells everything; one goes on from there.
        size: bytes.
        count: records in it.
    """

    agency: str
    epoch: str
    scope: str
    file: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    seq: Whole = 0
    size: Whole = 0
    count: Whole = 0


class Problem(Reply):
    """An RFC 9457 problem document; `code` is one of `app.errors`."""

    type: str = "about:blank"
    title: str = ""
    status: int
    code: str
    params: dict[str, str | int | float | bool | None] = {}


Message = BaseModel
"""Any of the messages above, for those who pass them on without looking inside."""
_M = TypeVar("_M", bound=Message)
_SMALL = 256
_AS_IT_IS = {"changes"}


def encode_body(message: Message) -> tuple[bytes, str]:
    """(body, content encoding or "") of a message."""
    told = message.model_dump(mode="python", exclude=_AS_IT_IS)
    # The bulk is plain already: pydantic would only copy it, list by list.
    told.update((name, getattr(message, name)) for name in _AS_IT_IS if hasattr(message, name))
    return encode_bytes(orjson.dumps(told))


def encode_bytes(plain: bytes) -> tuple[bytes, str]:
    """(body, content encoding or "") of JSON: compressed when that pays."""
    if len(plain) < _SMALL:
        return plain, ""
    return zstandard.ZstdCompressor(level=3).compress(plain), ENCODING


def decode_bytes(body: bytes, encoding: str, limit: int = MAX_BODY) -> bytes:
    """The plain JSON of a body.

    Raises:
        AgencyGarbled: unknown encoding, damaged, or (code "too_much") larger than `limit`.
    """
    if encoding in ("", "identity"):
        plain = body
    elif encoding == ENCODING:
        try:
            reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(body)
            plain = reader.read(limit + 1)
        except zstandard.ZstdError as error:
            raise AgencyGarbled(reason="zstd") from error
    else:
        raise AgencyGarbled(reason="encoding")
    if len(plain) > limit:
        raise AgencyGarbled("too_much", limit=limit)
    return plain


def decode_body(model: type[_M], body: bytes, encoding: str = "") -> _M:
    """A message of the given shape.

    Raises:
        AgencyGarbled: it is none; nothing of it was taken.
    """
    try:
        return model.model_validate(orjson.loads(decode_bytes(body, encoding)))
    except orjson.JSONDecodeError as error:
        raise AgencyGarbled(reason="json") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise AgencyGarbled(reason="shape", at=".".join(str(x) for x in first["loc"])[:120]) from error
