"""Pairing: the evening's certificate, the code that people read out, and the proofs of both.

The code is consent, not the key of the line: that is secured by TLS under a certificate whose fingerprint
both devices sign (docs/adr/0021). It is stretched by scrypt, so that somebody who has caught a proof cannot
find the code by trying while the evening lasts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from cryptography.x509.oid import NameOID

from app.sync.courier_keys import Secret

DIGITS = 8
TRIES = 5
"""Wrong codes until a new one has to be read out."""
_STRETCH = 2**14
HUB, GUEST = b"hub", b"guest"
_BEGIN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_END = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""Clocks in halls are wrong; the certificate lives as long as the hub is open."""


def new_code() -> str:
    """Eight digits."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def told_code(code: str) -> str:
    """As it is shown: in two groups."""
    return f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}"


def typed_code(text: str) -> str:
    """The digits of what somebody typed."""
    return "".join(c for c in text if c.isdigit())


@dataclass(frozen=True, slots=True)
class Line:
    """What makes this connection this one: the hub's certificate and a fresh word of both sides."""

    fingerprint: bytes
    guest: bytes
    hub: bytes

    @property
    def transcript(self) -> bytes:
        """All of it."""
        return b"masswerk hall 1 " + self.fingerprint + self.guest + self.hub

    def keyed(self, code: str) -> Proofs:
        """The proofs of whoever knows the code."""
        key = Scrypt(salt=self.transcript, length=32, n=_STRETCH, r=8, p=1).derive(code.encode())
        return Proofs(key)

    def sign(self, secret: Secret, side: bytes) -> str:
        """That the owner of the secret stands at this side of this line, hexadecimal."""
        return secret.signing.sign(self.transcript + side).hex()

    def is_signed(self, signature: str, key: bytes, side: bytes) -> bool:
        """Whether the owner of the key stands there."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signature), self.transcript + side)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Proofs:
    """What whoever knows the code can say of a line, each side its own."""

    key: bytes = field(repr=False)

    def of(self, side: bytes) -> str:
        """This side's proof, hexadecimal."""
        return hmac.new(self.key, side, hashlib.sha256).hexdigest()

    def holds(self, side: bytes, told: str) -> bool:
        """Whether that is it; in constant time."""
        return hmac.compare_digest(self.of(side), told)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A fresh certificate that nobody vouches for, with its key."""

    der: bytes
    context: ssl.SSLContext

    @property
    def fingerprint(self) -> bytes:
        return hashlib.sha256(self.der).digest()

    @classmethod
    def make(cls) -> Certificate:
        """For one opening of a hub."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Masswerk im Saal")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_BEGIN)
            .not_valid_after(_END)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, SHA256())
        )
        password = secrets.token_bytes(32)
        sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # The standard library reads keys from files only: it lies there for a moment, enciphered.
        with tempfile.TemporaryDirectory(prefix="masswerk-") as folder:
            path = Path(folder) / "hall.pem"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made.public_bytes(Encoding.PEM) + sealed)
            context.load_cert_chain(path, password=password)
        return cls(made.public_bytes(Encoding.DER), context)


def pinned(der: bytes) -> ssl.SSLContext:
    """Trusts this certificate and no other one, whatever the name or the date."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(der))
    return context
