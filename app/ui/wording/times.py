"""Times, numbers and counts in German words."""

from __future__ import annotations

from datetime import UTC, datetime


def local_time(at_ms: int, now: datetime) -> datetime:
    """An instant in milliseconds since 1970 on the clock that ``now`` is read from."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone(now.tzinfo)


def when(at: datetime, now: datetime) -> str:
    """As a sentence tells it: "heute 14:51", "gestern 09:12", "12.02.2025".

    Both with a time zone; ``at`` is told on the clock of ``now``. A time ahead of ours (another clock is
    wrong) is told as it is.
    """
    told = at.astimezone(now.tzinfo)
    days = (now.date() - told.date()).days
    if days == 0:
        return f"heute {told:%H:%M}"
    if days == 1:
        return f"gestern {told:%H:%M}"
    return f"{told:%d.%m.%Y}"


def when_exactly(at: datetime, now: datetime) -> str:
    """Always with the time: "heute 14:51", "07.03.2025, 16:20"."""
    told = at.astimezone(now.tzinfo)
    days = (now.date() - told.date()).days
    return when(at, now) if days in (0, 1) else f"{told:%d.%m.%Y, %H:%M}"


def when_short(at: datetime, now: datetime) -> str:
    """For a narrow column: "14:51" today, "gestern", "28.02." this year, "28.02.24" before."""
    told = at.astimezone(now.tzinfo)
    days = (now.date() - told.date()).days
    if days == 0:
        return f"{told:%H:%M}"
    if days == 1:
        return "gestern"
    return f"{told:%d.%m.}" if told.year == now.year else f"{told:%d.%m.%y}"


def saved_at(at: datetime) -> str:
    """Beside what was just stored: "gespeichert 19:32:08"."""
    return f"gespeichert {at:%H:%M:%S}"


def number(value: int) -> str:
    """By DIN 5008 in groups of three, with a space that does not break: "10 000"."""
    return f"{value:,}".replace(",", "\u00a0")


def count(value: int, one: str, many: str) -> str:
    """ "1 Änderung", "12 Änderungen", "keine Änderungen"."""
    if value == 0:
        return f"keine {many}"
    return f"{number(value)} {one if value == 1 else many}"
