"""The words of other people's lists -> our codes. Folded: lower case, umlauts plain, no punctuation."""

from __future__ import annotations

import re

from app.domain.catalogue import FieldOfAction, MeasureStatus, SpatialScope, StakeholderGroup, TrafficLight

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(text: str) -> str:
    """Letters and digits only, lower case, so that "Verwaltung & Teilhabe" meets "verwaltung und teilhabe"."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower().translate(_FOLD).replace("&", " und ")).strip()


HEADERS: dict[str, str] = {
    "nr": "code",
    "code": "code",
    "nummer": "code",
    "titel": "title",
    "massnahme": "title",
    "name": "title",
    "kurzbeschreibung": "short_description",
    "beschreibung": "description",
    "raumbezug": "spatial_scope",
    "beteiligte kommunen": "municipalities",
    "kommune": "municipalities",
    "kommunen": "municipalities",
    "ags": "ags",
    "handlungsfelder": "fields_of_action",
    "handlungsfeld": "fields_of_action",
    "zielgruppen": "target_groups",
    "zielgruppe": "target_groups",
    "status laut quelle": "status",
    "status": "status",
    "umsetzungsstand": "status",
    "ampel": "traffic_light",
    "beginn": "start",
    "start": "start",
    "ende": "end",
    "gesamtkosten eur": "cost",
    "gesamtkosten": "cost",
    "kosten": "cost",
    "abhaengigkeiten": "dependencies",
    "schlagworte": "tags",
    "themen": "tags",
    "quelle": "sources",
    "quellen": "sources",
    "einordnung": "internal_note",
    "zustaendig": "responsible_unit",
    "ziele": "goals",
}
"""Folded header -> what it means here."""

FIELDS_OF_ACTION: dict[str, FieldOfAction] = {
    "verwaltung und teilhabe": FieldOfAction.ADMINISTRATION_PARTICIPATION,
    "verwaltung": FieldOfAction.ADMINISTRATION_PARTICIPATION,
    "wertschoepfung und innovation": FieldOfAction.VALUE_CREATION_INNOVATION,
    "wertschoepfung": FieldOfAction.VALUE_CREATION_INNOVATION,
    "stadtgestaltung": FieldOfAction.URBAN_DESIGN,
    "bildung kultur und tourismus": FieldOfAction.EDUCATION_CULTURE_TOURISM,
    "bildung und kultur": FieldOfAction.EDUCATION_CULTURE_TOURISM,
    "new work": FieldOfAction.NEW_WORK,
    "new work neue arbeitswelt": FieldOfAction.NEW_WORK,
    "energie": FieldOfAction.ENERGY,
    "umwelt und klima": FieldOfAction.ENVIRONMENT_CLIMATE,
    "umwelt": FieldOfAction.ENVIRONMENT_CLIMATE,
    "mobilitaet": FieldOfAction.MOBILITY,
    "sonstiges": FieldOfAction.OTHER,
}

TARGET_GROUPS: dict[str, StakeholderGroup] = {
    "buergerschaft": StakeholderGroup.CITIZENS,
    "wirtschaft": StakeholderGroup.BUSINESS,
    "politik": StakeholderGroup.POLITICS,
    "bildung wissenschaft": StakeholderGroup.EDUCATION_SCIENCE,
    "bildung": StakeholderGroup.EDUCATION_SCIENCE,
    "verwaltung": StakeholderGroup.ADMINISTRATION,
    "zivilgesellschaft": StakeholderGroup.CIVIL_SOCIETY,
    "zivilgesellschaft vereine": StakeholderGroup.CIVIL_SOCIETY,
    "vereine": StakeholderGroup.CIVIL_SOCIETY,
}

SPATIAL_SCOPES: dict[str, SpatialScope] = {
    "region": SpatialScope.REGION,
    "gesamte region": SpatialScope.REGION,
    "kreis": SpatialScope.DISTRICT,
    "interkommunal": SpatialScope.INTERMUNICIPAL,
    "gesamtstaedtisch": SpatialScope.MUNICIPALITY,
    "ortsteil quartier": SpatialScope.QUARTER,
    "ortsteil": SpatialScope.QUARTER,
    "quartier": SpatialScope.QUARTER,
    "standort": SpatialScope.SITE,
}

TRAFFIC_LIGHTS: dict[str, TrafficLight] = {
    "gruen": TrafficLight.GREEN,
    "im plan": TrafficLight.GREEN,
    "gelb": TrafficLight.YELLOW,
    "abweichung": TrafficLight.YELLOW,
    "rot": TrafficLight.RED,
    "kritisch": TrafficLight.RED,
    "grau": TrafficLight.GREY,
    "keine angabe": TrafficLight.GREY,
}

_STATUS: tuple[tuple[str, MeasureStatus], ...] = (
    # From the latest stage to the earliest: "beschlossen (StVV); in Umsetzung" is in progress.
    (r"\bverworfen\b|\babgelehnt\b", MeasureStatus.REJECTED),
    (r"\bpausiert\b|\bruht\b", MeasureStatus.PAUSED),
    (r"\bin betrieb\b|\bverstetigt\b|\bim betrieb\b", MeasureStatus.IN_OPERATION),
    (r"\bumgesetzt\b|\babgeschlossen\b|\bfertiggestellt\b", MeasureStatus.COMPLETED),
    (r"\bin umsetzung\b|\bausbau laeuft\b|\bgo live\b|\btest\b", MeasureStatus.IN_PROGRESS),
    (r"\bausschreibung\b|\bvergabe\b", MeasureStatus.PROCUREMENT),
    (r"\bbeschlossen\b|\bprojektbeschluss\b", MeasureStatus.APPROVED),
    (r"\bnachqualifizierung\b", MeasureStatus.REWORK_REQUIRED),
    (r"\bfoerderpruefung\b", MeasureStatus.FUNDING_REVIEW),
    (r"\bgeplant\b|\bplanung\b", MeasureStatus.PLANNED),
    (r"\babstimmung\b|\bpruefung\b", MeasureStatus.IN_REVIEW),
    (r"\bidee\b", MeasureStatus.IDEA),
)


def status_of(text: str) -> MeasureStatus | None:
    """The furthest stage a free status text names, None if it names none."""
    folded = fold(text)
    return next((status for pattern, status in _STATUS if re.search(pattern, folded)), None)


_DEPENDENCY = (
    (re.compile(r"(setzt voraus|benötigt|vorauss\w*)", re.IGNORECASE), "requires"),
    (re.compile(r"(baut auf|nutzt)", re.IGNORECASE), "builds_on"),
)
_BUNDLE = re.compile(r"\bM\d{2}\b")


def dependencies_of(text: str) -> tuple[str, ...]:
    """ "baut auf M01; nutzt M02" -> ("builds_on:M01", "builds_on:M02"); bare codes are relations."""
    found: dict[str, None] = {}
    for part in text.split(";"):
        kind = next((k for pattern, k in _DEPENDENCY if pattern.search(part)), "relates_to")
        for code in _BUNDLE.findall(part):
            found[f"{kind}:{code}"] = None
    return tuple(found)
