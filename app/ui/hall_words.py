"""What is told of the hall: who is there, where the words are, and that the hall is not the agency. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.queries.hall import HallStanding
from app.sync.hall.wire import Person
from app.ui import labels
from app.ui.wording import hall as wording


def people_words(present: Sequence[Person]) -> str:
    """Who else is there."""
    if not present:
        return "Noch ist niemand verbunden."
    return "Mit dabei: " + ", ".join(f"{person.person} ({person.device})" for person in present)


def truth_words(standing: HallStanding) -> list[str]:
    """What waits here, who has it too, and what is carried for others; a sentence each."""
    said: list[str] = []
    if standing.pending:
        waits = labels.count(standing.pending, "Änderung", "Änderungen")
        said.append(f"{waits} von hier {'ist' if standing.pending == 1 else 'sind'} noch nicht bei der Agentur.")
    return [*said, *beside_words(standing)] or [wording.NOTHING_WAITS]


def beside_words(standing: HallStanding) -> list[str]:
    """The same without what waits here, for where that is told already."""
    said: list[str] = []
    for keeper in standing.keepers:
        which = "Sie" if keeper.changes == standing.pending else f"{labels.number(keeper.changes)} davon"
        verb = "liegt" if keeper.changes == 1 else "liegen"
        said.append(f"{which} {verb} auch bei {keeper.device} ({keeper.person}), versiegelt für die Agentur.")
    for one in standing.carried:
        if one.state == "held":
            count = labels.count(one.changes, "Änderung", "Änderungen")
            said.append(f"Für {one.person} ({one.device}) nimmt dieser Laptop {count} zur Agentur mit.")
    return said
