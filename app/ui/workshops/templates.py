"""What a format brings along: stations and agenda, to be changed at will."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.catalogue import WorkshopFormat as F


@dataclass(frozen=True, slots=True)
class Template:
    """Stations, and agenda items with their minutes."""

    stations: tuple[str, ...]
    agenda: tuple[tuple[str, int], ...]


_WELCOME = ("Begrüßung, Ziel", 10)
_OUTLOOK = ("Ausblick, Termine", 10)
_STANDARD = Template(
    ("Was läuft gut", "Was fehlt", "Ideen"),
    (_WELCOME, ("Sammeln", 30), ("Ordnen", 20), ("Punkte vergeben", 15), ("Was machen wir?", 25), _OUTLOOK),
)

TEMPLATES: dict[F, Template] = {
    F.WORKSHOP: _STANDARD,
    F.FUTURE_WORKSHOP: Template(
        ("Kritik", "Fantasie", "Verwirklichung"),
        (_WELCOME, ("Kritikphase", 45), ("Fantasiephase", 60), ("Verwirklichungsphase", 60), _OUTLOOK),
    ),
    F.WORLD_CAFE: Template(
        ("Tisch 1", "Tisch 2", "Tisch 3"),
        (
            _WELCOME, ("Erste Runde", 20), ("Zweite Runde", 20), ("Dritte Runde", 20),
            ("Ernte im Plenum", 30), _OUTLOOK,
        ),
    ),
    F.DESIGN_THINKING: Template(
        ("Verstehen", "Ideen", "Prototyp"),
        (_WELCOME, ("Verstehen", 40), ("Sichtweise", 20), ("Ideen finden", 40), ("Prototyp bauen", 60),
         ("Ausprobieren", 30), _OUTLOOK),
    ),
    F.CITIZEN_DIALOGUE: Template(
        ("Was läuft gut", "Was fehlt", "Ideen"),
        (_WELCOME, ("Sammeln", 25), ("Punkte vergeben", 15), ("Was machen wir?", 25), _OUTLOOK),
    ),
    F.LIVING_LAB: Template(
        ("Beobachtung", "Rückmeldung", "Nächster Versuch"),
        (_WELCOME, ("Stand des Versuchs", 20), ("Erproben", 45), ("Auswerten", 30), _OUTLOOK),
    ),
    F.OPEN_SPACE: Template(
        ("Raum 1", "Raum 2", "Raum 3"),
        (_WELCOME, ("Marktplatz der Anliegen", 30), ("Erste Zeitschiene", 45), ("Zweite Zeitschiene", 45),
         ("Abendnachrichten", 30), _OUTLOOK),
    ),
    F.FISHBOWL: Template(
        ("Aus der Runde", "Offene Fragen"), (_WELCOME, ("Gespräch", 60), ("Ergebnisse", 20), _OUTLOOK)
    ),
    F.PLANNING_CELL: Template(
        ("Information", "Beratung", "Empfehlungen"),
        (_WELCOME, ("Fachvortrag", 45), ("Kleingruppen", 60), ("Empfehlungen", 45), _OUTLOOK),
    ),
    F.CITIZENS_COUNCIL: Template(
        ("Anliegen", "Beratung", "Empfehlungen"),
        (_WELCOME, ("Anliegen", 40), ("Beratung", 90), ("Empfehlungen", 45), _OUTLOOK),
    ),
    F.FOCUS_GROUP: Template(
        ("Beobachtungen", "Wünsche"), (_WELCOME, ("Leitfragen", 60), ("Zusammenfassung", 15), _OUTLOOK)
    ),
    F.ROUND_TABLE: Template(
        ("Sichtweisen", "Einigung"), (_WELCOME, ("Runde der Sichtweisen", 40), ("Einigung", 40), _OUTLOOK)
    ),
    F.CITY_WALK: Template(
        ("Halt 1", "Halt 2", "Halt 3"),
        (_WELCOME, ("Halt 1", 20), ("Halt 2", 20), ("Halt 3", 20), ("Abschluss", 15)),
    ),
    F.SCENARIO: Template(
        ("Trends", "Szenarien", "Folgerungen"),
        (_WELCOME, ("Trends", 40), ("Szenarien", 60), ("Folgerungen", 40), _OUTLOOK),
    ),
    F.HACKATHON: Template(
        ("Aufgaben", "Teams", "Lösungen"),
        (_WELCOME, ("Aufgaben vorstellen", 30), ("Arbeiten", 360), ("Vorstellen", 60), _OUTLOOK),
    ),
    F.SURVEY: Template(("Rückmeldungen",), ()),
    F.PARCOURS: Template(("Station 1", "Station 2", "Station 3"), ()),
    F.CONFERENCE: Template(
        ("Vortrag", "Forum", "Offene Fragen"),
        (_WELCOME, ("Vorträge", 60), ("Foren", 90), ("Ergebnisse", 30), _OUTLOOK),
    ),
    F.SCHOOL_SESSION: Template(
        ("Vorgestellt", "Fragen", "Zum Abgucken"),
        (_WELCOME, ("Lösung aus der Praxis", 30), ("Fragen", 20), ("Was nehmen wir mit?", 20), _OUTLOOK),
    ),
    F.WORKING_MEETING: Template(("Besprochen",), (_WELCOME, ("Stand", 20), ("Themen", 40), ("Aufgaben", 15))),
    F.STEERING: Template(
        ("Beraten",), (_WELCOME, ("Berichte", 20), ("Beschlüsse", 30), ("Verschiedenes", 10))
    ),
    F.OTHER: Template(("Karten",), ()),
}  # fmt: skip


def template_of(code: str) -> Template:
    """What a stored format code brings; an unknown one one column and no agenda."""
    try:
        return TEMPLATES[F(code)]
    except ValueError:
        return TEMPLATES[F.OTHER]
