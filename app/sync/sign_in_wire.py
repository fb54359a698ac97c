"""The messages of signing in with an account of the agency's house, and what both ends derive from a verifier."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated

from pydantic import Field

from app.sync.wire import PROTOCOL, CourierKeys, Reply, Request, Whole


class SignInOffer(Reply):
    """Where a browser asks for a code: the provider by its issuer, its address for that, and as whom."""

    issuer: str
    authorization: str
    client: str
    scope: str


class SignInRequest(Request):
    """A code from the browser.

    Attributes:
        verifier: what only this desk knows (RFC 7636); the code is worth nothing without it.
        redirect: the address on this desk to which the browser brought the code (RFC 8252).
        device: what this device calls itself; the person's name comes from the account.
    """

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    code: Annotated[str, Field(min_length=1, max_length=4000)]
    verifier: Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{43,128}$")]
    redirect: Annotated[str, Field(pattern=r"^http://127\.0\.0\.1:\d{1,5}/[a-z]{0,40}$")]
    replica: Whole
    person: Annotated[str, Field(min_length=1, max_length=200)]
    device: Annotated[str, Field(min_length=1, max_length=200)]
    courier: CourierKeys = ""


def challenge_of(verifier: str) -> str:
    """What the browser's request shows of the verifier (S256)."""
    return _digest(verifier)


def nonce_of(verifier: str) -> str:
    """Ties the provider's word to the desk that asked: whoever has only a token knows no verifier with this nonce."""
    return _digest(f"nonce {verifier}")


def _digest(told: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(told.encode()).digest()).rstrip(b"=").decode()
