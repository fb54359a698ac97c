"""Months by the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(day: date, by: int) -> date:
    """The same day so many months on, or before; the last one where a month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
