"""What went wrong while editing, and when something happened, as German sentences for this room."""

from __future__ import annotations

from datetime import date, datetime

from app.domain.reading import ParseError
from app.errors import MasswerkError, NotAllowed
from app.ui import labels


def unreadable(error: ParseError) -> str:
    """Why typed words are no value, and what would be one."""
    return " ".join(labels.error_words(error))


def refusal(error: MasswerkError) -> str:
    """Why something was not saved, and what to do."""
    if isinstance(error, NotAllowed) and error.code == "not_allowed":
        return (
            "Nicht gespeichert: Ändern dürfen nur die federführende und die beteiligten Kommunen."
            " Ihr Text bleibt hier stehen."
        )
    return " ".join(labels.error_words(error))


def now() -> datetime:
    """Now on the clock of this desk."""
    return datetime.now().astimezone()


def today() -> date:
    """The day on the wall calendar."""
    return now().date()


def stamp(at_ms: int, at: datetime) -> str:
    """As short as the table needs it; "" if unknown."""
    return labels.when_short(labels.local_time(at_ms, at), at) if at_ms > 0 else ""


def instant(at_ms: int, at: datetime) -> str:
    """In a sentence: "heute 14:51", "28.02.2025"."""
    return labels.when(labels.local_time(at_ms, at), at) if at_ms > 0 else labels.UNKNOWN


def clock() -> str:
    """Now, to the second, as it stands behind "gespeichert"."""
    return f"{now():%H:%M:%S}"
