"""How this device gets out of the house: the system's proxy, none, or one of its own. Kept in the encrypted file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection

from app.models import settings
from app.models.engine import reading
from app.models.store import Store


class Exit(StrEnum):
    """Which proxy is meant."""

    SYSTEM = "system"
    NONE = "none"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Way:
    """The way to the agency.

    Attributes:
        address: of the own proxy, "http://host:port"; the others need none.
        user, secret: what it asks for, "" for nothing.
    """

    exit: Exit = Exit.SYSTEM
    address: str = ""
    user: str = ""
    secret: str = field(default="", repr=False)


def way_in(told: Mapping[str, str]) -> Way:
    """The way among settings read before; what a newer version has written counts as the system's."""
    known = told.get("proxy", "")
    return Way(
        Exit(known) if known in set(Exit) else Exit.SYSTEM,
        told.get("proxy_address", ""),
        told.get("proxy_user", ""),
        told.get("proxy_secret", ""),
    )


def way(connection: Connection) -> Way:
    return way_in(settings.every(connection))


def known_way(store: Store) -> Way:
    """Read in a snapshot of its own."""
    with reading(store.engine) as connection:
        return way(connection)


def keep_way(store: Store, chosen: Way) -> None:
    """From the next exchange on."""
    store.put_settings(
        proxy=chosen.exit.value, proxy_address=chosen.address, proxy_user=chosen.user, proxy_secret=chosen.secret
    )
