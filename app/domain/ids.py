"""Identities: time-ordered entity ids, derived ids, replica ids."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import uuid_utils

EntityId = str
"""Canonical lower-case UUID text, 36 characters."""

_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_DERIVED_NAMESPACE = uuid.UUID("9b1c2c5e-6f0b-4d6a-9a55-3f0f6b7c1d20")


class Source(Protocol):
    """Where fresh identities come from."""

    def entity(self) -> EntityId:
        """A UUIDv7 nobody has used."""
        ...

    def replica(self) -> int:
        """A number from 1 to 2**62 nobody has used."""
        ...


class SystemSource:
    """This computer's clock and its dice."""

    def entity(self) -> EntityId:
        return str(uuid_utils.uuid7())

    def replica(self) -> int:
        return secrets.randbits(62) + 1


_source: Source = SystemSource()


@contextmanager
def drawn_from(source: Source) -> Iterator[None]:
    """Takes identities from another source meanwhile, so that a story can be told again to the letter."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


def new_id() -> EntityId:
    """A fresh UUIDv7: sortable by creation, unique without asking anybody."""
    return _source.entity()


def derived_id(*parts: str) -> EntityId:
    """The same id on every device for the same parts, e.g. one head count per workshop and group.

    Two laptops that create "the head count of citizens" while apart must mean one record.
    """
    return str(uuid.uuid5(_DERIVED_NAMESPACE, "\x1f".join(parts)))


def is_id(text: object) -> bool:
    """Whether `text` is a canonical UUID string."""
    return text.__class__ is str and _CANONICAL.match(text) is not None


def new_replica_id() -> int:
    """A random positive 63-bit number: one per installation and incarnation, never reused."""
    return _source.replica()


def text_peer(replica: int, entity_id: EntityId, field: int, generation: int) -> int:
    """The text CRDT's peer id for one incarnation and one note.

    Sessions must share it (a fresh peer per launch costs 37 bytes each for ever), incarnations must
    not (a reused peer silently drops text), and a refused update starts a new generation, because
    its operation numbers will be used again.
    """
    seed = f"{replica}:{entity_id}:{field}:{generation}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") >> 1
