"""A person's own devices as the agency knows them, and the line on which the person asks."""

from __future__ import annotations

from typing import Protocol

from app.models.outbox import standing
from app.models.store import Store
from app.sync.http_agency import HttpAgency
from app.sync.office_wire import DoneReply
from app.sync.own_devices_wire import OwnDevicesReply, SignOffRequest


class OwnDevices(Protocol):
    """An agency that tells a person of their devices. Every method may raise what `Agency` raises."""

    def own_devices(self) -> OwnDevicesReply:
        """Those of the person who asks."""
        ...

    def sign_off(self, request: SignOffRequest) -> DoneReply:
        """Another one of them comes in no more, from its next request on; the same twice is once.

        Raises:
            AgencyRefused: code "not_own_device", it is somebody else's, or the one that asks.
        """
        ...


class HttpOwnDevices(HttpAgency):
    """That agency over HTTP."""

    def own_devices(self) -> OwnDevicesReply:
        return self._get("/v1/devices", OwnDevicesReply)

    def sign_off(self, request: SignOffRequest) -> DoneReply:
        return self._post("/v1/devices/sign-off", request, DoneReply)


def reach_own_devices(store: Store) -> HttpOwnDevices | None:
    """A line to the agency with this profile's token; None while it belongs to none."""
    known = standing(store)
    membership = known.membership
    return HttpOwnDevices(membership.url, membership.token, way=known.way) if membership.joined else None
