"""Where a profile lies on this computer, and the program's name and version.

One profile is one folder: database, lock, key file, backups and logs. Deleting the folder removes every
trace but the key in the system's keyring.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VERSION = "0.1.0"
"""The one place of the version; the build reads it here."""

APP_NAME = "Maßwerk"
APP_ID = "masswerk"
"""Folder and keyring name: ASCII, because not every file system keeps "ß" as it was written."""

PROFILE_VARIABLE = "MASSWERK_PROFILE"


def default_profile_dir(platform: str = sys.platform, environ: Mapping[str, str] | None = None) -> Path:
    """The profile folder when none is named: `MASSWERK_PROFILE`, else what the operating system asks for.

    Windows gets the local (not the roaming) folder: a database must not travel with a roaming profile.
    """
    env = os.environ if environ is None else environ
    named = env.get(PROFILE_VARIABLE, "").strip()
    if named:
        return Path(named).expanduser()
    home = Path.home()
    if platform == "win32":
        base = Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return base / APP_ID / "profile"
    if platform == "darwin":
        return home / "Library" / "Application Support" / APP_ID / "profile"
    named_base = Path(env.get("XDG_DATA_HOME") or "")
    base = named_base if named_base.is_absolute() else home / ".local" / "share"
    return base / APP_ID / "profile"


@dataclass(frozen=True, slots=True)
class Profile:
    """The paths of one profile; nothing is created until `ensure()`."""

    folder: Path

    @classmethod
    def at(cls, folder: str | os.PathLike[str] | None = None) -> Profile:
        """The profile in `folder`, or the default one of this account."""
        return cls(Path(folder).expanduser().absolute() if folder is not None else default_profile_dir().absolute())

    @property
    def database(self) -> Path:
        """The encrypted database; SQLite keeps `-wal` and `-shm` beside it."""
        return self.folder / "masswerk.db"

    @property
    def blobs(self) -> Path:
        """The bytes of attachments, encrypted with the same key."""
        return self.folder / "blobs.db"

    @property
    def lock(self) -> Path:
        """Held while a Maßwerk has this profile open."""
        return self.folder / "masswerk.lock"

    @property
    def key_file(self) -> Path:
        """The database key wrapped by a passphrase, where the system has no keyring; never the key itself."""
        return self.folder / "key.json"

    @property
    def witness(self) -> Path:
        """Incarnation and last change number, outside the database: shows a restored or copied profile."""
        return self.folder / "incarnation.json"

    @property
    def backups(self) -> Path:
        """Dated copies, and the file as it was before each upgrade."""
        return self.folder / "backups"

    @property
    def damaged(self) -> Path:
        """Databases that were found damaged, as they were: never deleted by us."""
        return self.folder / "damaged"

    @property
    def rescued(self) -> Path:
        """A rescued database that is complete and only has to take its place; there for a moment."""
        return self.folder / "masswerk.db.rescued"

    @property
    def suspect(self) -> Path:
        """Left by whoever met a damaged page: the next start reads the whole file before it is used."""
        return self.folder / "masswerk.suspect"

    @property
    def logs(self) -> Path:
        """Log files: keys and counts, never text or names."""
        return self.folder / "logs"

    def ensure(self) -> Profile:
        """Make the folders, readable by this account alone where the system can do that."""
        for folder in (self.folder, self.backups, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self
