"""Sentences of the room Region: what is counted, on which device, since when."""

from __future__ import annotations

from datetime import datetime

from app.domain.access import AGENCY, CONSORTIUM, Grant
from app.domain.region import Municipality
from app.models.queries.region import PlaceFacts, RegionFacts, SharedLine
from app.models.queries.syncing import Standing
from app.ui import labels
from app.ui.measures import sentences
from app.ui.region.values import Value

GOES_ALONG = (
    "Beschreibung, Ziele, Zielgruppen",
    "Schritte, Indikatoren, Risiken",
    "Erfahrungen und Wissen",
    "Herkunft mit Datum",
)
STAYS = (
    "Status, Ampel, Termine",
    "Kosten und Förderung",
    "Kontakte, Zuständige, Partner",
    "Interne Notizen und Prüfungen",
)


def head_note(places: int, facts: RegionFacts, grant: Grant, standing: Standing, now: datetime) -> str:
    """ "Stand dieses Geräts, Konsortium inbegriffen, Abgleich heute 14:32 · 213 … in 59 Städten und Gemeinden"."""
    shared = f"{labels.number(facts.total)} veröffentlichte Maßnahme{'n' if facts.total != 1 else ''}"
    parts = [_standing(grant, standing, now), f"{shared} in {places} Städten und Gemeinden"]
    if facts.transfers:
        parts.append(f"{labels.number(facts.transfers)} Mal abgeguckt")
    return " · ".join(parts)


def _standing(grant: Grant, standing: Standing, now: datetime) -> str:
    """What this device may see and since when: numbers of another device may differ."""
    if not standing.joined:
        return "Nur was auf diesem Gerät liegt, es gehört zu keiner Agentur"
    seen = "mit Konsortium" if {AGENCY, CONSORTIUM} & grant.scopes else "ohne Konsortium"
    if not standing.synced_at:
        return f"Stand dieses Geräts {seen}, noch kein Abgleich"
    return f"Stand dieses Geräts {seen}, Abgleich {sentences.instant(standing.synced_at, now)}"


def listed_amount(shown: int, total: int) -> str:
    """ "14 Maßnahmen", "400 von 823 Maßnahmen": a long list says what it leaves out."""
    noun = "Maßnahme" if total == 1 else "Maßnahmen"
    if shown < total:
        return f"{labels.number(shown)} von {labels.number(total)} {noun}"
    return f"{labels.number(shown)} {noun}" if shown else f"Keine {noun}"


def tile_sentence(place: Municipality, value: Value, facts: PlaceFacts) -> str:
    """ "Soest, Kreis Soest: 14 veröffentlichte Maßnahmen"."""
    return f"{place.name}, {place.district.name}: {value.told(facts)}"


def line_detail(line: SharedLine, place: str, fields: str, transfer: str) -> str:
    """ "Soest · Mobilität · Mit Anpassung übertragbar · 2 Mal abgeguckt"."""
    parts = [place, fields, transfer]
    if line.adopters:
        parts.append(f"{labels.number(line.adopters)} Mal abgeguckt")
    return " · ".join(part for part in parts if part)


def listed(names: list[str]) -> str:
    """ "Lippstadt, Olpe und Werl"."""
    return " und ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
