"""The messages of the agency's own desks: devices, invitations, and what was handed over. Additive to protocol 1."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.sync.wire import PROTOCOL, Reply, Request, Whole

Verdict = Literal["accepted", "changed", "returned"]
"""accepted: merged as it came. changed: the agency writes it otherwise itself. returned: not taken, for a reason."""
Word = Annotated[str, Field(max_length=80)]
NOTE_MOST = 2000


class DeviceLine(Reply):
    """One device as the agency knows it.

    Attributes:
        last_seen: RFC 3339 UTC, "" if it has not been here since it came in; so `revoked_at`.
        waiting: own changes that it still had to send when it was here last.
    """

    id: int
    role: str
    ags: str
    workshops: list[str] = []
    person: str
    name: str
    created_at: str
    last_seen: str = ""
    app_version: str = ""
    waiting: Whole = 0
    revoked_at: str = ""


class InvitationLine(Reply):
    """A code that nobody has used yet; `id` names it without opening anything."""

    id: str
    role: str
    ags: str
    expires_at: str


class HandoverLine(Reply):
    """A change that was kept aside and waits for a decision.

    Attributes:
        reason: why it was not merged.
        change: encoded as on its way here; empty if it cannot be read.
        root_kind, root_id: what it is part of, as far as the agency knows.
    """

    replica: Whole
    n: Whole
    reason: str
    received_at: str
    device: int
    person: str
    ags: str
    root_kind: str = ""
    root_id: str = ""
    change: list[Any] = []


class HandoversReply(Reply):
    """What waits for a decision of whoever asks."""

    handovers: list[HandoverLine] = []


class WeeksLine(Reply):
    """How many changes a municipality's devices have brought, by weeks of seven days, the one that ends now last."""

    ags: str
    counts: list[Whole] = []


class OfficeReply(Reply):
    """How the agency stands with its devices, read at one moment (`at`, RFC 3339 UTC)."""

    at: str
    devices: list[DeviceLine] = []
    invitations: list[InvitationLine] = []
    handovers: list[HandoverLine] = []
    weeks: list[WeeksLine] = []


class InviteRequest(Request):
    """Who is to be let in; `days` is how long the code counts."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    role: Literal["coordinator", "facilitator", "consortium", "reader", "agency"]
    ags: Annotated[str, Field(max_length=8)] = ""
    workshops: Annotated[list[Annotated[str, Field(max_length=36)]], Field(max_length=200)] = []
    days: Annotated[int, Field(ge=1, le=365)] = 14
    label: Annotated[str, Field(max_length=40)] = ""


class InviteReply(Reply):
    """The code, told only here."""

    code: str


class RevokeRequest(Request):
    """A device to be signed off, or (with `invitation`) a code to be withdrawn."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    device: Whole = 0
    invitation: Word = ""


class LeadRequest(Request):
    """Workshops, of whichever town, that a device shall help to lead, or no longer (`leads`)."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    device: Whole
    workshops: Annotated[list[Annotated[str, Field(max_length=36)]], Field(max_length=200)]
    leads: bool = True


class DecideRequest(Request):
    """What becomes of a change that was handed over; `note` is told to its author."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    replica: Whole
    n: Whole
    verdict: Verdict
    note: Annotated[str, Field(max_length=NOTE_MOST)] = ""


class DoneReply(Reply):
    """Whether there was something to be done; twice is once."""

    done: bool
