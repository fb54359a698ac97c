"""The agency over HTTP as its own desks see it."""

from __future__ import annotations

from app.sync.http_agency import HttpAgency
from app.sync.office_wire import (
    DecideRequest,
    DoneReply,
    InviteReply,
    InviteRequest,
    LeadRequest,
    OfficeReply,
    RevokeRequest,
)


class HttpOffice(HttpAgency):
    """One agency, asked by a device of its staff."""

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
