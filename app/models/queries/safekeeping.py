"""How the profile's backups stand, for settings and status."""

from __future__ import annotations

from dataclasses import dataclass

from app.config import Profile
from app.models import settings
from app.models.queries.reader import Reader
from app.models.shelf import Backup, backups


@dataclass(frozen=True, slots=True)
class Kept:
    """The state of the backups.

    Attributes:
        last: the newest backup, None if there is none.
        rehearsed_at: when one was last tried with success, ms since 1970; 0 if never.
        trouble: "" or what went wrong last: log code, a slash, the error's code.
    """

    last: Backup | None
    rehearsed_at: int
    trouble: str


def kept(reader: Reader, profile: Profile) -> Kept:
    """Read from the settings and from the shelf."""
    with reader.snapshot() as connection:
        told = settings.every(connection)
    return Kept(next(iter(backups(profile)), None), int(told.get("rehearsed_at", "0")), told.get("backup_trouble", ""))


LOCKS_AFTER = 15
"""Minutes, where a passphrase guards the profile and nobody has chosen."""


def lock_after(reader: Reader, guarded: bool) -> int:
    """Minutes without a sign of life after which the window is veiled, 0 for never.

    Args:
        guarded: whether a passphrase lifts the veil; where none does it is veiled only if somebody wants it.
    """
    with reader.snapshot() as connection:
        told = settings.get(connection, "lock_after", str(LOCKS_AFTER if guarded else 0))
    return int(told) if told.isdigit() else 0
