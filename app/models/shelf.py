"""The shelf of earlier databases: what each file is called, which are there, which stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.config import Profile
from app.models.durable import remove_database

_NAME = re.compile(r"(daily|upgrade|restore)-(\d{8}T\d{6})(\d{3})Z\.db")
_DAYS, _WEEKS, _OTHERS = 7, 4, 5


@dataclass(frozen=True, slots=True)
class Backup:
    """One earlier state of the profile, encrypted with the same key.

    Attributes:
        why: "daily" (by itself), "upgrade" or "restore" (what was there before one of these).
        at: when it was put here, UTC.
    """

    path: Path
    why: str
    at: datetime
    size: int


def place(profile: Profile, why: str, now_ms: int) -> Path:
    """Where a backup made now belongs."""
    stamp = datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y%m%dT%H%M%S")
    return profile.backups / f"{why}-{stamp}{now_ms % 1000:03}Z.db"


def backups(profile: Profile) -> list[Backup]:
    """All of them, newest first."""
    found = []
    for path in profile.backups.glob("*.db"):
        match = _NAME.fullmatch(path.name)
        if match:
            at = datetime.strptime(match[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            at += timedelta(milliseconds=int(match[3]))
            found.append(Backup(path, match[1], at, path.stat().st_size))
    return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)


def rotate(profile: Profile) -> None:
    """Keeps the last of seven days and four weeks, and five each from before upgrades and restores."""
    found = backups(profile)
    daily = [backup for backup in found if backup.why == "daily"]
    kept = _last_of_each(daily, "%Y%m%d", _DAYS) | _last_of_each(daily, "%G%V", _WEEKS)
    for why in ("upgrade", "restore"):
        kept |= {backup.path for backup in [b for b in found if b.why == why][:_OTHERS]}
    for backup in found:
        if backup.path not in kept:
            remove_database(backup.path)


def _last_of_each(newest_first: list[Backup], period: str, most: int) -> set[Path]:
    last: dict[str, Path] = {}
    for backup in newest_first:
        last.setdefault(backup.at.strftime(period), backup.path)
    return set(list(last.values())[:most])
