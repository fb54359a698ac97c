"""The agency as its own desks see it, and the line on which they ask it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from app.models.outbox import standing
from app.models.store import Store
from app.sync.http_office import HttpOffice
from app.sync.office_wire import (
    DecideRequest,
    DoneReply,
    HandoversReply,
    InviteReply,
    InviteRequest,
    LeadRequest,
    OfficeReply,
    RevokeRequest,
)


@runtime_checkable
class Office(Protocol):
    """An agency that shows its own staff all devices, and does what they ask.

    Every method may raise `AgencyUnreachable`, `AgencyRefused` (code "agency_only" for any other device) or
    `AgencyGarbled`.
    """

    def overview(self) -> OfficeReply:
        """All devices, open invitations, and what waits for a decision."""
        ...

    def invite(self, request: InviteRequest) -> InviteReply:
        """A code that admits one device."""
        ...

    def revoke(self, request: RevokeRequest) -> DoneReply:
        """Sign a device off, or withdraw a code; the same twice is once."""
        ...

    def lead(self, request: LeadRequest) -> DoneReply:
        """Say which workshops a device helps to lead; the same twice is once."""
        ...

    def decide(self, request: DecideRequest) -> DoneReply:
        """Decide on a handover; the same twice is once."""
        ...


@runtime_checkable
class Heir(Protocol):
    """An agency that lets the owners of records decide on what others have written to them; raises as `Office`."""

    def handovers(self) -> HandoversReply:
        """What waits for this device's municipality."""
        ...

    def decide_own(self, request: DecideRequest) -> DoneReply:
        """Decide on one of them; the same twice is once."""
        ...


def reach_office(store: Store) -> HttpOffice | None:
    """A line to the agency with this profile's token; None while it belongs to none.

    Raises:
        WrongAgency: another agency answers at its address; it has not seen the token.
        AgencyUnreachable, AgencyGarbled: as ever.
    """
    known = standing(store)
    membership = known.membership
    if not membership.joined:
        return None
    office = HttpOffice(membership.url, membership.token, way=known.way, agency=membership.agency)
    try:
        office.recognise()
    except BaseException:
        office.close()
        raise
    return office
