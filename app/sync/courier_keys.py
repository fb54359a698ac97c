"""Who may seal and open courier files: one secret per profile and per agency, two public halves of it each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves: `signing` (Ed25519) proves who wrote, `sealing` (X25519) is whom one writes to."""

    signing: bytes
    sealing: bytes

    def told(self) -> str:
        """As messages carry them: 128 hexadecimal digits."""
        return (self.signing + self.sealing).hex()

    @classmethod
    def of(cls, told: str) -> PublicKeys:
        """Raises ValueError if that is no pair of keys, or one that nobody could write to."""
        raw = bytes.fromhex(told)
        if len(raw) != 2 * KEY_BYTES:
            raise ValueError("a pair of keys has 64 bytes")
        signing, sealing = raw[:KEY_BYTES], raw[KEY_BYTES:]
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(sealing))  # of low order: refused
        return cls(signing, sealing)


@dataclass(frozen=True, slots=True)
class Secret:
    """The private side: 32 random bytes, from which both private keys follow."""

    raw: bytes = field(repr=False)

    @classmethod
    def make(cls) -> Secret:
        """A fresh one."""
        return cls(secrets.token_bytes(SECRET_BYTES))

    @property
    def signing(self) -> Ed25519PrivateKey:
        """Signs whole files."""
        return Ed25519PrivateKey.from_private_bytes(self._derive(b"sign"))

    @property
    def sealing(self) -> X25519PrivateKey:
        """Opens files sealed for this owner."""
        return X25519PrivateKey.from_private_bytes(self._derive(b"seal"))

    @property
    def public(self) -> PublicKeys:
        """What others may know."""
        return PublicKeys(
            self.signing.public_key().public_bytes_raw(),
            self.sealing.public_key().public_bytes_raw(),
        )

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, None, b"masswerk courier 1 " + purpose).derive(self.raw)
