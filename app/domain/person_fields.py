"""Which fields name a person: whoever fills one in chooses from those known here."""

from __future__ import annotations

PERSON_FIELDS = frozenset(
    {
        ("measure", "responsible_contact"),
        ("task", "responsible"),
        ("risk", "owner"),
        ("workshop", "moderation"),
        ("workshop", "minute_taker"),
    }
)
"""Kind and field. What stands there is one person, written as a person writes it; it belongs to nobody's account."""
