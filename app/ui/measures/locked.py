"""Why a measure may only be read, in the sentences of pane and table."""

from __future__ import annotations

from app.models.queries.records import Record
from app.ui.measures.places import Places

DELETED = "Diese Maßnahme wurde gelöscht."
AWAY = "Diese Maßnahme wird nicht mehr mit diesem Gerät geteilt."
FROZEN = "Nur zum Lesen: Diese Maßnahme wird nicht mehr mit diesem Gerät geteilt."


def led_by(record: Record, places: Places) -> str:
    """Another municipality leads it."""
    return f"Nur zum Lesen: Federführung hat {places.name(record.text('lead_ags'))}."


def gone_into_words(title: str) -> str:
    """It lives on in another one."""
    return f"Diese Maßnahme ist in „{title}“ aufgegangen."


def why_locked(record: Record, survivor_title: str, places: Places) -> str:
    """The first reason that holds, "" for a measure that may be changed here.

    Args:
        survivor_title: of the measure it has gone into, "" for none.
    """
    if record.gone:
        return DELETED
    if survivor_title:
        return gone_into_words(survivor_title)
    if record.frozen:
        return FROZEN
    return "" if record.may_edit else led_by(record, places)
