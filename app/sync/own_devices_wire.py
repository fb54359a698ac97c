"""The messages about a person's own devices, for that person. Additive to protocol 1."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.sync.wire import PROTOCOL, Reply, Request, Whole


class OwnDevice(Reply):
    """One device of the person who asks.

    Attributes:
        last_seen: RFC 3339 UTC, "" if it has not been here since it came in; so `revoked_at`.
        waiting: own changes that it still had to send when it was here last.
    """

    id: Whole
    name: str
    created_at: str
    last_seen: str = ""
    app_version: str = ""
    waiting: Whole = 0
    revoked_at: str = ""


class OwnDevicesReply(Reply):
    """All of them at one moment (`at`, RFC 3339 UTC); `this` is the one that asks."""

    at: str
    this: Whole
    devices: list[OwnDevice]


class SignOffRequest(Request):
    """Another device of one's own that shall come in no more."""

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    device: Whole
