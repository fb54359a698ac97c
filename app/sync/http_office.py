"""The agency over HTTP as its own desks see it, and whoever owns records that others wrote to."""

from __future__ import annotations

from app.sync.http_agency import HttpAgency
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
from app.sync.sign_in_wire import SignInOffer, SignInRequest
from app.sync.wire import EnrolReply


class HttpOffice(HttpAgency):
    """One agency, asked by a device of its staff, or of an owner."""

    def sign_in_offer(self) -> SignInOffer:
        return self._get("/v1/signin", SignInOffer)

    def sign_in(self, request: SignInRequest) -> EnrolReply:
        return self._post("/v1/signin", request, EnrolReply)

    def overview(self) -> OfficeReply:
        return self._get("/v1/office", OfficeReply)

    def invite(self, request: InviteRequest) -> InviteReply:
        return self._post("/v1/office/invite", request, InviteReply)

    def revoke(self, request: RevokeRequest) -> DoneReply:
        return self._post("/v1/office/revoke", request, DoneReply)

    def lead(self, request: LeadRequest) -> DoneReply:
        return self._post("/v1/office/lead", request, DoneReply)

    def decide(self, request: DecideRequest) -> DoneReply:
        return self._post("/v1/office/decide", request, DoneReply)

    def handovers(self) -> HandoversReply:
        return self._get("/v1/handovers", HandoversReply)

    def decide_own(self, request: DecideRequest) -> DoneReply:
        return self._post("/v1/handovers/decide", request, DoneReply)
