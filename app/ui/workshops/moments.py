"""Date and time of a workshop: read as typed, told as people say it."""

from __future__ import annotations

import re
from datetime import date, datetime

from app.domain.partial_date import PartialDate, Precision
from app.domain.reading import ParseError
from app.domain.values import parse_partial_date
from app.ui import labels

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.,h ]?(?P<minute>\d{2}))?\s*(?:h|uhr)?", re.IGNORECASE)
_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def today() -> date:
    """The day on the wall calendar of this desk."""
    return datetime.now().astimezone().date()


def read_day(typed: str) -> str:
    """A typed day as "2026-11-26".

    Raises:
        ValueError: a German sentence.
    """
    found = parse_partial_date(typed, today())
    if isinstance(found, ParseError):
        raise ValueError(" ".join(labels.error_words(found)))
    if found is None:
        return ""
    if found.precision is not Precision.DAY:
        raise ValueError("Ein Workshop braucht einen Tag, zum Beispiel 26.11.2026.")
    return found.encode()


def read_time(typed: str) -> str:
    """A typed time as "19:00"; "19", "19.30", "1930", "19 Uhr" are understood.

    Raises:
        ValueError: a German sentence.
    """
    bare = typed.strip()
    if not bare:
        return ""
    found = _TIME.fullmatch(bare)
    if found is None:
        raise ValueError("Nicht als Uhrzeit verstanden; möglich sind 19:00, 19.30, 19 Uhr.")
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        raise ValueError("Diese Uhrzeit gibt es nicht.")
    return f"{hour:02}:{minute:02}"


def show_day(encoded: str) -> str:
    """ "26.11.2026"."""
    return str(PartialDate.decode(encoded)) if encoded else ""


def weekday(encoded: str) -> str:
    """ "Donnerstag, 26.11.2026"."""
    day = date.fromisoformat(encoded)
    return f"{_DAYS[day.weekday()]}, {day:%d.%m.%Y}"


def parts_of(local_time: str) -> tuple[str, str]:
    """A stored local time -> (day, time), empty where unknown; midnight stands for "no time told"."""
    day, _, clock = local_time.partition("T")
    return day, "" if clock == "00:00" else clock


def joined(day: str, clock: str) -> str | None:
    """The stored form of a day and a time; None without a day."""
    return f"{day}T{clock or '00:00'}" if day else None


def told(starts_at: str) -> str:
    """ "Donnerstag, 26.11.2026, 19:00", "" if unknown."""
    day, clock = parts_of(starts_at)
    if not day:
        return ""
    return f"{weekday(day)}, {clock}" if clock else weekday(day)


def local_clock(instant: str) -> str:
    """A stored instant on the clock of this desk, "19:32"; "" if unknown."""
    at = read_instant(instant)
    return f"{at.astimezone():%H:%M}" if at else ""


def read_instant(stored: str) -> datetime | None:
    """A stored instant; None if there is none or it cannot be read."""
    try:
        return datetime.fromisoformat(stored.replace("Z", "+00:00")) if stored else None
    except ValueError:
        return None


def now() -> datetime:
    """Now, on the clock of this desk."""
    return datetime.now().astimezone()
