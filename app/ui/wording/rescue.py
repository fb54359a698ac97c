"""What a person is told when a damaged profile was restored by itself; window and command line say the same."""

from __future__ import annotations

from datetime import datetime

from app.models.queries.rescued import Rescued
from app.ui.wording.times import count, local_time, when_exactly

TITLE = "Die Datenbank war beschädigt und wurde wiederhergestellt."


def sentences(told: Rescued, now: datetime) -> list[str]:
    """What it was restored from, what came back, what is missing, where the damaged file lies."""
    said = [_ground(told, now)]
    if told.again:
        said.append(f"{count(told.again, 'eigene Änderung', 'eigene Änderungen')} seither gerettet.")
    said += _missing(told)
    if told.file:
        said.append(f"Die beschädigte Datei liegt unverändert im Profilordner: damaged/{told.file}.")
    return said


def _ground(told: Rescued, now: datetime) -> str:
    if not told.backup_at:
        return "Es gab keine Sicherung; alles wurde aus der beschädigten Datei gelesen."
    return f"Grundlage ist die Sicherung von {when_exactly(local_time(told.backup_at, now), now)}."


def _missing(told: Rescued) -> list[str]:
    if not told.missing:
        return ["Es fehlt nichts." if told.is_counted else "Ob seither etwas fehlt, zeigt der nächste Abgleich."]
    least = "" if told.is_counted else "Mindestens "
    if not told.is_settled:
        changes = count(told.missing, "Änderung war", "Änderungen waren")
        return [f"{least}{changes} nicht lesbar; was die Agentur davon hat, kommt mit dem nächsten Abgleich zurück."]
    said = []
    if told.returned:
        said.append(f"{count(told.returned, 'Änderung', 'Änderungen')} kamen von der Agentur zurück.")
    if told.lost:
        said.append(f"{least}{count(told.lost, 'Änderung ist', 'Änderungen sind')} verloren.")
    return said
