"""The profile's backups as a person has them: made by themselves, tried by themselves, told about once."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.config import Profile
from app.errors import DamagedFile, StoreError
from app.models import backup, journal, opening
from app.models.backup import Backup
from app.models.queries.reader import Reader
from app.models.queries.safekeeping import Kept, kept
from app.models.soundness import Contents
from app.models.store import Store

REHEARSED_DAYS = 7
"""The newest backup is tried this often: a backup that cannot be restored is none."""
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Safekeeping:
    """An opened profile's backups. May be used from any thread; the key stays inside."""

    profile: Profile
    store: Store
    key: bytes = field(repr=False)

    def tend(self) -> None:
        """Makes what is due: a backup a day, a rehearsal a week.

        Raises:
            StoreError: there is no new backup, or the newest is of no use; the log says so, once.
        """
        if backup.is_due(self.profile, self.store.clock()):
            self.back_up()
        newest = next(iter(backup.backups(self.profile)), None)
        if newest is not None and self._is_rehearsal_due():
            self.rehearse(newest)

    def back_up(self) -> Backup:
        """Makes a backup now, while everybody works on.

        Raises:
            StoreError: as `tend`.
        """
        try:
            made = backup.back_up(self.profile, self.key, self.store.clock())
        except StoreError as error:
            self._note_trouble("backup.failed", error)
            raise
        self.store.put_settings(backup_trouble="")
        return made

    def rehearse(self, chosen: Backup) -> Contents:
        """Restores a backup as a trial, beside everything, and tells what it holds.

        Raises:
            StoreError: it cannot be restored.
        """
        try:
            found = backup.verify(chosen.path, self.key)
        except StoreError as error:
            self._note_trouble("backup.unusable", error)
            raise
        self.store.put_settings(rehearsed_at=self.store.clock(), backup_trouble="")
        return found

    def kept(self) -> Kept:
        """How things stand."""
        return kept(Reader(self.store.engine), self.profile)

    def backups(self) -> list[Backup]:
        """All there are, newest first."""
        return backup.backups(self.profile)

    def note_rescue_seen(self) -> None:
        """The person has read what a rescue brought back."""
        self.store.put_settings(rescue_seen=1)

    def _is_rehearsal_due(self) -> bool:
        age = self.store.clock() - self.kept().rehearsed_at
        return not 0 <= age < REHEARSED_DAYS * _DAY_MS

    def _note_trouble(self, code: str, error: StoreError) -> None:
        """In the log once; a full disk is told there every day only if it was well in between."""
        if isinstance(error, DamagedFile) and code == "backup.failed":
            opening.suspect(self.profile)
        told = f"{code}/{error.code}"
        try:
            if self.kept().trouble != told:
                self.store.put_settings(backup_trouble=told)
                journal.note(self.store, code, {"reason": error.code})
        except StoreError:
            return  # on the same full disk there is no room for a note either; the window tells it


def choose_lock(store: Store, minutes: int) -> None:
    """The window is veiled after so many minutes without a sign of life, 0 for never.

    Kept in the encrypted file: who has only the disk cannot switch it off.
    """
    store.put_settings(lock_after=minutes)
