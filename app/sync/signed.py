"""Signed statements: the agency's word who a device is (a pass) and what it has of it (a receipt), and a device's
word how far it has come."""

from __future__ import annotations

from typing import Annotated, TypeVar

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, Field, ValidationError

from app.domain.access import Grant
from app.domain.catalogue import Role
from app.domain.clock import unflatten
from app.errors import AgencyGarbled
from app.sync.courier_keys import Secret
from app.sync.wire import Dots, Reply, Request, Whole

Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
MAX_WORDS = 100
"""Words of devices in one message or on one letter."""
MAX_PARTS = 32
"""Letters of one device at once; what goes beyond waits for the next evening or travels as a courier file."""
_CONTEXT = b"masswerk statement 1 "
_M = TypeVar("_M", bound=BaseModel)


class Signed(Request):
    """A statement as it was signed: the very text, and an Ed25519 signature over what it is and the text."""

    told: Annotated[str, Field(max_length=60_000)]
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class Pass(Reply):
    """Who a device is and what it may do, said and signed by its agency.

    Attributes:
        signing: the device's own signing key, hexadecimal; who can sign with it is this device.
        issued_at, until: RFC 3339 UTC by the agency's clock.
        signed_off: signing keys of devices whose passes would still count, and which the agency has signed off.
    """

    agency: str
    device: Whole
    signing: Hex32
    person: str
    name: str
    role: str
    ags: str
    workshops: list[str]
    issued_at: Instant
    until: Instant
    signed_off: list[Hex32] = []

    @property
    def grant(self) -> Grant:
        """Raises ValueError for a role that this version does not know."""
        return Grant(Role(self.role), self.ags, frozenset(self.workshops))


class Word(Reply):
    """A device's word on its own changes.

    Attributes:
        vector: flat; all changes of its replicas up to there have been made.
        sha: SHA-256 of the sealed letter that holds those of them without a receipt, "" without one.
        size: of the letter, in bytes; `changes` are in it.
        parts: SHA-256 of each of several letters, in order, where one does not hold all; `sha` is then that of
            these names after each other, `size` that of all. An earlier program passes it by for its size.
    """

    signing: Hex32
    vector: Dots
    sha: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    size: Whole = 0
    changes: Whole = 0
    parts: Annotated[list[Hex32], Field(max_length=MAX_PARTS)] = []
    at: Instant

    @property
    def covers(self) -> dict[int, int]:
        """Raises ValueError if `vector` is none."""
        return unflatten(self.vector)


class Receipt(Reply):
    """What the agency has said to one sealed letter of a device; whoever carried the letter takes it back.

    Attributes:
        agency, epoch: who says so, and in which of its lives.
        signing: the author's key.
        sha: SHA-256 of the sealed letter.
        accepted: flat; the author's changes up to there are dealt with.
        aside: so many of the letter are kept for a decision.
        at: RFC 3339 UTC by the agency's clock.
    """

    agency: str
    epoch: str
    signing: Hex32
    sha: Hex32
    accepted: Dots
    aside: Whole = 0
    at: Instant

    @property
    def covers(self) -> dict[int, int]:
        """Raises ValueError if `accepted` is no vector."""
        return unflatten(self.accepted)


def sign(secret: Secret, statement: BaseModel) -> Signed:
    """The statement as `secret`'s owner says it."""
    told = orjson.dumps(statement.model_dump(mode="json"))
    return Signed(told=told.decode(), signature=secret.signing.sign(_purpose(type(statement)) + told).hex())


def read_signed(signed: Signed, key: bytes, model: type[_M]) -> _M:
    """What was said, once it is certain that the owner of the key has said it.

    Raises:
        AgencyGarbled: code "signature": nobody with this key has said it as this kind of statement, or it
            cannot be read.
    """
    told = signed.told.encode()
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signed.signature), _purpose(model) + told)
        return model.model_validate(orjson.loads(told))
    except (InvalidSignature, ValidationError, ValueError) as error:
        raise AgencyGarbled(reason="signature") from error


def read_word(signed: Signed) -> Word:
    """A device's word, signed with the key it names.

    Raises:
        AgencyGarbled: it is none.
    """
    try:
        key = bytes.fromhex(str(orjson.loads(signed.told)["signing"]))
        word = read_signed(signed, key, Word)
        word.covers  # noqa: B018  - raises
    except (ValueError, KeyError, TypeError) as error:
        raise AgencyGarbled(reason="signature") from error
    return word


def _purpose(model: type[BaseModel]) -> bytes:
    return _CONTEXT + model.__name__.encode() + b"\0"
