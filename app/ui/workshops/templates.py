"""What a format brings along: stations, agenda and the questions to ask, to be changed at will."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.catalogue import WorkshopFormat as F


@dataclass(frozen=True, slots=True)
class Template:
    """Stations, agenda items with their minutes, and the questions that lead through it."""

    stations: tuple[str, ...]
    agenda: tuple[tuple[str, int], ...]
    questions: tuple[str, ...] = ()

    def purpose(self) -> str:
        """The questions as the words that a new workshop begins with, "" without any."""
        return "\n".join(("Leitfragen:", *(f"- {question}" for question in self.questions))) if self.questions else ""


_WELCOME = ("Begrüßung, Ziel", 10)
_OUTLOOK = ("Ausblick, Termine", 10)
_STANDARD = Template(
    ("Was läuft gut", "Was fehlt", "Ideen"),
    (_WELCOME, ("Sammeln", 30), ("Ordnen", 20), ("Punkte vergeben", 15), ("Was machen wir?", 25), _OUTLOOK),
    ("Was läuft gut?", "Was fehlt?", "Was soll sich als Erstes ändern?"),
)

TEMPLATES: dict[F, Template] = {
    F.WORKSHOP: _STANDARD,
    F.FUTURE_WORKSHOP: Template(
        ("Kritik", "Fantasie", "Verwirklichung"),
        (_WELCOME, ("Kritikphase", 45), ("Fantasiephase", 60), ("Verwirklichungsphase", 60), _OUTLOOK),
        ("Was stört uns heute?", "Wie wäre es, wenn alles möglich wäre?", "Womit fangen wir an?"),
    ),
    F.WORLD_CAFE: Template(
        ("Tisch 1", "Tisch 2", "Tisch 3"),
        (
            _WELCOME, ("Erste Runde", 20), ("Zweite Runde", 20), ("Dritte Runde", 20),
            ("Ernte im Plenum", 30), _OUTLOOK,
        ),
        ("Was bewegt uns bei diesem Thema?", "Was verbindet die Gespräche der Tische?", "Was nehmen wir uns vor?"),
    ),
    F.DESIGN_THINKING: Template(
        ("Verstehen", "Ideen", "Prototyp"),
        (_WELCOME, ("Verstehen", 40), ("Sichtweise", 20), ("Ideen finden", 40), ("Prototyp bauen", 60),
         ("Ausprobieren", 30), _OUTLOOK),
        ("Wer hat das Problem, und wann?", "Was braucht diese Person wirklich?", "Hilft der Prototyp?"),
    ),
    F.CITIZEN_DIALOGUE: Template(
        ("Was läuft gut", "Was fehlt", "Ideen"),
        (_WELCOME, ("Sammeln", 25), ("Punkte vergeben", 15), ("Was machen wir?", 25), _OUTLOOK),
        ("Was läuft gut?", "Was fehlt in Ihrem Ort?", "Was wäre Ihnen am wichtigsten?"),
    ),
    F.LIVING_LAB: Template(
        ("Beobachtung", "Rückmeldung", "Nächster Versuch"),
        (_WELCOME, ("Stand des Versuchs", 20), ("Erproben", 45), ("Auswerten", 30), _OUTLOOK),
        ("Was wurde beobachtet?", "Was hat überrascht?", "Was wird beim nächsten Versuch anders?"),
    ),
    F.OPEN_SPACE: Template(
        ("Raum 1", "Raum 2", "Raum 3"),
        (_WELCOME, ("Marktplatz der Anliegen", 30), ("Erste Zeitschiene", 45), ("Zweite Zeitschiene", 45),
         ("Abendnachrichten", 30), _OUTLOOK),
        ("Welches Anliegen bringe ich mit?", "Wer macht mit?", "Was ist der nächste Schritt?"),
    ),
    F.FISHBOWL: Template(
        ("Aus der Runde", "Offene Fragen"), (_WELCOME, ("Gespräch", 60), ("Ergebnisse", 20), _OUTLOOK),
        ("Worüber sind wir uns einig?", "Was bleibt offen?"),
    ),
    F.PLANNING_CELL: Template(
        ("Information", "Beratung", "Empfehlungen"),
        (_WELCOME, ("Fachvortrag", 45), ("Kleingruppen", 60), ("Empfehlungen", 45), _OUTLOOK),
        ("Was müssen wir wissen?", "Was spricht dafür, was dagegen?", "Was empfehlen wir?"),
    ),
    F.CITIZENS_COUNCIL: Template(
        ("Anliegen", "Beratung", "Empfehlungen"),
        (_WELCOME, ("Anliegen", 40), ("Beratung", 90), ("Empfehlungen", 45), _OUTLOOK),
        ("Was ist das Anliegen?", "Welche Folgen hätte es, und für wen?", "Was empfehlen wir dem Rat?"),
    ),
    F.FOCUS_GROUP: Template(
        ("Beobachtungen", "Wünsche"), (_WELCOME, ("Leitfragen", 60), ("Zusammenfassung", 15), _OUTLOOK),
        ("Was erleben Sie im Alltag?", "Was wünschen Sie sich?", "Was würden Sie selbst beitragen?"),
    ),
    F.ROUND_TABLE: Template(
        ("Sichtweisen", "Einigung"), (_WELCOME, ("Runde der Sichtweisen", 40), ("Einigung", 40), _OUTLOOK),
        ("Wie sieht jede Seite die Sache?", "Wo liegen wir auseinander?", "Worauf einigen wir uns?"),
    ),
    F.CITY_WALK: Template(
        ("Halt 1", "Halt 2", "Halt 3"),
        (_WELCOME, ("Halt 1", 20), ("Halt 2", 20), ("Halt 3", 20), ("Abschluss", 15)),
        ("Was fällt auf?", "Was soll so bleiben?", "Was soll anders werden?"),
    ),
    F.SCENARIO: Template(
        ("Trends", "Szenarien", "Folgerungen"),
        (_WELCOME, ("Trends", 40), ("Szenarien", 60), ("Folgerungen", 40), _OUTLOOK),
        ("Welche Entwicklungen kommen auf uns zu?", "Wie sieht es in zehn Jahren aus?", "Was folgt daraus für heute?"),
    ),
    F.HACKATHON: Template(
        ("Aufgaben", "Teams", "Lösungen"),
        (_WELCOME, ("Aufgaben vorstellen", 30), ("Arbeiten", 360), ("Vorstellen", 60), _OUTLOOK),
        ("Welche Aufgabe soll gelöst werden?", "Welche Daten gibt es?", "Wie geht es nach heute weiter?"),
    ),
    F.SURVEY: Template(("Rückmeldungen",), (),
        ("Was wurde gefragt?", "Was war die häufigste Antwort?"),
    ),
    F.PARCOURS: Template(("Station 1", "Station 2", "Station 3"), (),
        ("Was haben Sie an dieser Station entdeckt?", "Was sollte es bei Ihnen auch geben?"),
    ),
    F.CONFERENCE: Template(
        ("Vortrag", "Forum", "Offene Fragen"),
        (_WELCOME, ("Vorträge", 60), ("Foren", 90), ("Ergebnisse", 30), _OUTLOOK),
        ("Was lernen wir von anderen?", "Was lässt sich übertragen?", "Was bleibt offen?"),
    ),
    F.SCHOOL_SESSION: Template(
        ("Vorgestellt", "Fragen", "Zum Abgucken"),
        (_WELCOME, ("Lösung aus der Praxis", 30), ("Fragen", 20), ("Was nehmen wir mit?", 20), _OUTLOOK),
        ("Was wurde gelöst, und wie?", "Was würden Sie heute anders machen?", "Wer guckt es sich ab?"),
    ),
    F.WORKING_MEETING: Template(("Besprochen",), (_WELCOME, ("Stand", 20), ("Themen", 40), ("Aufgaben", 15)),
        ("Was ist seit dem letzten Mal erledigt?", "Was hindert uns?", "Wer macht was bis wann?"),
    ),
    F.STEERING: Template(
        ("Beraten",), (_WELCOME, ("Berichte", 20), ("Beschlüsse", 30), ("Verschiedenes", 10)),
        ("Worüber ist zu entscheiden?", "Was ist seit der letzten Sitzung geschehen?"),
    ),
    F.OTHER: Template(("Karten",), ()),
}  # fmt: skip


def template_of(code: str) -> Template:
    """What a stored format code brings; an unknown one one column and no agenda."""
    try:
        return TEMPLATES[F(code)]
    except ValueError:
        return TEMPLATES[F.OTHER]
