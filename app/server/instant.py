"""Instants as the agency stores and tells them: RFC 3339 in UTC, milliseconds, comparable as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)


def told(at: datetime) -> str:
    """As text: "2026-03-12T09:30:00.000Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
