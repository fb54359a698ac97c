"""What is told of the hall: who is there, where the words are, and that the hall is not the agency. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.fields import SCHEMA_VERSION
from app.models.queries.hall import Carried, HallStanding
from app.sync.hall.files import Left
from app.sync.hall.wire import Person
from app.ui import labels
from app.ui.attachments.words import size_words
from app.ui.wording import hall as wording


def people_words(present: Sequence[Person]) -> str:
    """Who else is there."""
    if not present:
        return "Noch ist niemand verbunden."
    return "Mit dabei: " + ", ".join(f"{person.person} ({person.device})" for person in present)


def program_words(present: Sequence[Person]) -> list[str]:
    """Whose program knows fewer fields than this one, or more; a sentence each."""
    said: list[str] = []
    for person in present:
        known = person.schema_version
        if known is not None and known < SCHEMA_VERSION:
            said.append(wording.EARLIER_PROGRAM.format(person=person.person, device=person.device))
        elif known is not None and known > SCHEMA_VERSION:
            said.append(wording.LATER_PROGRAM.format(person=person.person, device=person.device))
    return said


def truth_words(standing: HallStanding) -> list[str]:
    """What waits here, who has it too, and what is carried for others; a sentence each."""
    said: list[str] = []
    if standing.waiting:
        waits = labels.count(standing.waiting, "Änderung", "Änderungen")
        said.append(f"{waits} von hier {'ist' if standing.waiting == 1 else 'sind'} noch nicht bei der Agentur.")
    told = [*said, *beside_words(standing)] or [wording.NOTHING_WAITS]
    return [*told, *(_brought_words(one) for one in standing.carried if one.state == "taken" and one.changes)]


def file_words(missing: Left, sending: Left) -> list[str]:
    """Photos and files that are not through yet, and how much that still is; a sentence each."""
    said: list[str] = []
    if missing.files:
        verb = "fehlt" if missing.files == 1 else "fehlen"
        said.append(f"{_files(missing)} {verb} hier noch ({size_words(missing.bytes)}).")
    if sending.files:
        verb = "geht" if sending.files == 1 else "gehen"
        said.append(f"{_files(sending)} {verb} noch an den anderen Laptop ({size_words(sending.bytes)}).")
    return said


def _files(left: Left) -> str:
    return labels.count(left.files, "Datei", "Dateien")


def beside_words(standing: HallStanding) -> list[str]:
    """The same without what waits here, for where that is told already."""
    said = _arrived_words(standing) if standing.arrived else []
    for keeper in standing.keepers:
        which = "Sie" if keeper.changes == standing.pending else f"{labels.number(keeper.changes)} davon"
        verb = "liegt" if keeper.changes == 1 else "liegen"
        said.append(f"{which} {verb} auch bei {keeper.device} ({keeper.person}), versiegelt für die Agentur.")
    for one in standing.carried:
        if one.state == "held":
            count = labels.count(one.changes, "Änderung", "Änderungen")
            said.append(f"Für {one.person} ({one.device}) nimmt dieser Laptop {count} zur Agentur mit.")
        elif one.state == "refused":
            why = wording.LETTER_REASONS.get(one.reason, wording.OTHER_LETTER_REASON)
            said.append(f"Die Post von {one.person} ({one.device}) hat die Agentur nicht angenommen. {why}")
    return said


def _arrived_words(standing: HallStanding) -> list[str]:
    """The agency has signed that it has them; the next exchange of this laptop itself still has to close them."""
    count = labels.count(standing.arrived, "Änderung", "Änderungen")
    verb = "ist" if standing.arrived == 1 else "sind"
    when = labels.moment_text(standing.arrived_at)
    said = [f"{count} von hier {verb} bei der Agentur; sie hat es am {when} Uhr bestätigt."]
    if standing.aside:
        lies = "liegt" if standing.aside == 1 else "liegen"
        said.append(f"Davon {lies} {labels.number(standing.aside)} dort noch zur Entscheidung.")
    return said


def _brought_words(one: Carried) -> str:
    count = labels.count(one.changes, "Änderung", "Änderungen")
    return f"Die Post von {one.person} ({one.device}) ist bei der Agentur: {count}."
