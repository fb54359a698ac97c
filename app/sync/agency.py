"""The agency as this device sees it: one protocol, spoken by the HTTP transport and by the server itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from app.sync.audit_wire import DigestReply, DigestRequest, HealReply, HealRequest, RecordsReply, RecordsRequest
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.signed import Signed
from app.sync.wire import (
    About,
    EnrolReply,
    EnrolRequest,
    HistoryReply,
    SnapshotReply,
    SyncReply,
    SyncRequest,
    WaitReply,
    WaitRequest,
)


class Agency(Protocol):
    """One agency, reached with one device's credentials.

    Every method may raise `AgencyUnreachable` (nothing is known to have happened), `AgencyRefused`
    (one remedy each) or `AgencyGarbled` (nothing of the answer was taken).
    """

    def about(self) -> About:
        """Who answers here; needs no credentials."""
        ...

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        """Trade an invitation code for this device's token."""
        ...

    def sync(self, request: SyncRequest) -> SyncReply:
        """Push, results, and the first page of what is new, in one round trip.

        Idempotent by (replica, n): the same request twice has the same effect as once.
        """
        ...

    def history(self, kind: str, entity: str) -> HistoryReply:
        """Every change the agency knows that touched one record, oldest first."""
        ...

    def digest(self, request: DigestRequest) -> DigestReply:
        """What a scope shows in ranges of ids: how many records, and the sum of their digests."""
        ...

    def records(self, request: RecordsRequest) -> RecordsReply:
        """These records as a scope shows them now."""
        ...

    def heal(self, request: HealRequest) -> HealReply:
        """Give a restored agency back what it told this device in an earlier epoch."""
        ...


@runtime_checkable
class Files(Protocol):
    """An agency that also takes and gives the bytes of attachments; a courier does not.

    A file is named by its SHA-256. The methods raise what those of `Agency` do; `AgencyRefused` has the
    code "blob_unknown" for a file this device may not have, that is not there, or both.
    """

    def blob_offset(self, sha: str) -> int:
        """How many bytes of the file are there, from this device or as a whole."""
        ...

    def send_blob(self, sha: str, at: int, length: int, piece: bytes) -> int:
        """The next piece of a file of `length` bytes; how many are there now.

        The same piece twice has the same effect as once; after a cut `blob_offset` says where to go on.
        """
        ...

    def fetch_blob(self, sha: str, at: int, count: int) -> Iterator[bytes]:
        """At most `count` bytes from `at` on, as they come; what came before an error is good."""
        ...


@runtime_checkable
class Renewing(Protocol):
    """An agency that gives a device a new token from time to time, so that a stolen one is soon worth nothing."""

    def renew(self) -> str:
        """The new token; the present one counts until the next renewal.

        Raises:
            AgencyRefused: this agency knows no such thing (status 404).
        """
        ...


@runtime_checkable
class Carrying(Protocol):
    """An agency that gives out passes for the hall, and takes letters that one device brings for another."""

    def passport(self) -> Signed:
        """Who this device is and what it may do, signed.

        Raises:
            AgencyRefused: code "courier_no_keys", this device has not told its keys yet.
        """
        ...

    def carry(self, request: CarryRequest) -> CarryReply:
        """Hand in others' words and a letter; the same twice has the same effect as once."""
        ...


@runtime_checkable
class Interruptible(Protocol):
    """An agency whose request under way can be broken off from another thread."""

    def abort(self) -> None:
        """Ends the request under way with `AgencyUnreachable`; there will be no further one."""
        ...


@runtime_checkable
class Filed(Protocol):
    """An agency that keeps files with which a large scope is read for the first time."""

    def snapshot(self, scope: str) -> SnapshotReply:
        """The file for a scope, if it is worth one.

        Raises:
            AgencyRefused: this device may not read it, or this agency keeps none (status 404).
        """
        ...

    def snapshot_parts(self, scope: str, file: str, offset: int) -> Iterator[bytes]:
        """The bytes of such a file from `offset` on, in parts of any size.

        Raises:
            AgencyRefused: it is there no more (status 404); ask for the one that is.
        """
        ...


@runtime_checkable
class Acquainted(Protocol):
    """An agency reached over a line that stays open between requests."""

    def acquaintance(self) -> str:
        """The agency that named itself on the line still open; "" if there is no such line."""
        ...


@runtime_checkable
class Attentive(Protocol):
    """An agency that can be asked to say when there is something to fetch; others are asked now and then."""

    def another(self) -> Agency:
        """The same agency over a line of its own, so that waiting and exchanging do not disturb each other."""
        ...

    def wait(self, request: WaitRequest) -> WaitReply | None:
        """What is new, or nothing when the time is up; None if this agency does not know the question.

        Raises:
            AgencyUnreachable, AgencyRefused, AgencyGarbled: as ever.
        """
        ...
