"""The words of papers: headings of the minutes, and of what stands below them."""

from __future__ import annotations

KINDS_OF_CARDS = {
    "idea": "Ideen",
    "need": "Bedarfe",
    "hint": "Hinweise",
    "strength": "Stärken",
    "weakness": "Schwächen",
    "criticism": "Kritik",
    "question": "Offene Fragen",
    "result": "Ergebnisse",
    "decision": "Beschlüsse und Empfehlungen",
    "quote": "Zitate",
}
"""Headings over cards of one kind, in the order of the paper."""

MINUTES = "Protokoll"
SUMMARY = "Zusammenfassung"
PRESENT = "Teilnehmende"
DECISIONS = "Beschlüsse und Empfehlungen"
TASKS = "Aufgaben"
QUESTIONS = "Offene Fragen"
AGENDA = "Tagesordnung"
COURSE = "Verlauf"
VOTES = "Abstimmungen"
CARDS = "Karten"
PARKED = "Themenspeicher"
OUTCOMES = "Was daraus wurde"
NO_STATION = "Ohne Station"
NO_NAMES = "Gezählt wurde je Gruppe; Namen werden nicht festgehalten."
NOTHING = "Noch gibt es nichts festzuhalten."

RELEASE = "Freigabe {0}"
RELEASED = "Freigabe {0} ist festgehalten."
AFTER = "Arbeitsstand nach Freigabe {0}"
ELSEWHERE = "Ohne Namen; Freigabe {0} liegt bei der Kommune"
"""At the foot for those who read a shared workshop: a release names people and stays with its owners."""
NAMELESS = "Das freigegebene Papier nennt Namen und bleibt bei der Kommune. Hier steht, was sie geteilt hat."
WORKING = "Arbeitsstand"
DRAFT = "Entwurf heißt: daran wird gearbeitet. Es lässt sich schon weitergeben, mit dem Wort „Entwurf“ auf jeder Seite."
NEXT_DRAFT = "Die nächste Freigabe wird vorbereitet. Was schon freigegeben ist, bleibt, wie es ist."
IN_COORDINATION = "Die Beteiligten lesen mit. Was sie ändern, steht sofort im Protokoll."
KEPT = "Der Wortlaut ist festgehalten und ändert sich nicht mehr, was auch immer später notiert wird."
MOVED_ON = "Seit der Freigabe wurde weitergearbeitet. Der freigegebene Wortlaut ist davon unberührt."
PREVIEW_ENDS = "Die Vorschau endet hier. Die Datei enthält alles."
UNREADABLE = "Diese Freigabe stammt aus einem neueren Maßwerk und lässt sich hier nicht zeigen."

LETTER = "Rückmeldung an die Teilnehmenden"
LETTER_TITLE = "{0}: was daraus wurde"
GREETING = "Guten Tag,"
THANKS = "Vielen Dank fürs Mitdenken. Auf diesen Seiten steht, was bisher daraus geworden ist."
BECAME = "Aus Karten wurden Maßnahmen"
NOTHING_YET = "Bisher ist aus keiner Karte eine Maßnahme geworden. Die Karten sind festgehalten."
YOUR_WORDS = "Im Wortlaut der Karten"
UNKNOWN = "noch nicht bekannt"
GOES_ON = "Wie es weitergeht"
